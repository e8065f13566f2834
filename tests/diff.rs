//! Each pair of policies of tests/cases/diff, NAME.old.policy and NAME.new.policy, and what a change from one to the other changes, for
//! people and as Markdown; as JSON, too, where the old one begins with `# also in json`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};

use policyc::diagnostic::any_error;
use policyc::diff::{Diff, Report, Texts};
use policyc::lower::{Checked, check};
use policyc::render::{Look, diff};
use policyc::source::{Files, ReadError};

struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.0.join(path)).map_err(|_| ReadError::NotFound)
    }
}

fn read(path: &Path) -> Checked {
    let folder = Folder(path.parent().unwrap().to_owned());
    let checked = check(path.file_name().unwrap().to_str().unwrap(), &folder);
    assert!(!any_error(&checked.diagnostics), "{}: {:#?}", path.display(), checked.diagnostics);
    checked
}

#[test]
fn cases() {
    insta::glob!("cases/diff/*.old.policy", |path| {
        let name = path.file_name().unwrap().to_str().unwrap().strip_suffix(".old.policy").unwrap();
        let (old, new) = (read(path), read(&path.with_file_name(format!("{name}.new.policy"))));
        let difference = Diff::new(old.policy.as_ref().unwrap(), new.policy.as_ref().unwrap());
        let report = Report::new(&difference, &Texts { old: &old.sources, new: &new.sources });
        let mut text = format!("{}\n~~~~ in markdown ~~~~\n\n", diff::human(&report, Look::PLAIN));
        text.push_str(&diff::markdown(&report));
        if std::fs::read_to_string(path).unwrap().starts_with("# also in json") {
            text.push_str(&format!("\n~~~~ in json ~~~~\n\n{}", diff::json(&report)));
        }
        beside(path.parent().unwrap(), || insta::assert_snapshot!(name, text));
    });
}

/// Runs with snapshots that stand beside their case, under its name.
fn beside(folder: &Path, f: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.remove_snapshot_suffix();
    settings.bind(f);
}
