//! What is said of a lead beside its decision, put together from its cells: the fast way to what [`Compact`] says.

use std::collections::BTreeSet;

use super::batch::{Batch, Rows};
use super::circuit::{Gate, SumId};
use super::digits::whole;
use super::program::TotalPlace;
use crate::explain::{BETWEEN, Compact, HIDDEN, Piece, UNKNOWN};
use crate::ir::{Field, FieldId, Id, Policy, ScoreId};
use crate::leads::{RowReader, RowWriter, Wide};
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
    /// As it stands there.
    Plain,
    /// As it stands there, which is one of a few texts that need no quotes.
    Choice,
    /// As a number without superfluous zeros.
    Number,
    /// As a day.
    Day,
    /// As yes or no.
    YesNo,
    /// As it is once it has been read.
    Read,
}

/// A text that is the same for every lead, and what stands behind it.
#[derive(Debug)]
struct Step {
    text: String,
    /// The text as it is, and as it stands between quotes.
    wide: [Wide; 2],
    /// Whether it needs no quotes.
    is_bare: bool,
    /// Whether there is no formula in it, by whatever it may be divided.
    is_tame: bool,
    then: Then,
}

/// What differs from lead to lead.
#[derive(Debug)]
enum Then {
    Nothing,
    /// The value of a field.
    Field(How, FieldId),
    /// The total of a score.
    Score(ScoreId),
    /// The label of a grade, or the stage.
    Label(Piece),
}

/// What is said, ready to be written.
#[derive(Debug)]
struct Words {
    steps: Vec<Step>,
    /// Whether none of its texts needs quotes.
    is_bare: bool,
}

/// What is said of the leads of the `otherwise`: what stands first, and of each condition what is said when it is false, and when it is unknown.
#[derive(Debug)]
struct Missed {
    head: Words,
    obstacles: Vec<[Words; 2]>,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As it is.
    AsIs,
    /// As it is, as long as nothing in it needs quotes.
    Bare,
    /// Between quotes; those in the policy's own texts are written twice.
    Quoted,
}

/// Why a text cannot be written in some way.
enum Not {
    /// What the policy says needs quotes.
    Bare,
    /// It has to be looked at as a whole.
    Apart,
}

/// A lead of which something is said: its row among some, and the rule that decides it.
pub(super) struct Lead<'l, 'r, 'p, 'e, R> {
    pub(super) reader: &'l RowReader<'r>,
    pub(super) batch: &'l Batch<'p, 'e>,
    pub(super) rows: &'l R,
    pub(super) at: usize,
    pub(super) rule: usize,
}

/// Says why leads have their decision.
#[derive(Debug)]
pub(super) struct Sayer<'p> {
    compact: &'p Compact<'p>,
    /// For each field what is said where it is missing.
    missing: Vec<String>,
    rules: Vec<Words>,
    missed: Option<Missed>,
    between: Step,
}

impl<'p> Sayer<'p> {
    /// Prepares what is said of leads in the rows of a writer.
    pub(super) fn new(policy: &'p Policy, compact: &'p Compact<'p>, writer: &RowWriter) -> Sayer<'p> {
        let missing = |(id, field): (FieldId, &Field)| {
            field.default.as_ref().map_or(UNKNOWN.to_owned(), |value| compact.value(id, value))
        };
        let words = |pieces: &[Piece]| Words::new(pieces, policy, compact, writer);
        let missed = compact.missed.as_ref().map(|(head, obstacles)| {
            let head = words(&[Piece::Text(head.clone())]);
            let obstacles = obstacles.iter().map(|obstacle| [words(&obstacle.fails), words(&obstacle.open)]);
            Missed { head, obstacles: obstacles.collect() }
        });
        Sayer {
            compact,
            missing: policy.fields.iter().map(missing).collect(),
            rules: compact.rules.iter().map(|pieces| words(pieces)).collect(),
            missed,
            between: Step::new(BETWEEN.to_owned(), Then::Nothing, writer),
        }
    }

    /// Adds what is said of a lead to its row, which [`RowWriter::push`] has begun, and ends the row; `room` is for what has to be put together first.
    pub(super) fn say<R: Rows>(
        &self,
        lead: &Lead<'_, '_, '_, '_, R>,
        writer: &RowWriter,
        room: &mut Vec<u8>,
        out: &mut Vec<u8>,
    ) {
        let first = self.rules.get(lead.rule).or(self.missed.as_ref().map(|missed| &missed.head));
        // What begins with a letter is no formula, whatever follows.
        let begins = |words: &&Words| {
            words.steps.first().is_some_and(|step| step.text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic))
        };
        if let Some(first) = first.filter(|first| writer.has_quotes() && begins(first)) {
            let start = out.len();
            let mut said = if first.is_bare { self.put(lead, writer, Way::Bare, out) } else { Err(Not::Bare) };
            if let Err(Not::Bare) = said {
                out.truncate(start);
                out.push(b'"');
                said = self.put(lead, writer, Way::Quoted, out);
                out.push(b'"');
            }
            if said.is_ok() {
                writer.push_end(out, lead.rule);
                return;
            }
            out.truncate(start);
        }
        room.clear();
        let _ = self.put(lead, writer, Way::AsIs, room);
        writer.push_more(out, lead.rule, std::str::from_utf8(room).unwrap_or_default());
    }

    fn put<R: Rows>(
        &self,
        lead: &Lead<'_, '_, '_, '_, R>,
        writer: &RowWriter,
        way: Way,
        out: &mut Vec<u8>,
    ) -> Result<(), Not> {
        let mut put = |step: &Step| self.step(lead, writer, way, step, out);
        if let Some(words) = self.rules.get(lead.rule) {
            return words.steps.iter().try_for_each(put);
        }
        let Some(Missed { head, obstacles, .. }) = &self.missed else { return Ok(()) };
        head.steps.iter().try_for_each(&mut put)?;
        let mut is_first = true;
        for (place, [fails, open]) in obstacles.iter().enumerate() {
            let words = match (lead.batch.more(2 * place, lead.at), lead.batch.more(2 * place + 1, lead.at)) {
                (true, _) => continue,
                (false, true) => fails,
                (false, false) => open,
            };
            if !std::mem::take(&mut is_first) {
                put(&self.between)?;
            }
            words.steps.iter().try_for_each(&mut put)?;
        }
        Ok(())
    }

    #[inline(always)]
    fn step<R: Rows>(
        &self,
        lead: &Lead<'_, '_, '_, '_, R>,
        writer: &RowWriter,
        way: Way,
        step: &Step,
        out: &mut Vec<u8>,
    ) -> Result<(), Not> {
        match way {
            Way::Bare | Way::Quoted if !step.is_tame => return Err(Not::Apart),
            Way::Bare if !step.is_bare => return Err(Not::Bare),
            Way::AsIs | Way::Bare | Way::Quoted => {}
        }
        let [bare, quoted] = &step.wide;
        if way == Way::Quoted { quoted } else { bare }.push(out);
        match &step.then {
            Then::Nothing => Ok(()),
            Then::Field(how, field) => self.field(lead, writer, (*how, *field), way, out),
            Then::Score(score) => {
                let Some((units, scale)) = lead.batch.total(*score, lead.at) else { return Ok(()) };
                match i64::try_from(units) {
                    Ok(units) if scale == 1 => out.extend_from_slice(whole(units, &mut [0; 20]).as_bytes()),
                    Ok(_) | Err(_) => {
                        let points = Number::whole(units).checked_div(&Number::from(scale));
                        out.extend_from_slice(points.map_or_else(String::new, |points| points.to_string()).as_bytes());
                    }
                }
                Ok(())
            }
            Then::Label(piece) => value(lead.batch.label(piece, lead.at), writer, way, out),
        }
    }

    /// Adds the value of a field.
    #[inline(always)]
    fn field<R: Rows>(
        &self,
        lead: &Lead<'_, '_, '_, '_, R>,
        writer: &RowWriter,
        (how, field): (How, FieldId),
        way: Way,
        out: &mut Vec<u8>,
    ) -> Result<(), Not> {
        if let Some(text) = lead.rows.plain(field, lead.at) {
            let known = match how {
                How::Plain => return value(text, writer, way, out),
                How::Day if text.len() == 10 => return value(text, writer, way, out),
                How::Choice => Some(text),
                How::Number => shortest(text),
                How::YesNo if matches!(text, "yes" | "true") => Some("yes"),
                How::YesNo if matches!(text, "no" | "false") => Some("no"),
                How::Day | How::YesNo | How::Read => None,
            };
            // There is nothing in it to quote.
            if let Some(known) = known {
                out.extend_from_slice(known.as_bytes());
                return Ok(());
            }
        }
        let mut room = String::new();
        let read: Option<Value> = lead.reader.read(field, &lead.rows.cell(field, lead.at, &mut room));
        match read {
            Some(read) => value(&self.compact.value(field, &read), writer, way, out),
            None => value(self.missing.get(field.position()).map_or(UNKNOWN, String::as_str), writer, way, out),
        }
    }
}

/// Adds a value.
#[inline(always)]
fn value(text: &str, writer: &RowWriter, way: Way, out: &mut Vec<u8>) -> Result<(), Not> {
    match way {
        Way::Bare | Way::Quoted if !writer.is_bare(text) => return Err(Not::Apart),
        Way::AsIs | Way::Bare | Way::Quoted => out.extend_from_slice(text.as_bytes()),
    }
    Ok(())
}

impl Step {
    fn new(text: String, then: Then, writer: &RowWriter) -> Step {
        let quoted = text.replace('"', "\"\"");
        let wide = [&text, &quoted].map(|text| Wide::new(text.as_bytes()));
        Step { is_bare: writer.needs_no_quotes(&text), is_tame: writer.is_tame(&text), text, wide, then }
    }
}

impl Words {
    /// Makes pieces ready; texts that stand side by side become one.
    fn new(pieces: &[Piece], policy: &Policy, compact: &Compact<'_>, writer: &RowWriter) -> Words {
        let (mut steps, mut text) = (Vec::new(), String::new());
        for piece in pieces {
            let then = match piece {
                Piece::Text(more) => {
                    text.push_str(more);
                    continue;
                }
                Piece::Field(field) if compact.hides(*field) => {
                    text.push_str(HIDDEN);
                    continue;
                }
                Piece::Field(field) => Then::Field(how(&policy.fields[*field], writer), *field),
                Piece::Score(score) => Then::Score(*score),
                Piece::Grade(_) | Piece::Stage => Then::Label(piece.clone()),
            };
            steps.push(Step::new(std::mem::take(&mut text), then, writer));
        }
        if !text.is_empty() {
            steps.push(Step::new(text, Then::Nothing, writer));
        }
        let is_bare = steps.iter().all(|step| step.is_bare);
        Words { steps, is_bare }
    }
}

/// How the cells of a field that is not hidden are said.
fn how(field: &Field, writer: &RowWriter) -> How {
    let cell = &field.cell;
    let simple = cell.blanks.is_empty() && cell.blank_numbers.is_empty() && cell.written.is_none();
    match &field.ty {
        // A cell that cannot be read is not said.
        _ if field.else_missing => How::Read,
        Type::Text if simple => How::Plain,
        Type::Choice(choices) if simple && cell.aliases.is_empty() && !cell.ignoring_case => {
            let is_known = !choices.other && choices.values.iter().all(|value| writer.is_bare(value));
            if is_known { How::Choice } else { How::Plain }
        }
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
