//! Texts that answer the tests of a text field in every way in which they can be answered.
//!
//! Whatever text gives some answers: of each test that it passes by what it holds, keep one place where that stands, and replace
//! every other character by a strange one that no test speaks of, a letter by a letter and a sign by a sign. The answers stay: a
//! text that was looked for and not found is not found now either, and whether a word stands alone hangs on letters only. A
//! stretch of strange characters may then be cut down to its first and its last one. So the texts that are made of what the tests
//! look for, each piece beside, across or apart from the one before, are all that is needed, with at most as many pieces as tests.

use std::collections::{BTreeMap, BTreeSet};

use policyc::eval::Evaluator;
use policyc::ir::{Body, Cond, CondKind, Expr, Field, FieldId, Lead, TextTest};
use policyc::types::{Truth, Value};

/// A letter and a sign that no policy speaks of.
const LETTER: &str = "z";
const SIGN: &str = "~";

/// What is asked of a text, or of its domain.
#[derive(Default)]
struct Asked {
    /// Whether case counts, for each test.
    cases: BTreeSet<bool>,
    /// Texts that it is compared with as a whole.
    wholes: BTreeSet<String>,
    /// Texts that are looked for in it.
    pieces: BTreeSet<String>,
    /// How many tests look for some of those.
    searches: usize,
    /// Whether one of them is for a word.
    words: bool,
}

/// Texts for a field, `each` for every combination of answers to its tests, and whether no other combination can be.
pub(super) fn texts(evaluator: &Evaluator<'_>, id: FieldId, tests: &[&Cond], each: usize) -> (Vec<String>, bool) {
    let field = &evaluator.policy().fields[id];
    let [mut text, mut domain] = [Asked::default(), Asked::default()];
    for test in tests {
        ask(evaluator, test, &mut text, &mut domain);
    }
    let said = || text.wholes.iter().chain(&text.pieces).chain(&domain.wholes).chain(&domain.pieces);
    let strange =
        said().chain(&field.cell.blanks).all(|said| !said.contains([LETTER, SIGN].map(|s| s.chars().next().unwrap())));
    let exhaustive = strange
        && text.cases.len() < 2
        && text.searches.max(domain.searches) <= 3
        && (text.searches == 0 || domain.cases.is_empty());

    let mut candidates: Vec<String> = text.candidates();
    if !domain.cases.is_empty() {
        candidates.extend(domain.candidates().iter().map(|domain| format!("{LETTER}@{domain}")));
        candidates.push(format!("{LETTER}@"));
        candidates.push(format!("{LETTER}@{LETTER}@{LETTER}"));
    }
    let shouted: Vec<String> = candidates.iter().map(|text| text.to_uppercase()).collect();
    candidates.extend(shouted);
    candidates.retain(|text| is_cell(field, text));

    let mut answered: BTreeMap<Vec<Truth>, Vec<String>> = BTreeMap::new();
    for text in candidates {
        let mut lead = Lead::empty(evaluator.policy());
        lead.set(id, Some(Value::Text(text.clone())));
        let session = evaluator.on(&lead);
        let same = answered.entry(tests.iter().map(|test| session.truth(test)).collect()).or_default();
        if same.len() < each && !same.contains(&text) {
            same.push(text);
        }
    }
    (answered.into_values().flatten().collect(), exhaustive)
}

/// Whether a cell of the field may be read as this text.
pub(crate) fn is_cell(field: &Field, text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !field.cell.is_blank(text)
}

/// Notes what a condition asks of a text or of its domain.
fn ask(evaluator: &Evaluator<'_>, test: &Cond, text: &mut Asked, domain: &mut Asked) {
    let policy = evaluator.policy();
    let mut case_counts = true;
    let mut of_domain = false;
    let mut subject = |expr: &Expr| {
        let mut expr = expr;
        loop {
            expr = match expr {
                Expr::Define(define) => match &policy.defines[*define].body {
                    Body::Value(value, _) => value,
                    Body::Condition(_) => return,
                },
                Expr::Lowercase(inner) => {
                    case_counts = false;
                    inner
                }
                Expr::DomainOf(inner) => {
                    of_domain = true;
                    inner
                }
                _ => return,
            }
        }
    };
    let mut wholes: Vec<&Value> = Vec::new();
    let mut pieces: &[String] = &[];
    let mut word = false;
    match &test.kind {
        CondKind::Compare { left, right, .. } => {
            for side in [left, right] {
                subject(side);
                if let Expr::Const(value) = side {
                    wholes.push(value);
                }
            }
        }
        CondKind::In { value, set } => {
            subject(value);
            wholes.extend(&policy.sets[*set].values);
        }
        CondKind::Text { test, value, needles, list: _ } => {
            subject(value);
            pieces = needles;
            word = *test == TextTest::ContainsWord;
        }
        CondKind::Known(value) => subject(value),
        _ => {}
    }
    if !of_domain && matches!(test.kind, CondKind::Known(_)) {
        return;
    }
    let asked = if of_domain { domain } else { text };
    asked.cases.insert(case_counts);
    asked.wholes.extend(wholes.into_iter().filter_map(|value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }));
    asked.pieces.extend(pieces.iter().cloned());
    asked.searches += usize::from(!pieces.is_empty());
    asked.words |= word;
}

impl Asked {
    /// All texts of what is looked for and what is strange.
    fn candidates(&self) -> Vec<String> {
        let gaps: &[&str] = if self.words { &["z", "~", "z~", "~z"] } else { &[LETTER] };
        let mut texts: Vec<String> = self.wholes.iter().cloned().collect();
        let mut longest = BTreeSet::from([String::new()]);
        for _ in 0..=self.searches.min(3) {
            for start in &longest {
                texts.push(start.clone());
                texts.extend(gaps.iter().map(|gap| format!("{start}{gap}")));
            }
            longest =
                longest.iter().flat_map(|start| self.pieces.iter().flat_map(|p| appended(start, p, gaps))).collect();
        }
        texts
    }
}

/// A piece behind a text: across its end, right behind it, or apart from it.
fn appended(text: &str, piece: &str, gaps: &[&str]) -> Vec<String> {
    let across = piece.char_indices().map(|(at, _)| piece.split_at(at)).filter(|(head, _)| text.ends_with(head));
    let across = across.map(|(_, tail)| format!("{text}{tail}"));
    across.chain(gaps.iter().map(|gap| format!("{text}{gap}{piece}"))).collect()
}
