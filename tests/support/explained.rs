//! A policy that stands in a folder of cases, and the explanation of one of the leads beside it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use policyc::diagnostic::Severity;
use policyc::eval::{Evaluator, end_of_day};
use policyc::explain::{Explanation, View, Wanted, explain};
use policyc::ir::{FieldId, Policy, RuleId};
use policyc::leads::{Format, Reader, Row};
use policyc::lower::{Checked, check};
use policyc::source::{Files, ReadError};

struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.0.join(path)).map_err(|_| ReadError::NotFound)
    }
}

/// A policy without errors, and the leads beside it.
pub(crate) struct Case {
    pub(crate) source: String,
    checked: Checked,
    leads: PathBuf,
}

/// How a lead is to be explained.
pub(crate) struct Asked<'a> {
    pub(crate) lead: &'a str,
    pub(crate) as_of: &'a str,
    pub(crate) show_personal: bool,
    pub(crate) wanted: Wanted,
    pub(crate) held: BTreeSet<FieldId>,
}

impl Case {
    pub(crate) fn read(path: &Path) -> Case {
        let folder = path.parent().unwrap();
        let leads =
            ["csv", "ndjson"].map(|ending| path.with_extension(ending)).into_iter().find(|p| p.exists()).unwrap();
        let checked = check(path.file_name().unwrap().to_str().unwrap(), &Folder(folder.to_owned()));
        let errors = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error);
        let findings = errors.map(|d| {
            format!("{} {} {:?}", d.span().map(|s| checked.sources.place(s)).unwrap_or_default(), d.message, d.help)
        });
        assert_eq!(findings.collect::<Vec<_>>(), [""; 0]);
        Case { source: std::fs::read_to_string(path).unwrap(), checked, leads }
    }

    pub(crate) fn policy(&self) -> &Policy {
        self.checked.policy.as_ref().unwrap()
    }

    /// The policy and its leads, as a snapshot begins.
    pub(crate) fn text(&self) -> String {
        format!("{}\n~~~~ leads ~~~~\n\n{}", self.source, std::fs::read_to_string(&self.leads).unwrap())
    }

    pub(crate) fn explained(&self, asked: &Asked<'_>) -> Explanation {
        let policy = self.policy();
        let instant = asked.as_of.parse().ok();
        let instant = instant.or_else(|| end_of_day(&policy.zone, asked.as_of.parse().unwrap())).unwrap();
        let evaluator = Evaluator::new(policy, instant);
        let input = Box::new(BufReader::new(File::open(&self.leads).unwrap()));
        let format = Format::from_path(&self.leads).unwrap();
        let rows = Reader::open(&evaluator, input, format, asked.show_personal).unwrap();
        let line_of = |rule: RuleId| {
            let span = policy.rules[rule].span;
            Some(self.checked.sources.get(span.source)?.line_column(span.start as usize).0)
        };
        for row in rows {
            match row.unwrap() {
                Row::Lead { name, lead, .. } if name == asked.lead => {
                    let Asked { show_personal, wanted, ref held, .. } = *asked;
                    let view = View { name: &name, show_personal, line_of: &line_of, wanted, held, told: None };
                    return explain(&evaluator, &lead, &view);
                }
                Row::Lead { .. } => {}
                Row::Rejected(reject) => panic!("{reject:?}"),
            }
        }
        panic!("there is no lead {}", asked.lead);
    }
}

/// Runs with snapshots that stand beside their case, under its name.
pub(crate) fn beside(folder: &Path, f: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.remove_snapshot_suffix();
    settings.bind(f);
}
