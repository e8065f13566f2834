//! Each policy of tests/cases/check, and all that is found in it; its libraries and lists are in the folders below.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use policyc::diagnostic::Diagnostic;
use policyc::lower::{Checked, check};
use policyc::source::{Files, ReadError, Sources};

/// The files below a folder.
struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        std::fs::read(self.0.join(path)).map_err(|_| ReadError::NotFound)
    }
}

/// A finding in plain words, a line for each part of it.
fn plain(sources: &Sources, finding: &Diagnostic) -> String {
    let severity = format!("{:?}", finding.severity).to_lowercase();
    let place = finding.span().map_or_else(String::new, |span| format!(" {}", sources.place(span)));
    let mut out = format!("{} {severity}{place} {}\n", finding.code.name(), finding.message);
    for label in &finding.labels {
        let text = sources.slice(label.span).replace('\n', "⏎");
        let says = if label.text.is_empty() { String::new() } else { format!(": {}", label.text) };
        writeln!(out, "  at {} `{text}`{says}", sources.place(label.span)).unwrap();
    }
    if let Some(help) = &finding.help {
        writeln!(out, "  help: {help}").unwrap();
    }
    if let Some(fix) = &finding.fix {
        writeln!(out, "  fix: {} -> {}", sources.slice(fix.span), fix.replacement).unwrap();
    }
    out
}

#[test]
fn cases() {
    insta::glob!("cases/check/*.policy", |path| {
        let (folder, stem) = (path.parent().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let Checked { sources, policy, library, diagnostics } =
            check(path.file_name().unwrap().to_str().unwrap(), &Folder(folder.to_owned()));
        let mut text = std::fs::read_to_string(path).unwrap();
        let kind = if library { "library" } else { "policy" };
        let sound = if policy.is_some() || library { kind.to_owned() } else { format!("broken {kind}") };
        writeln!(text, "\n~~~~ {sound}, findings: {} ~~~~\n", diagnostics.len()).unwrap();
        diagnostics.iter().for_each(|finding| text.push_str(&plain(&sources, finding)));
        beside(folder, || insta::assert_snapshot!(stem, text));
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
