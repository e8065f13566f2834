//! What is asked of a lead's columns: questions whose answer is one bit, and amounts that are whole numbers.
//!
//! A question is whatever part of a policy reads the columns that it is filed under and nothing else. Its answer is worked out by the
//! scalar evaluator on a lead that holds just these columns, so that there is no second meaning of anything.

use std::collections::HashMap;

use crate::eval::{Evaluator, Session};
use crate::ir::{Cond, Expr, FieldId, Id, Lead, ScoreLine, print};
use crate::types::{Number, Truth, Value};

/// A question with a yes or a no.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ask<'p> {
    /// Is the condition surely true?
    True(&'p Cond),
    /// Is it surely false?
    False(&'p Cond),
    /// Is the value missing?
    Absent(&'p Expr),
}

/// Fields that are asked about together, and what is asked.
#[derive(Debug, Default)]
pub(super) struct Column<'p> {
    /// The fields; most columns have one.
    pub(super) fields: Vec<FieldId>,
    /// The questions, each with its position among the questions of all columns.
    pub(super) questions: Vec<(usize, Ask<'p>)>,
    /// The amounts, each with its position among the amounts of all columns: what these lines of scores add, in units.
    pub(super) amounts: Vec<(usize, Vec<ScoreLine>)>,
}

/// All columns, with what is asked of them.
#[derive(Debug, Default)]
pub(super) struct Columns<'p> {
    all: Vec<Column<'p>>,
    by_fields: HashMap<Vec<FieldId>, usize>,
    asked: HashMap<String, usize>,
    amounts: usize,
    questions: usize,
}

impl<'p> Columns<'p> {
    /// A column for each field, so that each is read and checked even when nothing is asked of it.
    pub(super) fn new(evaluator: &Evaluator<'p>) -> Columns<'p> {
        let mut columns = Columns::default();
        for (id, _) in evaluator.policy().fields.iter() {
            columns.column(&[id]);
        }
        columns
    }

    pub(super) fn into_all(self) -> Vec<Column<'p>> {
        self.all
    }

    /// How many questions there are.
    pub(super) fn questions(&self) -> usize {
        self.questions
    }

    /// How many amounts there are.
    pub(super) fn amounts(&self) -> usize {
        self.amounts
    }

    #[allow(clippy::indexing_slicing, reason = "`by_fields` holds positions in `all`, which only grows")]
    fn column(&mut self, fields: &[FieldId]) -> &mut Column<'p> {
        let next = self.all.len();
        let place = *self.by_fields.entry(fields.to_vec()).or_insert(next);
        if place == next {
            self.all.push(Column { fields: fields.to_vec(), ..Column::default() });
        }
        &mut self.all[place]
    }

    /// The position of a question about some fields.
    pub(super) fn ask(&mut self, evaluator: &Evaluator<'p>, fields: &[FieldId], ask: Ask<'p>) -> usize {
        let policy = evaluator.policy();
        let text = match ask {
            Ask::True(cond) => format!("true {}", print::condition(policy, cond)),
            Ask::False(cond) => format!("false {}", print::condition(policy, cond)),
            Ask::Absent(expr) => format!("absent {}", print::value(policy, expr)),
        };
        if let Some(known) = self.asked.get(&text) {
            return *known;
        }
        let position = self.questions;
        self.questions += 1;
        self.asked.insert(text, position);
        self.column(fields).questions.push((position, ask));
        position
    }

    /// The position of what some lines add, which read these fields only.
    pub(super) fn add(&mut self, fields: &[FieldId], lines: Vec<ScoreLine>) -> usize {
        let position = self.amounts;
        self.amounts += 1;
        self.column(fields).amounts.push((position, lines));
        position
    }
}

impl<'p> Ask<'p> {
    /// The answer for a lead that holds the fields of its column.
    pub(super) fn answer(&self, session: &Session<'_>) -> bool {
        match self {
            Ask::True(cond) => session.truth(cond) == Truth::True,
            Ask::False(cond) => session.truth(cond) == Truth::False,
            Ask::Absent(expr) => session.value(expr).is_none(),
        }
    }
}

/// The answers of a column: a bit for each of its questions, in order, and its amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answers {
    pub(super) bits: Vec<bool>,
    pub(super) amounts: Vec<i128>,
}

impl Column<'_> {
    /// The answers when its fields hold these values. None when an amount is beyond all bounds.
    pub(super) fn answers(
        &self,
        evaluator: &Evaluator<'_>,
        scale: &Number,
        values: &[Option<Value>],
    ) -> Option<Answers> {
        let mut lead = Lead::empty(evaluator.policy());
        self.fields.iter().zip(values).for_each(|(field, value)| lead.set(*field, value.clone()));
        let session = evaluator.on(&lead);
        let bits = self.questions.iter().map(|(_, ask)| ask.answer(&session)).collect();
        let amounts = self.amounts.iter().map(|(_, lines)| amount(&session, scale, lines));
        Some(Answers { bits, amounts: amounts.collect::<Option<Vec<i128>>>()? })
    }

    /// Whether nothing is asked.
    pub(super) fn is_idle(&self) -> bool {
        self.questions.is_empty() && self.amounts.is_empty()
    }

    /// The only field; none for a column of several.
    pub(super) fn field(&self) -> Option<FieldId> {
        match self.fields.as_slice() {
            [field] => Some(*field),
            _ => None,
        }
    }
}

/// What some lines add together, in units of which a point has `scale`.
fn amount(session: &Session<'_>, scale: &Number, lines: &[ScoreLine]) -> Option<i128> {
    let mut sum = 0i64;
    for line in lines {
        sum = sum.checked_add((&session.line(line).points * scale).to_i64()?)?;
    }
    Some(i128::from(sum))
}

/// The positions of fields, for a key.
pub(super) fn sorted(fields: impl IntoIterator<Item = FieldId>) -> Vec<FieldId> {
    let mut fields: Vec<FieldId> = fields.into_iter().collect();
    fields.sort_unstable_by_key(|field| field.position());
    fields.dedup();
    fields
}
