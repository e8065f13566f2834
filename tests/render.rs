//! Findings as people see them: their lines, their files, and nothing that could hurt a terminal.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

use policyc::diagnostic::{Code, Diagnostic};
use policyc::render::findings::human;
use policyc::render::{Batch, Look, Tally};
use policyc::source::{SourceId, Sources, Span};
use proptest::prelude::*;

/// The place of the first `word` in a file.
fn place(sources: &Sources, file: u32, word: &str) -> Span {
    let start = sources.get(SourceId(file)).unwrap().text.find(word).unwrap();
    Span::new(SourceId(file), start, start + word.len())
}

fn shown(sources: Sources, diagnostics: Vec<Diagnostic>) -> String {
    human(&[&Batch { sources, diagnostics }], Look::PLAIN)
}

#[test]
fn a_finding_shows_its_line_and_what_to_do() {
    let mut sources = Sources::default();
    sources.add("demo.policy", "lead\n  need number\n\npass when ned >= 3\n  because \"x\"\n", None);
    let at = place(&sources, 0, "ned");
    let declared = place(&sources, 0, "need");
    let finding = Diagnostic::new(Code::P0101, "`ned` is not declared")
        .at(at, "what is this?")
        .at(declared, "this one is")
        .help("did you mean `need`?");
    insta::assert_snapshot!(shown(sources, vec![finding]));
}

#[test]
fn a_finding_in_two_files_shows_its_own_file_first_and_the_way_in() {
    let mut sources = Sources::default();
    sources.add("demo.policy", "use \"shared/a.policy\"\n\nlist vips is [\"a.com\"]\n", None);
    let by = place(&sources, 0, "use \"shared/a.policy\"");
    sources.add("shared/a.policy", "use \"b.policy\"\n", Some(by));
    let by = place(&sources, 1, "use \"b.policy\"");
    sources.add("shared/b.policy", "# one\n# two\n# three\n# four\nlist vips is [\"b.com\"]", Some(by));
    let (first, second) = (place(&sources, 0, "vips"), place(&sources, 2, "vips"));
    let finding = Diagnostic::new(Code::P0101, "`vips` is declared twice").at(second, "again").at(first, "first");
    insta::assert_snapshot!(shown(sources, vec![finding]));
}

#[test]
fn a_label_of_many_lines_is_shown_at_its_first_and_one_behind_the_end_at_the_last() {
    let mut sources = Sources::default();
    let text = "pass when a\n  and b\n";
    sources.add("demo.policy", text, None);
    let whole = Span::new(SourceId(0), 0, text.len());
    let behind = Span::new(SourceId(0), text.len(), text.len());
    let findings = vec![
        Diagnostic::new(Code::P0101, "all of it").at(whole, "here"),
        Diagnostic::new(Code::P0101, "`otherwise` is missing").at(behind, "here"),
    ];
    insta::assert_snapshot!(shown(sources, findings));
}

#[test]
fn a_hostile_text_does_not_reach_the_terminal() {
    let mut sources = Sources::default();
    sources.add("a\u{1b}]0;x\u{7}.policy", "lead\u{1b}[2J\t\u{202e}need\r\n", None);
    let at = place(&sources, 0, "need");
    let finding = Diagnostic::new(Code::P0101, "`\u{1b}[31m` is\nodd").at(at, "\u{9b}x").help("\u{7}");
    let text = shown(sources, vec![finding]);
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    insta::assert_snapshot!(text);
}

#[test]
fn a_very_long_line_is_cut() {
    let mut sources = Sources::default();
    let text = format!("{} ned {}\nnext\n", "x ".repeat(100_000), "y ".repeat(100_000));
    sources.add("demo.policy", text, None);
    let at = place(&sources, 0, "ned");
    let text = shown(sources, vec![Diagnostic::new(Code::P0101, "`ned`").at(at, "here")]);
    assert!(text.len() < 3_000, "{} bytes", text.len());
    assert!(text.contains("demo.policy:1:200002"), "{text}");
}

#[test]
fn of_too_many_findings_the_first_are_shown() {
    let mut sources = Sources::default();
    sources.add("demo.policy", "a", None);
    let finding = Diagnostic::new(Code::P0101, "x").at(Span::new(SourceId(0), 0, 1), "");
    let text = shown(sources, vec![finding; 3_500]);
    assert_eq!(text.matches("error P0101").count(), 1_000);
    assert!(text.ends_with("\n2,500 more are not shown\n"));
}

#[test]
fn findings_are_counted() {
    let mut sources = Sources::default();
    sources.add("demo.policy", "a", None);
    let at = Span::new(SourceId(0), 0, 1);
    let diagnostics = vec![Diagnostic::new(Code::P0101, "x").at(at, ""), Diagnostic::new(Code::P0101, "y").at(at, "")];
    let batch = Batch { sources, diagnostics };
    assert_eq!(Tally::of(&[&batch]).sentence().unwrap(), "2 errors in 1 file");
    assert_eq!(Tally::of(&[]).sentence(), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_span_makes_it_panic(
        texts in prop::collection::vec("[a\t\r\n é株\u{1b}\u{301}\u{200b}]{0,60}", 1..3),
        spans in prop::collection::vec((0u32..4, 0u32..80, 0u32..80), 0..5),
        width in 0usize..120,
    ) {
        let mut sources = Sources::default();
        for text in texts {
            sources.add("a.policy", text, None);
        }
        let labelled = spans.into_iter().fold(Diagnostic::new(Code::P0101, "x"), |d, (file, start, end)| {
            d.at(Span { source: SourceId(file), start, end }, "y")
        });
        let text = human(&[&Batch { sources, diagnostics: vec![labelled] }], Look { color: false, width });
        prop_assert!(text.contains("P0101"));
        prop_assert!(!text.contains("Failed to read"), "{}", text);
        prop_assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
    }
}
