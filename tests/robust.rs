//! No text makes the parser panic or hang, and every place that it names is a place in the text.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]

use std::time::{Duration, Instant};

use policyc::diagnostic::Code;
use policyc::source::{SourceFile, SourceId, Span};
use policyc::syntax::{self, Parsed};
use proptest::prelude::*;

const REAL: [&str; 2] = [include_str!("cases/parse/all_forms.policy"), include_str!("cases/parse/whole_policy.policy")];

/// How large the large texts are: enough for the square of it to be noticed.
const SIZE: usize = 40_000;

/// Words and signs of the language, and what people and other programs put between them.
const SOUP: [&str; 98] = [
    "policy",
    "use",
    "rules from",
    "lead",
    "decisions",
    "list",
    "define",
    "score",
    "grade",
    "stage",
    "section",
    "otherwise",
    "test",
    "event",
    "never",
    "always",
    "unless",
    "given",
    "expect",
    "as of",
    "because",
    "owned by",
    "assume",
    "when",
    "and",
    "or",
    "not",
    "is",
    "in",
    "has any of",
    "between",
    "at least 2 of",
    "all of",
    "any of",
    "more than",
    "days",
    "ago",
    "the last",
    "contains",
    "starts with",
    "known",
    "missing",
    "domain of",
    "from",
    "to",
    "required",
    "blank when",
    "also known as VP:",
    "ranked",
    "one of",
    "money in USD",
    "date and time",
    "yes or no",
    "whole number",
    "for each",
    "at most",
    "best first",
    "title",
    "need",
    "VP",
    "größe",
    "名前",
    "3",
    "10k",
    "1.5M",
    "10,000",
    "20%",
    "$5",
    "EUR 5",
    "2026-10-01",
    "2026-10-01T09:30Z",
    "\"x\"",
    "\"a \\\" b\"",
    "\"open",
    "“curly”",
    "'single'",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">=",
    "=>",
    "!=",
    "=",
    "+",
    "-",
    "*",
    "/",
    ",",
    ":",
    ";",
    "# comment",
    "\n",
    "\n  ",
    "\n    ",
    "\t",
    "\u{0}",
];

fn parse(text: &str) -> Parsed {
    syntax::parse(&SourceFile::new(SourceId(0), "soup.policy", text))
}

/// Parses a text and checks every place that comes out.
fn check(text: &str) -> Parsed {
    let parsed = parse(text);
    let place = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} is no place in {text:?}");
    for statement in &parsed.file.statements {
        place(statement.loc.0);
    }
    let statements = parsed.file.statements.windows(2);
    statements.for_each(|pair| assert!(pair[0].loc.0.end <= pair[1].loc.0.start, "statements overlap in {text:?}"));
    for found in &parsed.diagnostics {
        assert!(!found.labels.is_empty(), "{found:?} has no place");
        found.labels.iter().for_each(|l| place(l.span));
        found.fix.iter().for_each(|f| place(f.span));
        assert!(found.code.name().starts_with("P01"), "{found:?}");
        assert!(!format!("{found:?}").contains("something else"), "nothing is expected: {found:?} in {text:?}");
    }
    assert!(parsed.diagnostics.len() <= 101);
    parsed
}

/// A tree without its places and its blank lines, which the formatter sees to.
fn plain(parsed: &Parsed) -> String {
    let all = format!("{:?}", parsed.file).replace("blank_before: true", "blank_before: false");
    let behind_places = all.split("Loc(Span {").map(|piece| piece.split_once("})").map_or(piece, |(_, rest)| rest));
    behind_places.collect()
}

fn soup() -> impl Strategy<Value = String> {
    proptest::collection::vec((proptest::sample::select(&SOUP[..]), any::<bool>()), 0..60).prop_map(|words| {
        words.into_iter().map(|(w, blank)| if blank { format!("{w} ") } else { w.to_owned() }).collect()
    })
}

/// A real policy with pieces cut out, doubled, or replaced by soup.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0..40_usize, soup(), 0..3_u8);
    (proptest::sample::select(&REAL[..]), proptest::collection::vec(edit, 1..6)).prop_map(|(text, edits)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, length, soup, kind) in edits {
            let start = at.index(chars.len().max(1));
            let end = (start + length).min(chars.len());
            let piece: Vec<char> = chars[start..end].to_vec();
            match kind {
                0 => drop(chars.drain(start..end)),
                1 => drop(chars.splice(start..start, piece)),
                _ => drop(chars.splice(start..end, soup.chars())),
            }
        }
        chars.into_iter().collect()
    })
}

/// A real policy with some of its blanks made into comments and new lines.
fn commented() -> impl Strategy<Value = String> {
    let gaps = proptest::collection::vec(any::<prop::sample::Index>(), 1..12);
    (proptest::sample::select(&REAL[..]), gaps, any::<bool>()).prop_map(|(text, gaps, blank_line)| {
        let blanks: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        let mut chosen: Vec<usize> = gaps.iter().map(|gap| blanks[gap.index(blanks.len())]).collect();
        chosen.sort_unstable();
        chosen.dedup();
        let mut out = text.to_owned();
        for (n, at) in chosen.iter().enumerate().rev() {
            let break_line = if blank_line { "\n\n          " } else { "\n          " };
            out.replace_range(at..&(at + 1), &format!(" # gap {n}{break_line}"));
        }
        out
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn random_characters(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn token_soup(text in soup()) {
        check(&text);
    }

    #[test]
    fn mutated_policies(text in mutated()) {
        check(&text);
    }

    #[test]
    fn what_is_written_reads_the_same(text in commented()) {
        let parsed = check(&text);
        if parsed.diagnostics.is_empty() {
            let written = policyc::format::format(&parsed.file);
            let again = check(&written);
            prop_assert!(again.diagnostics.is_empty(), "{:?}\n{written}", again.diagnostics);
            prop_assert_eq!(policyc::format::format(&again.file), written.clone());
            prop_assert_eq!(plain(&again), plain(&parsed), "{}", written);
            prop_assert_eq!(text.matches("# gap").count(), written.matches("# gap").count());
        }
    }

    #[test]
    fn line_ends_do_not_matter(text in mutated()) {
        let lf = text.replace('\r', "");
        let crlf = lf.replace('\n', "\r\n");
        prop_assert_eq!(parse(&lf).file, parse(&crlf).file);
    }
}

#[test]
fn cut_off_anywhere() {
    for text in REAL {
        for (end, _) in text.char_indices().step_by(9) {
            check(&text[..end]);
        }
    }
}

/// Texts that would blow up a parser that tries things twice, or that recurses without a bound.
#[test]
fn large_and_deep() {
    let rule = |condition: &str| format!("nurture when {condition}\n");
    let many = |piece: &str| rule(&piece.repeat(SIZE / piece.len()));
    let nested = |depth: usize| format!("{}x{}", "(".repeat(depth), ")".repeat(depth));
    let stairs = (1..300).fold("nurture when all of\n".to_owned(), |s, n| s + &" ".repeat(n) + "all of\n");
    let texts = [
        rule(&nested(60)),
        rule(&nested(SIZE)),
        rule(&"not ".repeat(60)),
        many("not "),
        many("("),
        many(")"),
        many("[(]"),
        many("x and "),
        many("x or not "),
        many("1 + "),
        many("- "),
        many("all of ("),
        many("at least 2 of "),
        many("domain of "),
        many("x is not in [a, b] and "),
        many("[a, "),
        many("1,"),
        many("1,000,"),
        many("x in ["),
        many("\""),
        many("\\"),
        many("“"),
        many("'"),
        many("between 1 and "),
        many("x >= 3 and <= "),
        many("2026-10-01 "),
        many("a.b."),
        many("$"),
        many("\n  # c"),
        many("x and # c\n  "),
        many("x\n  because \"y\"\n  "),
        many("x\n"),
        many(" "),
        many("\u{0}"),
        many("é"),
        many("if "),
        many("x\nand "),
        many("in a, b, "),
        many("has any of a, "),
        many("of "),
        many("all of\n  "),
        "(\n".repeat(SIZE / 2),
        "x:".repeat(SIZE / 2),
        "lead\n".repeat(SIZE / 5),
        "lead\n  a text\n".repeat(SIZE / 14),
        format!("list x is [{}]", "\"a\", # c\n ".repeat(SIZE / 9)),
        format!("lead\n  a_b  text\n{}", rule("big deal >= 3").repeat(SIZE / 4)),
        format!("list x\n{}", "  a\n".repeat(SIZE / 4)),
        format!("list x\n{}", "owned by a and b\n".repeat(SIZE / 17)),
        stairs,
        "\n".repeat(SIZE),
        "#".repeat(SIZE),
    ];
    for text in texts {
        let start = Instant::now();
        check(&text);
        let head: String = text.chars().take(40).collect();
        assert!(start.elapsed() < Duration::from_secs(20), "{:?} for {head:?}", start.elapsed());
        if std::env::var_os("POLICYC_TIMES").is_some() {
            println!("{:>8.1?} {head:?}", start.elapsed());
        }
    }
}

/// A comment behind every line, and one above every line, all find a place in the tree and leave the rest of it as it is.
#[test]
fn comments_are_kept() {
    for text in REAL {
        let mut commented = String::new();
        let mut count = 0;
        for line in text.lines() {
            let above = "# above\n";
            let behind = if line.contains('#') { "" } else { " # behind" };
            count += 1 + usize::from(line.contains('#') || !behind.is_empty());
            let indent = &line[..line.len() - line.trim_start().len()];
            commented.push_str(&format!("{indent}{above}{line}{behind}\n"));
        }
        let parsed = check(&commented);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        assert_eq!(format!("{:?}", parsed.file).matches("Comment {").count(), count);
    }
}

#[test]
fn limits() {
    let nested = |depth: usize| format!("nurture when {}x{}\n", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(64)).diagnostics.is_empty());
    assert_eq!(parse(&nested(65)).diagnostics[0].code, Code::P0118);
    for piece in ["all of (", "not (", "domain of (", "(x and not (", "3 + ("] {
        let brackets = piece.matches(['(']).count() + piece.matches("not").count();
        let deep = |times: usize| {
            format!("nurture when {}x{}\n", piece.repeat(times), ")".repeat(times * piece.matches('(').count()))
        };
        assert!(parse(&deep(64 / brackets)).diagnostics.is_empty(), "{piece}");
        assert_eq!(parse(&deep(64 / brackets + 1)).diagnostics[0].code, Code::P0118, "{piece}");
    }
    let sum = |terms: usize| format!("define x as {}1\n", "1 + ".repeat(terms));
    assert!(parse(&sum(256)).diagnostics.is_empty());
    assert_eq!(parse(&sum(257)).diagnostics[0].code, Code::P0118);
    let size = |bytes: usize| "#".repeat(bytes);
    assert!(parse(&size(4 << 20)).diagnostics.is_empty());
    assert_eq!(parse(&size((4 << 20) + 1)).diagnostics[0].code, Code::P0118);
    let broken = parse(&"nurture\n".repeat(150));
    assert_eq!(broken.diagnostics.len(), 101);
    assert_eq!(broken.diagnostics[100].message, "50 more errors from here on");
}

#[test]
fn a_byte_order_mark_is_no_word() {
    assert_eq!(parse("\u{FEFF}otherwise nurture\n").file, parse("otherwise nurture\n").file);
}
