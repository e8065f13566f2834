//! The reader of leads: raw rows through the schema of a policy.

use std::convert::Infallible;

use jiff::tz::TimeZone;

use crate::diagnostic::{Code, Diagnostic};
use crate::eval::Evaluator;
use crate::ir::{Cond, Field, FieldId, Id, Lead, Policy, print};
use crate::types::{Truth, Value, time_zone};

use super::cell::{CellReader, Flaw};
use super::input::{Input, of_temporary_files};
use super::raw::{RawCell, RawReader, RawRow, RowFault};
use super::unique::Unique;
use super::{Format, Problem, Reject, Row, schema};

/// What is shown of a personal value.
const HIDDEN: &str = "•••";

/// The most of a cell that is repeated in a message.
const QUOTED: usize = 60;

/// Cells of a field that count as missing because they could not be read.
#[derive(Debug, Clone, Copy, Default)]
struct Unread {
    cells: u64,
    first_line: u64,
}

/// For each field, the cells that count as missing because they could not be read.
#[derive(Debug, Clone)]
pub(crate) struct UnreadCells(Vec<Unread>);

impl UnreadCells {
    /// None of any field of a policy.
    pub(crate) fn new(policy: &Policy) -> Self {
        UnreadCells(vec![Unread::default(); policy.fields.len()])
    }

    /// Counts a cell.
    pub(crate) fn count(&mut self, field: FieldId, line: u64) {
        self.join(field, Unread { cells: 1, first_line: line });
    }

    /// Adds what was counted elsewhere.
    pub(crate) fn extend(&mut self, later: &UnreadCells) {
        let later = later.0.iter().enumerate().filter(|(_, unread)| unread.cells > 0);
        later.for_each(|(at, unread)| self.join(FieldId::from_position(at), *unread));
    }

    fn join(&mut self, field: FieldId, later: Unread) {
        if let Some(unread) = self.0.get_mut(field.position()) {
            unread.first_line =
                if unread.cells == 0 { later.first_line } else { unread.first_line.min(later.first_line) };
            unread.cells += later.cells;
        }
    }

    /// What is worth saying about them.
    pub(crate) fn notices(&self, policy: &Policy, by: &str) -> Vec<String> {
        let some = policy.fields.iter().zip(&self.0).filter(|(_, unread)| unread.cells > 0);
        let notice = |((_, field), unread): ((FieldId, &Field), &Unread)| {
            let Unread { cells, first_line } = unread;
            let name = &field.name;
            if *cells == 1 {
                format!("1 cell of `{name}` could not be read and counts as missing, on {by} {first_line}")
            } else {
                format!(
                    "{cells} cells of `{name}` could not be read and count as missing, the first on {by} {first_line}"
                )
            }
        };
        some.map(notice).collect()
    }
}

/// Raw rows to leads: the cells of a row through the schema of a policy.
#[derive(Debug)]
pub(crate) struct RowReader<'e> {
    evaluator: &'e Evaluator<'e>,
    cells: Vec<CellReader<'e>>,
    show_personal: bool,
}

/// The column that each field is read from; none for a JSON key that has not come up yet.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    columns: Vec<Option<usize>>,
    /// How many columns there were when that was worked out.
    known: usize,
}

impl Bound {
    /// Matches the columns of the data with the fields of a policy.
    ///
    /// # Errors
    /// When the columns are known and do not fit the policy.
    pub(crate) fn new(policy: &Policy, raw: &mut RawReader<'_>) -> Result<Self, Vec<Diagnostic>> {
        let columns = if raw.has_header() {
            let columns = schema::bind(policy, raw.columns())?;
            raw.only(&columns);
            columns.into_iter().map(Some).collect()
        } else {
            vec![None; policy.fields.len()]
        };
        Ok(Bound { columns, known: raw.columns().len() })
    }

    /// Matches columns that have come up since.
    pub(crate) fn follow(&mut self, policy: &Policy, columns: &[String]) {
        if columns.len() > self.known {
            schema::bind_keys(policy, &mut self.columns, columns, self.known);
            self.known = columns.len();
        }
    }

    /// The column of a field.
    pub(crate) fn column(&self, field: FieldId) -> Option<usize> {
        self.columns.get(field.position()).copied().flatten()
    }

    /// The notices about fields whose column no lead has had.
    pub(crate) fn unseen(&self, policy: &Policy, columns: &[String]) -> Vec<String> {
        schema::unseen(policy, columns, &self.columns)
    }
}

/// Leads, one after the other, from a stream; memory does not grow with their number.
pub struct Reader<'e> {
    rows: RowReader<'e>,
    raw: RawReader<'e>,
    bound: Bound,
    unread: UnreadCells,
    unique: Option<Unique>,
    count: u64,
    ended: bool,
}

impl<'e> Reader<'e> {
    /// Reads the header (or whatever comes first) and matches columns with fields.
    ///
    /// # Errors
    /// When the columns do not fit the policy, or nothing can be read at all.
    pub fn open(
        evaluator: &'e Evaluator<'e>,
        input: impl Into<Input<'e>>,
        format: Format,
        show_personal: bool,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut raw = RawReader::open(input, format).map_err(|fault| vec![fault])?;
        let bound = Bound::new(evaluator.policy(), &mut raw)?;
        Ok(Reader {
            rows: RowReader::new(evaluator, show_personal),
            bound,
            raw,
            unread: UnreadCells::new(evaluator.policy()),
            unique: None,
            count: 0,
            ended: false,
        })
    }

    /// Also rejects the later rows of a repeated id. What has been seen is remembered on disk.
    ///
    /// # Errors
    /// When the policy has no id field, or no temporary file can be made.
    pub fn unique(self) -> Result<Self, Diagnostic> {
        if self.rows.policy().id_field().is_none() {
            return Err(Diagnostic::new(Code::P0623, "rows cannot be told apart, as the policy has no `id` field")
                .help("say which field names a lead: `lead_number id`"));
        }
        let unique = Unique::new().map_err(disk_fault)?;
        Ok(Reader { unique: Some(unique), ..self })
    }

    /// How many rows have been read, rejected ones included.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.count
    }

    /// What is worth saying about the data so far, and only once: read as Windows-1252, cells counted as missing by
    /// `else missing`, footer lines skipped.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        let policy = self.rows.policy();
        let mut notices = self.raw.notices();
        notices.extend(self.unread.notices(policy, self.raw.counted_by()));
        if self.ended && self.count > 0 {
            notices.extend(self.bound.unseen(policy, self.raw.columns()));
        }
        notices
    }

    /// The next raw row.
    fn next_raw(&mut self) -> Option<Result<RawRow, Diagnostic>> {
        let raw = self.raw.next()?;
        if raw.is_ok() {
            self.count += 1;
            self.bound.follow(self.rows.policy(), self.raw.columns());
        }
        Some(raw)
    }

    /// A raw row as a lead, or everything that is wrong with it.
    fn row(&mut self, raw: &RawRow) -> Result<Row, Diagnostic> {
        let Some(unique) = &mut self.unique else { return Ok(self.rows.row(raw, &self.bound, &mut self.unread)) };
        let by = self.raw.counted_by();
        let mut seen = |id: &str| {
            let first = unique.first_line(id, raw.line).map_err(disk_fault)?;
            Ok(first.map(|line| format!("{by} {line}")))
        };
        self.rows.checked(raw, &self.bound, &mut self.unread, &mut seen)
    }
}

impl<'e> RowReader<'e> {
    /// Prepares the fields of a policy.
    pub(crate) fn new(evaluator: &'e Evaluator<'e>, show_personal: bool) -> Self {
        let policy = evaluator.policy();
        // A policy that checks names a time zone that there is.
        let zone = time_zone(&policy.zone).unwrap_or(TimeZone::UTC);
        let cells = policy.fields.iter().map(|(_, field)| CellReader::new(field, &zone)).collect();
        RowReader { evaluator, cells, show_personal }
    }

    fn policy(&self) -> &'e Policy {
        self.evaluator.policy()
    }

    /// A raw row as a lead, or everything that is wrong with it.
    pub(crate) fn row(&self, raw: &RawRow, bound: &Bound, unread: &mut UnreadCells) -> Row {
        let Ok(row) = self.checked(raw, bound, unread, &mut |_| Ok::<_, Infallible>(None));
        row
    }

    /// The same, where `seen` may say where an id stood before.
    fn checked<E>(
        &self,
        raw: &RawRow,
        bound: &Bound,
        unread: &mut UnreadCells,
        seen: &mut dyn FnMut(&str) -> Result<Option<String>, E>,
    ) -> Result<Row, E> {
        let policy = self.policy();
        if let Some(fault) = &raw.fault {
            let problems = vec![row_problem(fault)];
            return Ok(Row::Rejected(Reject { row: raw.row, name: self.name(raw, bound), problems }));
        }
        let mut lead = Lead::empty(policy);
        let mut problems = Vec::new();
        for (id, field) in policy.fields.iter() {
            let cell = bound.column(id).map_or(RawCell::Missing, |column| raw.cell(column));
            match self.value(id, field, &cell) {
                Ok((value, readable)) => {
                    lead.set(id, value);
                    if !readable {
                        unread.count(id, raw.line);
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
        let id = policy.id_field().and_then(|id| lead.get(id).map(|value| (&policy.fields[id], value)));
        let id = id
            .and_then(|(field, value)| if let Value::Text(text) = value { Some((field, text.clone())) } else { None });
        if let Some((field, text)) = &id
            && let Some(place) = seen(text)?
        {
            let shown = shown(text, self.hides(field));
            let message = format!("`{}` names the lead on {place} already", short(&shown));
            problems.push(Problem {
                code: Code::P0622,
                column: Some(field.column.clone()),
                value: Some(shown),
                message,
            });
        }
        let name = self.name(raw, bound);
        if problems.is_empty() {
            let session = self.evaluator.on(&lead);
            let broken = policy.assumptions.iter().filter(|cond| session.truth(cond) == Truth::False);
            problems.extend(broken.map(|cond| assumption(policy, cond)));
        }
        Ok(if problems.is_empty() {
            Row::Lead { row: raw.row, name, lead }
        } else {
            Row::Rejected(Reject { row: raw.row, name, problems })
        })
    }

    /// What a row is called: its id, also where it has too few cells or too many; else its line.
    pub(crate) fn name(&self, raw: &RawRow, bound: &Bound) -> String {
        let readable = matches!(raw.fault, None | Some(RowFault::Width { .. }));
        self.id_cell(raw, bound).filter(|_| readable).unwrap_or_else(|| raw.line.to_string())
    }

    /// What stands in the column of the id, unless it is not to be shown.
    fn id_cell(&self, raw: &RawRow, bound: &Bound) -> Option<String> {
        let policy = self.policy();
        let id = policy.id_field().filter(|id| !self.hides(&policy.fields[*id]))?;
        match self.read(id, &raw.cell(bound.column(id)?)) {
            Some(Value::Text(text)) => Some(text),
            Some(_) | None => None,
        }
    }

    /// The value of a field's cell, and whether the cell could be read.
    fn value(&self, id: FieldId, field: &Field, cell: &RawCell<'_>) -> Result<(Option<Value>, bool), Problem> {
        let read = self.cells.get(id.position()).map_or(Ok(None), |reader| reader.read(cell));
        let readable = read.is_ok();
        let value = match read {
            Ok(value) => value,
            Err(_) if field.else_missing => None,
            Err(flaw) => return Err(cell_problem(field, &flaw, cell, self.hides(field))),
        };
        if value.is_none() && field.required {
            let message = format!("`{}` is required, but missing", field.name);
            let value = written(cell).map(|text| shown(&text, self.hides(field)));
            return Err(Problem { code: Code::P0617, column: Some(field.column.clone()), value, message });
        }
        Ok((value, readable))
    }

    /// What a cell of a field holds; none when it is missing or cannot be read.
    pub(crate) fn read(&self, field: FieldId, cell: &RawCell<'_>) -> Option<Value> {
        self.cells.get(field.position())?.read(cell).ok().flatten()
    }

    /// Whether the values of a field are not to be shown.
    pub(crate) fn hides(&self, field: &Field) -> bool {
        field.personal && !self.show_personal
    }
}

impl Iterator for Reader<'_> {
    /// A row, or why reading cannot go on.
    type Item = Result<Row, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_raw().map(|raw| raw.and_then(|raw| self.row(&raw)));
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

/// The text of a cell as it was; none when there is none.
fn written(cell: &RawCell<'_>) -> Option<String> {
    match cell {
        RawCell::Missing | RawCell::Repeated | RawCell::Garbled => None,
        RawCell::Text(text) => Some(text.trim().to_owned()),
        RawCell::Number(digits) => Some((*digits).to_owned()),
        RawCell::Bool(yes) => Some(yes.to_string()),
        RawCell::List(items) => {
            let items: Vec<String> = items.iter().filter_map(written).collect();
            Some(format!("[{}]", items.join(", ")))
        }
        RawCell::Nested => Some("{…}".to_owned()),
    }
}

fn shown(text: &str, hidden: bool) -> String {
    if hidden { HIDDEN.to_owned() } else { text.to_owned() }
}

/// The beginning of a text that is too long for a message.
fn short(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn cell_problem(field: &Field, flaw: &Flaw, cell: &RawCell<'_>, hidden: bool) -> Problem {
    let value = written(cell).map(|text| shown(&text, hidden));
    let piece = flaw.piece.as_deref().map(|piece| shown(piece, hidden)).or_else(|| value.clone());
    let subject = piece.map_or("the cell".to_owned(), |piece| format!("`{}`", short(&piece)));
    let hint = flaw.hint.as_ref().filter(|_| !hidden).map_or(String::new(), |hint| format!("; {hint}"));
    let message = format!("{subject} {}{hint}", flaw.says);
    Problem { code: flaw.code, column: Some(field.column.clone()), value, message }
}

fn row_problem(fault: &RowFault) -> Problem {
    let (code, message) = match fault {
        RowFault::Width { found, expected } => {
            let few = if found < expected { "few" } else { "many" };
            let cells = |count: usize| if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
            (Code::P0604, format!("the row has too {few} cells: {}, where the header has {expected}", cells(*found)))
        }
        RowFault::Quote => (
            Code::P0606,
            "a cell goes on behind its closing quote; a quote inside of a quoted cell is written twice: `\"\"`"
                .to_owned(),
        ),
        RowFault::NotJson(why) => (Code::P0607, format!("the row is not JSON: {why}")),
        RowFault::NotAnObject => {
            (Code::P0607, "the row is not a JSON object, such as `{\"email\": \"ann@corp.example\"}`".to_owned())
        }
    };
    Problem { code, column: None, value: None, message }
}

fn assumption(policy: &Policy, cond: &Cond) -> Problem {
    let message = format!("the lead breaks `assume {}`", print::condition(policy, cond));
    Problem { code: Code::P0621, column: None, value: None, message }
}

fn disk_fault(error: std::io::Error) -> Diagnostic {
    let error = of_temporary_files(error);
    Diagnostic::new(Code::P0601, format!("the temporary file of the ids cannot be used: {error}"))
}
