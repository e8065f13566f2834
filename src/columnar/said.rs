//! What is said of a lead beside its decision, put together from its cells: the fast way to what [`Compact`] says.

use std::collections::BTreeSet;

use super::batch::{Batch, Rows};
use super::circuit::{Gate, SumId};
use super::digits::push_whole;
use super::program::TotalPlace;
use crate::explain::{BETWEEN, Compact, HIDDEN, Piece, UNKNOWN};
use crate::ir::{FieldId, Policy, ScoreId};
use crate::leads::RowReader;
use crate::types::{Number, Type, Value};

/// What has to be worked out of each lead besides the rule that decides it.
#[derive(Debug, Default)]
pub(super) struct Taps {
    /// For each condition of the rule that an `otherwise` is explained by, whether it is surely true, and surely false.
    pub(super) obstacles: Vec<[Gate; 2]>,
    /// The labels of grades and the stage: for each of them whether the lead has it.
    pub(super) labels: Vec<(Piece, Vec<Gate>)>,
    /// The totals of scores: the sum, and the range that it is cut to.
    pub(super) totals: Vec<(ScoreId, SumId, Option<i128>, Option<i128>)>,
}

/// Where the answers to taps are among the further results of a program.
#[derive(Debug, Default)]
pub(super) struct Tapped {
    /// The labels, and where the results of each begin.
    pub(super) labels: Vec<(Piece, Vec<String>, usize)>,
    /// The totals of scores.
    pub(super) totals: Vec<(ScoreId, TotalPlace)>,
    /// How many units a point has.
    pub(super) scale: i64,
    /// Whether there are conditions of the rule that an `otherwise` is explained by; they come first.
    pub(super) obstacles: bool,
}

impl Tapped {
    /// Whether nothing is worked out besides.
    pub(super) fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.totals.is_empty() && !self.obstacles
    }
}

/// The grades, stages and scores that are said.
pub(super) fn said(compact: &Compact<'_>) -> BTreeSet<Piece> {
    let obstacles = compact.missed.iter().flat_map(|(_, obstacles)| obstacles);
    let pieces = compact.rules.iter().chain(obstacles.flat_map(|o| [&o.fails, &o.open]));
    let derived = |piece: &&Piece| matches!(piece, Piece::Score(_) | Piece::Grade(_) | Piece::Stage);
    pieces.flatten().filter(derived).cloned().collect()
}

/// The labels that a piece can be.
pub(super) fn labels(policy: &Policy, piece: &Piece) -> Vec<String> {
    match piece {
        Piece::Grade(grade) => policy.grades[*grade].scale.values.clone(),
        Piece::Stage => policy.stage_scale().values,
        Piece::Text(_) | Piece::Field(_) | Piece::Score(_) => Vec::new(),
    }
}

/// How the cell of a field is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// Not at all.
    Hidden,
    /// As it stands there.
    Plain,
    /// As a number without superfluous zeros.
    Number,
    /// As a day.
    Day,
    /// As yes or no.
    YesNo,
    /// As it is once it has been read.
    Read,
}

/// Says why leads have their decision.
#[derive(Debug)]
pub(super) struct Sayer<'p> {
    compact: &'p Compact<'p>,
    fields: Vec<(How, String)>,
}

impl<'p> Sayer<'p> {
    pub(super) fn new(policy: &'p Policy, compact: &'p Compact<'p>) -> Sayer<'p> {
        let field = |(id, field): (FieldId, &crate::ir::Field)| {
            let cell = &field.cell;
            let simple = cell.blanks.is_empty() && cell.blank_numbers.is_empty() && cell.written.is_none();
            let how = match &field.ty {
                _ if compact.hides(id) => How::Hidden,
                // A cell that cannot be read is not said.
                _ if field.else_missing => How::Read,
                Type::Text if simple => How::Plain,
                Type::Choice(_) if simple && cell.aliases.is_empty() && !cell.ignoring_case => How::Plain,
                Type::Number | Type::WholeNumber | Type::Money(_) if simple => How::Number,
                Type::Date if simple => How::Day,
                Type::YesNo if simple => How::YesNo,
                Type::Text
                | Type::Choice(_)
                | Type::Number
                | Type::WholeNumber
                | Type::Money(_)
                | Type::Date
                | Type::Percent
                | Type::YesNo
                | Type::DateTime
                | Type::Set(_) => How::Read,
            };
            let missing = field.default.as_ref().map_or(UNKNOWN.to_owned(), |value| compact.value(id, value));
            (how, missing)
        };
        Sayer { compact, fields: policy.fields.iter().map(field).collect() }
    }

    /// Adds what is said of a row that a rule decides.
    pub(super) fn say(
        &self,
        reader: &RowReader<'_>,
        batch: &Batch<'_, '_>,
        rows: &impl Rows,
        (at, rule): (usize, usize),
        out: &mut String,
    ) {
        if let Some(pieces) = self.compact.rules.get(rule) {
            self.pieces(reader, batch, rows, at, pieces, out);
            return;
        }
        let Some((head, obstacles)) = &self.compact.missed else { return };
        let mut between = head.as_str();
        for (place, obstacle) in obstacles.iter().enumerate() {
            let pieces = match (batch.more(2 * place, at), batch.more(2 * place + 1, at)) {
                (true, _) => continue,
                (false, true) => &obstacle.fails,
                (false, false) => &obstacle.open,
            };
            out.push_str(between);
            between = BETWEEN;
            self.pieces(reader, batch, rows, at, pieces, out);
        }
    }

    fn pieces(
        &self,
        reader: &RowReader<'_>,
        batch: &Batch<'_, '_>,
        rows: &impl Rows,
        at: usize,
        pieces: &[Piece],
        out: &mut String,
    ) {
        for piece in pieces {
            match piece {
                Piece::Text(words) => out.push_str(words),
                Piece::Field(field) => self.field(reader, rows, *field, at, out),
                Piece::Score(score) => {
                    if let Some((units, scale)) = batch.total(*score, at) {
                        match i64::try_from(units) {
                            Ok(units) if scale == 1 => push_whole(out, units),
                            Ok(_) | Err(_) => {
                                let points = Number::whole(units).checked_div(&Number::from(scale));
                                out.push_str(&points.map_or_else(String::new, |points| points.to_string()));
                            }
                        }
                    }
                }
                Piece::Grade(_) | Piece::Stage => out.push_str(batch.label(piece, at)),
            }
        }
    }

    /// Adds the value of a field.
    fn field(&self, reader: &RowReader<'_>, rows: &impl Rows, field: FieldId, at: usize, out: &mut String) {
        let Some((how, missing)) = self.fields.get(field.0 as usize) else { return };
        if *how == How::Hidden {
            out.push_str(HIDDEN);
            return;
        }
        let said = rows.plain(field, at).and_then(|text| match how {
            How::Plain => Some(text),
            How::Number => shortest(text),
            How::Day => Some(text).filter(|text| text.len() == 10),
            How::YesNo if matches!(text, "yes" | "true") => Some("yes"),
            How::YesNo if matches!(text, "no" | "false") => Some("no"),
            How::YesNo | How::Read | How::Hidden => None,
        });
        if let Some(said) = said {
            out.push_str(said);
            return;
        }
        let mut room = String::new();
        let value: Option<Value> = reader.read(field, &rows.cell(field, at, &mut room));
        match value {
            Some(value) => out.push_str(&self.compact.value(field, &value)),
            None => out.push_str(missing),
        }
    }
}

/// A plain decimal as numbers are written here; none when it takes more than leaving out zeros at its end.
fn shortest(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let point = digits.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    let is_usual = match digits.as_bytes() {
        [b'0', ..] => point == 1 && text.len() == digits.len(),
        [b'1'..=b'9', ..] => true,
        _ => false,
    };
    if !is_usual {
        return None;
    }
    match digits.as_bytes().get(point..) {
        None | Some([]) => Some(text),
        Some([b'.', fraction @ ..]) if fraction.iter().all(u8::is_ascii_digit) => {
            Some(if fraction.last().is_some_and(|last| *last != b'0') {
                text
            } else {
                text.trim_end_matches('0').trim_end_matches('.')
            })
        }
        Some(_) => None,
    }
}
