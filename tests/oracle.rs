//! What our policies decide on all of their leads, held against decisions that Python scripts worked out from the meaning of
//! the policies (tests/oracle/*.py), row by row: decision, rule, scores, grades, stage.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use policyc::eval::{Evaluator, Session, end_of_day};
use policyc::leads::{Format, Reader, Row};
use policyc::lower;
use policyc::source::{Files, ReadError};

#[test]
fn b2b() {
    compare("policies/b2b/b2b.policy", "2024-03-01");
}

#[test]
fn product_lines() {
    compare("policies/product-lines/product-lines.policy", "2026-11-01");
}

#[test]
fn funnel() {
    compare("policies/funnel/funnel.policy", "2026-09-01");
}

#[test]
fn inbound() {
    compare("policies/inbound/inbound.policy", "2026-11-01");
}

#[test]
fn consent() {
    compare("policies/consent/consent.policy", "2026-11-01");
}

/// The files of the project.
struct Project;

impl Files for Project {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        fs::read(path).map_err(|error| ReadError::Other(error.to_string()))
    }
}

/// Decides the leads beside a policy and compares every row with `expected.csv`, which stands there too.
fn compare(path: &str, as_of: &str) {
    let checked = lower::check(path, &Project);
    assert_eq!(checked.diagnostics, [], "{path} has findings");
    let policy = checked.policy.unwrap();
    let evaluator = Evaluator::new(&policy, end_of_day(&policy.zone, as_of.parse().unwrap()).unwrap());

    let folder = Path::new(path).parent().unwrap();
    let leads = BufReader::new(File::open(folder.join("leads.csv")).unwrap());
    let leads = Reader::open(&evaluator, Box::new(leads), Format::Csv, true).unwrap();
    let mut expected = csv::Reader::from_path(folder.join("expected.csv")).unwrap();
    let columns = expected.headers().unwrap().clone();

    let mut expected = expected.records();
    for row in leads {
        let Row::Lead { name, lead, .. } = row.unwrap() else { panic!("a row of {path} is set aside") };
        let expected = expected.next().expect("fewer rows are expected").unwrap();
        let session = evaluator.on(&lead);
        for (column, expected) in columns.iter().zip(&expected) {
            assert_eq!(result(&session, &evaluator, &name, column), expected, "`{column}` of {name} in {path}");
        }
    }
    assert!(expected.next().is_none(), "more rows are expected than {path} decides");
}

/// What came out for a lead in a column of the expectation.
fn result(session: &Session<'_>, evaluator: &Evaluator<'_>, name: &str, column: &str) -> String {
    let policy = evaluator.policy();
    let outcome = session.outcome();
    match column {
        "lead" => return name.to_owned(),
        "decision" => return policy.decisions[outcome.decision].phrase.clone(),
        "rule" => return policy.rules[outcome.rule].name.clone(),
        "stage" => return policy.stage_scale().values[session.stage()].clone(),
        _ => {}
    }
    let score =
        policy.scores.iter().find(|(_, s)| s.name == column).map(|(id, _)| session.score(id).points.to_string());
    let grade = policy.grades.iter().find(|(_, g)| g.name == column);
    let grade = grade.map(|(id, g)| g.scale.values[session.grade(id)].clone());
    score.or(grade).unwrap_or_else(|| panic!("`{column}` is no score and no grade"))
}
