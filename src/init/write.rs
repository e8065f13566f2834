//! From a survey to the text of a first policy.

use std::collections::HashMap;
use std::fmt::Write;

use crate::types::thousands;

use super::guess::{Guess, count, guess, is_unreadable, names_leads};
use super::names::names;
use super::survey::{Column, Survey};

impl Survey {
    /// The text of a first policy for these leads: every column a field, an `otherwise`, and comments on what was seen and
    /// what a person should decide. It is not yet in canonical layout. The same rows give the same text.
    ///
    /// `title` is what the policy is called, `file` how the comments call the leads.
    #[must_use]
    pub fn policy(&self, title: &str, file: &str) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text, title, file);
        text
    }

    fn write(&self, out: &mut String, title: &str, file: &str) -> std::fmt::Result {
        let headers: Vec<String> = self.columns.iter().map(|c| c.header.clone()).collect();
        let fields = names(&headers);
        let id = self.id();
        let mut times = HashMap::new();
        headers.iter().for_each(|h| *times.entry(h.as_str()).or_insert(0) += 1);

        let rows = count(self.rows, "lead");
        writeln!(out, "# A first policy, made from {rows} in {}.", one_line(file))?;
        writeln!(out, "# Types, ranges and values are what these leads show: change them where you know better,")?;
        writeln!(out, "# decide on each remark, then write rules above `otherwise`.")?;
        if self.faulty > 0 {
            let rows = count(self.faulty, "more row");
            writeln!(
                out,
                "# {rows} cannot be relied on: cells are missing or too many. `decide` rejects what does not fit."
            )?;
        }
        writeln!(out, "\npolicy {}\n\nlead", quote(title))?;
        let mut examples = Vec::new();
        let mut after_outcome = false;
        for (position, (column, name)) in self.columns.iter().zip(&fields).enumerate() {
            if times.get(column.header.as_str()).is_some_and(|n| *n > 1) {
                writeln!(
                    out,
                    "  # The column \"{}\" is there more than once, so none of them is read.",
                    one_line(&column.header)
                )?;
                continue;
            }
            // A policy cannot name such a column.
            if column.header.is_empty() || column.header.contains(char::is_control) {
                writeln!(
                    out,
                    "  # Column {} has no heading that can be written down, so it is not read.",
                    position + 1
                )?;
                continue;
            }
            if is_unreadable(column) {
                let header = one_line(&column.header);
                writeln!(out, "  # \"{header}\" holds objects or long lists, which no type fits, so it is not read.")?;
                continue;
            }
            let Guess { ty, seen, remarks, outcome, example } = guess(column, id == Some(position));
            if outcome && !after_outcome {
                writeln!(
                    out,
                    "  # An outcome, it seems: known only after sales has worked the lead, so no rule should read it."
                )?;
            }
            after_outcome = outcome;
            for remark in remarks {
                writeln!(out, "  # {name}: {}", one_line(&remark))?;
            }
            let from = if *name == column.header { String::new() } else { format!(", from {}", quote(&column.header)) };
            let blank = self.rows - column.filled;
            let blank = (blank > 0 && column.filled > 0).then(|| format!("{} blank", thousands(&blank.to_string())));
            let seen: Vec<String> = seen.into_iter().chain(blank).collect();
            let seen = if seen.is_empty() { String::new() } else { format!("  # {}", one_line(&seen.join("; "))) };
            writeln!(out, "  {name} {ty}{from}{seen}")?;
            examples
                .extend(example.filter(|_| !outcome).map(|(kind, asks)| (kind, position, format!("{name} {asks}"))));
        }
        writeln!(out, "\ndecisions, best first\n  # pass to sales\n  nurture\n")?;
        examples.sort();
        examples.dedup_by_key(|(kind, ..)| *kind);
        let asks: Vec<&str> = examples.iter().take(2).map(|(.., asks)| asks.as_str()).collect();
        if !asks.is_empty() {
            writeln!(out, "# A rule reads like this:\n# pass to sales when {}\n", one_line(&asks.join(" and ")))?;
        }
        writeln!(out, "otherwise nurture\n  because \"no rule has taken this lead yet\"")
    }

    /// The column that names the leads: never blank, never the same twice, and called like one.
    fn id(&self) -> Option<usize> {
        let fits = |c: &Column| c.unique && c.filled == self.rows && c.filled > 0;
        let ranked = self.columns.iter().enumerate().filter(|(_, c)| fits(c));
        ranked.filter_map(|(position, c)| Some((names_leads(&c.header)?, position))).min().map(|(_, position)| position)
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Without line ends and other control characters, which neither a comment nor a text in quotes can hold.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
