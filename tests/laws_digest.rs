//! The laws of digests: what changes nothing keeps them, what changes anything changes them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod small_gen;
}

use std::collections::{BTreeMap, HashMap};

use policyc::diff::{Diff, Verdict};
use policyc::digest;
use policyc::eval::{Evaluator, Session};
use policyc::format::format;
use policyc::ir::Policy;
use policyc::lower;
use policyc::source::{SourceFile, SourceId};
use policyc::syntax::parse;
use support::small_gen::dice::Dice;
use support::small_gen::{checked, pairs, small};

/// The policy at `path` among these files.
fn among(path: &str, files: &[(&str, String)]) -> Policy {
    let files: HashMap<String, String> = files.iter().map(|(path, text)| ((*path).to_owned(), text.clone())).collect();
    let checked = lower::check(path, &files);
    checked.policy.unwrap_or_else(|| panic!("{files:?}\n{:#?}", checked.diagnostics))
}

fn formatted(text: &str) -> String {
    format(&parse(&SourceFile::new(SourceId(0), "a.policy", text)).file)
}

/// The text with a comment on each line and between all statements, and line ends of another system.
fn commented(text: &str) -> String {
    text.lines()
        .map(|line| if line.is_empty() { "\r\n# between\r\n\r\n".to_owned() } else { format!("{line}   # said\r\n") })
        .collect()
}

/// The text with the items of its block `at`, or whole blocks of declarations, in another order.
fn reordered(text: &str, dice: &mut Dice) -> String {
    let mut blocks: Vec<String> = text.trim_end().split("\n\n").map(str::to_owned).collect();
    for block in &mut blocks {
        if ["lead", "decisions", "score"].iter().any(|word| block.starts_with(word)) {
            let (head, items) = block.split_once('\n').unwrap();
            let mut items: Vec<&str> = items.lines().collect();
            let by = dice.roll(items.len());
            items.rotate_left(by);
            *block = format!("{head}\n{}", items.join("\n"));
        }
    }
    let declares = |block: &String| ["define ", "score ", "grade "].iter().any(|word| block.starts_with(word));
    let (mut declared, rest): (Vec<String>, Vec<String>) = blocks.into_iter().partition(declares);
    declared.reverse();
    let at = rest.len().min(3);
    [&rest[..at], &declared, &rest[at..]].concat().join("\n\n") + "\n"
}

/// The policy with its definitions in a library.
fn divided(text: &str) -> [(&'static str, String); 2] {
    let (defines, mut rest): (Vec<&str>, Vec<&str>) =
        text.trim_end().split("\n\n").partition(|block| block.starts_with("define "));
    rest.insert(1, "use \"lib/names.policy\"");
    [("other/name.policy", rest.join("\n\n") + "\n"), ("other/lib/names.policy", defines.join("\n\n") + "\n")]
}

#[test]
fn layout_comments_order_and_files_keep_a_digest() {
    let mut moved = 0;
    for seed in 0..250 {
        let small = small(seed);
        let mut dice = Dice::new(seed ^ 0xD16E);
        let text = &small.text;
        let was = digest::policy(&small.policy);
        let others = [formatted(text), commented(text), formatted(&commented(text)), reordered(text, &mut dice)];
        for other in others {
            assert_eq!(digest::policy(&checked(&other)), was, "seed {seed}\n{text}\n~~~~\n{other}");
        }
        if text.contains("\n\ndefine ") {
            moved += 1;
            let files = divided(text);
            let named: Vec<(&str, String)> = files.to_vec();
            assert_eq!(digest::policy(&among("other/name.policy", &named)), was, "seed {seed}\n{files:?}");
        }
    }
    assert!(moved > 60, "{moved}");
}

/// All that comes out for a lead.
fn told(session: &Session<'_>) -> String {
    let policy = session.policy();
    let rule = &policy.rules[session.outcome().rule];
    let scores: Vec<_> = policy.scores.iter().map(|(id, score)| (&score.name, session.score(id))).collect();
    let grades: Vec<_> = policy.grades.iter().map(|(id, grade)| &grade.scale.values[session.grade(id)]).collect();
    let stage = &policy.stage_scale().values[session.stage()];
    format!("{} {} {:?} {scores:?} {grades:?} {stage}", policy.decisions[rule.decision].phrase, rule.name, rule.because)
}

#[test]
fn what_changes_a_decision_changes_the_digest() {
    let mut kinds: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut leads = 0;
    for seed in 0..700 {
        let small = small(seed);
        let mut dice = Dice::new(seed ^ 0xD1FF);
        let (kind, text, new) = pairs::edited(&small.text, &mut dice);
        let same = digest::policy(&small.policy) == digest::policy(&new);
        kinds.entry(kind).or_default()[usize::from(!same)] += 1;
        if !same {
            continue;
        }
        let what = format!("seed {seed}, {kind}\n{}\n~~~~\n{text}", small.text);
        assert_ne!(Diff::new(&small.policy, &new).verdict(), Verdict::Changed, "{what}");
        for (as_of, [before, now]) in pairs::leads(&small.policy, &new, &mut dice) {
            leads += 1;
            let [old, new] = [&small.policy, &new].map(|policy| Evaluator::new(policy, as_of));
            assert_eq!(told(&old.on(&before)), told(&new.on(&now)), "{what}");
        }
    }
    println!("{kinds:#?} {leads}");
    assert_eq!(kinds.len(), 14, "{kinds:#?}");
    assert!(kinds.values().all(|[_, changed]| *changed > 3), "{kinds:#?}");
}

/// Each edit by itself changes the digest: what the random policies do not say.
#[test]
fn whatever_can_be_told_apart_has_its_own_digest() {
    let policy = r#"policy "A"
  in force from 2026-01-01 until 2026-12-31
  time zone Europe/Berlin

list rivals is ["a.example", "b.example"]

lead
  lead_id  id, from "Lead"
  email    text, personal
  title    ranked [IC < VP] or other, ignoring case, also known as VP: ["Vice President", contains "vp"]
  topics   any of [pricing, api], separated by ";", blank means none
  size     number from 0 to 10, blank when [0, "n/a"], written as "1.234,5"
  seen     date, written as "%d.%m.%Y", else missing
  need     whole number from 0 to 5, missing means 1
  assume size >= need

decisions
  pass
  nurture

score fit from 0 to 50
  +10 when need >= 2
  +5 for each 2 size, at most 20

grade heat
  hot when fit >= 30
  otherwise cold

stage mql when heat is hot

disqualified: nurture when domain of email in rivals
  because "a rival"

section "First" when title is VP

good: pass when need >= 3 and seen more than 2 weeks ago and topics has any of [api]

section "Rest" otherwise

fair: pass when not mql and email contains ["x", "y"]

otherwise nurture
"#;
    let digest_of = |text: &str| digest::policy(&among("a.policy", &[("a.policy", text.to_owned())]));
    let mut seen = BTreeMap::from([(digest_of(policy), "nothing")]);
    let edits = [
        ("2026-01-01 until", "2026-01-02 until"),
        ("-12-31", "-12-30"),
        ("Berlin", "Paris"),
        ("\"b.example\"]", "\"c.example\"]"),
        ("lead_id  id, from \"Lead\"", "lead_id  text, from \"Lead\""),
        ("from \"Lead\"", "from \"Lead Id\""),
        ("text, personal", "text"),
        ("IC < VP", "VP < IC"),
        ("] or other", "]"),
        ("ignoring case, ", ""),
        ("\"Vice President\"", "\"Vice president\""),
        ("contains \"vp\"", "contains word \"vp\""),
        ("any of [pricing, api]", "any of [pricing, api, docs]"),
        (";\"", "|\""),
        (", blank means none", ""),
        ("number from 0 to 10", "number from 1 to 10"),
        ("from 0 to 10", "from 0 to 11"),
        ("[0, \"n/a\"]", "[0]"),
        ("[0, \"n/a\"]", "\"n/a\""),
        ("1.234,5", "1,234.5"),
        ("%d.%m.%Y", "%m.%d.%Y"),
        (", else missing", ""),
        ("means 1", "means 2"),
        (", missing means 1", ", required"),
        ("assume size >= need", "assume size > need"),
        ("fit from 0 to 50", "fit from 0 to 40"),
        ("+10 when", "+11 when"),
        ("each 2 size", "each 3 size"),
        ("at most 20", "at most 25"),
        ("hot when fit >= 30", "hot when fit > 30"),
        ("otherwise cold", "otherwise lukewarm"),
        ("mql when heat is hot", "mql when heat is not hot"),
        ("disqualified:", "rival:"),
        ("a rival", "works for a rival"),
        ("disqualified: nurture", "disqualified: pass"),
        ("when title is VP", "when title is IC"),
        ("when title is VP", ""),
        ("section \"Rest\" otherwise", "section \"Rest\""),
        ("2 weeks", "2 months"),
        ("any of [api]", "all of [pricing, api]"),
        ("any of [api]", "any of [pricing]"),
        ("contains [\"x\", \"y\"]", "contains [\"x\", \"z\"]"),
        ("contains [\"x\"", "starts with [\"x\""),
        ("not mql", "mql"),
        ("otherwise nurture", "otherwise pass"),
    ];
    for (from, to) in edits {
        let text = policy.replacen(from, to, 1);
        assert_ne!(text, policy, "{from}");
        // An `otherwise` of a section needs one with a condition above it.
        let text = if to.is_empty() && from.starts_with("when") { text.replace("\" otherwise", "\"") } else { text };
        if let Some(other) = seen.insert(digest_of(&text), from) {
            panic!("{from} → {to} has the digest of {other}:\n{text}");
        }
    }
    let words = [
        ("\"A\"", "\"B\""),
        ("decisions", "decisions, best first"),
        ("  pass\n", "  pass  \"a note\"\n"),
        ("\"First\"", "\"Other title\""),
        ("  need  ", "  need"),
        ("+10 when need >= 2", "+10 when need >= 2 as \"in need\""),
        ("list rivals", "list competitors"),
        ("[\"a.example\", \"b.example\"]", "[\"b.example\", \"a.example\"]"),
        ("[\"x\", \"y\"]", "[\"y\", \"x\"]"),
        ("[pricing, api]", "[api, pricing]"),
        ("  time zone", "  owned by sales\n  time zone"),
        ("otherwise nurture\n", "otherwise nurture\n\nnever pass when need < 2\n"),
        ("blank means none", "blank means none, fixed"),
        ("good:", "good (was fine):"),
        (">= 3 and", "at least 3 and"),
        ("score fit", "define unused as need is 4\n\nscore fit"),
    ];
    for (from, to) in words {
        let text = policy
            .replacen(from, to, 1)
            .replace("in rivals", if to.contains("competitors") { "in competitors" } else { "in rivals" });
        assert_eq!(digest_of(&text), digest_of(policy), "{from} → {to}");
    }
}

/// The example of the page that says how a digest is worked out.
#[test]
fn the_page_about_digests_is_true() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/digest.md")).unwrap();
    let example = page.split_once("\n## An example\n").unwrap().1;
    let blocks: Vec<&str> = example.split("```").skip(1).step_by(2).map(|b| b.split_once('\n').unwrap().1).collect();
    let [text, canonical, digest] = blocks.as_slice() else { panic!("{blocks:?}") };
    let policy = checked(text);
    assert_eq!(digest::canonical(&policy), *canonical);
    assert_eq!(digest::policy(&policy), digest.trim());
}

/// Where git writes CRLF into the work tree, a list is the same, its cells of several lines among it.
#[test]
fn a_list_is_the_same_whatever_the_ends_of_its_lines() {
    let policy = "policy \"P\"\n\nlist firms from \"firms.csv\" column \"name\"\n\nlead\n  firm  text\n\ndecisions\n  pass\n  nurture\n\n\
                  no: nurture when firm in firms\n\notherwise pass\n";
    let of = |list: &str| {
        let policy = among("a.policy", &[("a.policy", policy.to_owned()), ("firms.csv", list.to_owned())]);
        (digest::policy(&policy), digest::lists(&policy))
    };
    let list = "domain,name\na.example,\"Smith\nand Jones\"\nb.example,\"A\n\nB\"\n";
    let written = of(list);
    assert_eq!(of(&list.replace('\n', "\r\n")), written);
    assert_eq!(of(&format!("\u{feff}{}", list.replace('\n', "\r\n"))), written);
    assert_ne!(of(&list.replace("Smith\n", "Smith ")), written);
    // `(list "A\n\nB" "Smith\nand Jones")`, as the page about digests has it.
    assert_eq!(
        written.1,
        [("firms".to_owned(), "l1:e08b61c65779869a1ed2dd1ef11384c06216d234d3ae992ffbc62f6ee71d8000".to_owned())]
    );
}

/// The title of a section is nothing, unless it names the rule of the section's own `otherwise`.
#[test]
fn the_title_of_a_section_may_be_the_name_of_a_rule() {
    let of = |title: &str, otherwise: &str| {
        let text = format!(
            "policy \"P\"\n\nlead\n  need  whole number\n\ndecisions\n  pass\n  nurture\n\nsection \"{title}\" when need >= 3\n\
             {otherwise}\npass when need >= 4\n\nsection \"Rest\" otherwise\n\notherwise nurture\n"
        );
        digest::policy(&checked(&text))
    };
    assert_eq!(of("One", ""), of("The first", ""));
    let own = "  otherwise pass\n";
    assert_ne!(of("One", own), of("The first", own));
}
