//! Git repositories in temporary folders, made with the `git` program, the same ones every time: nobody's configuration counts, and
//! each commit is made a day after the one before it.

#![allow(clippy::unwrap_used, dead_code, reason = "not every test needs all of it")]

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A policy with a library, which has a list.
pub(crate) const POLICY: &str = r#"policy "Inbound"

use "../lib/words.policy"

lead
  number  id
  need    whole number from 0 to 5
  email   text, personal

decisions, best first
  pass to sales
  nurture
  disqualify

disqualify when domain of email in competitors
  because "works for a competitor"

pass to sales when need >= bar
  because "a real need"

otherwise nurture

test "a real need goes to sales"
  given need 4
  expect pass to sales
"#;

/// A repository, with its own folder around it in which others can stand beside it.
pub(crate) struct Repo {
    /// The folder around it.
    pub(crate) outside: TempDir,
    /// Its root.
    pub(crate) root: PathBuf,
    day: Cell<u32>,
}

impl Repo {
    /// A repository without a commit, on the branch `main`.
    pub(crate) fn new() -> Repo {
        let outside = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(outside.path()).unwrap().join("repo");
        fs::create_dir(&root).unwrap();
        let repo = Repo { outside, root, day: Cell::new(0) };
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo
    }

    /// The folder around the repository.
    pub(crate) fn outside(&self) -> PathBuf {
        self.root.parent().unwrap().to_owned()
    }

    /// Runs git in the repository, and gives what it printed.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_in(&self.root, arguments)
    }

    /// Runs git in a folder.
    pub(crate) fn git_in(&self, folder: &Path, arguments: &[&str]) -> String {
        let output = self.command(folder, arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Makes a tree of entries, as `git ls-tree` writes them, whatever they are; gives its hash.
    pub(crate) fn make_tree(&self, entries: &str) -> String {
        let file = self.outside.path().join("entries");
        fs::write(&file, entries.replace('\n', "\0")).unwrap();
        let mut command = self.command(&self.root, &["mktree", "-z"]);
        let output = command.stdin(fs::File::open(&file).unwrap()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Runs git, which may fail.
    pub(crate) fn try_git(&self, arguments: &[&str]) -> bool {
        self.command(&self.root, arguments).output().unwrap().status.success()
    }

    /// Runs git in a folder, as somebody would who has policyc on the PATH.
    pub(crate) fn run_git_in(&self, folder: &Path, arguments: &[&str]) -> Ran {
        let mut command = self.command(folder, arguments);
        Ran::of(&command.env("PATH", path_with_policyc()).output().unwrap(), &self.outside())
    }

    fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let date = format!("2026-03-{:02}T00:30:00+01:00", self.day.get().max(1));
        let mut command = Command::new("git");
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"] {
            command.env_remove(name);
        }
        command
            .args(["-c", "protocol.file.allow=always", "-c", "core.autocrlf=false", "-c", "gc.auto=0"])
            .args(arguments)
            .current_dir(folder)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_AUTHOR_NAME", "Ann Author")
            .env("GIT_AUTHOR_EMAIL", "ann@example.com")
            .env("GIT_COMMITTER_NAME", "Carl Committer")
            .env("GIT_COMMITTER_EMAIL", "carl@example.com")
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .env("GIT_EDITOR", "true")
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    /// Lets a day pass, so that what git makes next is a day younger.
    pub(crate) fn next_day(&self) {
        self.day.set(self.day.get() + 1);
    }

    /// Sets the clock by which git makes what comes next.
    pub(crate) fn set_day(&self, day: u8) {
        self.day.set(day.into());
    }

    /// Writes a file of the work tree, and the folders above it.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes something behind the end of a file, which need not be there.
    pub(crate) fn append(&self, path: &str, text: &str) {
        let before = fs::read_to_string(self.root.join(path)).unwrap_or_default();
        self.write(path, before + text);
    }

    /// Every file below the root, git's own too, with how long it is and when it was written.
    pub(crate) fn listing(&self) -> Vec<String> {
        let mut listing = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let about = fs::symlink_metadata(&path).unwrap();
                listing.push(format!("{} {} {:?}", path.display(), about.len(), about.modified().unwrap()));
                if about.is_dir() {
                    folders.push(path);
                }
            }
        }
        listing.sort();
        listing
    }

    /// Commits the work tree as it is, a day after the last commit; gives the commit's hash.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.next_day();
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs policyc in the root of the repository.
    pub(crate) fn policyc(&self, arguments: &[&str]) -> Ran {
        self.policyc_in(&self.root, arguments)
    }

    /// Runs policyc in the root of the repository, with variables in its environment.
    pub(crate) fn policyc_with(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_policyc"));
        command.args(arguments).current_dir(&self.root).envs(environment.iter().copied()).stdin(Stdio::null());
        Ran::of(&command.output().unwrap(), &self.outside())
    }

    /// Runs policyc in a folder. Its outputs have the same place for the repository every time.
    pub(crate) fn policyc_in(&self, folder: &Path, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_policyc"));
        command.args(arguments).current_dir(folder).env_remove("NO_COLOR").stdin(Stdio::null());
        Ran::of(&command.output().unwrap(), &self.outside())
    }
}

/// Reviews what is checked out against `main`.
pub(crate) fn review(repo: &Repo, more: &[&str]) -> Ran {
    repo.policyc(&[&["review", "--base", "main"], more].concat())
}

/// The same as JSON.
pub(crate) fn review_json(repo: &Repo, more: &[&str]) -> Value {
    let ran = review(repo, &[&["--format", "json"], more].concat());
    assert!(ran.code < 2, "{ran:?}");
    serde_json::from_str(&ran.out).unwrap()
}

/// The PATH, with policyc on it.
pub(crate) fn path_with_policyc() -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_policyc")).parent().unwrap();
    format!("{}:{}", binary.display(), std::env::var("PATH").unwrap())
}

/// How a run ended, and what it printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ran {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    fn of(output: &Output, outside: &Path) -> Ran {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            text.replace(outside.to_str().unwrap(), "/somewhere")
        };
        Ran { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Everything in one text.
    pub(crate) fn all(&self) -> String {
        format!("{}--- standard error\n{}--- exit {}\n", self.out, self.err, self.code)
    }

    /// Standard error in one line, so that where it was wrapped does not matter.
    pub(crate) fn said(&self) -> String {
        self.err.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
