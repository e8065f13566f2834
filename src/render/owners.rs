//! Who owns what: for a terminal, for programs, and as a CODEOWNERS file.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::json::text;
use super::terminal::{Look, Tone, clean};
use crate::review::{Item, Owning};

/// The version of the JSON form; it changes when a reader of the old form would misread the new one.
const VERSION: u32 = 1;

/// Who owns what of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Table {
    /// Its path in the repository.
    pub path: String,
    /// Its title.
    pub title: String,
    /// What it has, each with its owners: its own, or else those of what it stands in.
    pub owners: Vec<Owning>,
}

/// Who owns what.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(title = "policyc owners")]
struct Document<'t> {
    /// The version of this form: 1.
    version: u32,
    /// The policies.
    policies: &'t [Table],
}

/// The JSON Schema of the tables.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Document)
}

/// For programs: everything, by the nearest `owned by`.
#[must_use]
pub fn json(tables: &[Table]) -> String {
    text(&Document { version: VERSION, policies: tables })
}

/// The tables for people: policies, sections and libraries, and of all else what belongs to other teams than these. What several policies
/// bring in is shown once; where it has other owners in each, once for each.
#[must_use]
pub fn human(tables: &[Table], look: Look) -> String {
    let mut found: Vec<([String; 3], String)> = Vec::new();
    for table in tables {
        for own in table.owners.iter().filter(|own| !is_implied(table, own)) {
            let what = match own.item {
                Item::Library => own.item.word().to_owned(),
                item if item.is_around_others() => format!("{} \"{}\"", item.word(), own.name),
                item => format!("{} {}", item.word(), own.name),
            };
            let owners = if own.owners.is_empty() { "nobody".to_owned() } else { own.owners.join(", ") };
            let row = [own.path.clone(), what, owners].map(|cell| clean(&cell).into_owned());
            found.push((row, clean(&table.path).into_owned()));
        }
    }
    let mut owners_of: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for ([file, what, owners], _) in &found {
        owners_of.entry((file, what)).or_default().insert(owners);
    }
    let mut seen = BTreeSet::new();
    let mut rows: Vec<[String; 3]> = vec![["file", "what", "owners"].map(str::to_owned)];
    for ([file, what, owners], policy) in &found {
        let split = owners_of.get(&(file.as_str(), what.as_str())).is_some_and(|all| all.len() > 1);
        let what = if split { format!("{what}, in {policy}") } else { what.clone() };
        let row = [file.clone(), what, owners.clone()];
        if seen.insert(row.clone()) {
            rows.push(row);
        }
    }
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.width()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    let mut out = String::new();
    for (number, [file, what, owners]) in rows.iter().enumerate() {
        let pad = |cell: &str, width: usize| format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())));
        let line = format!("{}  {}  {owners}", pad(file, first), pad(what, second));
        let line = if number == 0 { look.paint(Tone::Strong, &line) } else { line };
        out.push_str(&format!("{line}\n"));
    }
    out
}

/// Whether something needs no line: it belongs to those who own its file, or a section there.
fn is_implied(table: &Table, own: &Owning) -> bool {
    let same = |other: &Owning| other.item.is_around_others() && other.path == own.path && other.owners == own.owners;
    !own.item.is_around_others() && table.owners.iter().any(same)
}

/// A CODEOWNERS file: each file with the teams that own something in it. Files that nobody owns are left out.
#[must_use]
pub fn codeowners(files: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut out = "# written by `policyc owners --codeowners`\n".to_owned();
    for (path, teams) in files.iter().filter(|(_, teams)| !teams.is_empty()) {
        let teams: Vec<String> = teams.iter().map(|team| format!("@{team}")).collect();
        out.push_str(&format!("/{} {}\n", pattern(path), teams.join(" ")));
    }
    out
}

/// A path as a pattern that means this file alone: blanks and what else has a meaning there are escaped.
fn pattern(path: &str) -> String {
    let mut pattern = String::new();
    for c in clean(path).chars() {
        if matches!(c, ' ' | '#' | '*' | '?' | '[' | ']' | '\\' | '!') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}
