//! A pull request as the action sees it, and what the action's scripts make of it, with a host that is made up.

#![allow(dead_code, reason = "no test needs all of it")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{Repo, path_with_policyc};

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A program of this name that does this.
pub(crate) fn program(folder: &Path, name: &str, does: &str) {
    fs::write(folder.join(name), format!("#!/bin/sh\n{does}\n")).unwrap();
    fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o755)).unwrap();
}

const POLICY: &str = r#"policy "Small"
  owned by sales

lead
  need  whole number from 0 to 5

decisions, best first
  pass to sales
  nurture

pass to sales when need >= 3

otherwise nurture
"#;

/// A pull request as the action sees it, with a `gh` that answers for the host and writes down what it is asked to write.
pub(crate) struct PullRequest {
    pub(crate) repo: Repo,
    pub(crate) bin: PathBuf,
}

impl PullRequest {
    pub(crate) fn new() -> PullRequest {
        let repo = Repo::new();
        repo.write("policies/small.policy", POLICY);
        repo.write("policyc.toml", "policies = [\"policies\"]\n");
        repo.commit("first");
        repo.git(&["checkout", "--quiet", "-b", "change"]);
        repo.write("policies/small.policy", POLICY.replace(">= 3", ">= 4"));
        repo.commit("change");
        repo.git(&["checkout", "--quiet", "main"]);
        repo.write("policies/other.policy", POLICY.replace("Small", "Meanwhile"));
        repo.commit("meanwhile");
        repo.git(&["checkout", "--quiet", "--detach", "main"]);
        repo.git(&["merge", "--quiet", "--no-ff", "--no-edit", "change"]);
        let bin = repo.outside().join("bin");
        fs::create_dir(&bin).unwrap();
        let gh = r#"for last; do :; done
case "$*" in
*/statuses/*)
    [ -f "$HOST/statuses-allowed" ] || exit 1
    printf '%s' "$4" >> "$HOST/statuses"
    shift 4
    for word; do [ "$word" = -f ] || printf '|%s' "$word" >> "$HOST/statuses"; done
    echo >> "$HOST/statuses" ;;
*/reviews*) [ ! -f "$HOST/down" ] || exit 1; cat "$HOST/reviews" ;;
*--method*) [ ! -f "$HOST/forbidden" ] || exit 1; echo "$3 $4" >> "$HOST/written"; cp "${last#body=@}" "$HOST/body" ;;
*comments*) echo "$*" >> "$HOST/asked"; cat "$HOST/comments" ;;
esac"#;
        program(&bin, "gh", gh);
        let request = PullRequest { repo, bin };
        request.host("reviews", "");
        request.host("comments", "");
        request
    }

    pub(crate) fn host(&self, name: &str, text: &str) {
        fs::write(self.repo.outside().join(name), text).unwrap();
    }

    pub(crate) fn hosted(&self, name: &str) -> String {
        fs::read_to_string(self.repo.outside().join(name)).unwrap_or_default()
    }

    pub(crate) fn head(&self) -> String {
        self.repo.git(&["rev-parse", "change"])
    }

    /// Runs the step that checks.
    pub(crate) fn check(&self, environment: &[(&str, &str)]) -> Output {
        self.step("action/check.sh", environment)
    }

    /// Runs the step that reviews, and the one that says what it comes to; without `statuses-allowed` the host takes no status, as of a
    /// pull request from a fork.
    pub(crate) fn review(&self, environment: &[(&str, &str)]) -> Output {
        let mut reviewed = self.step("action/review.sh", environment);
        if !reviewed.status.success() {
            return reviewed;
        }
        let waiting = self.output();
        let run =
            [("CHECKED", "success"), ("REVIEWED", "success"), ("WAITING", waiting.trim_start_matches("waiting="))];
        let ended = self.step("action/status.sh", &[environment, &run].concat());
        reviewed.status = ended.status;
        reviewed.stdout.extend(ended.stdout);
        reviewed.stderr.extend(ended.stderr);
        reviewed
    }

    /// What the last step has put out for others.
    pub(crate) fn output(&self) -> String {
        self.hosted("output").trim_end().to_owned()
    }

    /// Runs a step.
    pub(crate) fn step(&self, script: &str, environment: &[(&str, &str)]) -> Output {
        let (file, mut shell) = (root().join(script), self.shell());
        shell.arg(file).arg("end");
        shell.env("HEAD_SHA", self.head()).env("BASE_SHA", self.repo.git(&["rev-parse", "main~1"]));
        shell.envs([
            ("REPOSITORY", "o/r"),
            ("NUMBER", "7"),
            ("PATHS", ""),
            ("TEAMS", "sales=@carol"),
            ("LEADS", ""),
            ("OUTCOME", ""),
            ("SARIF", ""),
        ]);
        shell.env("COMMIT", self.head()).envs([("BASE_REF", "main"), ("DEFAULT_BRANCH", "main"), ("RUN", "the run")]);
        shell.envs([("COMMENT", "true"), ("APPROVALS", "true")]).envs(environment.iter().copied());
        shell.output().unwrap()
    }

    /// A shell in the checkout, with the host and what a runner gives to each step.
    pub(crate) fn shell(&self) -> Command {
        let outside = self.repo.outside();
        self.host("output", "");
        let mut shell = Command::new("bash");
        shell.current_dir(&self.repo.root);
        shell.env("PATH", format!("{}:{}", self.bin.display(), path_with_policyc()));
        shell.env("HOST", &outside).env("RUNNER_TEMP", &outside);
        shell.env("GITHUB_STEP_SUMMARY", outside.join("summary")).env("GITHUB_OUTPUT", outside.join("output"));
        shell
    }
}
