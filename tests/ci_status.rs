//! The status that the action writes on a commit, which a branch requires: the steps of `action.yml` are run as a runner would, event by event,
//! with a host that is made up, and the last status is what holds a pull request back or lets it go.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "support/pull_request.rs"]
mod pull_request;
#[path = "support/git.rs"]
mod support;

use std::collections::HashMap;
use std::fs;

use pull_request::{PullRequest, program, root};
use yaml_rust2::{Yaml, YamlLoader};

/// What an event tells to a workflow, and the inputs of the action: values by the expressions that stand for them.
struct Event(HashMap<String, String>);

impl Event {
    /// One of the pull request: a push to it, or a review of it.
    fn of(request: &PullRequest) -> Event {
        let event = Event::new(request);
        event
            .with("github.event.pull_request", "{}")
            .with("github.event.pull_request.number", "7")
            .with("github.event.pull_request.head.sha", &request.head())
            .with("github.event.pull_request.base.sha", &request.repo.git(&["rev-parse", "main~1"]))
            .with("github.event.pull_request.base.ref", "main")
    }

    /// A group of a merge queue, or a push to the branch itself.
    fn new(request: &PullRequest) -> Event {
        request.host("statuses-allowed", "");
        let action = action();
        let mut values = HashMap::new();
        for (name, input) in action["inputs"].as_hash().unwrap() {
            values.insert(format!("inputs.{}", name.as_str().unwrap()), input["default"].as_str().unwrap().to_owned());
        }
        let event = Event(values).with("inputs.teams", "sales=@carol\nlegal=@dave").with("inputs.token", "none");
        event
            .with("github.repository", "o/r")
            .with("github.event.repository.default_branch", "main")
            .with("github.server_url", "https://host")
            .with("github.run_id", "1")
            .with("steps.ready.outcome", "success")
    }

    fn with(mut self, expression: &str, value: &str) -> Event {
        self.0.insert(expression.to_owned(), value.to_owned());
        self
    }

    /// A text with its expressions replaced: of `a || b`, what there is first.
    fn filled(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut parts = text.split("${{ ");
        filled.push_str(parts.next().unwrap());
        for part in parts {
            let (expression, rest) = part.split_once(" }}").unwrap();
            let value = |of: &str| self.0.get(of).filter(|value| !value.is_empty()).cloned();
            filled.push_str(&expression.split(" || ").find_map(value).unwrap_or_default());
            filled.push_str(rest);
        }
        filled
    }

    /// Whether a step runs, when the ones before it have all ended well or not.
    fn lets(&self, condition: Option<&str>, well: bool) -> bool {
        let has = |name: &str| self.0.contains_key(&format!("github.event.{name}"));
        match condition {
            None => well && self.0["steps.ready.outcome"] == "success",
            Some("${{ github.event.pull_request || github.event.merge_group }}") => {
                has("pull_request") || has("merge_group")
            }
            Some("${{ always() && (github.event.pull_request || github.event.merge_group) }}") => {
                has("pull_request") || has("merge_group")
            }
            Some("${{ !cancelled() && github.event.pull_request && steps.ready.outcome == 'success' }}") => {
                has("pull_request") && self.0["steps.ready.outcome"] == "success" && !self.0.contains_key("cancelled")
            }
            Some(other) => panic!("what is `{other}`?"),
        }
    }
}

fn action() -> Yaml {
    YamlLoader::load_from_str(&fs::read_to_string(root().join("action.yml")).unwrap()).unwrap().remove(0)
}

/// What has become of a job.
#[derive(Debug)]
struct Job {
    passed: bool,
    /// `state: description` of each status that it has written.
    statuses: Vec<String>,
    said: String,
}

impl Job {
    fn last(&self) -> &str {
        self.statuses.last().map_or("", String::as_str)
    }
}

/// Runs the scripts of the action as an event has them run; all that is built is there.
fn job(request: &PullRequest, mut event: Event) -> Job {
    let before = request.hosted("statuses").lines().count();
    let (mut well, mut said) = (true, String::new());
    for step in action()["runs"]["steps"].as_vec().unwrap() {
        let Some(script) = step["run"].as_str().filter(|run| run.contains("$GITHUB_ACTION_PATH/action/")) else {
            continue;
        };
        let id = step["id"].as_str().unwrap_or("none");
        let outcome = if event.lets(step["if"].as_str(), well) {
            let mut shell = request.shell();
            shell.args(["-euo", "pipefail", "-c", script]).env("GITHUB_ACTION_PATH", root());
            for (name, value) in step["env"].as_hash().unwrap() {
                shell.env(name.as_str().unwrap(), event.filled(value.as_str().unwrap()));
            }
            let ran = shell.output().unwrap();
            said.push_str(&String::from_utf8_lossy(&ran.stdout));
            said.push_str(&String::from_utf8_lossy(&ran.stderr));
            for (name, value) in request.output().lines().filter_map(|line| line.split_once('=')) {
                event = event.with(&format!("steps.{id}.outputs.{name}"), value);
            }
            well &= ran.status.success();
            if ran.status.success() { "success" } else { "failure" }
        } else {
            "skipped"
        };
        event = event.with(&format!("steps.{id}.outcome"), outcome);
    }
    let statuses = request.hosted("statuses");
    let field = |line: &str, name: &str| {
        line.split('|').find_map(|part| part.strip_prefix(name)).map(str::to_owned).unwrap_or_default()
    };
    let statuses = statuses.lines().skip(before);
    let statuses = statuses.map(|line| format!("{}: {}", field(line, "state="), field(line, "description="))).collect();
    Job { passed: well, statuses, said }
}

fn approved_by(request: &PullRequest, people: &[&str]) {
    let head = request.head();
    let reviews: String = people.iter().map(|who| format!("{who}\tUser\tAPPROVED\t{head}\n")).collect();
    request.host("reviews", &reviews);
}

/// What happens to a pull request first and last, and where it is written.
#[test]
fn a_change_waits_until_all_have_approved_and_no_longer() {
    let request = PullRequest::new();
    let pushed = job(&request, Event::of(&request));
    assert_eq!(pushed.statuses, ["pending: being checked", "pending: waiting for sales"], "{pushed:?}");
    assert!(pushed.passed, "the job has done its work, and no red one stays when all have approved: {pushed:?}");
    let head = request.head();
    let written = format!(
        "repos/o/r/statuses/{head}|state=pending|context=policyc|description=waiting for sales|target_url=https://host/o/r/actions/runs/1\n"
    );
    assert!(request.hosted("statuses").ends_with(&written), "{}", request.hosted("statuses"));

    approved_by(&request, &["carol"]);
    let approved = job(&request, Event::of(&request));
    assert_eq!(approved.statuses, ["pending: being checked", "success: checked, reviewed, approved"], "{approved:?}");
    assert!(approved.passed);

    request.host("reviews", "");
    let dismissed = job(&request, Event::of(&request));
    assert_eq!(dismissed.last(), "pending: waiting for sales", "{dismissed:?}");
    let unasked = job(&request, Event::of(&request).with("inputs.approvals", "false"));
    assert_eq!(unasked.last(), "success: checked and reviewed; approvals are not asked for", "{unasked:?}");
}

#[test]
fn what_is_in_the_way_besides_approvals_is_a_failure() {
    let request = PullRequest::new();
    let policy = fs::read_to_string(request.repo.root.join("policies/small.policy")).unwrap();
    let broken = "failure: the policies do not check, are not in canonical layout, or fail a test";
    // A failing test is found by the first step and by the review; another layout by the first alone.
    for text in [format!("{policy}\ntest \"a\"\n  given need 1\n  expect pass to sales\n"), format!("{policy}\n\n\n")] {
        request.repo.write("policies/small.policy", &text);
        for people in [&["carol"][..], &[]] {
            approved_by(&request, people);
            let found = job(&request, Event::of(&request));
            assert_eq!((found.last(), found.passed), (broken, false), "{found:?}");
        }
    }
    request.repo.write("policies/small.policy", &policy);

    // What could not be found out is no waiting: the host does not answer, a team is named wrongly, the leads are not there, the checkout is another.
    let failed = "failure: the review found something in the way, or could not be made";
    approved_by(&request, &["carol"]);
    request.host("down", "");
    assert_eq!(job(&request, Event::of(&request)).last(), failed);
    fs::remove_file(request.repo.outside().join("down")).unwrap();
    let absent = "1111111111111111111111111111111111111111";
    for (expression, value) in
        [("inputs.teams", "sales"), ("inputs.leads", "none.csv"), ("github.event.pull_request.head.sha", absent)]
    {
        for approvals in ["true", "false"] {
            // Nobody reads the teams then.
            if (expression, approvals) == ("inputs.teams", "false") {
                continue;
            }
            let job = job(&request, Event::of(&request).with(expression, value).with("inputs.approvals", approvals));
            assert_eq!((job.last(), job.passed), (failed, false), "{expression}: {job:?}");
        }
    }

    // The job is broken off, or what it builds is not there.
    let cancelled = job(&request, Event::of(&request).with("cancelled", "yes"));
    assert_eq!(cancelled.last(), "failure: the job broke off", "{cancelled:?}");
    let unbuilt = job(&request, Event::of(&request).with("steps.ready.outcome", "failure"));
    assert_eq!(unbuilt.last(), "failure: the job broke off", "{unbuilt:?}");
    assert_eq!(unbuilt.statuses[0], "pending: being checked");
}

/// The example hears of all that a status hangs on, may write it, and runs one job of a pull request after the other.
#[test]
fn the_workflow_hears_of_all_that_changes_a_status() {
    let text = fs::read_to_string(root().join("examples/ci/github-workflow.yml")).unwrap();
    let workflow = YamlLoader::load_from_str(&text).unwrap().remove(0);
    let types = |event: &str| -> Vec<String> {
        let types = workflow["on"][event]["types"].as_vec().unwrap();
        types.iter().map(|of| of.as_str().unwrap().to_owned()).collect()
    };
    // Edited: a pull request may be sent to another branch.
    assert_eq!(types("pull_request"), ["opened", "synchronize", "reopened", "edited"]);
    assert_eq!(types("pull_request_review"), ["submitted", "dismissed"]);
    assert!(workflow["on"]["merge_group"].is_null());
    assert_eq!(workflow["permissions"]["statuses"].as_str(), Some("write"));
    let group = workflow["concurrency"]["group"].as_str().unwrap();
    assert_eq!(group, "policies-${{ github.event.pull_request.number || github.sha }}");
    assert!(workflow["concurrency"]["cancel-in-progress"].is_badvalue());
}

/// Error 1 of a program that is no review.
#[test]
fn a_review_that_ends_without_a_page_waits_for_nobody() {
    let request = PullRequest::new();
    let does =
        "case $1 in --version) echo policyc 0.1.0 ;; review) case \"$*\" in *approved-by*) exit 1 ;; esac ;; esac";
    program(&request.bin, "policyc", does);
    let job = job(&request, Event::of(&request));
    assert_eq!(job.last(), "failure: the review found something in the way, or could not be made", "{job:?}");
}

#[test]
fn where_no_status_may_be_written_the_job_itself_fails() {
    let request = PullRequest::new();
    let forked = |request: &PullRequest| {
        let event = Event::of(request);
        fs::remove_file(request.repo.outside().join("statuses-allowed")).unwrap();
        job(request, event)
    };
    let waiting = forked(&request);
    assert!(!waiting.passed && waiting.statuses.is_empty(), "{waiting:?}");
    assert!(waiting.said.contains("::warning::the status `policyc` could not be written: "), "{waiting:?}");
    assert!(waiting.said.contains("::error::approvals are missing"), "{waiting:?}");
    approved_by(&request, &["carol"]);
    let approved = forked(&request);
    assert!(approved.passed && approved.said.contains("::warning::the status"), "{approved:?}");
}

#[test]
fn a_group_of_a_merge_queue_is_checked_and_a_push_has_no_status() {
    let request = PullRequest::new();
    let group = || {
        Event::new(&request)
            .with("github.event.merge_group", "{}")
            .with("github.event.merge_group.head_sha", "abc")
            .with("github.event.merge_group.base_ref", "refs/heads/main")
    };
    let queued = job(&request, group());
    assert_eq!(queued.statuses, ["pending: being checked", "success: checked; the review was before the queue"]);
    let statuses = request.hosted("statuses");
    let here = |line: &str| line.starts_with("repos/o/r/statuses/abc|") && line.contains("|context=policyc|");
    assert!(statuses.lines().all(here), "{statuses}");
    assert_eq!(job(&request, Event::new(&request)).statuses, Vec::<String>::new());
    request.repo.write("policies/small.policy", "policy\n");
    let broken = job(&request, group());
    assert!(broken.last().starts_with("failure: the policies do not check") && !broken.passed, "{broken:?}");
}

#[test]
fn each_set_of_paths_and_each_branch_that_is_not_the_default_has_a_status_of_its_own() {
    let request = PullRequest::new();
    approved_by(&request, &["carol"]);
    let context = |event: Event| {
        job(&request, event);
        let statuses = request.hosted("statuses");
        statuses.lines().last().unwrap().split('|').find_map(|part| part.strip_prefix("context=")).unwrap().to_owned()
    };
    assert_eq!(context(Event::of(&request)), "policyc");
    let paths = context(Event::of(&request).with("inputs.paths", "policies/small.policy\n"));
    let key = paths.strip_prefix("policyc ").unwrap();
    assert!(request.hosted("body").starts_with(&format!("<!-- policyc review {key} -->")), "{paths}");
    // The same commit, offered to a branch that has the change already, changes nothing there.
    let other = context(Event::of(&request).with("github.event.pull_request.base.ref", "release"));
    assert_eq!(other, "policyc into release");
}

#[test]
fn names_of_teams_say_no_more_than_a_status_may() {
    let request = PullRequest::new();
    let teams: Vec<String> = (1..=30).map(|n| format!("the_team_{n}")).collect();
    let policy = fs::read_to_string(request.repo.root.join("policies/small.policy")).unwrap();
    request.repo.git(&["checkout", "--quiet", "change"]);
    request
        .repo
        .write("policies/small.policy", policy.replace("owned by sales", &format!("owned by {}", teams.join(", "))));
    request.repo.commit("owners");
    let waiting = job(&request, Event::of(&request));
    let description = waiting.last().strip_prefix("pending: ").unwrap();
    assert!(description.starts_with("waiting for sales, the_team_1, "), "{waiting:?}");
    assert!(description.ends_with(" and others") && description.len() <= 140, "{waiting:?}");
    let few = |teams: &[&str]| {
        let team = |team: &&str| format!("    {{\n      \"team\": \"{team}\",\n      \"reasons\": []\n    }}");
        let teams: Vec<String> = teams.iter().map(team).collect();
        let text = format!(
            "{{\n  \"approvals\": [\n{}\n  ],\n  \"x\": [\n    {{\n      \"team\": \"no\"\n    }}\n  ]\n}}\n",
            teams.join(",\n")
        );
        request.host("needed", &text);
        let mut script = request.shell();
        let script = script.arg(root().join("action/waiting.sh")).env("APPROVED", "sales,b");
        let ran = script.stdin(fs::File::open(request.repo.outside().join("needed")).unwrap()).output().unwrap();
        String::from_utf8(ran.stdout).unwrap()
    };
    assert_eq!(few(&["sales", "Süd_1", "a", "b"]), "Süd_1, a\n");
    assert_eq!(few(&["sal", "x\\n::set-output name=waiting::"]), "sal, x?n??set?output?name?waiting??\n");
    assert_eq!(few(&["sales", &"x".repeat(200)]), "approvals\n");
}

#[test]
fn the_commit_is_reviewed_and_not_what_is_checked_out() {
    let request = PullRequest::new();
    // As an attribute can have it, the checkout shows the text of the base.
    let base = request.repo.git(&["show", "main:policies/small.policy"]) + "\n";
    request.repo.write("policies/small.policy", base);
    let ended = job(&request, Event::of(&request));
    assert_eq!(ended.last(), "pending: waiting for sales", "{ended:?}");
}
