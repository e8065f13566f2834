//! An explanation to paste into a ticket: Markdown in which nothing of the data can do anything.

use std::fmt::Write;

use super::words;
use crate::explain::{Above, Explanation, Outcome, Stopped, Tested, Way};
use crate::render::terminal::{clean, shortened};
use crate::types::Truth;

/// An explanation as Markdown.
#[must_use]
pub fn markdown(explanation: &Explanation) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail; `list` and the rest build on that.
    let _ = write(explanation, &mut out);
    out
}

fn write(explanation: &Explanation, out: &mut String) -> std::fmt::Result {
    decision(explanation, out)?;
    above(explanation, out)?;
    scores(explanation, out)?;
    if !explanation.unknown.is_empty() {
        writeln!(out, "\n**Unknown, and why it matters**\n")?;
    }
    explanation.unknown.iter().try_for_each(|absence| item(out, 0, None, &escape(&words::absence(absence)), ""))?;
    if !explanation.defaults.is_empty() {
        writeln!(out, "\n**Defaults that the policy gives**\n")?;
    }
    explanation.defaults.iter().try_for_each(|default| item(out, 0, None, &escape(&words::default(default)), ""))?;
    other_decisions(explanation, out)
}

fn other_decisions(explanation: &Explanation, out: &mut String) -> std::fmt::Result {
    let way = |out: &mut String, way: &Way| {
        item(out, 0, None, &format!("{}: rule {}", escape(&words::way(way)), code(&way.rule)), "")
    };
    if let Some(why_not) = &explanation.why_not {
        writeln!(out, "\n**{}**\n", escape(&words::why_not(why_not)))?;
        if let Outcome::Changes { ways, .. } = &why_not.outcome {
            ways.iter().try_for_each(|one| way(out, one))?;
        }
        words::outcome(why_not).iter().try_for_each(|line| item(out, 0, None, &escape(line), ""))?;
    }
    if let Some(better) = &explanation.better {
        writeln!(out, "\n**Nearest better decision: {}**\n", escape(&better.decision))?;
        way(out, &better.way)?;
    }
    Ok(())
}

fn decision(explanation: &Explanation, out: &mut String) -> std::fmt::Result {
    let Explanation { lead, decision, note, reason, as_of, policy, rule, .. } = explanation;
    let note = note.as_ref().map(|note| format!(" ({})", escape(note))).unwrap_or_default();
    writeln!(out, "**{}: {}**{note}\n", escape(lead), escape(decision))?;
    if let Some(reason) = reason {
        writeln!(out, "> because {}\n", escape(reason))?;
    }
    writeln!(out, "By \"{}\", as of {}.\n", escape(policy), escape(&words::as_of(as_of)))?;
    let belongs = words::belongs(rule).map(|text| format!(", {}", escape(&text))).unwrap_or_default();
    writeln!(out, "**Rule {}** at {}{belongs}\n", code(&rule.name), code(&words::place(rule)))?;
    let Explanation { section_conditions, conditions, .. } = explanation;
    section_conditions.iter().chain(conditions).try_for_each(|tested| in_full(out, tested, 0))?;
    if conditions.is_empty() {
        item(out, 0, Some(Truth::True), words::otherwise(explanation), "")?;
    }
    Ok(())
}

fn above(explanation: &Explanation, out: &mut String) -> std::fmt::Result {
    if !explanation.above.is_empty() {
        writeln!(out, "\n**Rules above it, and what stopped each**\n")?;
    }
    for above in &explanation.above {
        match above {
            Above::Rule { rule, truth, stopped } => {
                item(out, 0, Some(*truth), &format!("{}: {}", code(&rule.name), escape(&rule.decision)), "")?;
                stoppers(out, stopped)?;
            }
            Above::Section { title, rules, truth, stopped, taken_by } => {
                item(out, 0, Some(*truth), &escape(&words::skipped(title, *rules)), "")?;
                taken_by.iter().try_for_each(|by| item(out, 1, None, &escape(&words::taken(by)), ""))?;
                stoppers(out, stopped)?;
            }
        }
    }
    Ok(())
}

fn scores(explanation: &Explanation, out: &mut String) -> std::fmt::Result {
    for score in &explanation.scores {
        writeln!(out, "\n**Score** {}\n", escape(&words::score(score)))?;
        for line in &score.lines {
            let (words, would) = words::score_line(line);
            let words = if line.label.is_some() { escape(words) } else { code(words) };
            let would = would.map(|gain| format!(" ({})", code(gain))).unwrap_or_default();
            let text = format!("{} {words}{would}", escape(&words::added(line)));
            item(out, 0, Some(line.truth), &text, &words::readings(&line.readings))?;
        }
    }
    for grade in &explanation.grades {
        writeln!(out, "\n**Grade** {}\n", escape(&format!("{} is {}", grade.name, grade.label)))?;
        for line in &grade.lines {
            let text = format!("{}: {}", escape(&line.label), code(&line.text));
            item(out, 0, Some(line.truth), &text, &words::readings(&line.readings))?;
            stoppers(out, &line.stopped)?;
        }
    }
    if let Some(report) = &explanation.stage {
        writeln!(out, "\n**Stage** {}\n", escape(&report.stage))?;
        for step in &report.steps {
            item(out, 0, Some(step.truth), &escape(&step.name), &words::readings(&step.readings))?;
            stoppers(out, &step.stopped)?;
        }
    }
    Ok(())
}

/// An item of a list: a mark, words that are Markdown already, and what was read.
fn item(out: &mut String, depth: usize, truth: Option<Truth>, text: &str, read: &str) -> std::fmt::Result {
    let mark = truth.map(|truth| format!("{} ", words::mark(truth))).unwrap_or_default();
    let read = if read.is_empty() { String::new() } else { format!(" — {}", escape(read)) };
    writeln!(out, "{:indent$}- {mark}{text}{read}", "", indent = 2 * depth)
}

fn in_full(out: &mut String, tested: &Tested, depth: usize) -> std::fmt::Result {
    let heading = words::heading(tested);
    let text = if tested.parts.is_empty() { code(&heading) } else { escape(&heading) };
    item(out, depth, Some(tested.truth), &text, &words::read(tested))?;
    tested.parts.iter().try_for_each(|part| in_full(out, part, depth + 1))
}

fn stoppers(out: &mut String, stopped: &Stopped) -> std::fmt::Result {
    for tested in &stopped.by {
        item(out, 1, None, &code(&words::condition(tested)), &words::read(tested))?;
    }
    words::more(stopped).iter().try_for_each(|more| item(out, 1, None, more, ""))
}

/// A text in which nothing is Markdown, HTML, a mention, a link or a control character any more.
pub(in crate::render) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in clean(&shortened(text)).chars() {
        if makes_a_link(&escaped, c) {
            escaped.push(JOINER);
        }
        if matches!(c, '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&' | '$') {
            escaped.push('\\');
        }
        escaped.push(c);
        // Nobody is called into the ticket, and no address is a link.
        if c == '@' {
            escaped.push(JOINER);
        }
    }
    escaped
}

/// A word joiner, which is not seen: what it parts, hosts make nothing of. A backslash would not do, since they look for links in what the Markdown
/// has come to.
const JOINER: char = '\u{2060}';

/// Whether hosts begin a link with this character after what stands before it: `://`, `www.`, and the number of an issue.
fn makes_a_link(before: &str, c: char) -> bool {
    let ends_with = |end: &str| {
        let tail = before.len().checked_sub(end.len()).and_then(|at| before.get(at..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    };
    match c {
        '/' => ends_with(":"),
        '.' => ends_with("www"),
        c if c.is_ascii_digit() => ends_with("gh-") || ends_with("#"),
        _ => false,
    }
}

/// A text as code, whatever backticks it holds.
pub(in crate::render) fn code(text: &str) -> String {
    let text = shortened(text);
    let text = clean(&text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if longest > 0 || text.is_empty() { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_becomes_a_link_or_a_mention() {
        for (text, escaped) in [
            ("see https://evil.example, ftp://x", "see https:\u{2060}//evil.example, ftp:\u{2060}//x"),
            ("at www.evil.example/login", "at www\u{2060}.evil.example/login"),
            ("WWW.evil.example", "WWW\u{2060}.evil.example"),
            ("mailto:ann@evil.example", "mailto:ann@\u{2060}evil.example"),
            ("xmpp:a.b@evil.example/c", "xmpp:a.b@\u{2060}evil.example/c"),
            ("@ann and (@bob)", "@\u{2060}ann and (@\u{2060}bob)"),
            ("GH-12, gh-7, #12, o/r#3", "GH-\u{2060}12, gh-\u{2060}7, \\#\u{2060}12, o/r\\#\u{2060}3"),
            ("a/b.c 3:4 q-1 wwwx. größer", "a/b.c 3:4 q-1 wwwx. größer"),
        ] {
            assert_eq!(escape(text), escaped);
        }
    }
}
