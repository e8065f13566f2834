//! The reader of leads: raw rows through the schema of a policy.

use jiff::tz::TimeZone;

use crate::diagnostic::{Code, Diagnostic};
use crate::eval::Evaluator;
use crate::ir::{Cond, Field, FieldId, Id, Lead, Policy, print};
use crate::types::{Truth, Value};

use super::cell::{CellReader, Flaw};
use super::input::Input;
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

/// Leads, one after the other, from a stream; memory does not grow with their number.
pub struct Reader<'e> {
    evaluator: &'e Evaluator<'e>,
    raw: RawReader<'e>,
    cells: Vec<CellReader<'e>>,
    /// The column of each field; none for a JSON key that has not come up yet.
    columns: Vec<Option<usize>>,
    /// How many columns there were when that was worked out.
    known_columns: usize,
    unread: Vec<Unread>,
    show_personal: bool,
    unique: Option<Unique>,
    rows: u64,
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
        let policy = evaluator.policy();
        let mut raw = RawReader::open(input, format).map_err(|fault| vec![fault])?;
        let columns = if raw.has_header() {
            let columns = schema::bind(policy, raw.columns())?;
            raw.only(&columns);
            columns.into_iter().map(Some).collect()
        } else {
            vec![None; policy.fields.len()]
        };
        // A policy that checks names a time zone that there is.
        let zone = TimeZone::get(&policy.zone).unwrap_or(TimeZone::UTC);
        Ok(Reader {
            evaluator,
            known_columns: raw.columns().len(),
            raw,
            cells: policy.fields.iter().map(|(_, field)| CellReader::new(field, &zone)).collect(),
            columns,
            unread: vec![Unread::default(); policy.fields.len()],
            show_personal,
            unique: None,
            rows: 0,
            ended: false,
        })
    }

    /// Also rejects the later rows of a repeated id. What has been seen is remembered on disk.
    ///
    /// # Errors
    /// When the policy has no id field, or no temporary file can be made.
    pub fn unique(self) -> Result<Self, Diagnostic> {
        if self.evaluator.policy().id_field().is_none() {
            return Err(Diagnostic::new(Code::P0623, "rows cannot be told apart, as the policy has no `id` field")
                .help("say which field names a lead: `lead_number id`"));
        }
        let unique = Unique::new().map_err(|error| disk_fault(&error))?;
        Ok(Reader { unique: Some(unique), ..self })
    }

    /// How many rows have been read, rejected ones included.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// What is worth saying about the data so far, and only once: read as Windows-1252, cells counted as missing by
    /// `else missing`, footer lines skipped.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        let policy = self.evaluator.policy();
        let mut notices = self.raw.notices();
        for ((_, field), unread) in policy.fields.iter().zip(&self.unread).filter(|(_, unread)| unread.cells > 0) {
            let Unread { cells, first_line } = unread;
            let (name, line) = (&field.name, self.raw.counted_by());
            notices.push(if *cells == 1 {
                format!("1 cell of `{name}` could not be read and counts as missing, on {line} {first_line}")
            } else {
                format!(
                    "{cells} cells of `{name}` could not be read and count as missing, the first on {line} {first_line}"
                )
            });
        }
        if self.ended && self.rows > 0 {
            notices.extend(schema::unseen(policy, self.raw.columns(), &self.columns));
        }
        notices
    }

    /// A raw row as a lead, or everything that is wrong with it.
    fn row(&mut self, raw: &RawRow) -> Result<Row, Diagnostic> {
        self.rows += 1;
        let policy = self.evaluator.policy();
        let keys = self.raw.columns();
        if keys.len() > self.known_columns {
            schema::bind_keys(policy, &mut self.columns, keys, self.known_columns);
            self.known_columns = keys.len();
        }
        if let Some(fault) = &raw.fault {
            let problems = vec![row_problem(fault)];
            let counted = matches!(fault, RowFault::Width { .. });
            let name = self.id_cell(raw).filter(|_| counted).unwrap_or_else(|| raw.line.to_string());
            return Ok(Row::Rejected(Reject { row: raw.row, name, problems }));
        }
        let mut lead = Lead::empty(policy);
        let mut problems = Vec::new();
        for (id, field) in policy.fields.iter() {
            let column = self.columns.get(id.position()).copied().flatten();
            let cell = column.map_or(RawCell::Missing, |column| raw.cell(column));
            match self.value(id, field, &cell, raw.line) {
                Ok(value) => lead.set(id, value),
                Err(problem) => problems.push(problem),
            }
        }
        let id = policy.id_field().and_then(|id| lead.get(id).map(|value| (&policy.fields[id], value)));
        let id = id
            .and_then(|(field, value)| if let Value::Text(text) = value { Some((field, text.clone())) } else { None });
        if let (Some(unique), Some((field, text))) = (&mut self.unique, &id) {
            let first = unique.first_line(text, raw.line).map_err(|error| disk_fault(&error))?;
            if let Some(line) = first {
                let shown = shown(text, self.hides(field));
                let by = self.raw.counted_by();
                let message = format!("`{}` names the lead on {by} {line} already", short(&shown));
                problems.push(Problem {
                    code: Code::P0622,
                    column: Some(field.column.clone()),
                    value: Some(shown),
                    message,
                });
            }
        }
        let name = match id {
            Some((field, text)) if !self.hides(field) => text,
            _ => raw.line.to_string(),
        };
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

    /// What stands in the column of the id of a row that has too few cells or too many: most likely still its id.
    fn id_cell(&self, raw: &RawRow) -> Option<String> {
        let policy = self.evaluator.policy();
        let id = policy.id_field().filter(|id| !self.hides(&policy.fields[*id]))?;
        let column = self.columns.get(id.position()).copied().flatten()?;
        match self.cells.get(id.position())?.read(&raw.cell(column)) {
            Ok(Some(Value::Text(text))) => Some(text),
            Ok(_) | Err(_) => None,
        }
    }

    /// The value of a field's cell.
    fn value(&mut self, id: FieldId, field: &Field, cell: &RawCell<'_>, line: u64) -> Result<Option<Value>, Problem> {
        let read = self.cells.get(id.position()).map_or(Ok(None), |reader| reader.read(cell));
        let value = match read {
            Ok(value) => value,
            Err(_) if field.else_missing => {
                if let Some(unread) = self.unread.get_mut(id.position()) {
                    unread.first_line = if unread.cells == 0 { line } else { unread.first_line };
                    unread.cells += 1;
                }
                None
            }
            Err(flaw) => return Err(cell_problem(field, &flaw, cell, self.hides(field))),
        };
        if value.is_none() && field.required {
            let message = format!("`{}` is required, but missing", field.name);
            let value = written(cell).map(|text| shown(&text, self.hides(field)));
            return Err(Problem { code: Code::P0617, column: Some(field.column.clone()), value, message });
        }
        Ok(value)
    }

    fn hides(&self, field: &Field) -> bool {
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
        let next = self.raw.next().map(|raw| raw.and_then(|raw| self.row(&raw)));
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

fn disk_fault(error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::P0601, format!("the temporary file of the ids cannot be used: {error}"))
}
