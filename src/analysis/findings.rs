//! What `check` finds by proof: rules and parts of conditions that make no difference, names that never come up, claims that do not
//! hold, leads that end up where they hardly should.
//!
//! A [`Verdict`] is what was proved, as data; [`words`] says it to people.

mod claims;
mod low;
mod parts;
mod rules;
mod sections;
mod words;

pub use low::{Kept, Where};

use crate::diagnostic::{self, Diagnostic};
use crate::ir::{Cond, Lead, Policy, RuleId, SectionId};
use crate::source::{Sources, Span};

use super::model::{Model, Over};
use super::proof::{self, Step};
use super::search::Answer;
use super::solver::Lit;
use super::witness::Witness;

/// Something that was proved of a policy, or could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// No lead can meet the condition of a rule, whatever stands above it: these parts exclude each other.
    Impossible {
        /// The rule.
        rule: RuleId,
        /// Parts of its condition, or of its section's.
        parts: Vec<Span>,
    },
    /// Every lead that a rule would take is taken above, by these rules together and by no fewer of them.
    Covered {
        /// The rule.
        rule: RuleId,
        /// The rules above.
        by: Vec<RuleId>,
    },
    /// A part of a rule's condition makes no difference where it stands: the rule takes the same leads when it is always true (or
    /// always false) instead.
    Idle {
        /// The rule.
        rule: RuleId,
        /// The part.
        part: Span,
        /// What it might as well be.
        as_if: bool,
        /// The rules above that make it so, and no fewer of them.
        by: Vec<RuleId>,
        /// The other parts of the condition that make it so.
        with: Vec<Span>,
    },
    /// There was too much to look at: from this rule on, nothing was.
    Stopped {
        /// The first rule that was not looked at.
        rule: RuleId,
    },
    /// A claim does not hold: this lead shows it.
    Refuted {
        /// The position of the claim among the policy's properties.
        property: usize,
        /// The lead.
        witness: Witness,
    },
    /// A claim that could be neither proved nor refuted.
    Unproved {
        /// The position of the claim among the policy's properties.
        property: usize,
    },
    /// A claim that holds, but says nothing.
    Vacuous {
        /// The position of the claim among the policy's properties.
        property: usize,
        /// Why.
        why: Vacuous,
    },
    /// A lead of a section with a condition that none of its rules takes goes on to a later section with a condition.
    Falls {
        /// The section.
        section: SectionId,
        /// The rule of the later section that takes it.
        rule: RuleId,
        /// The lead.
        witness: Witness,
    },
    /// A lead passes a test only because values are missing.
    Low {
        /// Where the test decides.
        place: Where,
        /// The test.
        test: Span,
        /// What the missing values keep low.
        kept: Kept,
        /// The lead.
        witness: Witness,
        /// The same lead with some of the missing values: it does not pass.
        with: Lead,
    },
}

/// Why a claim says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vacuous {
    /// No lead meets its condition.
    NoLeadMeets,
    /// Every lead meets its condition.
    EveryLeadMeets,
    /// No lead gets its decision, whatever its condition.
    NobodyGets,
}

/// Everything that can be proved of a policy which is worth a look.
#[must_use]
pub fn verdicts(policy: &Policy) -> Vec<Verdict> {
    examine(policy, false).0
}

/// The same, with the proofs, which [`super::proof::check`] can follow.
#[must_use]
pub fn proved(policy: &Policy) -> (Vec<Verdict>, Vec<Step>) {
    examine(policy, true)
}

fn examine(policy: &Policy, recording: bool) -> (Vec<Verdict>, Vec<Step>) {
    let mut free = Free::new(policy, recording);
    let mut scan = Model::new(&[policy], Over::InForce, recording);
    let mut verdicts = rules::scan(policy, &mut scan, &mut free);
    verdicts.extend(low::passed(policy, &mut free));
    verdicts.extend(claims::prove(policy, &mut free));
    let proofs = [Some(&scan), free.made.as_ref()].map(|model| model.map(Model::proof).unwrap_or_default());
    (verdicts, proof::joined(&proofs))
}

/// What was proved of a policy, in words, in the order of its text. What has been found at the same place `before` is not said again in
/// other words.
#[must_use]
pub fn findings(policy: &Policy, sources: &Sources, verdicts: &[Verdict], before: &[Diagnostic]) -> Vec<Diagnostic> {
    let found = verdicts.iter().map(|verdict| words::diagnostic(policy, sources, verdict));
    // Where nothing else has a part in it, a finding within the place has named the reason.
    let same = |f: &Diagnostic, at: Span, there: Span| within(at, there) || f.labels.len() == 1 && within(there, at);
    let places: Vec<Span> = before.iter().filter_map(Diagnostic::span).collect();
    let said = |f: &Diagnostic| f.span().is_some_and(|at| places.iter().any(|there| same(f, at, *there)));
    let mut findings: Vec<Diagnostic> = found.filter(|finding| !said(finding)).collect();
    diagnostic::sort(&mut findings);
    findings
}

/// Whether one place is a part of another one.
fn within(inner: Span, outer: Span) -> bool {
    inner.source == outer.source && outer.start <= inner.start && inner.end <= outer.end
}

/// A model in which nothing is taken for granted, made when the first question needs it. It names reasons, and finds leads.
#[derive(Debug)]
struct Free<'p> {
    policy: &'p Policy,
    recording: bool,
    made: Option<Model<'p>>,
}

impl<'p> Free<'p> {
    fn new(policy: &'p Policy, recording: bool) -> Self {
        Free { policy, recording, made: None }
    }

    fn model(&mut self) -> &mut Model<'p> {
        let (policy, recording) = (self.policy, self.recording);
        self.made.get_or_insert_with(|| Model::new(&[policy], Over::InForce, recording))
    }

    /// For each rule above, the literal of its not firing.
    fn not_above(&mut self, rule: RuleId) -> Vec<(Lit, RuleId)> {
        let model = self.model();
        let above = model.policy(0).rules.iter().map(|(id, _)| id).take_while(|id| *id < rule);
        above.map(|id| (!model.fires(0, id), id)).collect()
    }

    /// As few of the assumptions as still exclude each other: none can be left out. None when they do not, or that is not known.
    fn core(&mut self, assumptions: &[Lit]) -> Option<Vec<Lit>> {
        let model = self.model();
        let Answer::No(mut core) = model.ask(assumptions) else { return None };
        let mut at = core.len();
        while at > 0 {
            at -= 1;
            let without: Vec<Lit> = core.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, lit)| *lit).collect();
            if let Answer::No(smaller) = model.ask(&without) {
                core = smaller;
                at = at.min(core.len());
            }
        }
        Some(core)
    }
}

/// The conditions that all have to hold: the parts of an `and`, or the condition itself.
fn conjuncts(when: &Cond) -> &[Cond] {
    use crate::ir::CondKind;
    match &when.kind {
        CondKind::All(parts) => parts,
        CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::Compare { .. }
        | CondKind::Between { .. }
        | CondKind::In { .. }
        | CondKind::Has { .. }
        | CondKind::Text { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => std::slice::from_ref(when),
    }
}
