//! Which lists a statement names, by its text. What `contains` and `has any of` ask for stands in the checked policy as values, without the name of the list.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Batch;
use crate::source::Span;
use crate::syntax::ast::Statement;
use crate::syntax::parse;

/// What the statements of a policy and its libraries name.
pub(super) struct Mentions {
    /// The words of each statement.
    statements: Vec<(Span, BTreeSet<String>)>,
    /// The words of what is declared, by its name.
    declared: BTreeMap<String, BTreeSet<String>>,
    lists: BTreeSet<String>,
}

impl Mentions {
    pub(super) fn new(batch: &Batch) -> Mentions {
        let mut mentions = Mentions { statements: Vec::new(), declared: BTreeMap::new(), lists: BTreeSet::new() };
        for file in batch.sources.iter() {
            for statement in &parse(file).file.statements {
                let span = statement.loc.0;
                let words = words(file.slice(span));
                match &statement.node {
                    Statement::List { name, .. } => {
                        mentions.lists.insert(name.text.clone());
                    }
                    Statement::Define { name, .. }
                    | Statement::Score { name, .. }
                    | Statement::Grade { name, .. }
                    | Statement::Stage { name, .. } => {
                        mentions.declared.entry(name.text.clone()).or_default().extend(words.iter().cloned());
                    }
                    Statement::Policy { .. }
                    | Statement::Use { .. }
                    | Statement::RulesFrom { .. }
                    | Statement::Lead { .. }
                    | Statement::Decisions { .. }
                    | Statement::Section { .. }
                    | Statement::Rule { .. }
                    | Statement::Otherwise(_)
                    | Statement::Property { .. }
                    | Statement::Test { .. }
                    | Statement::Broken { .. } => {}
                }
                mentions.statements.push((span, words));
            }
        }
        mentions
    }

    /// The lists that the statement at a place names, also by what it names besides.
    pub(super) fn lists_at(&self, place: Span) -> BTreeSet<String> {
        let is_around = |span: &Span| span.source == place.source && span.start <= place.start && place.end <= span.end;
        let around = self.statements.iter().filter(|(span, _)| is_around(span));
        let mut left: Vec<&String> = around.flat_map(|(_, words)| words).collect();
        let mut seen = BTreeSet::new();
        while let Some(word) = left.pop() {
            if seen.insert(word) {
                left.extend(self.declared.get(word).into_iter().flatten());
            }
        }
        self.lists.iter().filter(|list| seen.contains(list)).cloned().collect()
    }
}

/// The words of a text that are neither between quotes nor in a comment.
fn words(text: &str) -> BTreeSet<String> {
    let mut bare = String::new();
    for line in text.lines() {
        let (mut quoted, mut escaped) = (false, false);
        for c in line.chars() {
            if c == '#' && !quoted {
                break;
            }
            let is_quote = c == '"' && !escaped;
            escaped = c == '\\' && quoted && !escaped;
            bare.push(if quoted || is_quote { ' ' } else { c });
            quoted ^= is_quote;
        }
        bare.push('\n');
    }
    let words = bare.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}
