//! What the tests of a policy show of it, of all that a lead can show.

use serde::Serialize;

use super::goal::{Goal, Goals, Seen};
use super::question::Questions;
use super::turned::Turned;
use super::{as_of, broken, on_lead};
use crate::analysis::{Model, Over};
use crate::eval::Evaluator;
use crate::ir::{Expectation, Policy};
use crate::source::Span;
use crate::types::Truth;

/// Everything that tests should show at least once, in the order of the policy's parts. What no lead can show is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Each of them.
    pub obligations: Vec<Obligation>,
    /// How many of them may be impossible to show, because there was too much to look at.
    pub skipped: usize,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
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
    /// A condition is true, and its rule hangs on that alone.
    AloneTrue,
    /// A condition is false, and its rule hangs on that alone.
    AloneFalse,
    /// A condition is unknown, and its rule hangs on that alone.
    AloneUnknown,
    /// A comparison is just true, and the decision hangs on that.
    JustTrue,
    /// A comparison is just false, and the decision hangs on that.
    JustFalse,
}

/// How much is shown of how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, schemars::JsonSchema)]
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
        Coverage::within(policy, u64::MAX)
    }

    /// The same with so much work, in steps of about a nanosecond, for saying what is impossible.
    #[must_use]
    pub fn within(policy: &Policy, most: u64) -> Coverage {
        let goals = Goals::of(policy, &mut Model::new(&[policy], Over::InForce, false));
        let turned = Turned::of(&goals);
        let shown = shown(&goals, &turned);
        let possible = Questions::new(&goals, &turned, Over::InForce).possible(&shown, most);
        let all = goals.all.iter().zip(shown).zip(possible.goals).filter(|(_, possible)| *possible);
        let obligations = all.map(|((goal, shown), _)| goals.obligation(*goal, shown)).collect();
        Coverage { obligations, skipped: possible.skipped }
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

/// Which goals the tests of the policy show.
pub(super) fn shown(goals: &Goals<'_>, turned: &Turned) -> Vec<bool> {
    let mut shown = vec![false; goals.all.len()];
    for test in &goals.policy.tests {
        let expects_decision = test.expect.iter().any(|(of, _)| matches!(of, Expectation::Decision(..)));
        on_lead(goals.policy, test, |session| {
            if broken(session).next().is_none() {
                let turned = Evaluator::new(&turned.policy, as_of(goals.policy, test));
                let seen = Seen { session, outcome: session.outcome(), turned: &turned };
                for (goal, shown) in goals.all.iter().zip(&mut shown).filter(|(_, shown)| !**shown) {
                    // That a decision changes is noticed by a test that expects one.
                    *shown = (expects_decision || !matches!(goal, Goal::Just(..))) && goals.shows(&seen, *goal);
                }
            }
        });
    }
    shown
}

impl Goals<'_> {
    /// A goal for whoever reads the coverage.
    pub(super) fn obligation(&self, goal: Goal, shown: bool) -> Obligation {
        Obligation {
            kind: Kind::of(goal),
            subject: self.subject(goal),
            within: self.leaf(goal).map(|leaf| leaf.part.words(self.policy)),
            span: self.span(goal),
            shown,
        }
    }
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 9] = [
        Kind::Decides,
        Kind::True,
        Kind::False,
        Kind::Unknown,
        Kind::AloneTrue,
        Kind::AloneFalse,
        Kind::AloneUnknown,
        Kind::JustTrue,
        Kind::JustFalse,
    ];

    /// The kinds that are outcomes of a condition.
    pub const OUTCOMES: [Kind; 3] = [Kind::True, Kind::False, Kind::Unknown];

    /// The outcomes of a condition on which alone its rule hangs.
    pub const ALONE: [Kind; 3] = [Kind::AloneTrue, Kind::AloneFalse, Kind::AloneUnknown];

    /// The two sides of a threshold.
    pub const JUST: [Kind; 2] = [Kind::JustTrue, Kind::JustFalse];

    /// The kind of a goal.
    fn of(goal: Goal) -> Kind {
        match goal {
            Goal::Decides(_) => Kind::Decides,
            Goal::Turns(_, Truth::True) => Kind::True,
            Goal::Turns(_, Truth::False) => Kind::False,
            Goal::Turns(_, Truth::Unknown) => Kind::Unknown,
            Goal::Alone(_, Truth::True) => Kind::AloneTrue,
            Goal::Alone(_, Truth::False) => Kind::AloneFalse,
            Goal::Alone(_, Truth::Unknown) => Kind::AloneUnknown,
            Goal::Just(_, _, true) => Kind::JustTrue,
            Goal::Just(_, _, false) => Kind::JustFalse,
        }
    }
}

impl Share {
    /// In whole percent, rounded down, so that 100 is all of it; 100 of nothing.
    #[must_use]
    pub fn percent(self) -> usize {
        (self.shown * 100).checked_div(self.of).unwrap_or(100)
    }
}
