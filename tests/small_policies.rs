//! The small random policies that proofs are held against: they check, they say everything that a policy can say, and the leads
//! that stand for all leads do so.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support {
    pub(crate) mod small_gen;
}

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::ToSpan;
use policyc::eval::{Evaluator, Session, Total};
use policyc::ir::{Cond, Field, Lead, Policy, visit};
use policyc::types::{Number, Truth, Type, Value};
use support::small_gen::cells::may_hold;
use support::small_gen::dice::Dice;
use support::small_gen::fields::{OF_EMAIL, OF_TEXT};
use support::small_gen::leads::{MOST, can_be_missing, is_possible, times, universe};
use support::small_gen::texts::is_cell;
use support::small_gen::{Small, checked, small};

/// A policy is its seed.
#[test]
fn they_are_the_same_every_time() {
    for seed in [0, 1, u64::MAX] {
        let (one, other) = (small(seed), small(seed));
        assert_eq!(one.text, other.text);
        assert_eq!(one.universe.leads, other.universe.leads);
        assert_ne!(one.text, small(seed ^ 1).text);
    }
}

/// Proofs are worth what the policies are that they are tried on: every kind of node occurs, with every truth that it can have,
/// and about every third rule is one that no lead gets to.
#[test]
fn they_say_everything() {
    const SEEDS: u64 = 500;
    let mut seen: BTreeMap<String, BTreeSet<Truth>> = BTreeMap::new();
    let (mut leads, mut exhaustive, mut rules, mut idle_rules) = (0, 0, 0, 0);
    for Small { policy, universe, .. } in (0..SEEDS).map(small) {
        leads += universe.leads.len();
        exhaustive += usize::from(universe.exhaustive);
        let mut idle: BTreeSet<_> = policy.rules.iter().map(|(rule, _)| rule).collect();
        let mut asked = 0;
        universe.each(&policy, |_, session| {
            if !idle.is_empty() {
                idle.remove(&session.outcome().rule);
            }
            if asked % 40 == 0 {
                notice(session, &mut seen);
            }
            asked += 1;
        });
        rules += policy.rules.len();
        idle_rules += idle.len();
    }
    let average = leads / usize::try_from(SEEDS).unwrap();
    assert!((200..MOST / 3).contains(&average), "{average} leads a policy");
    assert!((300..450).contains(&exhaustive), "{exhaustive} are exhaustive");
    assert!((30..50).contains(&(100 * idle_rules / rules)), "no lead gets to {idle_rules} of {rules} rules");
    let shown: Vec<String> = seen.iter().map(|(kind, truths)| format!("{kind} {truths:?}")).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

/// Notes the kinds of nodes, the truths of conditions, and of values whether they are there.
fn notice(session: &Session<'_>, seen: &mut BTreeMap<String, BTreeSet<Truth>>) {
    let policy = session.policy();
    for (_, field) in policy.fields.iter() {
        seen.entry(format!("type {}", kind(&field.ty))).or_default();
    }
    for (_, section) in policy.sections.iter() {
        seen.entry(format!("guard {}", kind(&section.guard))).or_default();
    }
    for line in policy.scores.iter().flat_map(|(_, score)| &score.lines) {
        seen.entry(format!("gain {}", kind(&line.gain))).or_default();
    }
    let mut value = |operand: &_| {
        let truth = session.value(operand).map_or(Truth::Unknown, |_| Truth::True);
        seen.entry(format!("value {}", kind(operand))).or_default().insert(truth);
    };
    visit::values(policy).for_each(|expr| expr.walk(&mut |part| value(part)));
    for part in parts(session) {
        part.operands().into_iter().for_each(|operand| operand.walk(&mut |expr| value(expr)));
    }
    for part in parts(session) {
        seen.entry(kind(&part.kind)).or_default().insert(session.truth(part));
    }
}

/// The name of a node, as JSON has it.
fn kind(node: &impl serde::Serialize) -> String {
    match serde_json::to_value(node).unwrap() {
        serde_json::Value::String(name) => name,
        serde_json::Value::Object(fields) => fields.keys().next().unwrap().clone(),
        other => other.to_string(),
    }
}

/// Every condition of the policy with everything inside.
fn parts<'e>(session: &Session<'e>) -> Vec<&'e Cond> {
    let mut parts = Vec::new();
    visit::conditions(session.policy()).for_each(|cond| cond.walk(&mut |part| parts.push(part)));
    parts
}

/// Where the leads of a policy are said to be exhaustive, no other lead gives its conditions other truths or its scores other
/// points than one of them does.
#[test]
fn they_stand_for_all_leads() {
    for seed in 0..200 {
        let Small { text, policy, universe } = small(seed);
        if !universe.exhaustive {
            continue;
        }
        let mut dice = Dice::new(seed);
        let mut known = HashSet::new();
        universe.each(&policy, |as_of, session| {
            known.insert((as_of, meaning(session)));
        });
        for as_of in times(&policy) {
            let evaluator = Evaluator::new(&policy, as_of);
            for _ in 0..40 {
                let Some(lead) = stranger(&mut dice, &policy, &universe.leads) else { break };
                let session = evaluator.on(&lead);
                let found = !is_possible(&session) || known.contains(&(as_of, meaning(&session)));
                assert!(found, "no lead of seed {seed} is like {lead:?} at {as_of}\n{text}");
            }
        }
    }
}

/// No text answers two tests of texts in a way in which none of the texts does that stand for all.
#[test]
fn texts_stand_for_all_texts() {
    let mut dice = Dice::new(0);
    for (i, one) in OF_TEXT.iter().chain(&OF_EMAIL).enumerate() {
        for other in OF_TEXT.iter().chain(&OF_EMAIL).skip(i + 1) {
            let policy = of_two_rules("word  text", &one.replace("{}", "word"), &other.replace("{}", "word"));
            let universe = universe(&policy).unwrap();
            let mut known = HashSet::new();
            universe.each(&policy, |_, session| {
                known.insert(meaning(session));
            });
            let evaluator = Evaluator::new(&policy, times(&policy)[0]);
            for _ in 0..if universe.exhaustive { 300 } else { 0 } {
                let lead = stranger(&mut dice, &policy, &universe.leads).unwrap();
                assert!(known.contains(&meaning(&evaluator.on(&lead))), "{one}, {other}: none is like {lead:?}");
            }
        }
    }
}

/// Where one value for each cell is not enough, the leads are not said to be exhaustive.
#[test]
fn what_is_not_exhaustive() {
    let all = [
        "need whole number from 0 to 5",
        "stars whole number from 0 to 5",
        "seats whole number from 0",
        "rating number",
        "growth number",
        "asked date",
        "ends date",
        "passed date and time",
        "email text",
        "country text",
    ];
    let exhaustive = |one: &str, other: &str| {
        let read =
            |field: &&str| field.split(' ').next().is_some_and(|name| one.contains(name) || other.contains(name));
        let fields: Vec<&str> = all.into_iter().filter(read).collect();
        universe(&of_two_rules(&fields.join("\n  "), one, other)).unwrap().exhaustive
    };
    for enough in [
        ["need >= 2 * stars", "need + stars is 7"],
        ["rating > growth", "growth > 2.5"],
        ["2 * rating + 1 > 3", "rating / 4 is 1"],
        ["asked after ends", "asked more than 30 days ago"],
        ["passed less than 24 hours ago", "passed in the last 2 days"],
        ["email contains \"a\"", "email starts with \"b\""],
        ["domain of email is \"a.com\"", "email is \"a@a.com\""],
    ] {
        assert!(exhaustive(enough[0], enough[1]), "{enough:?}");
    }
    for beyond in [
        ["rating + growth > 3", "rating > 1"],
        ["rating > seats", "seats > 1"],
        ["need > seats", "need * stars > 3"],
        ["rating * rating > 2", "rating > 1"],
        ["10 / seats > 2", "seats > 1"],
        ["asked before passed", "asked before 2026-10-01"],
        ["email is country", "country is \"DE\""],
        ["email contains \"a\"", "domain of email is \"a.com\""],
        ["email is \"z\"", "email contains \"a\""],
    ] {
        assert!(!exhaustive(beyond[0], beyond[1]), "{beyond:?}");
    }
}

/// A policy of two rules.
fn of_two_rules(fields: &str, one: &str, other: &str) -> Policy {
    checked(&format!(
        "policy \"Two rules\"\n\nlead\n  {fields}\n\ndecisions\n  call\n  wait\n\n\
         one: call when {one}\n\nother: call when {other}\n\notherwise wait\n"
    ))
}

/// What a lead means to its policy.
fn meaning(session: &Session<'_>) -> (Vec<Truth>, Vec<(Number, bool)>) {
    let points = |Total { points, incomplete }| (points, incomplete);
    let scores = session.policy().scores.iter().map(|(id, _)| points(session.score(id))).collect();
    (parts(session).into_iter().map(|part| session.truth(part)).collect(), scores)
}

/// A lead whose values lie near those of some leads, or anywhere.
fn stranger(dice: &mut Dice, policy: &Policy, leads: &[(jiff::Timestamp, Lead)]) -> Option<Lead> {
    if leads.is_empty() {
        return None;
    }
    let mut lead = Lead::empty(policy);
    for (id, field) in policy.fields.iter() {
        let near = leads[dice.roll(leads.len())].1.get(id).cloned();
        let value = near.map(|near| moved(dice, field, &near));
        lead.set(id, if can_be_missing(field) && dice.one_in(5) { None } else { value });
    }
    Some(lead)
}

/// A value that the field may hold, often near another one.
fn moved(dice: &mut Dice, field: &Field, near: &Value) -> Value {
    let steps = i64::try_from(dice.roll(9)).unwrap() - 4;
    match near {
        Value::Number(number) => {
            let step = match field.ty {
                Type::WholeNumber => dice.pick(&["1", "7"]),
                _ => dice.pick(&["0.01", "1.25", "0.5", "1000"]),
            };
            let moved = Value::Number(number + &(&step.parse::<Number>().unwrap() * &Number::from(steps)));
            if may_hold(field, &moved) { moved } else { near.clone() }
        }
        Value::Date(day) => Value::Date(*day + (steps * [1, 40][dice.roll(2)]).days()),
        Value::DateTime(instant) => Value::DateTime(*instant + (steps * [1, 600, 30_000][dice.roll(3)]).seconds()),
        Value::Other(_) => Value::Other(dice.pick(&["Intern", "Assistant"]).to_owned()),
        Value::Text(text) => {
            let pieces = ["api", "PIA", "key", " ", "-", "x", "9", "@", "ann", "gmail.com", ".example", "rival", "é"];
            let made: String = (0..1 + dice.roll(5)).map(|_| dice.pick(&pieces)).collect();
            let made = if dice.one_in(4) { format!("{text}{made}") } else { made };
            Value::Text(if is_cell(field, &made) { made } else { text.clone() })
        }
        Value::Set(_) if field.cell.blank_is_empty_set && dice.one_in(3) => Value::Set(BTreeSet::new()),
        Value::YesNo(_) | Value::Choice(_) | Value::Set(_) => near.clone(),
    }
}
