//! docs/ci.md is a road that can be walked: in a new folder, its files are written and its commands run, in their order, and they print
//! what the page shows. `UPDATE_DOCS=1 cargo test --test road` writes the outputs anew.
//!
//! A block whose info string says `file=PATH` is that file from there on; in a `console` block, what follows a `$ command` is its output.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// The place where the page is walked.
struct Road {
    folder: tempfile::TempDir,
    commands: u32,
}

impl Road {
    /// What a shell shows for a line, standard error included.
    fn shown(&mut self, line: &str) -> String {
        self.commands += 1;
        let binary = Path::new(env!("CARGO_BIN_EXE_policyc")).parent().unwrap();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
        let date = format!("2026-11-02T09:{:02}:00Z", self.commands);
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("exec 2>&1\n{line}")]).current_dir(self.folder.path());
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "NO_COLOR"] {
            shell.env_remove(name);
        }
        shell.envs([("GIT_AUTHOR_NAME", "Ann"), ("GIT_AUTHOR_EMAIL", "ann@example.com"), ("GIT_AUTHOR_DATE", &date)]);
        shell.envs([("GIT_COMMITTER_NAME", "Ann"), ("GIT_COMMITTER_EMAIL", "ann@example.com")]);
        shell.envs([("GIT_COMMITTER_DATE", &*date), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")]);
        shell.envs([("PATH", &*path), ("LC_ALL", "C"), ("GIT_PAGER", "cat")]);
        let output = shell.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.replace(self.folder.path().to_str().unwrap(), "/work")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// The page with the outputs as they are now.
fn walked(page: &str) -> String {
    let mut road = Road { folder: tempfile::tempdir().unwrap(), commands: 0 };
    let mut fresh = String::new();
    // The info string of the block that a line stands in, and its text so far.
    let mut block: Option<(&str, String)> = None;
    for line in page.lines() {
        match (&mut block, line.strip_prefix("```")) {
            (Some((info, text)), Some(_)) => {
                if let Some((_, path)) = info.split_once(" file=") {
                    road.write(path, text);
                }
                block = None;
            }
            (None, Some(info)) => block = Some((info, String::new())),
            (Some(("console", _)), None) if !line.starts_with("$ ") => continue,
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
        fresh.push_str(line);
        fresh.push('\n');
        if let (Some(("console", _)), Some(command)) = (&block, line.strip_prefix("$ ")) {
            let shown = road.shown(command);
            if !shown.trim().is_empty() {
                fresh.push_str(shown.trim_end());
                fresh.push('\n');
            }
        }
    }
    fresh
}

#[test]
fn the_road_leads_where_the_page_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md");
    let page = fs::read_to_string(&path).unwrap();
    let fresh = walked(&page);
    assert!(page.matches("\n$ ").count() > 15, "hardly any command was found");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, fresh).unwrap();
    } else if page != fresh {
        let differing = page.lines().zip(fresh.lines()).find(|(old, new)| old != new);
        panic!("docs/ci.md is out of date (UPDATE_DOCS=1 cargo test --test road): {differing:?}");
    }
}

#[test]
fn the_workflow_on_the_page_is_the_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/ci.md")).unwrap();
    let example = fs::read_to_string(root.join("examples/ci/github-workflow.yml")).unwrap();
    let (_, block) = page.split_once("file=.github/workflows/policies.yml\n").unwrap();
    assert_eq!(block.split("```").next().unwrap(), example);
}
