//! What the tests of a policy show of it: which rules decide, and how each of its conditions turns out.
//!
//! A condition is seen when a lead gets as far as asking it: those of a rule when no rule above decides and the section is
//! for the lead, those of a section when no rule above it decides, those of a grade and of the stages when none before them
//! settles it. Definitions and scores are worked out for every lead. What its libraries declare counts as far as its rules use it.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{broken, on_lead};
use crate::eval::{Outcome, Session};
use crate::ir::open::Openness;
use crate::ir::reach::Reach;
use crate::ir::{
    Body, Cond, CondKind, DefineId, Gain, GradeId, Guard, Id, Policy, RuleId, ScoreId, SectionId, StageId, print,
};
use crate::source::{SourceId, Span};
use crate::types::Truth;

/// Everything that tests should show at least once, in the order of the policy's parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Each of them.
    pub obligations: Vec<Obligation>,
}

/// Something that a test should show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// What should happen.
    pub kind: Kind,
    /// To what: the name of a rule, or a condition in the words of the policy.
    pub subject: String,
    /// What a condition belongs to: `rule hot_vp`, `section "Toner"`.
    pub within: Option<String>,
    /// Where the rule or the condition stands.
    pub span: Span,
    /// Whether a test shows it.
    pub shown: bool,
}

/// What should happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A rule decides.
    Decides,
    /// A condition is true.
    True,
    /// A condition is false.
    False,
    /// A condition is unknown.
    Unknown,
}

/// How much is shown of how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// What a test shows.
    pub shown: usize,
    /// All of it.
    pub of: usize,
}

impl Coverage {
    /// Runs all tests of a policy and looks at what they show, whether they pass or not. A lead that breaks an `assume` is
    /// never decided and shows nothing.
    #[must_use]
    pub fn of(policy: &Policy) -> Coverage {
        let mut rules = vec![false; policy.rules.len()];
        let mut leaves = leaves(policy);
        for test in &policy.tests {
            on_lead(policy, test, |session| {
                if broken(session).next().is_none() {
                    let outcome = session.outcome();
                    rules.iter_mut().skip(outcome.rule.position()).take(1).for_each(|fired| *fired = true);
                    leaves.iter_mut().for_each(|leaf| leaf.look(session, outcome));
                }
            });
        }
        let fired = policy.rules.iter().zip(rules).map(|((_, rule), fired)| Obligation {
            kind: Kind::Decides,
            subject: rule.name.clone(),
            within: None,
            span: rule.span,
            shown: fired,
        });
        let mut open = Openness::new(policy);
        let outcomes = leaves.iter().flat_map(|leaf| leaf.obligations(policy, &mut open));
        Coverage { obligations: fired.chain(outcomes).collect() }
    }

    /// How much of what is of these kinds is shown.
    #[must_use]
    pub fn share(&self, kinds: &[Kind]) -> Share {
        let of_kind = self.obligations.iter().filter(|o| kinds.contains(&o.kind));
        of_kind.fold(Share::default(), |share, o| Share { shown: share.shown + usize::from(o.shown), of: share.of + 1 })
    }

    /// How much of everything is shown.
    #[must_use]
    pub fn total(&self) -> Share {
        self.share(&Kind::ALL)
    }
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 4] = [Kind::Decides, Kind::True, Kind::False, Kind::Unknown];

    /// The kinds that are outcomes of a condition.
    pub const OUTCOMES: [Kind; 3] = [Kind::True, Kind::False, Kind::Unknown];
}

impl Share {
    /// In whole percent, rounded down, so that 100 is all of it; 100 of nothing.
    #[must_use]
    pub fn percent(self) -> usize {
        (self.shown * 100).checked_div(self.of).unwrap_or(100)
    }
}

/// What a condition belongs to.
#[derive(Debug, Clone, Copy)]
enum Part {
    Rule(RuleId),
    Section(SectionId),
    Define(DefineId),
    Score(ScoreId),
    /// A grade, and which of its lines.
    Grade(GradeId, usize),
    Stage(StageId),
}

/// A condition without parts, and how it turned out so far.
struct Leaf<'p> {
    cond: &'p Cond,
    part: Part,
    seen: BTreeSet<Kind>,
}

/// Every condition without parts that the policy can ask, in the order of its parts.
fn leaves(policy: &Policy) -> Vec<Leaf<'_>> {
    let mut used = Reach::new(policy);
    policy.rules.iter().filter_map(|(_, rule)| rule.when.as_ref()).for_each(|when| used.cond(when));
    policy.sections.iter().filter_map(|(_, section)| guard(&section.guard)).for_each(|when| used.cond(when));
    let own = |span: Span| span.source == SourceId(0);
    let mut leaves = Vec::new();
    let mut add =
        |part: Part, cond| leaves_of(cond, &mut |cond| leaves.push(Leaf { cond, part, seen: BTreeSet::new() }));
    for (id, define) in policy.defines.iter().filter(|(id, d)| own(d.span) || used.defines.contains(id)) {
        if let Body::Condition(cond) = &define.body {
            add(Part::Define(id), cond);
        }
    }
    for (id, score) in policy.scores.iter().filter(|(id, s)| own(s.span) || used.scores.contains(id)) {
        for line in &score.lines {
            if let Gain::Points { when: Some(when), .. } = &line.gain {
                add(Part::Score(id), when);
            }
        }
    }
    for (id, grade) in policy.grades.iter().filter(|(id, g)| own(g.span) || used.grades.contains(id)) {
        grade.lines.iter().enumerate().for_each(|(line, of)| add(Part::Grade(id, line), &of.when));
    }
    for (id, stage) in policy.stages.iter().filter(|(id, s)| own(s.span) || used.stages.contains(id)) {
        add(Part::Stage(id), &stage.when);
    }
    for (id, section) in policy.sections.iter() {
        guard(&section.guard).into_iter().for_each(|when| add(Part::Section(id), when));
    }
    for (id, rule) in policy.rules.iter() {
        rule.when.iter().for_each(|when| add(Part::Rule(id), when));
    }
    leaves
}

fn guard(guard: &Guard) -> Option<&Cond> {
    match guard {
        Guard::When(when) => Some(when),
        Guard::Always | Guard::NoneOf(_) => None,
    }
}

/// Calls `f` for every condition without parts. Whether something is unknown is asked as a whole.
fn leaves_of<'p>(cond: &'p Cond, f: &mut dyn FnMut(&'p Cond)) {
    match &cond.kind {
        // It is always the same, whatever the lead.
        CondKind::Const(_) => {}
        CondKind::Not(_) | CondKind::All(_) | CondKind::Any(_) | CondKind::AtLeast(..) => {
            cond.parts().iter().for_each(|part| leaves_of(part, f));
        }
        CondKind::Known(_)
        | CondKind::Compare { .. }
        | CondKind::Between { .. }
        | CondKind::In { .. }
        | CondKind::Has { .. }
        | CondKind::Text { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_) => f(cond),
    }
}

impl Leaf<'_> {
    /// Notes how the condition turns out for a lead that gets as far as asking it.
    fn look(&mut self, session: &Session<'_>, outcome: Outcome) {
        if self.part.is_asked(session, outcome) {
            self.seen.insert(match session.truth(self.cond) {
                Truth::True => Kind::True,
                Truth::False => Kind::False,
                Truth::Unknown => Kind::Unknown,
            });
        }
    }

    fn obligations(&self, policy: &Policy, open: &mut Openness<'_>) -> Vec<Obligation> {
        let kinds = if open.can_be_unknown(self.cond) { &Kind::OUTCOMES[..] } else { &[Kind::True, Kind::False] };
        let obligation = |kind: &Kind| Obligation {
            kind: *kind,
            subject: print::condition(policy, self.cond),
            within: Some(self.part.words(policy)),
            span: self.cond.span,
            shown: self.seen.contains(kind),
        };
        kinds.iter().map(obligation).collect()
    }
}

impl Part {
    /// Whether a lead that was decided so gets as far as asking what stands here.
    fn is_asked(self, session: &Session<'_>, outcome: Outcome) -> bool {
        let policy = session.policy();
        match self {
            Part::Define(_) | Part::Score(_) => true,
            Part::Grade(grade, line) => {
                policy.grades[grade].lines.iter().take(line).all(|above| !session.truth(&above.when).is_true())
            }
            Part::Stage(stage) => stage.position() <= session.stage(),
            Part::Section(section) => match policy.rules[outcome.rule].section {
                Some(decided) => section <= decided,
                // The rules without a section are those above all sections and the last `otherwise`.
                None => outcome.rule.position() + 1 == policy.rules.len(),
            },
            Part::Rule(rule) => {
                rule <= outcome.rule && policy.rules[rule].section.is_none_or(|s| session.section(s).is_true())
            }
        }
    }

    /// `rule hot_vp`.
    fn words(self, policy: &Policy) -> String {
        match self {
            Part::Rule(id) => format!("rule {}", policy.rules[id].name),
            Part::Section(id) => format!("section {}", print::quoted(&policy.sections[id].title)),
            Part::Define(id) => format!("define {}", policy.defines[id].name),
            Part::Score(id) => format!("score {}", policy.scores[id].name),
            Part::Grade(id, _) => format!("grade {}", policy.grades[id].name),
            Part::Stage(id) => format!("stage {}", policy.stages[id].name),
        }
    }
}
