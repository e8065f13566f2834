//! docs/cli.md and README.md show what the binary prints: every command in a `console` block is run here.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes the outputs anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::path::Path;
use std::process::Command;

/// What a shell shows for a line, standard error included.
fn shown(line: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let binary = Path::new(env!("CARGO_BIN_EXE_policyc")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{line} 2>&1")]).current_dir(root).env("PATH", path).env_remove("NO_COLOR");
    String::from_utf8(shell.output().unwrap().stdout).unwrap()
}

/// The text with the output below every `$ command` of a `console` block as it is now.
fn refreshed(text: &str) -> String {
    let mut fresh = String::new();
    let mut in_console = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_console = line == "```console";
        } else if in_console && !line.starts_with("$ ") {
            continue;
        }
        fresh.push_str(line);
        fresh.push('\n');
        if let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) {
            fresh.push_str(shown(command).trim_end());
            fresh.push('\n');
        }
    }
    fresh
}

#[test]
fn what_the_pages_show_is_what_is_printed() {
    for name in ["docs/cli.md", "README.md"] {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let text = std::fs::read_to_string(&page).unwrap();
        let fresh = refreshed(&text);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&page, fresh).unwrap();
        } else if text != fresh {
            let differing = text.lines().zip(fresh.lines()).find(|(old, new)| old != new);
            panic!("{name} is out of date (UPDATE_DOCS=1 cargo test --test docs): {differing:?}");
        }
    }
}

#[test]
fn every_verb_is_on_the_page() {
    let help = shown("policyc --help");
    let verbs = help.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let verbs: Vec<&str> =
        verbs.filter(|l| !l.starts_with("   ")).filter_map(|l| l.split_whitespace().next()).collect();
    assert!(verbs.len() > 3, "{help}");
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md")).unwrap();
    let missing: Vec<_> = verbs.iter().filter(|verb| !page.contains(&format!("$ policyc {verb} --help"))).collect();
    assert!(missing.is_empty(), "docs/cli.md does not show the help of {missing:?}");
}
