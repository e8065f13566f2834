//! The lines of a score: points, conditions and labels below each other.

use super::align::{self, pad};
use super::doc::{Doc, WIDTH, width};
use super::{expr, notes, words};
use crate::syntax::ast::{Noted, ScoreLine};

/// Where a line starts.
const INDENT: usize = 2;
/// The columns between the longest line of a score and the labels.
const LABEL_GAP: usize = 4;
/// A line longer than this does not push the labels of the others away.
const LONGEST_LINE: usize = 64;

/// The lines of a score.
pub(super) fn lines(lines: &[Noted<ScoreLine>]) -> Doc {
    let points = align::columns(lines, WIDTH, |_, line| match line {
        ScoreLine::Points { .. } => width(&sum(line)),
        ScoreLine::Score { .. } => 0,
    });
    let points_of = |i: usize| points.get(i).copied().unwrap_or(0);
    let labels = align::columns(lines, LONGEST_LINE, |i, line| {
        label(line).and(one_line(&term(line, points_of(i)))).map_or(0, |text| width(&text))
    });
    notes::block(lines, |i, line| {
        let term = term(line, points_of(i));
        match label(line) {
            None => term,
            Some(label) => labelled(term, &label, labels.get(i).copied().unwrap_or(0)),
        }
    })
}

/// A term with its label: in the column of labels, right after the term, or on a line of its own, as there is room.
fn labelled(term: Doc, label: &str, column: usize) -> Doc {
    let fits = |text: &str| INDENT + width(text) + width(label) <= WIDTH;
    match one_line(&term) {
        Some(text) if fits(&pad(&text, column, LABEL_GAP)) => {
            Doc::Concat(vec![term, pad(&text, column, LABEL_GAP).split_off(text.len()).into(), label.into()])
        }
        Some(text) if fits(&pad(&text, 0, 1)) => Doc::Concat(vec![term, Doc::from(" "), label.into()]),
        Some(_) | None => Doc::Concat(vec![term, Doc::Concat(vec![Doc::Fresh, label.into()]).nest(4)]),
    }
}

/// The text of a term that needs one line only.
fn one_line(term: &Doc) -> Option<String> {
    Some(term.render(INDENT)).filter(|text| !text.contains('\n'))
}

/// `+40` or `+interest`.
fn sum(line: &ScoreLine) -> String {
    let (negative, what) = match line {
        ScoreLine::Points { negative, points, .. } => (negative, &points.text),
        ScoreLine::Score { negative, name, .. } => (negative, &name.text),
    };
    format!("{}{what}", if *negative { '-' } else { '+' })
}

/// `as "..."`.
fn label(line: &ScoreLine) -> Option<String> {
    let (ScoreLine::Points { label, .. } | ScoreLine::Score { label, .. }) = line;
    label.as_ref().map(|label| format!("as {}", words::quoted(&label.value)))
}

/// A line without its label.
fn term(line: &ScoreLine, points: usize) -> Doc {
    match line {
        ScoreLine::Score { .. } => sum(line).into(),
        ScoreLine::Points { per, when, at_most, .. } => {
            let mut clauses = Vec::new();
            if let Some((amount, counted)) = per {
                let amount = amount.as_ref().map_or_else(String::new, |l| format!(" {}", words::literal(&l.kind)));
                clauses.push(expr::sentence(format!("for each{amount}"), counted, 0));
            }
            if let Some(condition) = when {
                clauses.push(expr::sentence("when", condition, 0));
            }
            let points = if clauses.is_empty() { sum(line) } else { pad(&sum(line), points, 0) };
            let mut docs = vec![Doc::Text(points)];
            docs.extend(clauses.into_iter().flat_map(|clause| [Doc::from(" "), clause]));
            if let Some(most) = at_most {
                let most = Doc::Text(format!(", at most {}", most.text));
                let last = docs.last().and_then(Doc::last);
                // A comment behind the last condition stays there.
                docs.push(match last {
                    Some(Doc::Comment(_)) => Doc::Concat(vec![Doc::Fresh, most]).nest(4),
                    Some(_) | None => most,
                });
            }
            Doc::Concat(docs)
        }
    }
}
