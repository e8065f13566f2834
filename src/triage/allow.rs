//! Comments that allow findings: `# allow P0412: agreed until the end of June`, above or behind the statement or item that has them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Settled;
use crate::diagnostic::{self, Batch, Code, Diagnostic, Severity};
use crate::source::{SourceFile, Span};
use crate::syntax::{Outline, Remark};

/// A code that a comment allows, with a reason.
struct Allow {
    code: Code,
    /// Where it holds, in bytes.
    about: Option<Range<usize>>,
    /// Whether it has allowed something.
    used: bool,
    /// Whether a comment before it allows the same.
    again: bool,
    /// The comment.
    comment: Span,
    /// What to take out when it allows nothing: the comment, unless it allows another code as well.
    idle: Option<Span>,
}

/// Leaves out what comments allow, and adds what is wrong with such comments: errors cannot be allowed, a reason is asked for, and one that
/// allows nothing has to go, unless not all was looked for, or its code was `unasked` for.
pub fn allow(batches: &mut [&mut Batch], settled: &Settled, unasked: &[Code]) {
    let mut files: BTreeMap<String, Vec<Allow>> = BTreeMap::new();
    let mut faults = Vec::new();
    for (position, batch) in batches.iter().enumerate() {
        for file in batch.sources.iter().filter(|file| file.text.contains("llow")) {
            files.entry(file.path.clone()).or_insert_with(|| {
                let (allows, wrong) = read(file);
                faults.extend(wrong.into_iter().map(|fault| (position, fault)));
                allows
            });
        }
    }
    for batch in batches.iter_mut() {
        let sources = &batch.sources;
        batch.diagnostics.retain(|diagnostic| {
            let Some(span) = diagnostic.span().filter(|_| diagnostic.severity != Severity::Error) else { return true };
            let allows = sources.get(span.source).and_then(|file| files.get_mut(&file.path));
            let holds = |allow: &&mut Allow| {
                let here = allow.about.as_ref().is_some_and(|about| about.contains(&(span.start as usize)));
                allow.code == diagnostic.code && here
            };
            let mut allowed = false;
            for allow in allows.into_iter().flatten().filter(holds) {
                (allow.used, allowed) = (true, true);
            }
            !allowed
        });
    }
    for (position, batch) in batches.iter_mut().enumerate() {
        let wrong = faults.extract_if(.., |(of, _)| *of == position).map(|(_, fault)| fault);
        batch.diagnostics.extend(wrong);
        for file in batch.sources.iter().filter(|file| settled.contains(&file.home)) {
            let allows = files.remove(&file.path).unwrap_or_default();
            let idle = allows.iter().filter(|allow| allow.again || !allow.used && !unasked.contains(&allow.code));
            batch.diagnostics.extend(idle.map(|allow| allows_nothing(allow, file)));
        }
        diagnostic::sort(&mut batch.diagnostics);
    }
}

/// The comments of a file that allow something, and what is wrong with those that try to.
fn read(file: &SourceFile) -> (Vec<Allow>, Vec<Diagnostic>) {
    let (mut allows, mut faults) = (Vec::<Allow>::new(), Vec::new());
    for remark in Outline::new(&file.text).remarks() {
        let rest = remark.text.strip_prefix(['a', 'A']).and_then(|rest| rest.strip_prefix("llow"));
        let Some(rest) = rest.filter(|rest| rest.starts_with([' ', '\t'])) else { continue };
        let words = |text: &'_ str| text.split([',', ' ', '\t']).filter(|w| !w.is_empty()).map(str::to_owned).collect();
        let (named, reason): (Vec<String>, &str) = match rest.split_once(':') {
            Some((named, reason)) => (words(named), reason.trim()),
            None => (words(rest), ""),
        };
        // Any other comment may begin with `allow`, too.
        let Some(first) = named.first().filter(|word| looks_like_a_code(word)) else { continue };
        let comment = Span::new(file.id, remark.bytes.start, remark.bytes.end);
        if reason.is_empty() {
            faults.push(no_reason(comment, first, named.get(1..).unwrap_or_default()));
            continue;
        }
        for word in &named {
            match Code::find(word) {
                Some(code) if code.severity() == Severity::Error => {
                    faults.push(an_error(word_in(file, &remark, word), code));
                }
                Some(code) => allows.push(Allow {
                    code,
                    about: remark.about.clone(),
                    used: false,
                    again: allows.iter().any(|other| other.code == code && other.about == remark.about),
                    comment,
                    idle: (named.len() == 1).then(|| line_of(file, &remark)),
                }),
                None => faults.push(unknown(word_in(file, &remark, word), word)),
            }
        }
    }
    (allows, faults)
}

/// A comment that allows something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The comment, laid out as usual.
    pub comment: String,
    /// The first two words of the statement or item that it is about; they stay when the rest of it is edited.
    pub about: String,
    /// Where that stands.
    pub place: Option<Span>,
}

/// The comments of a file that allow something.
#[must_use]
pub fn allowed(file: &SourceFile) -> Vec<Allowed> {
    let outline = Outline::new(&file.text);
    let about = |bytes: &Range<usize>| {
        let words = outline.part_at(bytes.start).map(|part| outline.words(part).take(2).collect::<Vec<_>>());
        words.unwrap_or_default().join(" ").replace(" :", ":")
    };
    let (allows, _) = read(file);
    let of = |allows: &[Allow]| {
        let allow = allows.first()?;
        let codes: BTreeSet<&str> = allows.iter().map(|allow| allow.code.name()).collect();
        let codes: Vec<&str> = codes.into_iter().collect();
        let reason = file.slice(allow.comment).split_once(':').map_or("", |(_, reason)| reason.trim());
        Some(Allowed {
            comment: format!("# allow {}: {reason}", codes.join(", ")),
            about: allow.about.as_ref().map(about).unwrap_or_default(),
            place: allow.about.as_ref().map(|bytes| Span::new(file.id, bytes.start, bytes.end)),
        })
    };
    // A comment that allows several codes is one comment.
    allows.chunk_by(|one, other| one.comment == other.comment).filter_map(of).collect()
}

/// Whether a word was meant to be the name of a code: `P0412`, `p412`, `P041x`.
fn looks_like_a_code(word: &str) -> bool {
    word.starts_with(['P', 'p']) && word.len() <= 8 && word.contains(|c: char| c.is_ascii_digit())
}

/// Where a word of a comment stands.
fn word_in(file: &SourceFile, remark: &Remark<'_>, word: &str) -> Span {
    let (start, end) = (remark.bytes.start, remark.bytes.end);
    let at = file.text.get(start..end).and_then(|text| text.find(word)).unwrap_or(0);
    Span::new(file.id, start + at, start + at + word.len())
}

/// A comment with what goes when it does: its line, or the blanks before it.
fn line_of(file: &SourceFile, remark: &Remark<'_>) -> Span {
    let (before, behind) = file.text.split_at_checked(remark.bytes.start).unwrap_or_default();
    let start = before.trim_end_matches([' ', '\t']).len();
    let length = remark.bytes.end - remark.bytes.start;
    let line_end = behind.get(length..).unwrap_or("").find('\n').map_or(0, |end| end + 1);
    let end = remark.bytes.end + if remark.own_line { line_end } else { 0 };
    Span::new(file.id, start, end)
}

fn allows_nothing(allow: &Allow, file: &SourceFile) -> Diagnostic {
    let code = allow.code.name();
    let label = if allow.about.is_some() { "" } else { "no statement follows" };
    let (what, it) = match allow.idle {
        Some(_) => ("this comment allows nothing", "it".to_owned()),
        None => ("allowing it does nothing", format!("`{code}`")),
    };
    let (why, help) = match allow.again {
        true => ("allowed here already", format!("take {it} out: one reason is enough")),
        false => (
            "not found here",
            format!("take {it} out, or put it above or behind the statement in which `{code}` is found"),
        ),
    };
    let fault =
        Diagnostic::new(Code::P0701, format!("`{code}` is {why}, so that {what}")).at(allow.comment, label).help(help);
    match allow.idle.filter(|span| file.text.get(span.range()).is_some()) {
        Some(span) => fault.fix(span, ""),
        None => fault,
    }
}

fn no_reason(comment: Span, code: &str, words: &[String]) -> Diagnostic {
    let reason = if words.is_empty() { "agreed with sales until June".to_owned() } else { words.join(" ") };
    Diagnostic::new(Code::P0702, format!("this comment allows `{code}` without a reason"))
        .at(comment, "a reason is missing, so that it allows nothing")
        .help(format!("say why, behind a colon: `# allow {code}: {reason}`"))
}

fn unknown(place: Span, word: &str) -> Diagnostic {
    let fault =
        Diagnostic::new(Code::P0703, format!("there is no code `{word}`")).at(place, "so that nothing is allowed");
    match Code::meant(word).map(Code::name) {
        Some(near) => fault.help(format!("did you mean `{near}`? each finding shows its code")).fix(place, near),
        None => fault.help("each finding shows its code, such as `P0412`; `policyc code` lists them all"),
    }
}

fn an_error(place: Span, code: Code) -> Diagnostic {
    Diagnostic::new(Code::P0703, format!("`{}` is an error, which no comment can allow", code.name()))
        .at(place, code.title())
        .help("mend it, and take this comment out: only warnings and notes can be allowed")
}
