//! Lists: named sets of values, written in the policy or read from a file of their own.

use std::collections::{HashMap, HashSet};

use super::kinds::quoted;
use super::literal::shown;
use super::load::{locate, not_utf8, read_text, unreadable};
use super::naming::listed;
use super::scope::{List, Scope};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::{Files, Span};
use crate::syntax::{ast, first_conflict, is_invisible};

/// The most that the files of all lists may hold together, in bytes.
const MAX_FILES: usize = 32 << 20;

/// Where the files of lists come from, and how much may still be read.
pub(super) struct Shelf<'a> {
    files: &'a dyn Files,
    bytes_left: usize,
}

impl<'a> Shelf<'a> {
    /// A shelf of which nothing has been read.
    pub(super) fn new(files: &'a dyn Files) -> Self {
        Shelf { files, bytes_left: MAX_FILES }
    }

    fn read(&mut self, path: &str) -> Result<Vec<u8>, Diagnostic> {
        let bytes = read_text(self.files, path).map_err(|error| unreadable(path, &error))?;
        self.bytes_left = self.bytes_left.checked_sub(bytes.len()).ok_or_else(|| {
            let limit = MAX_FILES >> 20;
            Diagnostic::new(Code::P0200, format!("the lists of this policy are larger than {limit} MiB together"))
        })?;
        Ok(bytes)
    }
}

/// The list of a `list` statement; none when something is wrong with its file, which is reported.
pub(super) fn list(
    scope: &mut Scope,
    name: &ast::Name,
    values: &ast::ListValues,
    shelf: &mut Shelf<'_>,
) -> Option<List> {
    let span = name.loc.0;
    let name = name.text.clone();
    match values {
        ast::ListValues::Inline(values) => {
            if values.is_empty() && !scope.unread_within(span) {
                scope.report(
                    Diagnostic::new(Code::P0231, format!("the list `{name}` is empty"))
                        .at(span, "nothing is ever in it")
                        .help("list its values between the brackets, or take the list out"),
                );
            }
            Some(List { name, values: once_each(scope, values), from_file: false, span })
        }
        ast::ListValues::File { path, column } => {
            let from = scope.sources.get(span.source).map_or("", |source| source.path.as_str());
            let values = locate(from, path).and_then(|full| read(path, &full, column.as_ref(), shelf));
            let (values, ragged) = values.map_err(|fault| scope.report(*fault)).ok()?;
            ragged.into_iter().for_each(|warning| scope.report(warning));
            Some(List { name, values, from_file: true, span })
        }
    }
}

/// What makes two values of a list the same: bare and quoted words are one, `10k` and `10000` too.
fn sameness(value: &ast::Literal) -> String {
    let sign = |negative: bool| if negative { "-" } else { "" };
    match &value.kind {
        ast::LiteralKind::Word(text) | ast::LiteralKind::Text(text) => format!("text {text}"),
        ast::LiteralKind::Number { negative, number } => format!("number {}{}", sign(*negative), number.value),
        ast::LiteralKind::Percent { negative, number } => format!("percent {}{}", sign(*negative), number.value),
        ast::LiteralKind::Money { negative, currency, dollar_sign: _, number } => {
            format!("{currency} {}{}", sign(*negative), number.value)
        }
        ast::LiteralKind::Date(date) => format!("date {}", date.text),
    }
}

fn once_each(scope: &mut Scope, values: &[ast::Noted<ast::Literal>]) -> Vec<ast::Literal> {
    let mut seen: HashMap<String, Span> = HashMap::new();
    let mut kept = Vec::new();
    for value in values {
        let place = value.node.loc.0;
        match seen.insert(sameness(&value.node), place) {
            Some(before) => scope.report(
                Diagnostic::new(Code::P0230, format!("`{}` stands in the list twice", shown(&value.node.kind)))
                    .at(place, "the second time")
                    .at(before, "the first time")
                    .help("take one of them out"),
            ),
            None => kept.push(value.node.clone()),
        }
    }
    kept
}

/// The values of a file, each once, empty cells left out, and a warning when a row may have been misread. A `.txt` file holds a value a
/// line; any other has a heading and columns, as spreadsheets write them.
fn read(
    path: &ast::Text,
    full: &str,
    column: Option<&ast::Text>,
    shelf: &mut Shelf<'_>,
) -> Result<(Vec<ast::Literal>, Option<Diagnostic>), Box<Diagnostic>> {
    let place = path.loc.0;
    let bytes = shelf.read(full).map_err(|fault| Box::new(fault.at(place, "")))?;
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Err(Box::new(not_utf8(&format!("`{full}`")).at(place, "")));
    };
    // Where git writes CRLF into the work tree, the commit has LF: within a cell, too, that is the same value.
    let text = &text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    if let Some(line) = first_conflict(text) {
        return Err(Box::new(
            Diagnostic::new(Code::P0127, format!("a merge has left both of its sides in `{full}`"))
                .at(place, format!("there from line {line} on"))
                .help("keep what both teams agree on, and delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`"),
        ));
    }
    let value = |cell: &Cell| (cell.line, cell.text.trim().to_owned());
    let plain = full.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("txt"));
    let (texts, ragged) = match column {
        None if plain => {
            let cells = text.lines().zip(1..).map(|(text, line)| Cell { line, text: text.to_owned() });
            (cells.collect(), Vec::new())
        }
        _ => column_of(text, full, column)?,
    };
    let mut seen = HashSet::new();
    let texts: Vec<(u64, String)> = texts.iter().map(value).filter(|(_, text)| !text.is_empty()).collect();
    let texts: Vec<&(u64, String)> = texts.iter().filter(|(_, text)| seen.insert(text.as_str())).collect();
    if let Some(fault) = unseen(full, &texts) {
        return Err(Box::new(fault.at(place, "read from there")));
    }
    let literal = |text: &String| ast::Literal { kind: ast::LiteralKind::Text(text.clone()), loc: path.loc };
    let values: Vec<ast::Literal> = texts.iter().map(|(_, text)| literal(text)).collect();
    if values.is_empty() {
        return Err(Box::new(
            Diagnostic::new(Code::P0231, format!("no value was found in `{full}`"))
                .at(place, "nothing would ever be in this list")
                .help("fill the file, or name the column that holds the values: `column \"...\"`"),
        ));
    }
    let warning =
        ragged.split_first().map(|(first, others)| first.warning(full, others.len()).at(place, "read from there"));
    Ok((values, warning))
}

/// A cell, and the line on which its row begins.
struct Cell {
    line: u64,
    text: String,
}

/// That values have characters in them which nobody can see, line ends apart: no lead would be on the list by them, and no policy can name them.
fn unseen(path: &str, values: &[&(u64, String)]) -> Option<Diagnostic> {
    let is_unseen = |c: char| is_invisible(c) && c != '\n';
    let mut found =
        values.iter().filter_map(|(line, text)| Some((line, text.split_at_checked(text.find(is_unseen)?)?)));
    let (line, (before, rest)) = found.next()?;
    let number = rest.chars().next().map_or(0, u32::from);
    let behind = if before.is_empty() { String::new() } else { format!(", behind `{before}`") };
    let others = match found.count() {
        0 => String::new(),
        1 => "; 1 more value has one".to_owned(),
        n => format!("; {n} more values have one"),
    };
    let what =
        format!("in line {line} of `{path}` a value has an invisible character (U+{number:04X}) in it{behind}{others}");
    Some(Diagnostic::new(Code::P0108, what).help(
        "delete it in the file: such characters come along when text is copied from other programs, and no lead is on the list with one",
    ))
}

/// A row that has other cells than the heading, so that what stands in its column may be anything.
struct Ragged {
    line: u64,
    cells: usize,
    heading: usize,
}

impl Ragged {
    /// A row whose column is not there, or that goes on behind the last one.
    fn of(row: &csv::StringRecord, heading: usize, position: usize) -> Option<Ragged> {
        let is_blank = |cell: &str| cell.trim().is_empty();
        let ragged = row.len() <= position || row.iter().skip(heading).any(|cell| !is_blank(cell));
        let line = row.position().map_or(0, csv::Position::line);
        (ragged && !row.iter().all(is_blank)).then(|| Ragged { line, cells: row.len(), heading })
    }

    fn warning(&self, path: &str, others: usize) -> Diagnostic {
        let Ragged { line, cells, heading } = *self;
        let cells = if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
        let others = match others {
            0 => String::new(),
            1 => "; 1 more row is like that".to_owned(),
            n => format!("; {n} more rows are like that"),
        };
        let what = format!("line {line} of `{path}` has {cells}, and its heading {heading}{others}");
        Diagnostic::new(Code::P0242, what).help(
            "give the row a cell for each column; a cell with a separator in it stands in quotes: `\"Smith, Jones\"`",
        )
    }
}

/// The cells of one column: the named one, else the first; and the rows that may have been misread.
fn column_of(text: &str, path: &str, column: Option<&ast::Text>) -> Result<(Vec<Cell>, Vec<Ragged>), Box<Diagnostic>> {
    let mut likely = delimiters(text).map(|delimiter| table(text, delimiter));
    let position = |heading: &csv::StringRecord| match column {
        None => Some(0),
        Some(column) => heading.iter().position(|cell| cell.trim() == column.value.trim()),
    };
    let found = likely.iter_mut().find_map(|rows| {
        let heading = rows.next()?;
        position(&heading).map(|position| (rows, heading.len(), position))
    });
    match (found, column) {
        (Some((rows, heading, position)), _) => {
            let (mut cells, mut ragged) = (Vec::new(), Vec::new());
            for row in rows {
                let line = row.position().map_or(0, csv::Position::line);
                cells.extend(row.get(position).map(|text| Cell { line, text: text.to_owned() }));
                ragged.extend(Ragged::of(&row, heading, position));
            }
            Ok((cells, ragged))
        }
        (None, None) => Ok((Vec::new(), Vec::new())),
        (None, Some(column)) => {
            let [first, ..] = delimiters(text);
            let heading = table(text, first).next().unwrap_or_default();
            Err(Box::new(no_column(path, column, &heading)))
        }
    }
}

/// The rows of a table, the heading first. Rows may have any length and the text is UTF-8, so nothing can fail.
fn table(text: &str, delimiter: u8) -> impl Iterator<Item = csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new();
    reader.delimiter(delimiter).flexible(true).has_headers(false);
    reader.from_reader(text.as_bytes()).into_records().flatten()
}

fn no_column(path: &str, column: &ast::Text, heading: &csv::StringRecord) -> Diagnostic {
    let place = column.loc.0;
    if column.value.trim().is_empty() {
        return Diagnostic::new(Code::P0229, "the name of a column is missing")
            .at(place, "")
            .help(format!("the columns of `{path}` are {}", listed(heading.iter().map(str::trim))));
    }
    let fault = Diagnostic::new(Code::P0229, format!("`{path}` has no column `{}`", column.value)).at(place, "");
    if heading.iter().all(|name| name.trim().is_empty()) {
        return fault.help("the file is empty: its first line names the columns");
    }
    match did_you_mean(&column.value, heading.iter().map(str::trim)) {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")).fix(place, quoted(meant)),
        None => fault.help(format!("its columns are {}", listed(heading.iter().map(str::trim)))),
    }
}

/// What may separate the columns, the likeliest first: the one that the heading has most of, outside of quotes.
fn delimiters(text: &str) -> [u8; 4] {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(d, _)| *d == byte).for_each(|(_, n)| *n += 1),
        }
    }
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts.map(|(delimiter, _)| delimiter)
}
