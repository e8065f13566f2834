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

/// A text in which nothing is Markdown, HTML, a mention or a control character any more.
pub(in crate::render) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    // `://` would make a link of what stands around it.
    for c in clean(&shortened(text)).replace("://", "\u{1}//").chars() {
        match c {
            '\u{1}' => escaped.push_str("\\:"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            // Nobody is called into the ticket: a word joiner, which is not seen, parts the sign from the name.
            '@' if !escaped.ends_with(char::is_alphanumeric) => escaped.push_str("@\u{2060}"),
            c => escaped.push(c),
        }
    }
    escaped
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
