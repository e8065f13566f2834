//! Tests for what the tests of a policy do not show yet: as few leads as one look finds, each decided as the policy decides today.
//!
//! For every goal that nothing shows, a model of the policy is asked for a lead; what else the lead can show beside it is asked
//! for at the same time. The evaluator has the last word on what a lead shows. What no lead can show is proved to be impossible.

mod relative;
mod title;

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::coverage::{self, Obligation};
use super::goal::{Goals, Seen};
use super::question::Questions;
use super::turned::Turned;
use super::{as_of, broken};
use crate::analysis::{Answer, Lit, Model, Over, Point, Witness, example};
use crate::eval::{Evaluator, end_of_day};
use crate::ir::{Expr, Lead, Policy, Test, visit};
use crate::types::time_zone;

/// Tests that were made, and what is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The tests, in the order of the rules.
    pub tests: Vec<Test>,
    /// How much the tests of the policy show of what can be shown, and how much they do with these.
    pub shown: [usize; 2],
    /// What was not shown, and not proved to be impossible.
    pub left: Vec<Obligation>,
    /// Whether that is because there was too much to look at.
    pub stopped: bool,
}

/// How many of the next goals are looked at beside the one that a lead is for.
const MOST_BESIDE: usize = 120;

/// How many of them are asked for, when the lead does not show them anyway, until half of [`MAX_WORK`] is spent.
const MOST_TRIES: usize = 60;

/// How much may be spent, in the steps of [`Model::spent`].
const MAX_WORK: u64 = 6_000_000_000;

/// Tests for everything that the policy's own tests do not show.
#[must_use]
pub fn generate(policy: &Policy) -> Generated {
    let goals = Goals::of(policy, &mut Model::new(&[policy], Over::InForce, false));
    let turned = Turned::of(&goals);
    Maker::new(&goals, &turned).generated()
}

/// A lead, and what is known of it.
struct Made {
    witness: Witness,
    /// The goal that it was made for.
    goal: usize,
    /// Everything that it shows of what no earlier test did.
    shows: Vec<usize>,
}

struct Maker<'p> {
    policy: &'p Policy,
    goals: &'p Goals<'p>,
    turned: &'p Turned,
    /// All times, for proofs.
    always: Questions<'p>,
    /// One time, for leads.
    now: Questions<'p>,
    evaluator: Evaluator<'p>,
    shown: Vec<bool>,
}

/// What was found of a goal.
enum Found {
    Lead(Box<Made>),
    Impossible,
    NotKnown,
}

impl<'p> Maker<'p> {
    fn new(goals: &'p Goals<'p>, turned: &'p Turned) -> Self {
        let policy = goals.policy;
        let as_of = time(policy);
        let evaluator = Evaluator::new(policy, as_of);
        let mut now = Questions::new(goals, turned, Over::Instant(as_of));
        let nobody = Lead::empty(policy);
        now.prepare(Some(&evaluator.on(&nobody)));
        let always = Questions::new(goals, turned, Over::InForce);
        Maker { policy, goals, turned, always, now, evaluator, shown: coverage::shown(goals, turned) }
    }

    fn generated(mut self) -> Generated {
        let before = self.shown.clone();
        let order = self.goals.by_rule();
        let (mut made, mut left) = (Vec::new(), Vec::new());
        for (at, goal) in order.iter().enumerate() {
            if self.is_shown(*goal) {
                continue;
            }
            if self.spent() > MAX_WORK {
                left.push(*goal);
                continue;
            }
            let others = order.iter().skip(at + 1).chain(order.iter().take(at)).copied();
            let open: Vec<usize> = others.filter(|goal| !self.is_shown(*goal)).collect();
            match self.find(*goal, &open) {
                Found::Lead(lead) => {
                    for goal in &lead.shows {
                        self.shown.get_mut(*goal).into_iter().for_each(|shown| *shown = true);
                    }
                    made.push(*lead);
                }
                Found::Impossible => {}
                Found::NotKnown => left.push(*goal),
            }
        }
        self.needed(&before, &mut made);
        left.retain(|goal| !self.is_shown(*goal));
        let left = left.iter().filter_map(|goal| self.goals.all.get(*goal));
        let count = |shown: &[bool]| shown.iter().filter(|shown| **shown).count();
        Generated {
            tests: self.tests(&made),
            shown: [count(&before), count(&self.shown)],
            left: left.map(|goal| self.goals.obligation(*goal, false)).collect(),
            stopped: self.spent() > MAX_WORK,
        }
    }

    fn spent(&self) -> u64 {
        self.now.model.spent().saturating_add(self.always.model.spent())
    }

    fn is_shown(&self, goal: usize) -> bool {
        self.shown.get(goal).is_some_and(|shown| *shown)
    }

    /// The question of a goal at the one time.
    fn question(&mut self, goal: usize) -> Vec<Lit> {
        let Some(goal) = self.goals.all.get(goal).copied() else { return Vec::new() };
        let nobody = Lead::empty(self.policy);
        let session = self.evaluator.on(&nobody);
        self.now.literals(goal, Some(&session))
    }

    /// A lead for a goal, that also shows what it can of others.
    fn find(&mut self, goal: usize, others: &[usize]) -> Found {
        let question = self.question(goal);
        // All before the first answer, which then says something about each.
        let beside: Vec<(usize, Vec<Lit>)> =
            others.iter().take(MOST_BESIDE).map(|other| (*other, self.question(*other))).collect();
        match self.now.model.ask(&question) {
            Answer::Yes(point) => {
                let (asked, beside) = self.together(question.clone(), point, beside);
                let found = self.confirmed(goal, &asked, &beside).or_else(|| self.confirmed(goal, &question, &[]));
                found.map_or(Found::NotKnown, |witness| self.made(goal, witness, others))
            }
            Answer::No(_) if !self.policy.reads_time() => Found::Impossible,
            Answer::No(_) | Answer::NotKnown => self.at_another_time(goal, others),
        }
    }

    /// The same at whatever time there is one.
    fn at_another_time(&mut self, goal: usize, others: &[usize]) -> Found {
        let Some(of) = self.goals.all.get(goal).copied() else { return Found::NotKnown };
        let question = self.always.literals(of, None);
        let (goals, turned) = (self.goals, self.turned);
        let shows = &mut |witness: &Witness| !shown_by(goals, turned, witness, &[goal]).is_empty();
        match self.always.model.witness(&question, shows) {
            Answer::Yes(witness) => self.made(goal, witness, others),
            Answer::No(_) => Found::Impossible,
            Answer::NotKnown => Found::NotKnown,
        }
    }

    /// As many goals as can be shown together, added to a question and its answer.
    fn together(
        &mut self,
        mut asked: Vec<Lit>,
        mut point: Point,
        others: Vec<(usize, Vec<Lit>)>,
    ) -> (Vec<Lit>, Vec<usize>) {
        let mut beside = Vec::new();
        let mut tries = if self.spent() < MAX_WORK / 2 { MOST_TRIES } else { 0 };
        for (other, question) in others {
            let all: Vec<Lit> = asked.iter().chain(&question).copied().collect();
            if question.iter().all(|lit| point.holds(*lit)) {
                asked = all;
                beside.push(other);
            } else if tries > 0 {
                tries -= 1;
                if let Answer::Yes(found) = self.now.model.ask(&all) {
                    (point, asked) = (found, all);
                    beside.push(other);
                }
            }
        }
        (asked, beside)
    }

    /// A lead that answers a question, and that the evaluator confirms to show these goals.
    fn confirmed(&mut self, goal: usize, question: &[Lit], beside: &[usize]) -> Option<Witness> {
        let (goals, turned) = (self.goals, self.turned);
        let wanted: Vec<usize> = [goal].iter().chain(beside).copied().collect();
        let answer = self
            .now
            .model
            .witness(question, &mut |witness| shown_by(goals, turned, witness, &wanted).len() == wanted.len());
        match answer {
            Answer::Yes(witness) => Some(witness),
            Answer::No(_) | Answer::NotKnown => None,
        }
    }

    /// A lead, with what it shows.
    fn made(&self, goal: usize, witness: Witness, others: &[usize]) -> Found {
        let all: Vec<usize> = [goal].iter().chain(others).copied().collect();
        let shows = shown_by(self.goals, self.turned, &witness, &all);
        Found::Lead(Box::new(Made { witness, goal, shows }))
    }

    /// Leaves out the leads whose goals others show, too.
    fn needed(&self, before: &[bool], made: &mut Vec<Made>) {
        /// How much may be looked at.
        const MOST: usize = 5_000_000;
        let open: Vec<usize> =
            (0..self.goals.all.len()).filter(|goal| !before.get(*goal).is_some_and(|shown| *shown)).collect();
        if open.len().saturating_mul(made.len()) > MOST {
            return;
        }
        let shows = |made: &Made| shown_by(self.goals, self.turned, &made.witness, &open);
        let all: Vec<Vec<usize>> = made.iter().map(shows).collect();
        let mut times = vec![0usize; self.goals.all.len()];
        for goal in all.iter().flatten() {
            times.get_mut(*goal).into_iter().for_each(|times| *times += 1);
        }
        let mut kept = Vec::new();
        // The first ones show the most.
        for shows in all.iter().rev() {
            let needed = shows.iter().any(|goal| times.get(*goal) == Some(&1));
            if !needed {
                for goal in shows {
                    times.get_mut(*goal).into_iter().for_each(|times| *times -= 1);
                }
            }
            kept.push(needed);
        }
        kept.reverse();
        let mut kept = kept.into_iter();
        made.retain(|_| kept.next().unwrap_or(true));
    }

    fn tests(&self, made: &[Made]) -> Vec<Test> {
        let mut titles: HashSet<String> = self.policy.tests.iter().map(|test| test.title.clone()).collect();
        let counted = relative::fields(self.policy);
        let mut tests = Vec::new();
        for Made { witness, goal, .. } in made {
            let (Some(lead), Some(goal)) = (witness.leads.first(), self.goals.all.get(*goal)) else { continue };
            let evaluator = Evaluator::new(self.policy, witness.as_of);
            let session = evaluator.on(lead);
            let title = title::unique(&title::of(self.goals, *goal, &session), &mut titles);
            let mut test = example::test(self.policy, lead, witness.as_of, title, session.outcome());
            relative::told(&evaluator, lead, &mut test, &counted);
            tests.push(test);
        }
        tests
    }
}

/// Which of these goals a lead shows; one that breaks what is assumed shows none.
fn shown_by(goals: &Goals<'_>, turned: &Turned, witness: &Witness, among: &[usize]) -> Vec<usize> {
    let Some(lead) = witness.leads.first() else { return Vec::new() };
    let [evaluator, turned] = [goals.policy, &turned.policy].map(|policy| Evaluator::new(policy, witness.as_of));
    let session = evaluator.on(lead);
    if broken(&session).next().is_some() {
        return Vec::new();
    }
    let seen = Seen { session: &session, outcome: session.outcome(), turned: &turned };
    let is_shown = |goal: &usize| goals.all.get(*goal).is_some_and(|goal| goals.shows(&seen, *goal));
    among.iter().copied().filter(is_shown).collect()
}

/// The time at which leads are decided: that of the last test on a day in force, else on the first day in force, at noon where hours count.
fn time(policy: &Policy) -> Timestamp {
    let first = policy.in_force.as_ref().map_or(Date::constant(2026, 1, 1), |days| days.from);
    let is_in_force = |instant: &Timestamp| {
        let day = time_zone(&policy.zone).unwrap_or(TimeZone::UTC).to_datetime(*instant).date();
        policy.in_force.as_ref().is_none_or(|days| days.nearest(day) == day)
    };
    let timed = policy.tests.iter().rev().filter(|test| test.as_of.is_some());
    let tested = timed.map(|test| as_of(policy, test)).find(is_in_force);
    let noon = || {
        let hours = visit::any_expr(policy, |value| matches!(value, Expr::AsOf(_)));
        time_zone(&policy.zone).filter(|_| hours)?.to_timestamp(first.at(12, 0, 0, 0)).ok()
    };
    tested.or_else(noon).or_else(|| end_of_day(&policy.zone, first)).unwrap_or(Timestamp::UNIX_EPOCH)
}
