//! Each policy of tests/cases/explain, and the explanations that its first lines ask for of the leads beside it:
//! `# explain LEAD as of TIME [in markdown|in json][, personal values shown]`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use policyc::diagnostic::Severity;
use policyc::eval::{Evaluator, end_of_day};
use policyc::explain::{Explanation, View, Wanted, explain};
use policyc::ir::{Policy, RuleId};
use policyc::leads::{Format, Reader, Row};
use policyc::lower::{Checked, check};
use policyc::render::{Look, explanation};
use policyc::source::{Files, ReadError};

struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.0.join(path)).map_err(|_| ReadError::NotFound)
    }
}

/// What one of the first lines asks for.
struct Asked<'a> {
    line: &'a str,
    lead: &'a str,
    as_of: &'a str,
    format: &'a str,
    show_personal: bool,
}

fn asked(line: &str) -> Option<Asked<'_>> {
    let (rest, show_personal) = match line.strip_suffix(", personal values shown") {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    let (lead, rest) = rest.strip_prefix("# explain ")?.split_once(" as of ")?;
    let (as_of, format) = rest.split_once(" in ").unwrap_or((rest, "human"));
    Some(Asked { line, lead, as_of, format, show_personal })
}

fn explained(checked: &Checked, policy: &Policy, leads: &Path, asked: &Asked<'_>) -> Explanation {
    let instant = asked.as_of.parse().ok();
    let instant = instant.or_else(|| end_of_day(&policy.zone, asked.as_of.parse().unwrap())).unwrap();
    let evaluator = Evaluator::new(policy, instant);
    let input = Box::new(BufReader::new(File::open(leads).unwrap()));
    let rows = Reader::open(&evaluator, input, Format::from_path(leads).unwrap(), asked.show_personal).unwrap();
    let line_of = |rule: RuleId| {
        let span = policy.rules[rule].span;
        Some(checked.sources.get(span.source)?.line_column(span.start as usize).0)
    };
    for row in rows {
        match row.unwrap() {
            Row::Lead { name, lead, .. } if name == asked.lead => {
                let (wanted, held) = (Wanted::Better, BTreeSet::new());
                let view =
                    View { name: &name, show_personal: asked.show_personal, line_of: &line_of, wanted, held: &held };
                return explain(&evaluator, &lead, &view);
            }
            Row::Lead { .. } => {}
            Row::Rejected(reject) => panic!("{reject:?}"),
        }
    }
    panic!("there is no lead {}", asked.lead);
}

#[test]
fn cases() {
    insta::glob!("cases/explain/*.policy", |path| {
        let (folder, stem) = (path.parent().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let leads =
            ["csv", "ndjson"].map(|ending| path.with_extension(ending)).into_iter().find(|p| p.exists()).unwrap();
        let checked = check(path.file_name().unwrap().to_str().unwrap(), &Folder(folder.to_owned()));
        let errors = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error);
        let findings = errors.map(|d| {
            format!("{} {} {:?}", d.span().map(|s| checked.sources.place(s)).unwrap_or_default(), d.message, d.help)
        });
        assert_eq!(findings.collect::<Vec<_>>(), [""; 0]);
        let policy = checked.policy.as_ref().unwrap();
        let source = std::fs::read_to_string(path).unwrap();
        let mut text = format!("{source}\n~~~~ leads ~~~~\n\n{}", std::fs::read_to_string(&leads).unwrap());
        for asked in source.lines().map_while(asked) {
            let explanation = explained(&checked, policy, &leads, &asked);
            let shown = match asked.format {
                "json" => explanation::json(&explanation),
                "markdown" => explanation::markdown(&explanation),
                _ => explanation::human(&explanation, Look::PLAIN),
            };
            text.push_str(&format!("\n~~~~ {} ~~~~\n\n{shown}", asked.line.trim_start_matches("# ")));
        }
        beside(folder, || insta::assert_snapshot!(stem, text));
    });
}

/// `docs/explanation.schema.json` is what the program says; `UPDATE_SCHEMA=1 cargo test --test explain` writes it.
#[test]
fn the_published_schema_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/explanation.schema.json");
    let mut schema = serde_json::to_string_pretty(&policyc::explain::schema()).unwrap();
    schema.push('\n');
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap_or_default() == schema,
        "docs/explanation.schema.json is not up to date"
    );
}

/// Runs with snapshots that stand beside their case, under its name.
fn beside(folder: &Path, f: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.remove_snapshot_suffix();
    settings.bind(f);
}
