//! A row is found by its number and its name just as one who reads all of them finds it, whatever the leads look like, on any number of
//! threads and wherever blocks are cut.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod ir_gen;
    pub(crate) mod messy_leads;
    pub(crate) mod parquet_leads;
}

use policyc::columnar::{Found, REJECTED, Settings, Stopped, Which, find, pick, rules};
use policyc::diagnostic::Diagnostic;
use policyc::eval::Evaluator;
use policyc::ir::Policy;
use policyc::leads::{Format, Reader, Reject, Row};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use support::ir_gen::{as_of, policies};
use support::messy_leads::{Rng, delimited, ndjson};
use support::parquet_leads::parquet;

/// The number and the name of a row.
fn called(row: &Row) -> (u64, &str) {
    let (Row::Lead { row, name, .. } | Row::Rejected(Reject { row, name, .. })) = row;
    (*row, name)
}

/// All rows that can be read, and why there are no more.
fn all(evaluator: &Evaluator<'_>, data: &[u8], format: Format) -> (Vec<Row>, Option<Vec<Diagnostic>>) {
    let reader = match Reader::open(evaluator, Box::new(data), format, false) {
        Ok(reader) => reader,
        Err(faults) => return (Vec::new(), Some(faults)),
    };
    let (mut rows, mut fault) = (Vec::new(), None);
    for row in reader {
        match row {
            Ok(row) => rows.push(row),
            Err(diagnostic) => fault = Some(vec![diagnostic]),
        }
    }
    (rows, fault)
}

/// Asks for rows in every way, and holds what is found against all rows. Says how many were found, and how many were not.
fn hold(format: Format, leads: impl Fn(&Policy, &mut Rng, usize) -> Vec<u8>) -> (usize, usize) {
    let (mut runner, mut rng) = (TestRunner::deterministic(), Rng(7));
    let (mut met, mut missed) = (0, 0);
    for _ in 0..60 {
        let policy = policies().new_tree(&mut runner).unwrap().current();
        let evaluator = Evaluator::new(&policy, as_of());
        let rows = [1, 7, 60, 200, 1100][rng.below(5)];
        let data = leads(&policy, &mut rng, rows);
        let (rows, fault) = all(&evaluator, &data, format);
        hold_rules(&evaluator, (&data, format), (&rows, fault.as_deref()), &mut rng);
        let mut asked = vec![Which::Row(rows.len() as u64 + 1), Which::Row(0)];
        let mut names = vec!["nobody".to_owned(), "12".to_owned(), String::new()];
        for _ in 0..3 {
            let Some(row) = rows.get(rng.below(rows.len().max(1))) else { continue };
            let (row, name) = called(row);
            asked.push(Which::Row(row));
            names.push(name.to_owned());
        }
        for name in names {
            asked.push(Which::Named { name: name.clone(), near: false });
            asked.push(Which::Named { name, near: true });
        }
        for which in asked {
            let mut matching = rows.iter().filter(|row| match &which {
                Which::Row(number) => called(row).0 == *number,
                Which::Named { name, .. } => called(row).1 == name,
            });
            let first = matching.next();
            let others: Vec<u64> = matching.map(|row| called(row).0).collect();
            let mut near = None;
            for (threads, block) in [(1, Settings::BLOCK), (2, 700), (7, 64)] {
                let settings = Settings { threads, block, ..Settings::default() };
                let found = find(&evaluator, Box::new(data.as_slice()), format, &which, settings);
                let told = format!("{which:?} on {threads} threads, blocks of {block}");
                match (found, first, &fault) {
                    (Err(faults), None, Some(expected)) => assert_eq!(faults, *expected, "{told}"),
                    (Ok(Found { first: Some(row), others: more, .. }), Some(expected), _) => {
                        assert_eq!((&row, &more), (expected, &others), "{told}");
                        met += 1;
                    }
                    (Ok(Found { first: None, rows: count, near: like, .. }), None, None) => {
                        assert_eq!(count, rows.len() as u64, "{told}");
                        // It is one of the names, and the same however it was looked for.
                        assert!(like.is_empty() || rows.iter().any(|row| called(row).1 == like), "{told}: {like}");
                        assert_eq!(*near.get_or_insert_with(|| like.clone()), like, "{told}");
                        missed += 1;
                    }
                    (found, ..) => panic!("{told}: {found:?}, where {first:?} and {fault:?} were expected"),
                }
            }
        }
    }
    (met, missed)
}

/// Tells which rule decides each lead, and picks some rows, and holds both against all rows.
fn hold_rules(
    evaluator: &Evaluator<'_>,
    (data, format): (&[u8], Format),
    (rows, fault): (&[Row], Option<&[Diagnostic]>),
    rng: &mut Rng,
) {
    let rule = |row: &Row| match row {
        Row::Rejected(_) => REJECTED,
        Row::Lead { lead, .. } => evaluator.on(lead).outcome().rule.0,
    };
    let expected: Vec<u32> = rows.iter().map(rule).collect();
    // Rows are numbered without a gap.
    assert!(rows.iter().zip(1..).all(|(row, number)| called(row).0 == number));
    let mut numbers: Vec<u64> = (0..=rows.len() as u64 + 1).filter(|_| rng.one_in(3)).collect();
    if rng.one_in(4) {
        numbers.clear();
    }
    let wanted: Vec<&Row> = rows.iter().filter(|row| numbers.contains(&called(row).0)).collect();
    for (threads, block) in [(1, Settings::BLOCK), (2, 700), (7, 64)] {
        let settings = Settings { threads, block, ..Settings::default() };
        let (mut told, mut picked) = (Vec::new(), Vec::new());
        let ends = [
            rules::<()>(evaluator, Box::new(data), format, settings, &mut |rules| {
                told.extend_from_slice(rules);
                Ok(())
            }),
            pick::<()>(evaluator, Box::new(data), format, &numbers, settings, &mut |rows| {
                picked.extend_from_slice(rows);
                Ok(())
            }),
        ];
        for end in ends {
            match (end, fault) {
                (Ok(()), None) => {}
                (Err(Stopped::Leads(faults)), Some(fault)) => assert_eq!(faults, fault),
                (end, fault) => panic!("{end:?}, where {fault:?} was expected"),
            }
        }
        // What stands before a fault need not have been told.
        assert!(expected.starts_with(&told) && (fault.is_some() || told == expected), "{told:?} {expected:?}");
        assert!(picked.iter().zip(&wanted).all(|(row, wanted)| row == *wanted));
        assert!(picked.len() == wanted.len() || fault.is_some() && picked.len() < wanted.len());
    }
}

#[test]
fn rows_of_delimited_leads_are_found() {
    let (met, missed) = hold(Format::Csv, delimited);
    assert!(met > 500 && missed > 500, "{met} {missed}");
}

#[test]
fn rows_of_json_objects_are_found() {
    let (met, missed) = hold(Format::Ndjson, ndjson);
    assert!(met > 500 && missed > 500, "{met} {missed}");
}

#[test]
fn rows_of_parquet_are_found() {
    let (met, missed) = hold(Format::Parquet, parquet);
    assert!(met > 500 && missed > 500, "{met} {missed}");
}
