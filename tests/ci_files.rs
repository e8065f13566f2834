//! The files that CI is set up with: they are YAML, their scripts are shell, their command lines are policyc's, nothing of a pull request
//! becomes part of a script, and what comes from elsewhere is pinned. The action's scripts are run with a host that is made up.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

#[path = "support/pull_request.rs"]
mod pull_request;
#[path = "support/git.rs"]
mod support;

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::process::{Command, Output, Stdio};

use pull_request::{PullRequest, program, root};
use support::path_with_policyc;
use yaml_rust2::{Yaml, YamlLoader};

const FILES: &[&str] = &[
    "action.yml",
    ".pre-commit-hooks.yaml",
    ".github/workflows/ci.yml",
    "examples/ci/github-workflow.yml",
    "examples/ci/gitlab-ci.yml",
];

fn yaml(file: &str) -> Yaml {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let mut documents = YamlLoader::load_from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
    assert_eq!(documents.len(), 1, "{file}");
    documents.remove(0)
}

/// Every text below keys of a name, with lists taken apart.
fn texts(node: &Yaml, keys: &[&str], inside: bool, found: &mut Vec<String>) {
    match node {
        Yaml::Hash(entries) => entries.iter().for_each(|(key, value)| {
            let inside = key.as_str().is_some_and(|key| keys.contains(&key));
            texts(value, keys, inside, found);
        }),
        Yaml::Array(items) => items.iter().for_each(|item| texts(item, keys, inside, found)),
        Yaml::String(text) if inside => found.push(text.clone()),
        _ => {}
    }
}

/// The scripts of all files, each with where it stands.
fn scripts() -> Vec<(String, String)> {
    let mut scripts = Vec::new();
    for file in FILES {
        let mut found = Vec::new();
        texts(&yaml(file), &["run", "script", "before_script", "entry"], false, &mut found);
        assert!(!found.is_empty() || file.contains("workflow"), "{file} has no script");
        scripts.extend(found.into_iter().map(|script| ((*file).to_owned(), script)));
    }
    for file in [
        "action/paths.sh",
        "action/inputs.sh",
        "action/check.sh",
        "action/review.sh",
        "action/approvals.sh",
        "action/cut.sh",
        "action/waiting.sh",
        "action/status.sh",
        "src/cli/install_hooks/pre-commit.sh",
    ] {
        scripts.push((file.to_owned(), fs::read_to_string(root().join(file)).unwrap()));
    }
    scripts
}

fn fed(command: &mut Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn scripts_are_shell() {
    for (file, script) in scripts() {
        let output = fed(Command::new("bash").arg("-n"), &script);
        assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let hook = fs::read_to_string(root().join("src/cli/install_hooks/pre-commit.sh")).unwrap();
    assert!(fed(Command::new("sh").arg("-n"), &hook).status.success());
}

#[test]
fn nothing_from_outside_becomes_part_of_a_script() {
    let mut seen = 0;
    for file in FILES {
        let mut found = Vec::new();
        texts(&yaml(file), &["run"], false, &mut found);
        seen += found.len();
        for script in found {
            assert!(!script.contains("${{"), "{file} writes a value into a script: {script}");
        }
    }
    assert!(seen >= 7, "only {seen} scripts");
}

#[test]
fn what_comes_from_elsewhere_is_pinned() {
    let mut seen = 0;
    for file in FILES {
        let mut found = Vec::new();
        texts(&yaml(file), &["uses"], false, &mut found);
        for uses in found.iter().filter(|uses| !["./", "OWNER/policyc@COMMIT"].contains(&uses.as_str())) {
            seen += 1;
            let commit = uses.split_once('@').map_or("", |(_, commit)| commit);
            let pinned = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
            assert!(pinned, "{file}: `{uses}` is not a commit");
        }
    }
    assert!(seen >= 4);
}

#[test]
fn what_uses_a_library_or_a_list_is_checked_with_it() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    for hook in hooks.as_vec().unwrap() {
        // A layout is a file's own; the others run whichever file is changed, and when one is only taken out.
        let alone = hook["id"].as_str() == Some("policyc-fmt");
        assert_eq!(hook["pass_filenames"].as_bool(), (!alone).then_some(false), "{hook:?}");
        assert_eq!(hook["always_run"].as_bool(), (!alone).then_some(true), "{hook:?}");
        assert_eq!(hook["files"].as_str(), alone.then_some(r"\.policy$"), "{hook:?}");
    }
}

#[test]
fn workflows_ask_for_little() {
    for file in [".github/workflows/ci.yml", "examples/ci/github-workflow.yml"] {
        let workflow = yaml(file);
        assert_eq!(workflow["permissions"]["contents"].as_str(), Some("read"), "{file}");
        let text = fs::read_to_string(root().join(file)).unwrap();
        // With rights of the base and files of the head, a pull request could do anything.
        assert!(!text.contains("pull_request_target"), "{file}");
        assert_eq!(text.matches("actions/checkout@").count(), text.matches("persist-credentials: false").count());
    }
    let action = yaml("action.yml");
    assert_eq!(action["runs"]["using"].as_str(), Some("composite"));
    for step in action["runs"]["steps"].as_vec().unwrap() {
        assert!(step["uses"].as_str().is_some() || step["shell"].as_str() == Some("bash"), "{step:?}");
    }
    let given = yaml("examples/ci/github-workflow.yml")["jobs"]["policies"]["steps"][1]["with"].clone();
    for input in given.as_hash().unwrap().keys().filter_map(Yaml::as_str) {
        assert!(!action["inputs"][input].is_badvalue(), "the action has no `{input}`");
    }
}

/// The command lines of policyc in a script: what follows the word at the beginning of a command, as words, as far as a bar or an arrow.
fn command_lines(script: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let lines = script.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.contains("\"$@\""));
    for command in lines.flat_map(|line| line.split("; then ")).flat_map(|part| part.split(" && ")) {
        // The hook's own word for policyc with the policies that are meant.
        let Some(rest) = command.strip_prefix("policyc ").or_else(|| command.strip_prefix("held_to ")) else {
            continue;
        };
        let words = rest.split_whitespace().take_while(|word| !["||", "|", ">", "2>"].contains(word));
        found.push(words.map(|word| word.trim_matches('"').to_owned()).collect());
    }
    found
}

#[test]
fn command_lines_are_policycs() {
    let mut seen = 0;
    for (file, script) in scripts() {
        for line in command_lines(&script) {
            seen += 1;
            // What the script puts together stands in `options`; paths come behind.
            let words: Vec<&str> = line.iter().map(String::as_str).filter(|word| !word.starts_with("${")).collect();
            let words: Vec<&str> = words.into_iter().filter(|word| *word != "--").collect();
            let options: &[&str] = match words.first() {
                Some(&"review") => &[
                    "--base",
                    "main",
                    "--format",
                    "markdown",
                    "--output",
                    "x",
                    "--approved-by=",
                    "--leads=x",
                    "--outcome=x",
                ],
                _ => &[],
            };
            let output = Command::new(env!("CARGO_BIN_EXE_policyc")).args(&words).args(options).arg("--help").output();
            let output = output.unwrap();
            assert!(output.status.success(), "{file}: policyc {words:?}: {}", String::from_utf8_lossy(&output.stderr));
            let help = String::from_utf8_lossy(&output.stdout);
            for switch in words.iter().chain(options).filter(|word| word.starts_with("--")) {
                assert!(help.contains(switch.split('=').next().unwrap()), "{file}: {words:?} has no {switch}");
            }
        }
    }
    assert!(seen >= 12, "only {seen} command lines");
}

fn approvals(teams: &str, reviews: &str) -> Output {
    let mut script = Command::new("bash");
    script.arg(root().join("action/approvals.sh")).env("HEAD_SHA", "now").env("TEAMS", teams);
    fed(&mut script, reviews)
}

#[test]
fn only_the_last_word_on_the_last_commit_approves() {
    const TEAMS: &str = "marketing = @Alice, @bob\r\n\nsales=@carol\npartners=@dave,@erin\n";
    for (reviews, expected) in [
        ("", ""),
        ("alice\tUser\tAPPROVED\tnow\n", "marketing"),
        ("ALICE\tUser\tAPPROVED\tnow\nCarol\tUser\tAPPROVED\tnow\n", "marketing,sales"),
        ("alice\tUser\tAPPROVED\tthen\n", ""),
        ("alice\tUser\tAPPROVED\tnow\nalice\tUser\tCHANGES_REQUESTED\tnow\n", ""),
        (
            "alice\tUser\tCHANGES_REQUESTED\tthen\nalice\tUser\tAPPROVED\tnow\nalice\tUser\tCOMMENTED\tnow\n",
            "marketing",
        ),
        ("carol\tUser\tDISMISSED\tnow\n", ""),
        ("carol\tUser\tAPPROVED\tnow\ncarol\tUser\tDISMISSED\tthen\n", ""),
        ("carol\tBot\tAPPROVED\tnow\n", ""),
        ("erin\tUser\tAPPROVED\tnow\nmallory\tUser\tAPPROVED\tnow\n", "partners"),
        ("alice\tUser\tAPPROVED\tnow\nbob\tUser\tAPPROVED\tnow\n", "marketing"),
        ("\tUser\tAPPROVED\tnow\n", ""),
    ] {
        let output = approvals(TEAMS, reviews);
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{reviews}");
    }
    let faulty = approvals("sales @carol", "");
    assert_eq!(faulty.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&faulty.stderr).contains("`sales @carol` is not of the form"));
    // Nobody is waited for who cannot be.
    for teams in ["sales=@corp/sales", "sales=@carol @dave", "sales=@dave;@carol"] {
        let faulty = approvals(teams, "carol\tUser\tAPPROVED\tnow\n");
        assert_eq!(faulty.status.code(), Some(2), "{teams}");
        assert!(String::from_utf8_lossy(&faulty.stderr).starts_with("::error::teams: "), "{teams}");
    }
}

#[test]
fn the_action_waits_for_approvals_and_keeps_one_comment() {
    let request = PullRequest::new();
    let waiting = request.review(&[]);
    assert_eq!(waiting.status.code(), Some(1), "{waiting:?}");
    assert_eq!(request.hosted("written"), "POST repos/o/r/issues/7/comments\n");
    let body = request.hosted("body");
    let head = format!("<!-- policyc review -->\nReview of commit {}\n\n", request.head());
    assert!(body.starts_with(&head) && body.contains("sales"), "{body}");
    assert!(body.contains("pass to sales → nurture"), "{body}");
    assert!(!body.contains("Meanwhile"), "what others have merged meanwhile is not part of the change: {body}");
    assert!(request.hosted("summary").contains("pass to sales → nurture"));

    request.host("comments", "42\n");
    request.host("reviews", &format!("carol\tUser\tAPPROVED\t{}\n", request.repo.git(&["rev-parse", "main"])));
    assert_eq!(request.review(&[]).status.code(), Some(1), "an approval of another commit");
    request.host("reviews", &format!("carol\tUser\tAPPROVED\t{}\n", request.head()));
    let approved = request.review(&[]);
    assert_eq!(approved.status.code(), Some(0), "{approved:?}");
    assert!(request.hosted("written").ends_with("PATCH repos/o/r/issues/comments/42\n"));

    // Without teams nobody has approved; where approvals are not asked for, nobody is waited for; without a comment none is written.
    assert_eq!(request.review(&[("TEAMS", " \n")]).status.code(), Some(1));
    request.host("reviews", "");
    let written = request.hosted("written");
    let quiet = request.review(&[("APPROVALS", "false"), ("COMMENT", "false")]);
    assert_eq!(quiet.status.code(), Some(0), "{quiet:?}");
    assert_eq!(request.hosted("written"), written);

    // Leads and deals are counted, and where no comment may be written, the page is in the summary alone.
    request.repo.write("leads.csv", "need,Won it\n3,won\n5,won\n");
    request.host("forbidden", "");
    let counted =
        request.review(&[("LEADS", "leads.csv"), ("OUTCOME", "Won it"), ("PATHS", "\npolicies/small.policy\n")]);
    assert_eq!(counted.status.code(), Some(1), "{counted:?}");
    assert!(
        String::from_utf8_lossy(&counted.stdout).contains("::warning::the review could not be written"),
        "{counted:?}"
    );
    assert!(request.hosted("summary").contains("1 would have been blocked"), "{}", request.hosted("summary"));
    assert_eq!(request.hosted("written"), written);
}

#[test]
fn nothing_is_written_through_a_link_of_a_pull_request() {
    let request = PullRequest::new();
    request.host("tool", "the tool");
    let sarif = |path: &str| request.step("action/check.sh", &[("SARIF", path)]);
    assert_eq!(sarif("findings.sarif").status.code(), Some(0));
    let findings = fs::read_to_string(request.repo.root.join("findings.sarif")).unwrap();
    assert!(findings.contains("sarif-schema-2.1.0"), "{findings}");
    symlink("../tool", request.repo.root.join("link.sarif")).unwrap();
    symlink("..", request.repo.root.join("folder")).unwrap();
    symlink(".git", request.repo.root.join("kept")).unwrap();
    for path in ["link.sarif", "folder/tool", "../tool", "kept/config", "policies", "none/x.sarif"] {
        let refused = sarif(path);
        assert_eq!(refused.status.code(), Some(2), "{path}: {refused:?}");
        assert!(String::from_utf8_lossy(&refused.stdout).contains("::error::`sarif: "), "{path}: {refused:?}");
    }
    assert_eq!(request.hosted("tool"), "the tool");
    assert!(request.repo.root.join("link.sarif").is_symlink());
}

/// A runner takes commands from both outputs, `##[command]` wherever it stands in a line, unless it was told to stop.
#[test]
fn no_name_in_a_pull_request_is_a_command_to_the_runner() {
    let request = PullRequest::new();
    let name = format!("policies/{} ::add-mask::x ##[error]y.policy", "x".repeat(80));
    request.repo.write(&name, "policy  \"a\"\n");
    for run in [PullRequest::check, PullRequest::review] {
        let ran = run(&request, &[("SARIF", "findings.sarif"), ("LEADS", "policies")]);
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        // What came by another way could be read after the end of what is no command.
        assert_eq!(String::from_utf8_lossy(&ran.stderr), "", "{said}");
        let mut stopped: Option<String> = None;
        for line in said.lines() {
            match (&stopped, line.strip_prefix("::stop-commands::")) {
                (None, Some(token)) => stopped = Some(format!("::{token}::")),
                (Some(end), _) if line == end => stopped = None,
                (Some(_), _) => {}
                (None, None) => assert!(line.starts_with("::error ") || !line.contains("##["), "{line}"),
            }
        }
        assert_eq!(stopped, None);
    }
}

#[test]
fn nothing_is_read_through_a_link_of_a_pull_request() {
    let request = PullRequest::new();
    request.host("secret.txt", "TOKEN=abc\n");
    for (link, target) in [("out.policy", "../secret.txt"), ("out", ".."), ("kept", ".git"), ("in", "policies")] {
        symlink(target, request.repo.root.join(link)).unwrap();
    }
    for (variable, path, code) in [
        ("PATHS", "out.policy", 2),
        ("PATHS", "policies\nout/secret.txt", 2),
        ("PATHS", "kept/config", 2),
        ("LEADS", "out.policy", 2),
        ("PATHS", "policies", 1),
    ] {
        for step in ["action/check.sh", "action/review.sh"] {
            if (variable, step) == ("LEADS", "action/check.sh") {
                continue;
            }
            let code = if step == "action/check.sh" && code == 1 { 0 } else { code };
            let run = if step == "action/check.sh" { PullRequest::check } else { PullRequest::review };
            let ran = run(&request, &[(variable, path)]);
            assert_eq!(ran.status.code(), Some(code), "{step} {path}: {ran:?}");
            let said = String::from_utf8_lossy(&ran.stdout);
            assert!(
                !said.contains("TOKEN") && said.contains("leads out of what is checked out") == (code == 2),
                "{said}"
            );
        }
    }
    // Inside, links are links; and what the workflow has elsewhere is its own.
    assert_eq!(request.step("action/check.sh", &[("PATHS", "in")]).status.code(), Some(0));
    request.host("leads.csv", "need\n3\n");
    let leads = request.repo.outside().join("leads.csv");
    assert_eq!(request.review(&[("LEADS", leads.to_str().unwrap())]).status.code(), Some(1));
}

#[test]
fn no_review_is_no_approval() {
    let request = PullRequest::new();
    // An empty program ends well, and says nothing; so may one of the same name.
    for does in ["exit 0", "echo '[]'"] {
        program(&request.bin, "policyc", does);
        for step in ["action/check.sh", "action/review.sh"] {
            let ran = request.step(step, &[("SARIF", "findings.sarif")]);
            assert_eq!(ran.status.code(), Some(2), "{step}: {ran:?}");
            assert!(String::from_utf8_lossy(&ran.stdout).contains("is not policyc"), "{ran:?}");
        }
    }
    program(&request.bin, "policyc", "[ \"$1\" != --version ] || echo policyc 0.1.0");
    let review = request.review(&[]);
    assert_eq!(review.status.code(), Some(2), "{review:?}");
    assert!(request.hosted("summary").contains("## The review could not be made"));
}

#[test]
fn the_cache_keeps_policyc_as_it_was_built() {
    let action = yaml("action.yml");
    let steps = action["runs"]["steps"].as_vec().unwrap();
    let at = |part: &str| {
        let has = |key: &str, step: &Yaml| step[key].as_str().is_some_and(|text| text.contains(part));
        steps.iter().position(|step| has("uses", step) || has("run", step)).unwrap_or_else(|| panic!("no {part}"))
    };
    assert!(
        at("cargo +stable install") < at("actions/cache/save@") && at("actions/cache/save@") < at("action/check.sh")
    );
    // The whole of it saves at the end of the job, whatever has become of the program by then.
    assert!(!steps.iter().any(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with("actions/cache@"))));
}

#[test]
fn gitlab_shows_no_result_that_a_change_brings_along() {
    let request = PullRequest::new();
    request.repo.git(&["checkout", "--quiet", "change"]);
    request.repo.git(&["remote", "add", "origin", "."]);
    request.host("tool", "the tool");
    request.repo.write("policy-review.md", "Must approve: nobody\n");
    symlink("../tool", request.repo.root.join("policyc-check.xml")).unwrap();
    request.repo.write("policyc-test.xml/folder", "");
    symlink("../nowhere", request.repo.root.join("policies/e.policy")).unwrap();
    request.repo.commit("Brings results along");
    let template = yaml("examples/ci/gitlab-ci.yml");
    program(&request.bin, "cargo", "while [ \"$1\" != --root ]; do shift; done; mkdir -p \"$2/bin\"");
    let run = |job: &str| {
        let mut found = Vec::new();
        texts(&template[".policyc"], &["before_script"], false, &mut found);
        texts(&template[job], &["script"], false, &mut found);
        let mut shell = Command::new("bash");
        shell.args(["-euo", "pipefail", "-c", &found.join("\n")]).current_dir(&request.repo.root);
        shell.env("PATH", format!("{}:{}", request.bin.display(), path_with_policyc()));
        shell.env("CI_PROJECT_DIR", &request.repo.root).envs([("POLICYC", "x"), ("POLICYC_COMMIT", "y")]);
        shell.envs([("CI_PROJECT_ID", "1"), ("CI_MERGE_REQUEST_PROJECT_ID", "1")]);
        shell.env("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main").output().unwrap()
    };
    for (job, code) in [("policy review", 2), ("policies", 2)] {
        let ran = run(job);
        assert_eq!(ran.status.code(), Some(code), "{job}: {ran:?}");
        assert!(!String::from_utf8_lossy(&ran.stdout).contains("Must approve: nobody"), "{ran:?}");
    }
    assert!(!request.repo.root.join("policy-review.md").exists());
    assert_eq!(request.hosted("tool"), "the tool");
    fs::remove_file(request.repo.root.join("policies/e.policy")).unwrap();
    assert_eq!(run("policies").status.code(), Some(0));
    for (does, code) in [(":", 1), ("[ \"$1\" != --version ] || echo policyc 0.1.0", 2)] {
        program(&request.bin, "policyc", does);
        let ran = run("policy review");
        assert_eq!(ran.status.code(), Some(code), "{ran:?}");
    }
}

#[test]
fn a_review_that_fails_leaves_no_page_of_another_one() {
    let request = PullRequest::new();
    request.review(&[]);
    let asked = request.hosted("asked");
    let failed = request.review(&[("LEADS", "none.csv")]);
    assert_eq!(failed.status.code(), Some(2), "{failed:?}");
    let body = request.hosted("body");
    assert!(body.contains(&request.head()) && body.contains("## The review could not be made"), "{body}");
    assert!(!body.contains("pass to sales → nurture"), "{body}");

    // Another set of paths has a comment of its own, and finds no page of the first.
    let other = request.review(&[("PATHS", "policies/small.policy\n"), ("LEADS", "none.csv")]);
    assert_eq!(other.status.code(), Some(2), "{other:?}");
    let marker = request.hosted("body").lines().next().unwrap().to_owned();
    assert!(marker.starts_with("<!-- policyc review ") && marker != "<!-- policyc review -->", "{marker}");
    assert!(asked.contains("<!-- policyc review -->"), "{asked}");
    assert!(request.hosted("asked").lines().last().unwrap().contains(&marker));
    assert!(request.hosted("body").contains("## The review could not be made"));
}

/// What is too long for GitHub is not shown at all there: it is cut, at the end of a line and of a code block, and where the rest is, it is.
#[test]
fn a_page_that_is_too_long_is_cut_and_says_where_the_rest_is() {
    let request = PullRequest::new();
    let row = "+ a line of the policy — as long as such lines are\n";
    let rest = |text: &str| text.lines().last().unwrap().to_owned();
    for (rows, cut_comment, cut_summary) in [(10, false, false), (5_000, true, false), (50_000, true, true)] {
        let page = format!("## A change\n\n````diff\n{}````\n\nThe end.\n", row.repeat(rows));
        request.host("page", &page);
        let does = "[ \"$1\" != --version ] || echo policyc 0.1.0\nwhile [ $# -gt 1 ] && [ \"$1\" != --output ]; do shift; done\n\
                    [ $# -le 1 ] || cp \"$HOST/page\" \"$2\"";
        program(&request.bin, "policyc", does);
        request.host("summary", "");
        assert_eq!(request.review(&[]).status.code(), Some(0));
        for (text, limit, cut) in
            [(request.hosted("body"), 65_536, cut_comment), (request.hosted("summary"), 1 << 20, cut_summary)]
        {
            assert!(text.len() < limit && text.len() > limit / 10 * 9 || !cut, "{}", text.len());
            assert_eq!(text.lines().filter(|line| *line == "````").count(), 1, "{rows}");
            assert_eq!(text.ends_with("\nThe end.\n"), !cut, "{rows}: {}", rest(&text));
            assert!(text.lines().all(|line| !line.starts_with('+') || line == row.trim_end()), "{rows}");
            let in_summary = cut && !cut_summary;
            assert_eq!(rest(&text).ends_with("the rest is in the summary of the job."), in_summary, "{}", rest(&text));
            let elsewhere = rest(&text).contains("the rest is in what `policyc review --base BRANCH` prints");
            assert_eq!(elsewhere, cut && cut_summary, "{}", rest(&text));
        }
    }
}

#[test]
fn gitlab_waits_for_approvals_too() {
    let request = PullRequest::new();
    request.repo.git(&["checkout", "--quiet", "change"]);
    request.repo.git(&["remote", "add", "origin", "."]);
    let mut found = Vec::new();
    texts(&yaml("examples/ci/gitlab-ci.yml")["policy review"], &["script"], false, &mut found);
    for (tool, does) in [("apt-get", "exit 0"), ("curl", "exit 0"), ("jq", "cat \"$HOST/people\"")] {
        program(&request.bin, tool, does);
    }
    let all = "marketing=@alice\nsales=@bob, @carol";
    for (project, teams, people, code) in [
        ("1", "", "carol\n", 1),
        ("1", all, "mallory\n", 1),
        ("1", all, "mallory\ncarol\n", 0),
        ("1", "sales=@carol2", "carol\n", 1),
        // In a fork, whose branches, approvals and teams are its own.
        ("2", all, "carol\n", 1),
    ] {
        request.host("people", people);
        let mut shell = Command::new("bash");
        shell.args(["-euo", "pipefail", "-c", &found[0]]).current_dir(&request.repo.root);
        shell
            .env("PATH", format!("{}:{}", request.bin.display(), path_with_policyc()))
            .env("HOST", request.repo.outside());
        shell.envs([("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"), ("CI_API_V4_URL", "x"), ("CI_PROJECT_ID", "1")]);
        shell.envs([("CI_MERGE_REQUEST_IID", "7"), ("POLICY_TOKEN", "none"), ("POLICY_TEAMS", teams)]);
        shell.env("CI_MERGE_REQUEST_PROJECT_ID", project);
        let output = shell.output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{teams:?} {people:?}: {output:?}");
        let says = if project == "1" { "pass to sales → nurture" } else { "press \"Run pipeline\"" };
        assert!(String::from_utf8_lossy(&output.stdout).contains(says), "{output:?}");
    }
}

#[test]
fn gitlab_runs_no_program_that_a_change_brings_along() {
    let request = PullRequest::new();
    request.repo.git(&["checkout", "--quiet", "change"]);
    let mut found = Vec::new();
    texts(&yaml("examples/ci/gitlab-ci.yml")[".policyc"], &["before_script"], false, &mut found);
    let cargo = "pwd > \"$HOST/built-in\"\nwhile [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\"\n";
    let tool = "printf '#!/bin/sh\\necho policyc 0\\n' > \"$2/bin/policyc\"; chmod +x \"$2/bin/policyc\"";
    program(&request.bin, "cargo", &format!("{cargo}{tool}"));
    let prepare = |path: &str| {
        let mut shell = Command::new("bash");
        let script = format!("{}\nprintf '%s' \"$PATH\"", found[0]);
        shell.args(["-euo", "pipefail", "-c", &script]).current_dir(&request.repo.root);
        shell.env("PATH", format!("{}:{path}", request.bin.display()));
        shell.env("HOST", request.repo.outside()).env("CI_PROJECT_DIR", &request.repo.root);
        shell.envs([("POLICYC", "x"), ("POLICYC_COMMIT", "y")]);
        shell.output().unwrap()
    };
    // An image that has the tool needs none from a cache.
    let ready = prepare(&path_with_policyc());
    assert_eq!((ready.status.code(), request.hosted("built-in").as_str()), (Some(0), ""), "{ready:?}");
    let path = std::env::var("PATH").unwrap();
    let ready = prepare(&path);
    assert_eq!(ready.status.code(), Some(0), "{ready:?}");
    // What is built is built elsewhere, and comes behind the programs of the machine.
    assert_eq!(request.hosted("built-in"), "/\n");
    assert!(String::from_utf8_lossy(&ready.stdout).ends_with("/.policyc/bin"), "{ready:?}");
    request.repo.write(".policyc/bin/curl", "#!/bin/sh\necho approved\n");
    request.repo.git(&["add", "--force", ".policyc/bin/curl"]);
    request.repo.git(&["commit", "--quiet", "--message", "Nothing to see here"]);
    let evil = prepare(&path);
    assert_eq!(evil.status.code(), Some(1), "{evil:?}");
    assert!(String::from_utf8_lossy(&evil.stdout).contains("no change brings a tool of its own"), "{evil:?}");
}

#[test]
fn the_action_reviews_what_was_approved_and_nothing_else() {
    let request = PullRequest::new();
    request.repo.git(&["checkout", "--quiet", "change"]);
    assert_eq!(request.review(&[]).status.code(), Some(1), "the last commit itself will do");
    request.repo.git(&["checkout", "--quiet", "main"]);
    let other = request.review(&[]);
    assert_eq!(other.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&other.stdout).contains("::error::what is checked out is not this pull request"));
    request.repo.git(&["checkout", "--quiet", "change"]);
    let shallow = request.review(&[("BASE_SHA", "1111111111111111111111111111111111111111")]);
    assert!(String::from_utf8_lossy(&shallow.stdout).contains("fetch-depth: 0"), "{shallow:?}");
    // What names teams wrongly must not pass for an approval, and is no review.
    assert_eq!(request.review(&[("TEAMS", "sales")]).status.code(), Some(2));
    assert!(request.hosted("body").contains("## The review could not be made"));
}
