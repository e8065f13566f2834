//! Findings for people: the code, the words, the lines of the text with what is wrong underlined, and what to do.

use std::borrow::Cow;
use std::fmt;

use miette::{
    Diagnostic as Report, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::Batch;
use super::terminal::{Look, clean, clean_source, grouped};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceFile, SourceId, Sources, Span};

/// The most findings that are shown. Nobody reads more, and a file of the wrong kind has a million.
const SHOWN: usize = 1_000;

/// How much of a long line is shown on either side of what is underlined, in bytes.
const AROUND: usize = 160;

/// The findings, a blank line between them; the first thousand, when there are more.
#[must_use]
pub fn human(batches: &[&Batch], look: Look) -> String {
    let mut text = String::new();
    let mut left = SHOWN;
    for batch in batches {
        let texts = Texts::of(batch);
        for diagnostic in batch.diagnostics.iter().take(left) {
            if !text.is_empty() {
                text.push('\n');
            }
            let shown = Shown { diagnostic, view: View::of(&texts, diagnostic) };
            // Writing to a `String` fails only when the handler itself gives up; the plain words are then better than none.
            let before = text.len();
            if handler(look, way_in(&batch.sources, diagnostic)).render_report(&mut text, &shown).is_err() {
                text.truncate(before);
                text.push_str(&format!("{} {}\n", diagnostic.code.name(), clean(&diagnostic.message)));
            }
            if let Some(example) = &diagnostic.example {
                text.push_str(&clean_source(example));
            }
        }
        left = left.saturating_sub(batch.diagnostics.len());
    }
    let found: usize = batches.iter().map(|batch| batch.diagnostics.len()).sum();
    if found > SHOWN {
        text.push_str(&format!("\n{} more are not shown\n", grouped((found - SHOWN) as u64)));
    }
    text
}

/// miette's printer, set up for a place.
fn handler(look: Look, footer: Option<String>) -> GraphicalReportHandler {
    let styles = if look.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
    let handler =
        GraphicalReportHandler::new_themed(theme).with_width(look.width.max(40)).without_syntax_highlighting();
    match footer {
        Some(footer) => handler.with_footer(footer),
        None => handler,
    }
}

/// How the file of a finding came in, when it is not the policy itself.
fn way_in(sources: &Sources, diagnostic: &Diagnostic) -> Option<String> {
    let steps: Vec<String> = brought_in(sources, diagnostic.span()?.source).map(|span| sources.place(span)).collect();
    let chain = steps.join(", itself brought in at ");
    (!steps.is_empty()).then(|| clean(&format!("this file was brought in at {chain}")).into_owned())
}

/// The statements that brought a file in, from the nearest one to the one that stands in the policy itself.
pub(super) fn brought_in(sources: &Sources, file: SourceId) -> impl Iterator<Item = Span> {
    // The chain is as long as there are files, unless it goes in circles.
    std::iter::successors(Some(file), |file| Some(sources.get(*file)?.brought_in_by?.source))
        .take(sources.iter().count())
        .filter_map(|file| sources.get(file)?.brought_in_by)
}

/// The texts that findings of one policy point into, cleaned; each once, and only those that are needed.
struct Texts<'a> {
    files: Vec<(&'a SourceFile, Cow<'a, str>)>,
}

impl<'a> Texts<'a> {
    fn of(batch: &'a Batch) -> Texts<'a> {
        let mut ids: Vec<SourceId> =
            batch.diagnostics.iter().flat_map(|d| &d.labels).map(|label| label.span.source).collect();
        ids.sort_unstable();
        ids.dedup();
        let files = ids.into_iter().filter_map(|id| batch.sources.get(id)).map(|f| (f, clean_source(&f.text)));
        Texts { files: files.collect() }
    }

    /// The text that a span points into.
    fn find(&self, span: Span) -> Option<&(&'a SourceFile, Cow<'a, str>)> {
        self.files.iter().find(|(file, _)| file.id == span.source)
    }
}

/// How many lines away from *the* place a label is still shown in the same piece of text.
const NEAR: usize = 3;

/// What miette needs of one finding. It shows the pieces of one text in their order, and we want *the* place first, and other
/// files as well: so the one text is the file of *the* place, then all files again, end to end.
struct View<'a> {
    files: Vec<(usize, &'a SourceFile, &'a str)>,
    labels: Vec<LabeledSpan>,
}

impl<'a> View<'a> {
    fn of(texts: &'a Texts<'a>, diagnostic: &Diagnostic) -> View<'a> {
        let main = diagnostic.span().and_then(|span| Some((texts.find(span)?, span.start)));
        let mut end = 0;
        let mut files = Vec::new();
        for (file, text) in main.map(|(file, _)| file).into_iter().chain(&texts.files) {
            files.push((end, *file, text.as_ref()));
            end += text.len() + 1;
        }
        let mut labels = Vec::new();
        for (i, label) in diagnostic.labels.iter().enumerate() {
            let line = |file: &SourceFile, byte: u32| file.line_column(byte as usize).0;
            let near = main.is_some_and(|((file, _), start)| {
                file.id == label.span.source && line(file, start).abs_diff(line(file, label.span.start)) <= NEAR
            });
            let copy = files.iter().skip(usize::from(!near)).find(|(_, file, _)| file.id == label.span.source);
            let Some((base, _, text)) = copy else { continue };
            let (start, length) = on_one_line(text, label.span.range());
            let words = (!label.text.is_empty()).then(|| clean(&label.text).into_owned());
            let shown = if i == 0 { LabeledSpan::new_primary_with_span } else { LabeledSpan::new_with_span };
            labels.push(shown(words, (base + start, length)));
        }
        View { files, labels }
    }
}

/// The part of a span that stands on its first line, as start and length, wherever the span may point.
fn on_one_line(text: &str, span: std::ops::Range<usize>) -> (usize, usize) {
    let mut start = floor(text, span.start);
    let rest = text.get(start..).unwrap_or("");
    if rest.is_empty() {
        // Behind the last character there is no line to show: point at the end of the last one.
        let line = text.trim_end_matches('\n');
        start = floor(text, line.len().saturating_sub(usize::from(line.len() == text.len())));
        return (start, 0);
    }
    let line_end = rest.find('\n').unwrap_or(rest.len());
    let wanted = span.end.saturating_sub(start).min(line_end).min(AROUND);
    let length = ceil(text, start + wanted) - start;
    let without_blanks = rest.get(..length).map_or(length, |part| part.trim_end().len());
    (start, if without_blanks == 0 { length } else { without_blanks })
}

impl SourceCode for View<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (base, file, text) =
            self.files.iter().rev().find(|(base, _, _)| *base <= span.offset()).ok_or(MietteError::OutOfBounds)?;
        let (start, end) = (span.offset() - base, span.offset() - base + span.len());
        // Labels that are far apart stay apart.
        if end > text.len() || span.len() > 16 * AROUND {
            return Err(MietteError::OutOfBounds);
        }
        let from = backward(text, start, lines_before);
        let to = forward(text, end, lines_after);
        let data = text.get(from..to).ok_or(MietteError::OutOfBounds)?;
        let (line, column) = file.line_column(if lines_before == 0 { start } else { from });
        let lines = data.matches('\n').count();
        Ok(Box::new(MietteSpanContents::new_named(
            clean(&file.path).into_owned(),
            data.as_bytes(),
            (base + from, data.len()).into(),
            line - 1,
            column - 1,
            lines,
        )))
    }
}

/// The last boundary between characters that is not behind `byte`.
fn floor(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|b| text.is_char_boundary(*b)).unwrap_or(0)
}

/// The first boundary between characters that is not before `byte`.
fn ceil(text: &str, byte: usize) -> usize {
    (byte..text.len()).find(|b| text.is_char_boundary(*b)).unwrap_or(text.len())
}

/// Where the line of `byte` starts, or the one so many lines before it; less of a line that is very long.
fn backward(text: &str, byte: usize, lines: usize) -> usize {
    let floor = floor(text, byte.saturating_sub(AROUND * (lines + 1)));
    let head = text.get(floor..byte).unwrap_or("");
    let mut breaks = head.rmatch_indices('\n').map(|(i, _)| floor + i + 1);
    let own = breaks.next();
    let wanted = if lines == 0 { own } else { breaks.nth(lines - 1).or(if floor == 0 { Some(0) } else { own }) };
    wanted.unwrap_or(floor)
}

/// Where the line of `byte` ends, or the one so many lines after it; less of a line that is very long.
fn forward(text: &str, byte: usize, lines: usize) -> usize {
    let limit = ceil(text, byte + AROUND * (lines + 1));
    let tail = text.get(byte..limit).unwrap_or("");
    let mut breaks = tail.match_indices('\n').map(|(i, _)| byte + i + 1);
    let own = breaks.next();
    let wanted =
        if lines == 0 { own } else { breaks.nth(lines - 1).or(if limit == text.len() { Some(limit) } else { own }) };
    wanted.unwrap_or(limit)
}

/// A finding as miette sees it.
struct Shown<'a> {
    diagnostic: &'a Diagnostic,
    view: View<'a>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clean(&self.diagnostic.message))
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostic.fmt(f)
    }
}

impl std::error::Error for Shown<'_> {}

impl Report for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let kind = match self.diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        Some(Box::new(format!("{kind} {}", self.diagnostic.code.name())))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.help.as_ref().map(|help| Box::new(clean(help)) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.view)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.view.labels.is_empty())
            .then(|| Box::new(self.view.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}
