//! How a column of texts is read: what is asked of a text is put together from what is asked of it piece by piece.
//!
//! There are too many texts for a table of classes. A text is looked at in three ways, as it is, in lower case, and its domain; each of
//! them is compared with constants, whose answers are known beforehand, or searched for pieces.

use std::collections::BTreeMap;

use super::cells::{self, EMPTY, Lexicon, Texts, View};
use super::plan::Place;
use super::questions::{Answers, Ask, Column};
use crate::eval::{Evaluator, domain_of};
use crate::ir::{CompareOp, Cond, CondKind, Expr, TextTest};
use crate::types::{Number, Value};

/// A question of a text, with how it looks at it.
enum Looked<'q> {
    /// Compared with constants.
    Constants(View, Vec<&'q str>),
    /// Searched for pieces.
    Pieces(View, TextTest, &'q [String]),
}

/// How the texts of a column are read; none when something else is asked of them than to be some text or to hold one.
pub(super) fn texts(
    evaluator: &Evaluator<'_>,
    scale: &Number,
    column: &Column<'_>,
    place: &Place,
    required: bool,
) -> Option<Texts> {
    let policy = evaluator.policy();
    let field = &policy.fields[column.field()?];
    let answers =
        |value: Option<&str>| column.answers(evaluator, scale, &[value.map(|text| Value::Text(text.to_owned()))]);
    // The answers of some questions only.
    let only = |answers: Option<Answers>, wanted: &dyn Fn(usize) -> bool| {
        let mut answers = answers?;
        answers.bits.iter_mut().enumerate().for_each(|(at, bit)| *bit &= wanted(at));
        Some(place.pattern(Some(&answers)))
    };
    let mut by_view: BTreeMap<View, (Vec<usize>, Vec<&str>)> = BTreeMap::new();
    let mut pieces = Vec::new();
    for (at, (_, ask)) in column.questions.iter().enumerate() {
        let (Ask::True(cond) | Ask::False(cond)) = ask else { return None };
        match looked(evaluator, cond)? {
            Looked::Constants(view, texts) => {
                let (questions, constants) = by_view.entry(view).or_default();
                questions.push(at);
                constants.extend(texts);
            }
            Looked::Pieces(view, test, needles) => {
                let yes = matches!(ask, Ask::True(_));
                let bit = Answers {
                    bits: (0..column.questions.len()).map(|other| other == at).collect(),
                    amounts: Vec::new(),
                };
                let (set, clear) = (place.pattern(Some(&bit)), vec![0; place.span]);
                let (hit, miss) = if yes { (set, clear.clone()) } else { (clear.clone(), set) };
                pieces.push(cells::Pieces { view, test, needles: needles.to_vec(), hit, miss, none: clear });
            }
        }
    }
    let mut constants = Vec::new();
    for (view, (questions, mut texts)) in by_view {
        texts.sort_unstable();
        texts.dedup();
        let shown = |text: &str| match view {
            View::Plain | View::Lower => text.to_owned(),
            View::Domain => format!("x@{text}"),
        };
        // A text that no view of any text is can be left out.
        texts.retain(|text| match view {
            View::Plain => text.trim() == *text && !text.is_empty(),
            View::Lower => text.to_lowercase() == *text && text.trim() == *text && !text.is_empty(),
            View::Domain => domain_of(&Value::Text(shown(text))) == Some(Value::Text((*text).to_owned())),
        });
        let wanted = |at: usize| questions.contains(&at);
        let pattern = |text: &str| only(answers(Some(&shown(text))), &wanted);
        // A text that is none of them.
        let mut other = "x".to_owned();
        while texts.contains(&other.as_str()) {
            other.push('x');
        }
        let patterns = texts.iter().map(|text| pattern(text)).collect::<Option<Vec<Vec<u64>>>>()?;
        if patterns.len() >= usize::from(cells::UNSURE) {
            return None;
        }
        let lexicon = Lexicon::new(texts.iter().copied().zip(0..));
        let none = only(answers(Some("x")), &wanted)?;
        constants.push(cells::Constants { view, lexicon, patterns, other: pattern(&other)?, none });
    }
    let blank_view = if field.cell.ignoring_case { View::Lower } else { View::Plain };
    let blanks: Vec<String> = field
        .cell
        .blanks
        .iter()
        .map(|blank| blank.trim())
        .filter(|blank| !blank.is_empty())
        .map(|blank| if field.cell.ignoring_case { blank.to_lowercase() } else { blank.to_owned() })
        .collect();
    let mut blanks: Vec<&str> = blanks.iter().map(String::as_str).collect();
    blanks.sort_unstable();
    blanks.dedup();
    let blanks = (!blanks.is_empty()).then(|| (blank_view, Lexicon::new(blanks.iter().map(|blank| (*blank, EMPTY)))));
    let empty = if required { None } else { answers(None) };
    Some(Texts { blanks, constants, pieces, empty: place.pattern(empty.as_ref()) })
}

fn looked<'q>(evaluator: &Evaluator<'q>, cond: &'q Cond) -> Option<Looked<'q>> {
    let policy = evaluator.policy();
    match &cond.kind {
        CondKind::Compare { op: CompareOp::Eq | CompareOp::Ne, left, right } => {
            let (looked_at, constant) = match (view(evaluator, left), view(evaluator, right)) {
                (Some(view), None) => (view, right),
                (None, Some(view)) => (view, left),
                (Some(_), Some(_)) | (None, None) => return None,
            };
            let Expr::Const(Value::Text(text)) = constant else { return None };
            Some(Looked::Constants(looked_at, vec![text]))
        }
        CondKind::In { value, set } => {
            let values = policy.sets[*set].values.iter();
            let texts =
                values.filter_map(|value| if let Value::Text(text) = value { Some(text.as_str()) } else { None });
            Some(Looked::Constants(view(evaluator, value)?, texts.collect()))
        }
        CondKind::Known(value) => match view(evaluator, value)? {
            View::Lower => None,
            view @ (View::Plain | View::Domain) => Some(Looked::Constants(view, Vec::new())),
        },
        CondKind::Text { test, value, needles, list: _ } => {
            Some(Looked::Pieces(view(evaluator, value)?, *test, needles))
        }
        CondKind::Const(_)
        | CondKind::Compare { .. }
        | CondKind::Between { .. }
        | CondKind::Has { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => None,
    }
}

/// How an expression looks at the column's field.
fn view(evaluator: &Evaluator<'_>, expr: &Expr) -> Option<View> {
    match evaluator.policy().behind_names(expr) {
        Expr::Field(_) => Some(View::Plain),
        Expr::Lowercase(inner) => match view(evaluator, inner)? {
            View::Plain | View::Lower => Some(View::Lower),
            View::Domain => Some(View::Domain),
        },
        Expr::DomainOf(inner) => match view(evaluator, inner)? {
            View::Plain | View::Lower => Some(View::Domain),
            View::Domain => None,
        },
        Expr::Define(_)
        | Expr::Const(_)
        | Expr::Score(_)
        | Expr::Grade(_)
        | Expr::Stage
        | Expr::AsOf(_)
        | Expr::AsOfDay(_)
        | Expr::DayOf(_)
        | Expr::Negative(_)
        | Expr::Arithmetic(..) => None,
    }
}
