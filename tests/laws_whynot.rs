//! What is said to bring another decision, against a look at every lead there can be: small random policies, some of their leads, all
//! decisions.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod distance;
    pub(crate) mod small_gen;
}

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use policyc::eval::Evaluator;
use policyc::ir::reach::Reach;
use policyc::ir::{Cond, DecisionId, Expr, FieldId, Lead, Policy, visit};
use policyc::types::{Truth, Type, Value};
use policyc::whynot::{Advice, Alternative, Answer, Bound, Change, MAX_ALTERNATIVES, answer, nearest_better};
use support::distance::{Here, alike, stepped};
use support::small_gen::dice::Dice;
use support::small_gen::leads::is_possible;
use support::small_gen::{Small, small};

/// How many policies the laws are tried on.
const POLICIES: u64 = 5_000;

/// How many leads of each.
const LEADS: usize = 2;

/// How often everything occurred, so that a law that is never put to the test is noticed.
#[derive(Debug, Default)]
struct Seen(BTreeMap<&'static str, usize>);

impl Seen {
    fn note(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    fn count(&self, what: &str) -> usize {
        self.0.get(what).copied().unwrap_or(0)
    }
}

/// A lead, the world that it lives in, and what may not change.
struct Case<'a> {
    seed: u64,
    small: &'a Small,
    evaluator: &'a Evaluator<'a>,
    lead: &'a Lead,
    held: &'a BTreeSet<FieldId>,
    /// The leads of its time with their decisions.
    others: &'a [(&'a Lead, DecisionId)],
}

#[test]
fn changes_of_small_leads_hold() {
    hold(0);
}

#[test]
fn changes_of_other_small_leads_hold() {
    hold(1);
}

/// Tries every second policy, so that two processors share them.
fn hold(first: u64) {
    let mut seen = Seen::default();
    for seed in (first..POLICIES).step_by(2) {
        let small = small(seed);
        let mut dice = Dice::new(seed ^ 0xADF1CE);
        let times: BTreeSet<Timestamp> = small.universe.leads.iter().map(|(as_of, _)| *as_of).collect();
        let Some(as_of) = times.iter().nth(dice.roll(times.len().max(1))).copied() else { continue };
        let evaluator = Evaluator::new(&small.policy, as_of);
        let world = small.universe.leads.iter().filter(|(time, _)| *time == as_of);
        let others: Vec<(&Lead, DecisionId)> = world.map(|(_, lead)| (lead, evaluator.decide(lead).decision)).collect();
        for _ in 0..LEADS {
            let (lead, has) = others[dice.roll(others.len())];
            let held: BTreeSet<FieldId> =
                small.policy.fields.iter().map(|(id, _)| id).filter(|_| dice.one_in(6)).collect();
            let case = Case { seed, small: &small, evaluator: &evaluator, lead, held: &held, others: &others };
            for (wanted, _) in small.policy.decisions.iter() {
                let found = answer(&evaluator, lead, wanted, &held);
                assert_eq!(found == Answer::Has, wanted == has, "seed {seed}");
                case.answered(wanted, &found, &mut seen);
            }
            case.better(has, &mut seen);
        }
    }
    let asked: usize = ["changes", "impossible", "not known", "not smallest"].iter().map(|what| seen.count(what)).sum();
    let open = seen.count("not known") + seen.count("not smallest");
    assert!(open * 20 < asked, "{seen:?}");
    for what in [
        "impossible",
        "impossible because held",
        "impossible because known",
        "impossible because of rules",
        "one field",
        "two fields",
        "three fields",
        "several ways",
        "complete",
        "range",
        "one of",
        "members",
        "tests",
        "known",
        "was missing",
        "nearer is too near",
        "kind",
        "better",
        "no better",
        "number",
        "whole number",
        "money",
        "percent",
        "choice",
        "ranked",
        "yes or no",
        "set",
        "text",
        "date",
        "date and time",
    ] {
        assert!(seen.count(what) > 10, "{what}: {seen:?}");
    }
}

impl Case<'_> {
    fn policy(&self) -> &Policy {
        &self.small.policy
    }

    fn what(&self, wanted: DecisionId, found: &dyn std::fmt::Debug) -> String {
        let Case { seed, small, lead, held, .. } = self;
        let names: Vec<&str> = held.iter().map(|id| self.policy().fields[*id].name.as_str()).collect();
        let phrase = &self.policy().decisions[wanted].phrase;
        let values: Vec<_> =
            self.policy().fields.iter().map(|(id, field)| (field.name.as_str(), lead.get(id))).collect();
        format!("seed {seed}: {phrase} of {values:?}, held {names:?}: {found:#?}\n{}", small.text)
    }

    /// The fields in which a lead differs.
    fn changed(&self, lead: &Lead) -> Vec<FieldId> {
        let fields = self.policy().fields.iter().map(|(id, _)| id);
        fields.filter(|id| !alike(self.lead.get(*id), lead.get(*id))).collect()
    }

    /// The fields in which a lead differs, when it is one that these may be changed to.
    fn way(&self, lead: &Lead) -> Option<Vec<FieldId>> {
        let changed = self.changed(lead);
        let may =
            |id: &FieldId| !self.held.contains(id) && lead.get(*id).is_some() && !self.loses_its_domain(*id, lead);
        changed.iter().all(may).then_some(changed)
    }

    /// Whether a text that has a domain, which is asked for, has none any more.
    fn loses_its_domain(&self, field: FieldId, lead: &Lead) -> bool {
        let has = |lead: &Lead| match lead.get(field) {
            Some(Value::Text(text)) => {
                text.split_once('@').is_some_and(|(_, d)| !d.trim().is_empty() && !d.contains('@'))
            }
            _ => false,
        };
        let asked = format!("domain of {}", self.policy().fields[field].name);
        self.small.text.contains(&asked) && has(self.lead) && !has(lead)
    }

    /// Every lead of the universe that changes lead to and that has the decision, with what changes.
    fn ways(&self, wanted: DecisionId) -> Vec<(Vec<FieldId>, &Lead)> {
        let having = self.others.iter().filter(|(_, has)| *has == wanted);
        having.filter_map(|(lead, _)| Some((self.way(lead)?, *lead))).collect()
    }

    fn answered(&self, wanted: DecisionId, found: &Answer, seen: &mut Seen) {
        let what = || self.what(wanted, found);
        let ways = self.ways(wanted);
        let fewest = ways.iter().map(|(set, _)| set.len()).min();
        match found {
            Answer::Has => {}
            Answer::Beyond => panic!("there are not so many fields: {}", what()),
            Answer::NotKnown => seen.note("not known"),
            Answer::Impossible(obstacle) => {
                seen.note("impossible");
                assert!(ways.is_empty(), "there is {:?}: {}", ways[0], what());
                assert!(obstacle.held.iter().all(|field| self.held.contains(field)), "{}", what());
                let decides = |rule| self.policy().rules[rule].decision;
                assert!(obstacle.rules.iter().all(|rule| decides(*rule) != wanted), "{}", what());
                self.obstacle(wanted, obstacle, &what);
                for (some, note) in [
                    (!obstacle.held.is_empty(), "impossible because held"),
                    (!obstacle.known.is_empty(), "impossible because known"),
                    (!obstacle.rules.is_empty(), "impossible because of rules"),
                ] {
                    if some {
                        seen.note(note);
                    }
                }
            }
            Answer::Changes { alternatives, more, smallest } => {
                seen.note(if *smallest { "changes" } else { "not smallest" });
                assert!(!alternatives.is_empty() && alternatives.len() <= MAX_ALTERNATIVES, "{}", what());
                let count = alternatives[0].changes.len();
                for alternative in alternatives {
                    assert_eq!(alternative.changes.len(), count, "{}", what());
                    self.replays(wanted, alternative, &what, seen);
                    if *smallest {
                        self.is_shortest(wanted, alternative, &ways, &what, seen);
                    }
                }
                seen.note(["", "one field", "two fields", "three fields", "four fields"][count]);
                if alternatives.len() > 1 {
                    seen.note("several ways");
                }
                if !smallest {
                    return;
                }
                assert!(fewest.is_none_or(|fewest| count <= fewest), "{fewest:?} is enough: {}", what());
                // Where fields are compared with each other, the leads beside one at hand are not all there.
                let exhaustive = self.small.universe.exhaustive && !are_compared(self.policy());
                assert!(fewest.is_some() || !exhaustive, "there is none: {}", what());
                if exhaustive {
                    assert_eq!(Some(count), fewest, "{}", what());
                    let said: BTreeSet<Vec<FieldId>> = alternatives.iter().map(fields).collect();
                    let there: BTreeSet<Vec<FieldId>> =
                        ways.iter().filter(|(set, _)| set.len() == count).map(|(set, _)| set.clone()).collect();
                    assert!(said.is_subset(&there), "{there:?} {}", what());
                    if !more {
                        seen.note("complete");
                        assert_eq!(said, there, "{}", what());
                        self.kinds(alternatives, &ways, &what, seen);
                    }
                }
            }
        }
    }

    /// What is in the way is enough to be: no lead that keeps to it has the decision by a rule above which only others fire.
    fn obstacle(&self, wanted: DecisionId, obstacle: &policyc::whynot::Obstacle, what: &dyn Fn() -> String) {
        for (lead, _) in self.others {
            let keeps = obstacle.held.iter().all(|id| alike(self.lead.get(*id), lead.get(*id)))
                && obstacle.known.iter().all(|id| lead.get(*id).is_some() && !self.loses_its_domain(*id, lead));
            if keeps {
                let session = self.evaluator.on(lead);
                let mut rules = self.policy().rules.iter();
                let first = rules
                    .find(|(id, rule)| (rule.decision == wanted || obstacle.rules.contains(id)) && session.fires(*id));
                assert!(first.is_none_or(|(_, rule)| rule.decision != wanted), "{lead:?} gets by: {}", what());
            }
        }
    }

    /// It is decided as it says, and changes what it says and nothing else.
    fn replays(&self, wanted: DecisionId, alternative: &Alternative, what: &dyn Fn() -> String, seen: &mut Seen) {
        let outcome = self.evaluator.decide(&alternative.lead);
        assert_eq!((outcome.decision, outcome.rule), (wanted, alternative.rule), "{}", what());
        assert!(self.accepted(&alternative.lead), "it is not accepted: {}", what());
        let differing = self.policy().fields.iter().map(|(id, _)| id);
        let differing: Vec<FieldId> = differing.filter(|id| self.lead.get(*id) != alternative.lead.get(*id)).collect();
        assert_eq!(fields(alternative), differing, "{}", what());
        for change in &alternative.changes {
            let Change { field, from, to, .. } = change;
            assert!(!self.held.contains(field), "{}", what());
            assert_eq!(self.lead.get(*field), from.as_ref(), "{}", what());
            assert_eq!(alternative.lead.get(*field), Some(to), "{}", what());
            seen.note(kind(&self.policy().fields[*field].ty));
            if from.is_none() {
                seen.note("was missing");
            }
            self.advice(wanted, alternative, change, what, seen);
        }
    }

    /// The values of an advice do, and those right behind its ends do not.
    fn advice(
        &self,
        wanted: DecisionId,
        alternative: &Alternative,
        change: &Change,
        what: &dyn Fn() -> String,
        seen: &mut Seen,
    ) {
        let gets = |value: &Value| {
            let mut lead = alternative.lead.clone();
            lead.set(change.field, Some(value.clone()));
            self.evaluator.decide(&lead).decision == wanted && self.accepted(&lead)
        };
        let field = &self.policy().fields[change.field];
        match &change.advice {
            Advice::Known => {
                seen.note("known");
                for (lead, _) in self.others {
                    if let Some(value) = lead.get(change.field) {
                        assert!(gets(value), "{value:?} does not: {}", what());
                    }
                }
            }
            Advice::OneOf(values) => {
                seen.note("one of");
                assert!(values.iter().all(gets), "{}", what());
            }
            Advice::Range(low, high) => {
                seen.note("range");
                for (bound, step) in [(low, -1), (high, 1)] {
                    let Some(Bound { value, outside }) = bound else { continue };
                    let beyond = if *outside { Some(value.clone()) } else { stepped(value, &field.ty, step) };
                    let within = if *outside { stepped(value, &field.ty, -step) } else { Some(value.clone()) };
                    let is_blank = |value: &Value| matches!(value, Value::Number(n) if field.cell.is_blank_number(n));
                    assert!(within.is_some_and(|value| is_blank(&value) || gets(&value)), "{}", what());
                    assert!(beyond.is_none_or(|value| !gets(&value)), "it goes on: {}", what());
                }
            }
            Advice::Members { added, removed } => {
                seen.note("members");
                let before = match &change.from {
                    Some(Value::Set(members)) => members.clone(),
                    _ => BTreeSet::new(),
                };
                let after: BTreeSet<usize> = before.union(added).copied().filter(|i| !removed.contains(i)).collect();
                assert_eq!(change.to, Value::Set(after), "{}", what());
            }
            Advice::Tests(tests) => {
                seen.note("tests");
                let (before, now) = (self.evaluator.on(self.lead), self.evaluator.on(&alternative.lead));
                for (cond, truth) in tests {
                    assert_eq!(now.truth(cond), *truth, "{}", what());
                    assert_ne!(before.truth(cond), *truth, "{}", what());
                }
                self.tests_are_enough(wanted, alternative, change, tests, what);
            }
        }
    }

    /// Every text for which these tests turn out so, and all others as before, brings the decision.
    fn tests_are_enough(
        &self,
        wanted: DecisionId,
        alternative: &Alternative,
        change: &Change,
        tests: &[(Cond, Truth)],
        what: &dyn Fn() -> String,
    ) {
        let mut of_text: Vec<&Cond> = Vec::new();
        for cond in visit::deciding(self.policy()) {
            cond.walk(&mut |part| {
                if reads(self.policy(), &part.operands()).fields.contains(&change.field) {
                    of_text.push(part);
                }
            });
        }
        let (before, now) = (self.evaluator.on(self.lead), self.evaluator.on(&alternative.lead));
        of_text.retain(|cond| before.truth(cond) == now.truth(cond));
        for value in self.others.iter().filter_map(|(lead, _)| lead.get(change.field)) {
            let mut lead = alternative.lead.clone();
            lead.set(change.field, Some(value.clone()));
            let session = self.evaluator.on(&lead);
            let fits = tests.iter().all(|(cond, truth)| session.truth(cond) == *truth)
                && of_text.iter().all(|cond| session.truth(cond) == now.truth(cond));
            if fits && self.accepted(&lead) && !self.loses_its_domain(change.field, &lead) {
                assert_eq!(session.outcome().decision, wanted, "{value:?} does not: {}", what());
            }
        }
    }

    /// No lead that changes the same fields, and has the same closed values, is nearer.
    fn is_shortest(
        &self,
        wanted: DecisionId,
        alternative: &Alternative,
        ways: &[(Vec<FieldId>, &Lead)],
        what: &dyn Fn() -> String,
        seen: &mut Seen,
    ) {
        let set = fields(alternative);
        for (_, lead) in ways.iter().filter(|(of, lead)| *of == set && self.same_kind(alternative, lead)) {
            for change in &alternative.changes {
                let theirs = self.here().distance(change.field, lead.get(change.field).unwrap());
                let (ours, reached) = self.here().nearest(change);
                assert!(theirs > ours || (theirs == ours && reached), "{lead:?} is nearer: {}", what());
                // The later fields are as near as they can be with this value of this one.
                if theirs > ours || !self.here().is_same(change, lead.get(change.field).unwrap()) {
                    break;
                }
            }
        }
        // A little nearer is not enough, whatever the later fields are.
        if let [change] = alternative.changes.as_slice()
            && let Some(nearer) = self.here().nearer(change)
        {
            seen.note("nearer is too near");
            let mut lead = alternative.lead.clone();
            lead.set(change.field, Some(nearer.clone()));
            let does = self.evaluator.decide(&lead).decision == wanted && self.accepted(&lead);
            assert!(!does, "{nearer:?} is nearer: {}", what());
        }
    }

    /// Every value of a closed set that brings the decision alone is among those that are said.
    fn kinds(
        &self,
        alternatives: &[Alternative],
        ways: &[(Vec<FieldId>, &Lead)],
        what: &dyn Fn() -> String,
        seen: &mut Seen,
    ) {
        for (set, lead) in ways.iter().filter(|(set, _)| *set == fields(&alternatives[0]) || set.len() == 1) {
            let of_set = || alternatives.iter().filter(|alternative| fields(alternative) == *set);
            let is_closed = |id: &FieldId| is_unranked(&self.policy().fields[*id].ty);
            if set.iter().filter(|id| is_closed(id)).count() == 1 && of_set().count() > 0 {
                seen.note("kind");
                assert!(of_set().any(|alternative| self.same_kind(alternative, lead)), "{lead:?} {}", what());
            }
        }
    }

    /// Whether a lead has closed values that an alternative speaks of.
    fn same_kind(&self, alternative: &Alternative, lead: &Lead) -> bool {
        let closed = alternative.changes.iter().filter(|change| is_unranked(&self.policy().fields[change.field].ty));
        closed.into_iter().all(|change| match &change.advice {
            Advice::OneOf(values) => values.iter().any(|value| alike(lead.get(change.field), Some(value))),
            _ => true,
        })
    }

    fn here(&self) -> Here<'_> {
        Here { evaluator: self.evaluator, lead: self.lead }
    }

    fn accepted(&self, lead: &Lead) -> bool {
        let policy = self.policy();
        is_possible(&self.evaluator.on(lead))
            && policy.fields.iter().all(|(id, field)| match lead.get(id) {
                Some(value) => support::small_gen::cells::may_hold(field, value),
                None => support::small_gen::leads::can_be_missing(field),
            })
    }

    /// The nearest better decision is one of the best that so few fields bring.
    fn better(&self, has: DecisionId, seen: &mut Seen) {
        let found = nearest_better(self.evaluator, self.lead, self.held);
        let better: Vec<DecisionId> = (0..has.0).map(DecisionId).collect();
        let what = || self.what(has, &found);
        let fewest = |wanted: &DecisionId| self.ways(*wanted).iter().map(|(set, _)| set.len()).min();
        let least = better.iter().filter_map(fewest).min();
        let Some(found) = &found else {
            seen.note(if least.is_none() { "no better" } else { "better not found" });
            return;
        };
        seen.note("better");
        let count = found.alternative.changes.len();
        assert!(better.contains(&found.decision), "{}", what());
        self.replays(found.decision, &found.alternative, &what, &mut Seen::default());
        assert!(least.is_none_or(|least| count <= least), "{least:?} {}", what());
        if self.small.universe.exhaustive && !are_compared(self.policy()) {
            let best = better.iter().find(|wanted| fewest(wanted) == Some(count));
            assert_eq!(Some(&found.decision), best, "{}", what());
        }
    }
}

fn fields(alternative: &Alternative) -> Vec<FieldId> {
    alternative.changes.iter().map(|change| change.field).collect()
}

/// Whether some condition compares fields with each other.
fn are_compared(policy: &Policy) -> bool {
    let mut compared = false;
    for cond in visit::deciding(policy) {
        cond.walk(&mut |part| {
            let reach = reads(policy, &part.operands());
            compared |= reach.fields.len() > 1 && reach.scores.is_empty() && reach.grades.is_empty();
        });
    }
    compared
}

/// What values depend on.
fn reads<'p>(policy: &'p Policy, values: &[&Expr]) -> Reach<'p> {
    let mut reach = Reach::new(policy);
    values.iter().for_each(|value| reach.value(value));
    reach
}

fn is_unranked(ty: &Type) -> bool {
    matches!(ty, Type::Choice(choices) if !choices.ranked)
}

fn kind(ty: &Type) -> &'static str {
    match ty {
        Type::Text => "text",
        Type::Number => "number",
        Type::WholeNumber => "whole number",
        Type::Percent => "percent",
        Type::Money(_) => "money",
        Type::YesNo => "yes or no",
        Type::Date => "date",
        Type::DateTime => "date and time",
        Type::Choice(choices) if choices.ranked => "ranked",
        Type::Choice(_) => "choice",
        Type::Set(_) => "set",
    }
}
