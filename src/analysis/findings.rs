//! What `check` finds by proof: rules and parts of conditions that make no difference, names that never come up, scores that do not go
//! as far as they say, claims that do not hold, leads that end up where they hardly should.
//!
//! A [`Verdict`] is what was proved, as data; `folded` says which of them only follow from others, and `words` says them to people.

mod claims;
mod folded;
mod low;
mod outside;
mod parts;
mod place;
mod points;
mod rules;
mod scores;
mod sections;
mod words;

pub use low::{Kept, Where};
pub use parts::listed;
pub use place::Place;
pub use scores::End;

use crate::diagnostic::{self, Diagnostic};
use crate::ir::{Cond, DecisionId, Lead, Policy, RuleId, ScoreId, SectionId};
use crate::source::{Sources, Span};

use super::model::{Model, Over};
use super::proof::{self, Step};
use super::search::Answer;
use super::solver::Lit;
use super::witness::Witness;

/// Something that was proved of a policy, or could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// No lead is accepted at all: what is assumed excludes every one. Nothing else is said then.
    NoLead,
    /// A condition is never true, whatever stands above it: these parts exclude each other.
    Never {
        /// Whose condition.
        place: Place,
        /// Parts of it, or of its section's.
        parts: Vec<Span>,
    },
    /// A condition is never true where it is asked: what stands above leaves no lead for it, all of these together and no fewer. A
    /// rule never decides, a label is never given, a stage never reached; to a section no lead gets.
    Covered {
        /// Whose condition.
        place: Place,
        /// What stands above.
        by: Vec<Place>,
    },
    /// A condition that is no rule's is always true where it is asked.
    Always {
        /// Whose condition.
        place: Place,
        /// What stands above and makes it so.
        by: Vec<Place>,
    },
    /// A part of a condition makes no difference where it stands: the same leads pass when it is always true (or always false)
    /// instead.
    Idle {
        /// Whose condition.
        place: Place,
        /// The part.
        part: Span,
        /// When it is one of several values in brackets there: which one, as in [`listed`].
        member: Option<usize>,
        /// What it might as well be.
        as_if: bool,
        /// What stands above and makes it so, and no less of it.
        by: Vec<Place>,
        /// The other parts of the condition that make it so.
        with: Vec<Span>,
    },
    /// Rules give a decision, but none of them ever decides.
    NeverGiven {
        /// The decision.
        decision: DecisionId,
        /// All rules that give it.
        rules: Vec<RuleId>,
    },
    /// A comparison of a score with points is always true, or never, because of what the score comes to.
    Beyond {
        /// The comparison.
        part: Span,
        /// The score.
        score: ScoreId,
        /// Whether it is always true.
        always: bool,
        /// How far the score goes; none when it is about points in between that no lead has exactly, or not known.
        end: Option<End>,
    },
    /// No lead gets to an end of the range that a score declares.
    Range {
        /// The score.
        score: ScoreId,
        /// How far it goes.
        end: End,
    },
    /// A line of a score on which no decision hangs: without it, every lead gets the same one.
    Pointless {
        /// The line.
        place: Place,
    },
    /// Neither a lead that a rule decides was found, nor a proof that there is none.
    Open {
        /// The rule.
        rule: RuleId,
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

impl Verdict {
    /// The place whose condition lets no lead pass, when that is what the verdict says.
    fn never(&self) -> Option<Place> {
        match self {
            Verdict::Never { place, .. } | Verdict::Covered { place, .. } => Some(*place),
            Verdict::Always { .. }
            | Verdict::Idle { .. }
            | Verdict::NeverGiven { .. }
            | Verdict::Beyond { .. }
            | Verdict::Range { .. }
            | Verdict::Pointless { .. }
            | Verdict::NoLead
            | Verdict::Open { .. }
            | Verdict::Stopped { .. }
            | Verdict::Refuted { .. }
            | Verdict::Unproved { .. }
            | Verdict::Vacuous { .. }
            | Verdict::Falls { .. }
            | Verdict::Low { .. } => None,
        }
    }
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
    scan.gates.note(|| "is any lead accepted?".to_owned());
    if matches!(scan.ask(&[]), Answer::No(_)) {
        return (vec![Verdict::NoLead], scan.proof().to_vec());
    }
    parts::prepare(policy, &mut scan);
    let mut verdicts = outside::scan(policy, &mut scan, &mut free);
    verdicts.extend(scores::scan(policy, &mut scan, &mut free));
    let mut lines = points::Lines::new(policy);
    verdicts.extend(rules::scan(policy, &mut scan, &mut free, &mut lines));
    verdicts.extend(rules::never_given(policy, &verdicts));
    let (pointless, about_points) = lines.pointless(recording);
    verdicts.extend(pointless);
    verdicts.extend(low::passed(policy, &mut free));
    verdicts.extend(claims::prove(policy, &mut free));
    let free = free.made.as_ref().map(Model::proof).unwrap_or_default();
    (verdicts, proof::joined(&[scan.proof(), free, &about_points]))
}

/// What was proved of a policy, in words, in the order of its text. What only follows from something else is said beside that, and
/// what has been found at the same place `before` is not said again in other words.
#[must_use]
pub fn findings(policy: &Policy, sources: &Sources, verdicts: &[Verdict], before: &[Diagnostic]) -> Vec<Diagnostic> {
    // Where nothing else has a part in it, a finding within the place has named the reason.
    let same = |f: &Diagnostic, at: Span, there: Span| within(at, there) || f.labels.len() == 1 && within(there, at);
    let places: Vec<Span> = before.iter().filter_map(Diagnostic::span).collect();
    let said = |f: &Diagnostic| f.span().is_some_and(|at| places.iter().any(|there| same(f, at, *there)));
    let roots = folded::roots(policy, verdicts);
    let mut findings = Vec::new();
    for (position, verdict) in verdicts.iter().enumerate() {
        if roots.get(position) != Some(&position) {
            continue;
        }
        let finding = words::diagnostic(policy, sources, verdicts, verdict);
        if !said(&finding) {
            let follow =
                verdicts.iter().zip(&roots).enumerate().filter(|(i, (_, root))| *i != position && **root == position);
            findings.push(words::followed(policy, sources, finding, follow.map(|(_, (verdict, _))| verdict)));
        }
    }
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

    /// As few of the literals as still exclude each other and what is `given`: none can be left out. None when they do not, or that is
    /// not known.
    fn core(&mut self, given: &[Lit], of: &[Lit]) -> Option<Vec<Lit>> {
        let model = self.model();
        let mut refuted = |of: &[Lit]| {
            let all: Vec<Lit> = given.iter().chain(of).copied().collect();
            match model.ask(&all) {
                Answer::No(core) => Some(of.iter().copied().filter(|lit| core.contains(lit)).collect::<Vec<Lit>>()),
                Answer::Yes(_) | Answer::NotKnown => None,
            }
        };
        let mut core = refuted(of)?;
        let mut at = core.len();
        while at > 0 {
            at -= 1;
            let without: Vec<Lit> = core.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, lit)| *lit).collect();
            if let Some(smaller) = refuted(&without) {
                core = smaller;
                at = at.min(core.len());
            }
        }
        Some(core)
    }

    /// As few of what stands above as exclude what is `given`; none when they do not.
    fn by(&mut self, given: &[Lit], above: &[(Lit, Place)]) -> Option<Vec<Place>> {
        let lits: Vec<Lit> = above.iter().map(|(lit, _)| *lit).collect();
        let core = self.core(given, &lits)?;
        // Of two that say the same, the first will do.
        core.iter().map(|lit| above.iter().find(|(of, _)| of == lit).map(|(_, place)| *place)).collect()
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
