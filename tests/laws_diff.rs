//! What a diff claims of every possible lead, against a look at them: small random policies and random edits of them, each pair with the
//! leads that either tells apart, decided by the evaluator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod small_gen;
}

use std::collections::{BTreeMap, BTreeSet};

use policyc::diff::{Diff, How, Part, Step, Verdict};
use policyc::eval::{Evaluator, Session};
use policyc::ir::{CompareOp, Cond, CondKind, Expr, RuleId};
use policyc::types::{Truth, Value};
use support::small_gen::dice::Dice;
use support::small_gen::{pairs, small};

/// How many pairs the laws are tried on.
const PAIRS: u64 = 5_000;

/// What came up, so that a law that is never put to the test is noticed.
#[derive(Debug, Default)]
struct Counts {
    kinds: BTreeMap<&'static str, [usize; 2]>,
    same: usize,
    changed: usize,
    not_known: usize,
    read_apart: usize,
    leads: usize,
    flows: usize,
    set_aside: usize,
    cubes: usize,
    values: usize,
    incomplete: usize,
    stay: usize,
    losers: usize,
    no_losers: usize,
    ways: BTreeMap<How, usize>,
}

#[test]
fn diffs_of_small_policies_hold() {
    hold(0);
}

#[test]
fn diffs_of_other_small_policies_hold() {
    hold(1);
}

fn hold(first: u64) {
    let mut counts = Counts::default();
    for seed in (first..PAIRS).step_by(2) {
        pair(seed, &mut counts);
    }
    println!("{counts:#?}");
    assert!(counts.kinds.len() == 14, "{counts:#?}");
    assert!(counts.kinds.values().all(|[same, changed]| same + changed > 3), "{counts:#?}");
    assert!(
        counts.same > 150 && counts.changed > 200 && counts.not_known * 20 < counts.same + counts.changed,
        "{counts:#?}"
    );
    assert!(counts.leads > 5_000 && counts.flows > 250 && counts.set_aside > 200, "{counts:#?}");
    assert!(counts.cubes > 200 && counts.incomplete * 4 < counts.cubes && counts.stay > 20, "{counts:#?}");
    assert!(counts.values > 20 && counts.read_apart > 20, "{counts:#?}");
    assert!(counts.losers > 100 && counts.no_losers * 10 < counts.losers, "{counts:#?}");
    assert!(counts.ways.len() == 3, "{counts:#?}");
}

/// What becomes of a lead, without a look at the diff: a decision, or none when it is set aside.
fn end<'s>(session: &'s Session<'_>) -> Option<&'s str> {
    let policy = session.policy();
    let fits = policy
        .fields
        .iter()
        .all(|(id, field)| session.lead().get(id).map_or(!field.required, |value| pairs::holds(field, value)));
    let assumed = policy.assumptions.iter().all(|assumption| session.truth(assumption) != Truth::False);
    (fits && assumed).then(|| policy.decisions[session.outcome().decision].phrase.as_str())
}

/// Whether a step takes a lead that gets to it.
fn takes(session: &Session<'_>, step: Option<Step>) -> bool {
    let policy = session.policy();
    match step {
        None => false,
        Some(Step::Field(id)) => {
            let field = &policy.fields[id];
            session.lead().get(id).map_or(field.required, |value| !pairs::holds(field, value))
        }
        Some(Step::Assumption(at)) => session.truth(&policy.assumptions[at]) == Truth::False,
        Some(Step::Rule(rule)) => session.fires(rule),
    }
}

/// For each alternative of a part, the values of closed sets that it names, each with its side, and that no lead of it was met with it.
fn values(part: &Part) -> Vec<Vec<(usize, Cond, bool)>> {
    let alternatives = part.who.iter().flat_map(|who| &who.alternatives);
    let of = |clause: &policyc::diff::Clause| {
        let parts = match &clause.cond.kind {
            CondKind::Any(parts) => parts.as_slice(),
            _ => std::slice::from_ref(&clause.cond),
        };
        let is_value = |cond: &&Cond| match &cond.kind {
            CondKind::Compare { op: CompareOp::Eq, right: Expr::Const(value), .. } => {
                matches!(value, Value::Choice(_) | Value::YesNo(_))
            }
            _ => false,
        };
        parts.iter().filter(is_value).map(|value| (clause.side, value.clone(), false)).collect::<Vec<_>>()
    };
    alternatives.map(|all| all.iter().flat_map(of).collect()).collect()
}

fn pair(seed: u64, counts: &mut Counts) {
    let small = small(seed);
    let old = &small.policy;
    let mut dice = Dice::new(seed ^ 0xD1FF);
    let (kind, text, new) = pairs::edited(&small.text, &mut dice);
    let diff = Diff::in_depth(old, &new);
    let verdict = diff.by_rules();
    if verdict == Verdict::Same && diff.verdict() == Verdict::NotKnown {
        counts.read_apart += 1;
    }
    let unread = diff.not_compared.is_empty();
    assert_eq!(diff.verdict() == Verdict::Same, verdict == Verdict::Same && unread, "seed {seed}");
    let what = |lead: &dyn std::fmt::Debug| {
        format!("seed {seed}, {kind}, {verdict:?}\n{lead:?}\n{:#?}\n{}\n~~~~\n{text}", diff.changes, small.text)
    };
    match verdict {
        Verdict::Same => counts.same += 1,
        Verdict::Changed => counts.changed += 1,
        Verdict::NotKnown => counts.not_known += 1,
    }
    let tally = counts.kinds.entry(kind).or_default();
    tally[usize::from(verdict == Verdict::Changed)] += 1;
    let parts: Vec<&Part> = diff.changes.iter().flat_map(|change| &change.parts).collect();
    let leads = pairs::leads(old, &new, &mut dice);
    let all_leads = leads.len() < pairs::MOST / 2;
    let mut named: Vec<Vec<Vec<(usize, Cond, bool)>>> = parts.iter().map(|part| values(part)).collect();
    let mut losers = BTreeSet::new();
    for (as_of, [before, now]) in leads {
        let evaluators = [Evaluator::new(old, as_of), Evaluator::new(&new, as_of)];
        let sessions = [evaluators[0].on(&before), evaluators[1].on(&now)];
        let ends = [end(&sessions[0]), end(&sessions[1])];
        if ends == [None, None] {
            continue;
        }
        let lead = (as_of, &before, &now, ends);
        let seen = diff.look(&sessions[0], &sessions[1]);
        assert_eq!(diff.ends(&seen), ends, "what becomes of it: {}", what(&lead));
        let here: Vec<&&Part> = parts.iter().filter(|part| seen.parts.is_some_and(|at| part.has(at))).collect();
        if ends[0] != ends[1] {
            counts.leads += 1;
            counts.set_aside += usize::from(ends.contains(&None));
            *counts.ways.entry(seen.parts.unwrap().1).or_default() += 1;
            assert_ne!(verdict, Verdict::Same, "a lead changes hands: {}", what(&lead));
            let [part] = here.as_slice() else { panic!("{} regions: {}", here.len(), what(&lead)) };
            let flow = part.flows.iter().any(|flow| diff.ends(&flow.seen) == ends);
            assert!(flow || !part.complete, "no such flow: {}", what(&lead));
            assert!(diff.region(&seen).is_some(), "{}", what(&lead));
            if let Some(Step::Rule(rule)) = seen.steps[0] {
                assert!(part.losers.contains(&rule), "{rule:?} loses it: {}", what(&lead));
                losers.insert(rule);
            }
        } else if let [part] = here.as_slice()
            && part.how.is_some()
            && !part.flows.is_empty()
        {
            counts.stay += 1;
            assert!(part.some_stay, "it keeps its decision: {}", what(&lead));
        }
        for (part, named) in parts.iter().zip(&mut named) {
            let (Some(who), [slot], Some(how)) = (&part.who, part.slots.as_slice(), part.how) else { continue };
            let gets_there = diff.slots[..*slot]
                .iter()
                .all(|slot| !takes(&sessions[0], slot.steps[0]) && !takes(&sessions[1], slot.steps[1]));
            let inside = who.section.is_none_or(|(side, section)| sessions[side].section(section).is_true());
            let meets = |clause: &policyc::diff::Clause| sessions[clause.side].truth(&clause.cond).is_true();
            let described = inside && who.alternatives.iter().any(|all| all.iter().all(meets));
            if gets_there && inside {
                for (_, named) in who.alternatives.iter().zip(named).filter(|(all, _)| all.iter().all(meets)) {
                    named.iter_mut().for_each(|(side, value, met)| *met |= sessions[*side].truth(value).is_true());
                }
            }
            let parts_here = seen.parts == Some((*slot, how));
            if gets_there && described {
                assert!(parts_here, "it is described, and does not part: {}", what(&lead));
            }
            if parts_here && who.complete {
                assert!(described, "it parts, and is not described: {}", what(&lead));
            }
        }
    }
    // Where all leads were looked at, few rules are said to lose some that do not.
    if all_leads && verdict != Verdict::NotKnown {
        let said: BTreeSet<RuleId> = parts.iter().flat_map(|part| &part.losers).copied().collect();
        counts.losers += said.len();
        counts.no_losers += said.difference(&losers).count();
    }
    for (_, value, met) in named.iter().flatten().flatten().filter(|_| all_leads) {
        counts.values += 1;
        assert!(met, "no lead has this value: {}", what(value));
    }
    for part in &parts {
        let cubes = part.who.as_ref().map_or(0, |who| who.alternatives.len());
        counts.cubes += cubes;
        counts.incomplete += usize::from(part.who.as_ref().is_some_and(|who| !who.complete));
        for flow in &part.flows {
            counts.flows += 1;
            let leads = &flow.witness.leads;
            let [before, now] = [Evaluator::new(old, flow.witness.as_of), Evaluator::new(&new, flow.witness.as_of)];
            let (before, now) = (before.on(&leads[0]), now.on(&leads[1]));
            let ends = [end(&before), end(&now)];
            assert_eq!(diff.ends(&flow.seen), ends, "{}", what(&flow));
            assert_ne!(ends[0], ends[1], "{}", what(&flow));
            assert!(diff.look(&before, &now).parts.is_some_and(|at| part.has(at)), "{}", what(&flow));
        }
    }
}
