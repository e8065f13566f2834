//! How long the stages of a decision take in memory, for 4,096 leads one after the other: `cargo bench --bench stages`.

#![allow(clippy::expect_used, reason = "a benchmark may fail loudly")]

#[path = "leads/leads.rs"]
mod leads;
#[path = "leads/rules.rs"]
mod rules;

use std::collections::HashMap;
use std::fmt;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use policyc::columnar::CompiledPolicy;
use policyc::eval::{Evaluator, end_of_day};
use policyc::ir::{Lead, Policy};
use policyc::leads::{Format, Reader, Row};
use policyc::lower;

use crate::leads::Form;

/// What decides.
#[derive(Clone, Copy)]
enum Work {
    /// Twelve rules.
    W1,
    /// The same, and three rules on a score of fifteen lines.
    W2,
    /// Two hundred rules.
    Rules200,
}

const WORK: [Work; 3] = [Work::W1, Work::W2, Work::Rules200];

/// So many leads that no branch is guessed from the one before.
const LEADS: u64 = 4_096;
const SEED: u64 = 42;

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Work::W1 => "W1",
            Work::W2 => "W2",
            Work::Rules200 => "200 rules",
        })
    }
}

impl Work {
    fn policy(self) -> Policy {
        let text = match self {
            Work::W1 => include_str!("leads/w1.policy").to_owned(),
            Work::W2 => include_str!("leads/w2.policy").to_owned(),
            Work::Rules200 => rules::policy(200, SEED),
        };
        let files = HashMap::from([("bench.policy".to_owned(), text)]);
        lower::check("bench.policy", &files).policy.expect("it checks")
    }
}

/// The evaluator of a policy at the benchmark's date.
fn evaluator(policy: &Policy) -> Evaluator<'_> {
    let day = "2026-11-01".parse().expect("a date");
    Evaluator::new(policy, end_of_day(&policy.zone, day).expect("there is such a day"))
}

fn csv() -> Vec<u8> {
    let mut csv = Vec::new();
    leads::write(LEADS, SEED, Form::Csv, &mut csv).expect("memory takes all");
    csv
}

/// The leads of a text, which it must all have.
fn read(evaluator: &Evaluator<'_>, csv: &[u8]) -> Vec<Lead> {
    let reader = Reader::open(evaluator, Box::new(csv), Format::Csv, false).expect("the columns fit");
    let leads = reader.map(|row| match row {
        Ok(Row::Lead { lead, .. }) => lead,
        Ok(Row::Rejected(_)) | Err(_) => unreachable!("every row is a lead"),
    });
    leads.collect()
}

/// From the text of so many leads to their values.
#[divan::bench(args = [Work::W1])]
fn read_leads(bencher: Bencher<'_, '_>, work: Work) {
    let policy = work.policy();
    let (evaluator, csv) = (evaluator(&policy), csv());
    bencher.counter(ItemsCount::new(LEADS)).bench_local(|| read(&evaluator, black_box(&csv)));
}

/// From the values of so many leads to their decisions, by the evaluator that is the semantics.
#[divan::bench(args = WORK)]
fn decide_leads(bencher: Bencher<'_, '_>, work: Work) {
    let policy = work.policy();
    let evaluator = evaluator(&policy);
    let leads = read(&evaluator, &csv());
    bencher.counter(ItemsCount::new(LEADS)).bench_local(|| {
        for lead in &leads {
            black_box(evaluator.decide(black_box(lead)));
        }
    });
}

/// The same by the compiled policy.
#[divan::bench(args = WORK)]
fn decide_leads_compiled(bencher: Bencher<'_, '_>, work: Work) {
    let policy = work.policy();
    let evaluator = evaluator(&policy);
    let compiled = CompiledPolicy::new(&evaluator);
    let leads = read(&evaluator, &csv());
    bencher.counter(ItemsCount::new(LEADS)).bench_local(|| {
        for lead in &leads {
            black_box(compiled.decide(black_box(lead)));
        }
    });
}

/// From the text of a policy to the checked policy.
#[divan::bench(args = WORK)]
fn check_a_policy(work: Work) -> Policy {
    work.policy()
}

fn main() {
    divan::main();
}
