//! Exports in the shapes that CRMs write, each read by a policy of its own: a folder under `tests/fixtures/crm` with a
//! policy and its leads, and beside them a snapshot of all that comes out.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use policyc::eval::Evaluator;
use policyc::ir::Policy;
use policyc::leads::{Format, Reader, Row};
use policyc::lower;

use crate::by_hand::value;

/// The policy of a text, or what is wrong with it.
fn check(text: &str) -> Result<Policy, String> {
    let files = HashMap::from([("the.policy".to_owned(), text.to_owned())]);
    let checked = lower::check("the.policy", &files);
    let said = checked.diagnostics.iter().map(|d| {
        let place = d.span().map_or(String::new(), |span| checked.sources.place(span));
        format!("{place} {} {}", d.code.name(), d.message)
    });
    let said: Vec<String> = said.collect();
    checked.policy.filter(|_| said.is_empty()).ok_or_else(|| said.join("\n"))
}

fn what_comes_out(policy: &Policy, data: &[u8], format: Format) -> String {
    let evaluator = Evaluator::new(policy, "2026-10-01T12:00:00Z".parse().unwrap());
    let mut out = String::new();
    let mut reader = match Reader::open(&evaluator, Box::new(data), format, false) {
        Ok(reader) => reader,
        Err(faults) => return faults.iter().map(|f| format!("{} {}\n", f.code.name(), f.message)).collect(),
    };
    for row in reader.by_ref() {
        match row {
            Ok(Row::Lead { row, name, lead }) => {
                let outcome = evaluator.decide(&lead);
                writeln!(out, "\nrow {row}, {name}: {}", policy.decisions[outcome.decision].phrase).unwrap();
                for (id, field) in policy.fields.iter() {
                    let shown = lead.get(id).map_or("missing".to_owned(), value);
                    writeln!(out, "  {} = {shown}", field.name).unwrap();
                }
            }
            Ok(Row::Rejected(reject)) => {
                writeln!(out, "\nrow {}, {}: rejected", reject.row, reject.name).unwrap();
                for p in reject.problems {
                    let (column, cell) = (p.column.unwrap_or("-".into()), p.value.unwrap_or("-".into()));
                    writeln!(out, "  {} {column} | {cell} | {}", p.code.name(), p.message).unwrap();
                }
            }
            Err(fault) => writeln!(out, "\nstopped: {} {}", fault.code.name(), fault.message).unwrap(),
        }
    }
    let notices: Vec<String> = reader.notices().into_iter().map(|notice| format!("notice: {notice}\n")).collect();
    format!("{}{out}", notices.concat())
}

#[test]
fn exports_of_crms() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/crm");
    let mut seen = 0;
    for folder in fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(folder.join(format!("{name}.policy"))).unwrap();
        let policy = check(&text).unwrap_or_else(|said| panic!("{name}: {said}"));
        let (file, format) = [("leads.csv", Format::Csv), ("leads.ndjson", Format::Ndjson)]
            .into_iter()
            .find(|(file, _)| folder.join(file).exists())
            .unwrap();
        let data = fs::read(folder.join(file)).unwrap();
        let settings = {
            let mut settings = insta::Settings::new();
            settings.set_snapshot_path(&folder);
            settings.set_prepend_module_to_snapshot(false);
            settings.set_description(format!("{name}.policy on {file}"));
            settings.set_omit_expression(true);
            settings
        };
        settings.bind(|| insta::assert_snapshot!("leads", what_comes_out(&policy, &data, format)));
        seen += 1;
    }
    assert!(seen >= 6);
}
