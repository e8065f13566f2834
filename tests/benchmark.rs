//! What is measured is what it says: the policies of benches/leads check, every lead made for them fits, whatever the form, and
//! every decision is given.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../benches/leads/leads.rs"]
mod leads;
#[path = "../benches/leads/rules.rs"]
mod rules;

use std::collections::{BTreeSet, HashMap};

use leads::Form;
use policyc::eval::{Evaluator, end_of_day};
use policyc::ir::Policy;
use policyc::leads::{Format, Reader, Row};
use policyc::lower;

const LEADS: u64 = 1_000;
const SEED: u64 = 42;

fn policy(text: &str) -> Policy {
    let checked = lower::check("bench.policy", &HashMap::from([("bench.policy".to_owned(), text.to_owned())]));
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    checked.policy.unwrap()
}

/// The decision and the rule of each lead.
fn decided(policy: &Policy, form: Form, format: Format) -> Vec<(&str, &str)> {
    let mut text = Vec::new();
    leads::write(LEADS, SEED, form, &mut text).unwrap();
    let evaluator = Evaluator::new(policy, end_of_day(&policy.zone, "2026-11-01".parse().unwrap()).unwrap());
    let reader = Reader::open(&evaluator, Box::new(text.as_slice()), format, false).unwrap();
    let decided: Vec<_> = reader
        .filter_map(|row| match row {
            Ok(Row::Lead { lead, .. }) => Some(evaluator.decide(&lead)),
            Ok(Row::Rejected(_)) | Err(_) => None,
        })
        .map(|outcome| (policy.decisions[outcome.decision].phrase.as_str(), policy.rules[outcome.rule].name.as_str()))
        .collect();
    assert_eq!(decided.len() as u64, LEADS, "every row is a lead");
    decided
}

#[test]
fn every_lead_fits_and_every_decision_is_given() {
    for text in [
        include_str!("../benches/leads/w1.policy"),
        include_str!("../benches/leads/w2.policy"),
        &rules::policy(200, SEED),
    ] {
        let policy = policy(text);
        let plain = decided(&policy, Form::Csv, Format::Csv);
        let given: BTreeSet<&str> = plain.iter().map(|(decision, _)| *decision).collect();
        assert_eq!(given.len(), policy.decisions.len(), "{given:?}");
        assert_eq!(plain, decided(&policy, Form::QuotedCsv, Format::Csv), "quotes change nothing");
        assert_eq!(plain, decided(&policy, Form::Ndjson, Format::Ndjson), "the form changes nothing");
    }
}

#[test]
fn time_of_many_rules_depends_on_their_number() {
    let text = rules::policy(200, SEED);
    let policy = policy(&text);
    let decided = decided(&policy, Form::Csv, Format::Csv);
    let late = decided.iter().filter(|(_, rule)| *rule == "otherwise" || policy.rules.len() / 2 < place(&policy, rule));
    assert!(late.count() as u64 > LEADS / 2, "most leads go past most rules");
}

fn place(policy: &Policy, name: &str) -> usize {
    policy.rules.iter().position(|(_, rule)| rule.name == name).unwrap()
}
