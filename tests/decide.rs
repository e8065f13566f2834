//! Each policy of tests/cases/decide, and what the command line decides on the leads beside it. The first line of a policy is
//! the command: `# decide NAME.csv --as-of 2026-10-15 --scores`.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::Path;
use std::process::Command;

#[test]
fn cases() {
    insta::glob!("cases/decide/*.policy", |path| {
        let (folder, file) = (path.parent().unwrap(), path.file_name().unwrap().to_str().unwrap());
        let source = std::fs::read_to_string(path).unwrap();
        let arguments = source.lines().next().unwrap().strip_prefix("# decide ").unwrap();
        let leads = std::fs::read(folder.join(arguments.split(' ').next().unwrap())).unwrap();

        let mut decide = Command::new(env!("CARGO_BIN_EXE_policyc"));
        decide.current_dir(folder).arg("decide").arg(file).args(arguments.split(' '));
        let output = decide.output().unwrap();
        let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        let leads = String::from_utf8_lossy(&leads);
        let code = output.status.code().unwrap();
        let text = format!(
            "{source}\n~~~~ leads ~~~~\n\n{leads}\n~~~~ decisions ~~~~\n\n{out}\n~~~~ exit {code} ~~~~\n\n{err}"
        );
        beside(folder, || insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), text));
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
