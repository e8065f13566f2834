//! Mistakes in the build of sentences: first words, `when`, `because`, commas and indentation.

use super::super::errors;
use super::super::expected::{first_words, is_keyword};
use super::super::layout::STATEMENT_WORDS;
use super::super::parse::Rule;
use super::super::scan::TokenKind;
use super::{Fault, shown};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::Span;

/// Words for `when` that people bring along.
pub(super) const FOR_WHEN: [&str; 7] = ["if", "where", "whenever", "once", "provided", "IF", "WHEN"];

/// `lead:`.
pub(super) fn colon_after_heading(fault: &Fault<'_>) -> Option<Diagnostic> {
    let heading = matches!(
        fault.entry,
        Rule::policy | Rule::lead | Rule::decisions | Rule::score | Rule::grade | Rule::test_head | Rule::section
    );
    (heading && fault.say(0) == ":").then(|| errors::no_colon(fault.place(0), fault.say(-1)))
}

/// `pass to sales when x because "y"`, all on one line.
pub(super) fn because_on_the_line(fault: &Fault<'_>) -> Option<Diagnostic> {
    let rule = matches!(fault.entry, Rule::decision_rule | Rule::otherwise | Rule::never | Rule::always);
    (rule && fault.say(0) == "because" && fault.kind(1) == Some(TokenKind::Text)).then(|| {
        Diagnostic::new(Code::P0122, "`because` stands on a line of its own")
            .at(fault.place(0), "start a new line here, indented by two blanks")
            .fix(fault.place(0), "\n  because")
    })
}

/// A statement, or a rule, on an indented line below a sentence.
pub(super) fn indented_statement(fault: &Fault<'_>) -> Option<Diagnostic> {
    if fault.at == fault.range.start || !fault.scan.starts_line(fault.at) || !fault.is_word(0) || is_item(fault.entry) {
        return None;
    }
    let word = fault.say(0);
    if word == "otherwise" {
        return Some(errors::misplaced_clause(fault.place(0), word));
    }
    let line = fault.token(0)?.line;
    let rest = fault.scan.tokens.iter().skip(fault.at).take_while(|t| t.line == line);
    let is_rule = rest.map(|t| fault.scan.say(*t)).any(|w| w == "when");
    let starts = is_rule || STATEMENT_WORDS.iter().any(|(w, _)| *w == word);
    starts.then(|| errors::indented_statement(fault.place(0), word))
}

/// Where the decision of a rule starts: after its label.
fn decision_start(fault: &Fault<'_>) -> usize {
    let colon = fault.range.clone().take(16).find(|i| fault.say_at(*i) == ":");
    colon.map_or(fault.range.start, |i| i + 1)
}

/// `if need >= 3 then pass to sales`.
pub(super) fn condition_first(fault: &Fault<'_>) -> Option<Diagnostic> {
    let first = decision_start(fault);
    let word = fault.say_at(first);
    if fault.entry != Rule::decision_rule || !(FOR_WHEN.contains(&word) || word == "when") {
        return None;
    }
    let place = fault.span(&(first..first + 1));
    let diagnostic = Diagnostic::new(Code::P0116, "a rule starts with its decision; the condition follows")
        .at(place, "this comes after the decision")
        .help("type it like `pass to sales when need >= 3`");
    let then = fault.range.clone().skip(1).find(|i| fault.say_at(*i) == "then");
    let Some(then) = then.filter(|then| *then > first + 1 && then + 1 < fault.range.end) else {
        return Some(diagnostic);
    };
    let condition = fault.text(fault.span(&(first + 1..then)));
    let decision = fault.text(fault.span(&(then + 1..fault.range.end)));
    Some(diagnostic.fix(fault.span(&(first..fault.range.end)), format!("{decision} when {condition}")))
}

/// `else nurture`.
pub(super) fn else_for_otherwise(fault: &Fault<'_>) -> Option<Diagnostic> {
    let word = fault.say_at(fault.range.start);
    let is_else = fault.entry == Rule::decision_rule && matches!(word, "else" | "default" | "Else" | "ELSE");
    let place = fault.span(&(fault.range.start..fault.range.start + 1));
    is_else.then(|| errors::elsewhere(place, word, "otherwise"))
}

/// `otherwize cold` in a grade, `asume x` in a lead: the first word is a name there, so that the fault shows later.
pub(super) fn misspelt_first_word(fault: &Fault<'_>) -> Option<Diagnostic> {
    let meant = match fault.entry {
        Rule::grade_line => "otherwise",
        Rule::lead_item if fault.at == fault.range.start + 1 => "assume",
        _ => return None,
    };
    let word = fault.say_at(fault.range.start);
    let near = word != meant && did_you_mean(word, [meant]).is_some();
    near.then(|| errors::misspelt(fault.span(&(fault.range.start..fault.range.start + 1)), word, meant))
}

/// `call with care when ...`: words that end a decision.
pub(super) fn decision_with_stop_word(fault: &Fault<'_>) -> Option<Diagnostic> {
    let word = fault.say(0);
    let stops =
        ["when", "unless", "because", "where", "have", "are", "is", "then", "with", "by", "otherwise"].contains(&word);
    let expected = fault.wants(Rule::phrase_word) || fault.wants(Rule::phrase);
    if !stops || !expected || !fault.is_word(0) {
        return None;
    }
    let sure = match fault.entry {
        Rule::decision_item => true,
        Rule::otherwise => word != "when" && word != "otherwise",
        Rule::decision_rule => {
            !matches!(word, "when" | "unless") && (fault.at + 1..fault.range.end).any(|i| fault.say_at(i) == "when")
        }
        _ => false,
    };
    sure.then(|| {
        Diagnostic::new(Code::P0123, format!("a decision cannot contain `{word}`"))
            .at(fault.place(0), "find another word")
            .help("sentences go on with this word, so nobody could tell where the decision ends")
    })
}

/// `hot vp: pass to sales when ...`.
pub(super) fn label_of_several_words(fault: &Fault<'_>) -> Option<Diagnostic> {
    let label = fault.range.start..fault.at;
    let words = fault.entry == Rule::decision_rule && fault.say(0) == ":" && label.len() > 1;
    let words = words && label.clone().all(|i| fault.get(i).is_some_and(|t| t.kind == TokenKind::Word));
    words.then(|| {
        let span = fault.span(&label);
        let joined = fault.text(span).split_whitespace().collect::<Vec<_>>().join("_");
        Diagnostic::new(Code::P0120, "a label is one word").at(span, format!("type `{joined}`")).fix(span, joined)
    })
}

/// What follows `because` and its kin on lines of its own.
pub(super) fn after_clause(fault: &Fault<'_>) -> Option<Diagnostic> {
    let clause = match fault.entry {
        Rule::because => "because",
        Rule::owners => "owned by",
        _ => return None,
    };
    let follows = fault.at > fault.range.start + 1 && fault.scan.starts_line(fault.at) && fault.token(0).is_some();
    let of_all = match (fault.say(0), fault.say(1)) {
        ("in", "force") => Some("in force"),
        ("time", "zone") => Some("time zone"),
        _ => None,
    };
    if let Some(words) = of_all.filter(|_| follows) {
        let said = Diagnostic::new(Code::P0122, format!("`{words}` is said of a whole policy, not of a part of it"));
        return Some(said.at(fault.places(0, 1), "move this, indented, below `policy \"...\"`"));
    }
    follows.then(|| {
        Diagnostic::new(Code::P0122, format!("the sentence above `{clause}` cannot go on below it"))
            .at(fault.place(0), format!("move this above `{clause}`"))
    })
}

/// A rule whose `when` is missing or is another word.
pub(super) fn no_when(fault: &Fault<'_>) -> Option<Diagnostic> {
    if fault.entry == Rule::otherwise && fault.say(0) == "when" {
        let diagnostic =
            Diagnostic::new(Code::P0102, "`otherwise` has no condition: it is for all leads that are left");
        return Some(diagnostic.at(fault.place(0), "the sentence ends before this word"));
    }
    let later = (fault.at + 1..fault.range.end).any(|i| fault.say_at(i) == "when");
    if fault.entry != Rule::decision_rule || !fault.wants(Rule::kw_when) || later {
        return None;
    }
    let words =
        || (decision_start(fault) + 1..=fault.at).filter(|i| fault.get(*i).is_some_and(|t| t.kind == TokenKind::Word));
    if let Some(i) = words().find(|i| FOR_WHEN.contains(&fault.say_at(*i))) {
        return Some(errors::elsewhere(fault.span(&(i..i + 1)), fault.say_at(i), "when"));
    }
    if let Some(i) = words().find(|i| did_you_mean(fault.say_at(*i), ["when"]).is_some()) {
        return Some(errors::misspelt(fault.span(&(i..i + 1)), fault.say_at(i), "when"));
    }
    let (place, label) = match fault.token(0) {
        Some(_) => (fault.place(0), "expected `when`"),
        None => (fault.span(fault.range), "expected `when` and a condition after this"),
    };
    Some(Diagnostic::new(Code::P0102, "this rule has no `when`").at(place, label).help(
        "a rule is a decision and its condition: `pass to sales when need >= 3`; all other leads: `otherwise nurture`",
    ))
}

/// A word that is nearly one of those that could stand there.
pub(super) fn misspelt(fault: &Fault<'_>) -> Option<Diagnostic> {
    let candidates = first_words(fault.wanted);
    let meant = |word: &str, candidates: &[&str]| {
        let capitals = candidates.contains(&word.to_lowercase().as_str());
        let long = capitals || word.chars().count() > 2 || fault.say(0) == "of";
        let near = did_you_mean(word, candidates.iter().copied()).filter(|_| long);
        near.filter(|_| !is_keyword(word)).map(str::to_owned)
    };
    if fault.is_word(0) {
        let candidates: Vec<&str> = candidates.iter().map(String::as_str).collect();
        if let Some(meant) = meant(fault.say(0), &candidates) {
            return Some(errors::misspelt(fault.place(0), fault.say(0), &meant));
        }
    }
    // What stands before may have been taken for a name: `is mroe than 3`, `is befor 2026-10-01`, `domian of email`.
    if !fault.is_word(-1) {
        return None;
    }
    let tests = ["before", "after", "between", "contains", "starts", "ends", "has"];
    let before = match fault.say(0) {
        "than" => meant(fault.say(-1), &["more", "less"]),
        "of" => meant(fault.say(-1), &["domain", "all", "any"]),
        "least" | "most" => None,
        _ if matches!(fault.say(-2), "is" | "not") => meant(fault.say(-1), &tests),
        _ => None,
    };
    before.map(|meant| errors::misspelt(fault.place(-1), fault.say(-1), &meant))
}

/// `email text personal`, `+5 for each visits at most 20`, `["a" "b"]`.
pub(super) fn comma_missing(fault: &Fault<'_>) -> Option<Diagnostic> {
    let word = fault.say(0);
    let option = || first_words(&[Rule::field_option]).iter().any(|w| w == word);
    let missing = match fault.entry {
        Rule::lead_item if fault.wants(Rule::comma) => {
            option() && fault.is_word(0) || fault.kind(0) == Some(TokenKind::Text) && fault.wants(Rule::close)
        }
        Rule::score_line => word == "at" && fault.say(1) == "most",
        Rule::given => {
            let starts_value = matches!(fault.kind(1), Some(TokenKind::Number | TokenKind::Text))
                || matches!(fault.say(1), "yes" | "no" | "[" | "missing" | "in" | "-" | "$");
            fault.wants(Rule::comma) && fault.is_word(0) && starts_value
        }
        _ => fault.kind(0) == Some(TokenKind::Text) && fault.wants(Rule::comma) && fault.wants(Rule::close),
    };
    let end = fault.token(-1)?.end;
    missing.then(|| {
        Diagnostic::new(Code::P0102, format!("a `,` is missing before {}", shown(word)))
            .at(fault.place(0), "type a `,` before this")
            .fix(Span::new(fault.source, end, end), ",")
    })
}

/// `40 when senior`.
pub(super) fn points_without_sign(fault: &Fault<'_>) -> Option<Diagnostic> {
    let bare = fault.entry == Rule::score_line && fault.at == fault.range.start && fault.is_number(0);
    bare.then(|| {
        let points = fault.say(0);
        Diagnostic::new(Code::P0102, "points start with their sign")
            .at(fault.place(0), format!("type `+{points}` or `-{points}`"))
            .fix(fault.place(0), format!("+{points}"))
    })
}

/// `given title is VP`, `given title = VP`.
pub(super) fn given_with_is(fault: &Fault<'_>) -> Option<Diagnostic> {
    let offset = match (fault.entry, fault.say(0), fault.say(-1)) {
        (Rule::given, "=" | ":", _) => 0,
        (Rule::given, _, "is") => -1,
        _ => return None,
    };
    Some(
        Diagnostic::new(Code::P0102, "in a test, a field and its value stand side by side")
            .at(fault.place(offset), "delete this")
            .fix(fault.place(offset), "")
            .help("type it like `given title VP, need 4`"),
    )
}

/// Commas and `and`s between conditions that stand below one another.
pub(super) fn joined_conditions(fault: &Fault<'_>) -> Option<Diagnostic> {
    let comma = fault.say(0) == "," && fault.at + 1 == fault.range.end;
    let word = matches!(fault.say(0), "and" | "or") && fault.at == fault.range.start;
    (fault.entry == Rule::condition && (comma || word)).then(|| {
        Diagnostic::new(Code::P0102, "conditions that stand below one another need nothing between them")
            .at(fault.place(0), "delete this")
            .fix(fault.place(0), "")
    })
}

/// An item that goes on with a line that is indented deeper.
pub(super) fn continues_item(fault: &Fault<'_>) -> Option<Diagnostic> {
    fault.token(0).filter(|_| is_item(fault.entry))?;
    let start = (fault.range.start..=fault.at).rev().find(|i| fault.scan.starts_line(*i))?;
    // A line of a score that begins with its sign was read as the rest of a sum.
    let points = fault.entry == Rule::score_line && matches!(fault.say_at(start), "+" | "-");
    let continues = start != fault.range.start && (start == fault.at || points);
    continues.then(|| errors::continues_item(fault.span(&(start..start + 1)), &shown(fault.say_at(start))))
}

/// `expect nurture` in the first column, `owned by sales` there.
pub(super) fn item_in_first_column(fault: &Fault<'_>) -> Option<Diagnostic> {
    let start = fault.range.start;
    let (words, block) = match (fault.say_at(start), fault.say_at(start + 1)) {
        ("given" | "expect", _) => (1, "test"),
        ("assume", _) => (1, "lead"),
        ("owned", "by") | ("in", "force") | ("time", "zone") => (2, "policy"),
        _ => return None,
    };
    if fault.entry != Rule::decision_rule || !fault.wants(Rule::kw_when) {
        return None;
    }
    let place = fault.span(&(start..start + words));
    Some(match fault.text(place) {
        // Where no statement is above, it is meant of the whole file.
        "owned by" if start == 0 => Diagnostic::new(Code::P0122, "`owned by` does not stand by itself")
            .at(place, "it stands, indented, below `policy`, `use`, `rules from`, `list` or `section`")
            .help("whose a library is says each policy that uses it, below its `use` or `rules from`"),
        word => errors::outdented(place, word, block),
    })
}

/// Whether a rule is for an item of a block.
fn is_item(entry: Rule) -> bool {
    matches!(
        entry,
        Rule::policy_item
            | Rule::lead_item
            | Rule::decision_item
            | Rule::score_line
            | Rule::grade_line
            | Rule::given
            | Rule::as_of
            | Rule::expect_decision
            | Rule::expect_condition
    )
}
