//! Findings as the workflow commands of GitHub: each stands in a pull request beside the line that it is about.
//!
//! Whoever writes a policy must not give commands to the runner: nothing of a finding may end its line, or the part of it that it stands in.

use super::terminal::{clean_source, count};
use super::{Batch, words};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;

/// The most findings that are written; GitHub shows far fewer.
const SHOWN: usize = 1_000;

/// A command for each finding, a line each.
#[must_use]
pub fn annotations(batches: &[&Batch]) -> String {
    let findings = || batches.iter().flat_map(|batch| batch.diagnostics.iter().map(|found| (&batch.sources, found)));
    let mut text: String = findings().take(SHOWN).map(|(sources, found)| annotation(sources, found)).collect();
    if let Some(more) = findings().count().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push_str(&notice(&format!("{} more are not shown", count(more as u64, "finding"))));
    }
    text
}

/// Words that are about no place.
#[must_use]
pub fn notice(words: &str) -> String {
    format!("::notice::{}\n", data(words))
}

/// A fault that is at no place.
#[must_use]
pub fn error(words: &str) -> String {
    format!("::error::{}\n", data(words))
}

fn annotation(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let title = property(&format!("{} {}", diagnostic.code.name(), diagnostic.code.title()));
    let place = place(sources, diagnostic).unwrap_or_default();
    let others = diagnostic.labels.iter().skip(1).filter(|label| !label.text.is_empty());
    let others: String = others.map(|label| format!("\n{}: {}", sources.place(label.span), label.text)).collect();
    format!("::{command} {place}title={title}::{}\n", data(&format!("{}{others}", words(diagnostic))))
}

/// The properties that say where it is.
fn place(sources: &Sources, diagnostic: &Diagnostic) -> Option<String> {
    let span = diagnostic.span()?;
    let file = sources.get(span.source)?;
    let (line, column) = file.line_column_utf16(span.start as usize);
    let (end_line, end_column) = file.line_column_utf16(span.end as usize);
    // Columns are for one line only.
    let columns = if line == end_line { format!("col={column},endColumn={end_column},") } else { String::new() };
    Some(format!("file={},line={line},endLine={end_line},{columns}", property(&file.home)))
}

/// The words of a command.
fn data(text: &str) -> String {
    clean_source(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn nothing_ends_the_line_or_the_property_that_it_stands_in() {
        let hostile = "100% \r\n::set-output name=a::b, c\u{1b}[2J";
        assert_eq!(data(hostile), "100%25 %0D%0A::set-output name=a::b, c?[2J");
        assert_eq!(property(hostile), "100%25 %0D%0A%3A%3Aset-output name=a%3A%3Ab%2C c?[2J");
    }
}
