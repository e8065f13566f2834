//! `policyc review`, as CI would run it: in git repositories that are made here.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "support/git.rs"]
mod support;

use serde_json::Value;
use support::{Repo, review, review_json as json};

const POLICY: &str = "\
policy \"Inbound\"
  owned by marketing, sales

use \"../lib/words.policy\"
  owned by analysts

list rivals from \"../lists/rivals.csv\"
  owned by legal

lead
  id      id
  email   text, personal
  need    whole number from 0 to 5
  region  one of [north, south]

decisions, best first
  pass to sales
  nurture
  disqualify

rival: disqualify when domain of email in rivals
  because \"works for a rival\"

section \"North\" when region is north
  owned by north_sales

hot: pass to sales when need >= bar
  because \"needs it now\"

section \"South\" otherwise
  owned by south_sales

warm: pass to sales when need >= 4
  because \"needs it soon\"

otherwise nurture
  because \"not yet\"

never pass to sales when need is 0

test \"a need of three is enough in the north\"
  given need 3, region north
  expect pass to sales by hot
";

const LIBRARY: &str = "define bar as 3\n";
const LIST: &str = "rival.example\n";
const CONFIG: &str = "policies = [\"policies\"]\n\n[review]\nleads = \"leads.csv\"\n\n[levels]\nP0401 = \"deny\"\n";
const LEADS: &str = "id,email,need,region\n1,a@b.example,3,north\n2,c@d.example,4,south\n3,e@rival.example,5,north\n4,,2,north\n5,,1,south\n";
const PATH: &str = "policies/inbound.policy";

/// A repository with an agreement on `main`, and a branch on which it can be changed.
fn agreed() -> Repo {
    let repo = Repo::new();
    repo.write(PATH, POLICY);
    repo.write("lib/words.policy", LIBRARY);
    repo.write("lists/rivals.csv", LIST.replacen("rival", "domain\nrival", 1));
    repo.write("policyc.toml", CONFIG);
    repo.write("leads.csv", LEADS);
    repo.commit("The agreement");
    repo.git(&["switch", "--quiet", "--create", "change"]);
    repo
}

/// The agreement with a text in place of another one.
fn changed(from: &str, to: &str) -> Repo {
    let repo = agreed();
    edit(&repo, PATH, from, to);
    repo
}

fn edit(repo: &Repo, path: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(repo.root.join(path)).unwrap();
    assert!(text.contains(from), "{from}");
    repo.write(path, text.replace(from, to));
}

/// The teams that must approve, each with the reasons.
fn needed(repo: &Repo) -> Vec<String> {
    let review = json(repo, &[]);
    let reasons = |approval: &Value| -> String {
        let all =
            approval["reasons"].as_array().unwrap().iter().map(|reason| reason["why"].as_str().unwrap().to_owned());
        all.collect::<Vec<_>>().join("; ")
    };
    let all = review["approvals"].as_array().unwrap().iter();
    all.map(|approval| format!("{}: {}", approval["team"].as_str().unwrap(), reasons(approval))).collect()
}

#[test]
fn the_page_says_it_in_its_first_lines() {
    let repo = changed("need >= 4", "need >= 5");
    edit(&repo, "lib/words.policy", "3", "4");
    let ran = review(&repo, &["--format", "markdown", "--by", "region"]);
    assert_eq!(ran.code, 1, "the test of the policy fails");
    insta::assert_snapshot!("page", ran.out.replace(&repo.git(&["rev-parse", "--short", "main"]), "<base>"));
    let human = review(&repo, &[]);
    insta::assert_snapshot!("human", human.out.replace(&repo.git(&["rev-parse", "--short", "main"]), "<base>"));
}

#[test]
fn a_reformatting_and_a_comment_need_nobody() {
    let repo = changed("lead\n", "# what we know\nlead\n\n\n");
    let ran = review(&repo, &["--approved-by", ""]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.starts_with("No behaviour change: every lead is decided as before\n"), "{}", ran.out);
    assert_eq!(needed(&repo), Vec::<String>::new());
    assert_eq!(json(&repo, &[])["verdict"], "same");
}

#[test]
fn how_lines_end_is_no_change() {
    let repo = agreed();
    for (path, text) in [(PATH, POLICY), ("lib/words.policy", LIBRARY), ("policyc.toml", CONFIG)] {
        repo.write(path, text.replace('\n', "\r\n"));
    }
    let review = json(&repo, &[]);
    assert_eq!((review["policies"].as_array().unwrap().len(), &review["unchanged"]), (0, &Value::from(1)));
    assert_eq!(review["approvals"], Value::Array(Vec::new()));
}

#[test]
fn who_owns_what_changes_and_who_loses_leads_must_approve() {
    assert_eq!(
        needed(&changed("need >= 4", "need >= 5")),
        ["south_sales: the rule `warm` is changed; leads are taken from `warm`"]
    );
    // A new rule of another team takes leads from both sections; where there are no leads to take, nobody is asked.
    assert_eq!(
        needed(&changed(
            "rival: disqualify",
            "small: disqualify when need is 4 and region is south\n\nrival: disqualify"
        )),
        [
            "marketing: the rule `small` is new",
            "sales: the rule `small` is new",
            "south_sales: leads are taken from `warm`"
        ]
    );
    // What a library defines, and a list in a file of its own.
    let repo = agreed();
    repo.write("lib/words.policy", "define bar as 4\n");
    edit(&repo, PATH, "need 3", "need 5");
    edit(&repo, PATH, "need 5, region", "need 3, region");
    assert_eq!(needed(&repo), ["analysts: the definition `bar` is changed", "north_sales: leads are taken from `hot`"]);
    let repo = agreed();
    repo.write("lists/rivals.csv", "domain\nrival.example\nfriend.example\n");
    assert_eq!(
        needed(&repo),
        [
            "legal: the list `rivals` is changed",
            "marketing: leads are taken from `otherwise`",
            "north_sales: leads are taken from `hot`",
            "sales: leads are taken from `otherwise`",
            "south_sales: leads are taken from `warm`"
        ]
    );
}

#[test]
fn a_missing_approval_is_named_with_its_reason() {
    let repo = changed("need >= 4", "need >= 5");
    assert_eq!(review(&repo, &[]).code, 0);
    assert_eq!(review(&repo, &["--approved-by", "south_sales"]).code, 0);
    let ran = review(&repo, &["--approved-by", "sales,south_sale", "--format", "markdown"]);
    assert_eq!(ran.code, 1);
    let fifth = ran.out.lines().nth(4).unwrap();
    assert!(fifth.contains("south\\_sales\\` has not approved: the rule \\`warm\\` is changed"), "{fifth}");
    assert!(ran.out.contains("did you mean \\`south\\_sales\\`"), "{}", ran.out);
    // Names are compared exactly.
    assert_eq!(review(&repo, &["--approved-by", "South_Sales"]).code, 1);
}

#[test]
fn other_owners_need_all_owners_of_the_base() {
    let all = ["analysts", "legal", "marketing", "north_sales", "sales", "south_sales"];
    let teams = |repo: &Repo| -> Vec<String> {
        needed(repo).iter().map(|line| line.split(':').next().unwrap().to_owned()).collect()
    };
    for (from, to) in [
        ("owned by south_sales", "owned by intruders"),
        ("owned by marketing, sales", "owned by intruders"),
        ("  owned by legal\n", ""),
        ("owned by analysts", "owned by intruders"),
        ("lead\n", "# allow P0402: trust me\nlead\n"),
        ("  expect pass to sales by hot\n", "  expect pass to sales\n"),
        (&POLICY[POLICY.find("test \"").unwrap()..], ""),
        ("never pass to sales when need is 0\n", ""),
    ] {
        assert_eq!(teams(&changed(from, to)), all, "{from}");
    }
    let repo = agreed();
    repo.write("policyc.toml", CONFIG.replace("P0401 = \"deny\"", "P0401 = \"allow\""));
    assert_eq!(teams(&repo), all);
    // What is only laid out anew is the same configuration; what is new in the tests lowers nothing.
    repo.write("policyc.toml", format!("# ours\n{CONFIG}"));
    repo.append(PATH, "\ntest \"one more\"\n  given need 1, region north\n  expect nurture\n");
    assert_eq!(teams(&repo), Vec::<String>::new());
}

#[test]
fn a_comment_that_allows_something_stays_where_it_is() {
    let repo = agreed();
    repo.git(&["switch", "--quiet", "main"]);
    edit(&repo, PATH, "hot: pass", "# allow P0402: agreed\nhot: pass");
    repo.commit("Allow something");
    repo.git(&["switch", "--quiet", "--create", "other"]);
    edit(&repo, PATH, "need >= bar", "need > bar");
    let about = |line: &String| line.contains("# allow");
    assert_eq!(needed(&repo).iter().filter(|line| about(line)).count(), 0);
    edit(&repo, PATH, "# allow P0402: agreed\n", "");
    edit(&repo, PATH, "warm: pass", "# allow P0402: agreed\nwarm: pass");
    assert_eq!(needed(&repo).iter().filter(|line| about(line)).count(), 6, "{:?}", needed(&repo));
}

#[test]
fn no_change_lowers_its_own_bar() {
    // The rule never decides, which the base denies; the change allows it.
    let repo = changed("section \"North\"", "never_met: nurture when need > 3 and need < 2\n\nsection \"North\"");
    repo.write("policyc.toml", CONFIG.replace("P0401 = \"deny\"", "P0401 = \"allow\""));
    let review = json(&repo, &[]);
    let codes: Vec<&str> =
        review["findings"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap()).collect();
    assert_eq!((&review["passes"], codes.contains(&"P0401")), (&Value::Bool(false), true), "{codes:?}");
}

#[test]
fn tests_have_to_show_what_the_base_asks_for() {
    let repo = agreed();
    repo.git(&["switch", "--quiet", "main"]);
    repo.write("policyc.toml", format!("{CONFIG}\n[test]\ncoverage = 10\n"));
    repo.commit("A tenth is enough");
    repo.git(&["switch", "--quiet", "--create", "other"]);
    edit(&repo, PATH, &POLICY[POLICY.find("test \"").unwrap()..], "");
    repo.write("policyc.toml", CONFIG);
    let review = json(&repo, &[]);
    assert_eq!(review["policies"][0]["tests"]["share"]["falls_short"], true, "{}", review["policies"][0]["tests"]);
    assert!(
        review["obstacles"][0].as_str().unwrap().ends_with("show 0% of it, less than 10%"),
        "{}",
        review["obstacles"]
    );
}

#[test]
fn findings_whose_lines_moved_are_not_new() {
    let repo = agreed();
    repo.git(&["switch", "--quiet", "main"]);
    edit(&repo, PATH, "section \"North\"", "never_met: nurture when need > 3 and need < 2\n\nsection \"North\"");
    repo.commit("A rule that never decides");
    repo.git(&["switch", "--quiet", "--create", "other"]);
    edit(&repo, PATH, "lead\n", "# what we know\n\nlead\n");
    let review = json(&repo, &[]);
    assert_eq!((&review["findings"], &review["passes"]), (&Value::Array(Vec::new()), &Value::Bool(true)));
}

#[test]
fn what_was_merged_meanwhile_is_no_part_of_the_change() {
    let repo = changed("need >= 4", "need >= 5");
    repo.commit("South wants more");
    repo.git(&["switch", "--quiet", "main"]);
    edit(&repo, "lib/words.policy", "3", "2");
    repo.commit("North wants less");
    repo.git(&["switch", "--quiet", "change"]);
    assert_eq!(needed(&repo), ["south_sales: the rule `warm` is changed; leads are taken from `warm`"]);
    // The same of two revisions, whatever is checked out.
    repo.git(&["switch", "--quiet", "main"]);
    let before = repo.listing();
    let review = json(&repo, &["--head", "change"]);
    assert_eq!(review["approvals"].as_array().unwrap().len(), 1);
    assert_eq!(repo.listing(), before);
}

#[test]
fn policies_come_go_and_are_called_otherwise() {
    let repo = agreed();
    repo.git(&["mv", PATH, "policies/requests.policy"]);
    let review = json(&repo, &[]);
    let policy = &review["policies"][0];
    assert_eq!((&policy["was"], &policy["path"]), (&PATH.into(), &"policies/requests.policy".into()));
    assert_eq!((&policy["verdict"], needed(&repo)), (&"same".into(), Vec::new()));

    repo.write(
        "policies/new.policy",
        POLICY.replace("\"Inbound\"", "\"Another\"").replace("section \"North\"", "section \"East\""),
    );
    assert!(needed(&repo).contains(&"north_sales: this policy is new".to_owned()), "{:?}", needed(&repo));
    assert!(self::review(&repo, &[]).out.starts_with("1 policy is new\n"));
    std::fs::remove_file(repo.root.join("policies/new.policy")).unwrap();
    std::fs::remove_file(repo.root.join("policies/requests.policy")).unwrap();
    assert!(needed(&repo).contains(&"legal: this policy is gone".to_owned()), "{:?}", needed(&repo));

    repo.write(PATH, POLICY.replace("need >= bar", "ned >= bar"));
    let ran = self::review(&repo, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("nothing is called `ned`"), "{}", ran.out);
    assert!(needed(&repo).contains(&"legal: this policy does not check any more".to_owned()));
}

#[test]
fn nothing_of_a_policy_is_markdown() {
    let repo = changed("policy \"Inbound\"", "policy \"<img src=x> | [a](http://b.example) @everyone **b** `c`\"");
    edit(&repo, PATH, "section \"South\"", "section \"<script>alert(1)</script> | `x`\"");
    edit(&repo, PATH, "test \"a need", "test \"<b>|@team ## a need");
    let page = review(&repo, &["--format", "markdown"]).out;
    // What stands in a block is shown as it is.
    let page: String = page.split("```").step_by(2).collect();
    for bad in [" <img", " <script", "\"<b>", "[a](", "@everyone", "@team", "**b**"] {
        assert!(!page.contains(bad), "{bad}: {page}");
    }
}

#[test]
fn leads_that_cannot_be_counted_are_a_note() {
    let repo = changed("need >= 4", "need >= 5");
    std::fs::remove_file(repo.root.join("leads.csv")).unwrap();
    let review = json(&repo, &[]);
    assert!(review["notes"][0].as_str().unwrap().contains("are not here"), "{}", review["notes"]);
    repo.write("leads.csv", "a,b\n1,2\n");
    let review = json(&repo, &[]);
    assert!(review["notes"][0].as_str().unwrap().contains("do not fit"), "{}", review["notes"]);
    let ran = self::review(&repo, &["--leads", "nowhere.csv"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn personal_values_are_not_counted_by_and_time_is_not_guessed() {
    let repo = changed("need >= 4", "need >= 5");
    let ran = review(&repo, &["--by", "email"]);
    assert_eq!((ran.code, ran.said().contains("is personal")), (2, true), "{ran:?}");
    edit(&repo, PATH, "  region  one of", "  since   date\n  region  one of");
    edit(&repo, PATH, "need >= 5", "need >= 5 and since in the last 7 days");
    edit(&repo, PATH, "region north\n  expect", "region north\n  as of 2026-03-01\n  expect");
    repo.write(
        "leads.csv",
        LEADS.replace("region", "region,since").replace("north", "north,").replace("south", "south,"),
    );
    // Who must approve does not hang on it, and is said.
    let without = json(&repo, &[]);
    let note = without["notes"][0].as_str().unwrap();
    assert!(
        note.contains("leads were not counted") && note.contains("`as-of = 2026-10-01` in `policyc.toml`"),
        "{note}"
    );
    let with = json(&repo, &["--as-of", "2026-03-01"]);
    assert!(!with["notes"].to_string().contains("not counted"), "{with:#}");
    assert!(!without["approvals"].as_array().unwrap().is_empty() && without["approvals"] == with["approvals"]);
}

#[test]
fn won_deals_that_would_be_blocked_and_lost_ones_that_would_still_pass() {
    let repo = changed("need >= 4", "need >= 5");
    let outcomes = |text: &str, column: &str| -> Value {
        repo.write("leads.csv", text);
        json(&repo, &["--outcome", column])["policies"][0]["outcomes"].clone()
    };
    let text = "id,email,need,region,stage\n1,,3,north,Closed Won\n2,,4,south,won\n3,,4,south,lost\n4,,5,south,Lost\n5,,1,south,won\n6,,5,south,open\n";
    let found = outcomes(text, "stage");
    assert_eq!(found["pass"], serde_json::json!(["pass to sales", "pass to sales"]));
    assert_eq!(found["won"], serde_json::json!({"rows": 3, "still": 1, "no_longer": 1, "newly": 0}));
    assert_eq!(found["lost"], serde_json::json!({"rows": 2, "still": 1, "no_longer": 1, "newly": 0}));
    assert_eq!(found["neither"], 1);
    // As systems of record write it.
    let spelt = text.replace("Closed Won", "closed_won").replace("Lost", "ClosedLost").replace("open", "-1");
    assert_eq!(outcomes(&spelt, "stage"), found);
    let ran = review(&repo, &["--outcome", "region"]);
    assert!(ran.out.contains("Deals:        no cell of `region` says won or lost"), "{}", ran.out);
    assert!(ran.out.contains("a cell says it by `won`, `closed won`"), "{}", ran.out);
    let ran = review(&repo, &["--outcome", "stages"]);
    assert_eq!((ran.code, ran.said().contains("did you mean `stage`")), (2, true), "{ran:?}");
    edit(&repo, PATH, "decisions, best first", "decisions");
    let review = json(&repo, &["--outcome", "stage"]);
    assert!(review["notes"][0].as_str().unwrap().contains("are not ranked"), "{}", review["notes"]);
}

#[test]
fn what_there_is_no_review_of() {
    let repo = agreed();
    let ran = review(&repo, &["nowhere.policy"]);
    assert_eq!((ran.code, ran.said().contains("neither in the base nor")), (2, true), "{ran:?}");
    edit(&repo, "policyc.toml", "\"policies\"", "\"polices\"");
    repo.commit("A slip of the pen");
    let ran = repo.policyc(&["review", "--base", "HEAD"]);
    assert_eq!((ran.code, ran.said().contains("there is no policy in `polices`")), (2, true), "{ran:?}");
    let ran = repo.policyc(&["review", "--base", ""]);
    assert_eq!((ran.code, ran.said().contains("which revision? type a branch")), (2, true), "{ran:?}");
    let ran = review(&repo, &["../other"]);
    assert_eq!((ran.code, ran.said().contains("leads out of the repository")), (2, true), "{ran:?}");
    repo.git(&["checkout", "--quiet", "--orphan", "apart"]);
    repo.commit("Another beginning");
    let ran = review(&repo, &[]);
    assert_eq!((ran.code, ran.said().contains("no commit in common")), (2, true), "{ran:?}");
    let ran = repo.policyc_in(&repo.outside(), &["review", "--base", "main"]);
    assert_eq!((ran.code, ran.said().contains("no git repository here")), (2, true), "{ran:?}");
}

#[test]
fn clones_names_and_folders_of_all_kinds() {
    let repo = changed("need >= 4", "need >= 5");
    repo.git(&["mv", PATH, "policies/Köln 1.policy"]);
    repo.commit("South wants more");
    let review = json(&repo, &[]);
    assert_eq!(review["policies"][0]["path"], "policies/Köln 1.policy");
    assert!(repo.policyc(&["owners", "--codeowners"]).out.contains("/policies/Köln\\ 1.policy @legal"));
    // From a folder, and from a repository without files.
    let ran = repo.policyc_in(&repo.root.join("policies"), &["review", "--base", "main", "."]);
    assert!(ran.out.starts_with("Leads change hands: 1 policy\n"), "{ran:?}");
    repo.git(&["clone", "--quiet", "--bare", ".", "../bare"]);
    let bare = repo.outside().join("bare");
    let ran = repo.policyc_in(&bare, &["review", "--base", "main"]);
    assert_eq!((ran.code, ran.said().contains("--head REV")), (2, true), "{ran:?}");
    let ran = repo.policyc_in(&bare, &["review", "--base", "main", "--head", "change"]);
    assert!(ran.out.starts_with("Leads change hands: 1 policy\n"), "{ran:?}");
    // A clone without the commit at which the change parted from the base.
    let url = format!("file://{}", repo.root.display());
    repo.git(&["clone", "--quiet", "--depth", "1", "--no-single-branch", &url, "../shallow"]);
    let ran = repo.policyc_in(&repo.outside().join("shallow"), &["review", "--base", "origin/main"]);
    assert_eq!((ran.code, ran.said().contains("git fetch --unshallow")), (2, true), "{ran:?}");
}

#[test]
fn a_review_goes_to_a_file_that_is_no_input() {
    let repo = changed("need >= 4", "need >= 5");
    assert_eq!(review(&repo, &["--format", "markdown", "-o", "page.md"]).code, 0);
    let page = std::fs::read_to_string(repo.root.join("page.md")).unwrap();
    assert!(page.starts_with("## Leads change hands: 1 policy\n\n- **Leads:** 1 of 5 leads change hands"), "{page}");
    assert_eq!(review(&repo, &["-o", "leads.csv"]).code, 2);
    assert_eq!(review(&repo, &["-o", PATH]).code, 2);
    edit(&repo, "policyc.toml", "[levels]", "[check]\nbaseline = \"known.json\"\n\n[levels]");
    repo.write("known.json", "{\"version\":1,\"findings\":[]}\n");
    repo.commit("A baseline");
    for rules in ["policyc.toml", "known.json"] {
        let ran = repo.policyc(&["review", "--base", "HEAD", "-o", rules]);
        assert_eq!((ran.code, ran.said().contains("would be overwritten")), (2, true), "{ran:?}");
    }
}

#[test]
fn the_nearest_owners_count() {
    let repo = Repo::new();
    repo.write(
        "a.policy",
        "policy \"A\"\n  owned by boss\n\nuse \"shared.policy\"\n\nuse \"scores.policy\"\n  owned by analysts\n\n\
         lead\n  need  whole number from 0 to 9\n  word  text\n\ndecisions\n  pass to sales\n  nurture\n\n\
         section \"S\" when need > 1\n  owned by east\n\n\
         rules from \"rules.policy\"\n  owned by legal\n\nmine: pass to sales when fit > 3\n\notherwise nurture\n",
    );
    repo.write("shared.policy", "define common as need > 2\n");
    repo.write("scores.policy", "use \"deep.policy\"\n\nscore fit from 0 to 9\n  +1 for each need\n");
    repo.write("deep.policy", "list deep is [a, b]\n\nlist odd is [c, d]\n  owned by odd_team\n");
    repo.write(
        "rules.policy",
        "use \"shared.policy\"\n\nbanned: nurture when common and (word in deep or word in odd)\n",
    );
    let ran = repo.policyc(&["owners", "a.policy", "--format", "json"]);
    let tables: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"));
    let of = |item: &str, name: &str| -> String {
        let all = tables["policies"][0]["owners"].as_array().unwrap();
        let found = all.iter().find(|own| own["item"] == item && own["name"] == name).unwrap();
        found["owners"].as_array().unwrap().iter().map(|team| team.as_str().unwrap()).collect::<Vec<_>>().join(", ")
    };
    // A library that the policy brings in itself is the policy's, whoever brings it in later.
    assert_eq!([of("define", "common"), of("library", "shared.policy")], ["boss", "boss"]);
    assert_eq!([of("score", "fit"), of("list", "deep"), of("list", "odd")], ["analysts", "analysts", "odd_team"]);
    assert_eq!([of("rule", "banned"), of("rule", "mine"), of("rule", "otherwise")], ["legal", "east", "boss"]);
    assert_eq!([of("section", "S"), of("library", "deep.policy")], ["east", "analysts"]);
}

#[test]
fn who_owns_what() {
    let repo = agreed();
    let ran = repo.policyc(&["owners"]);
    insta::assert_snapshot!("owners", ran.all());
    let ran = repo.policyc(&["owners", "--codeowners"]);
    assert_eq!(
        ran.out,
        "# written by `policyc owners --codeowners`\n/lib/words.policy @analysts\n/lists/rivals.csv @legal\n\
         /policies/inbound.policy @legal @marketing @north_sales @sales @south_sales\n"
    );
}

#[test]
fn a_library_with_other_owners_in_each_policy_is_shown_with_the_policy() {
    let repo = Repo::new();
    let policy = |title: &str, owner: &str| {
        format!(
            "policy \"{title}\"\n\nuse \"lib.policy\"\n  owned by {owner}\n\nlead\n  need  whole number\n\ndecisions\n  call\n\n\
             otherwise call\n"
        )
    };
    repo.write("lib.policy", "define much as need > 2\n");
    repo.write("a.policy", policy("A", "legal"));
    repo.write("b.policy", policy("B", "legal"));
    let rows = |repo: &Repo| -> Vec<String> {
        let ran = repo.policyc(&["owners", "."]);
        let rows = ran.out.lines().filter(|row| row.starts_with("lib.policy"));
        rows.map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(rows(&repo), ["lib.policy library legal"]);
    repo.write("b.policy", policy("B", "sales"));
    assert_eq!(rows(&repo), ["lib.policy library, in a.policy legal", "lib.policy library, in b.policy sales"]);
}
