//! What each statement of an agreement says, whatever it is called and wherever it stands: two that say the same are equal.

use std::collections::{BTreeMap, BTreeSet};

use super::{Agreement, Body, Cond, DECISION, Id, LAST, Line};

impl Agreement {
    /// What everything says that decisions can hang on, by its number; of a list, when something asks for it.
    pub(crate) fn statements(&self) -> BTreeMap<Id, String> {
        let mut said = BTreeMap::from([(LAST, format!("rule {} otherwise", self.phrases[self.last]))]);
        let means = self.phrases.iter().zip(&self.notes).map(|(phrase, note)| format!("decision {phrase} {note}"));
        said.extend((DECISION..).zip(means));
        for (rule, ..) in self.rules() {
            said.insert(rule.id, format!("rule {} when {}", self.phrases[rule.decision], words(&rule.when)));
        }
        for section in self.sections() {
            let when = section.when.as_ref().map(words);
            said.insert(section.id, format!("section {when:?} {}", section.otherwise && when.is_none()));
        }
        for field in &self.fields {
            said.insert(field.id, format!("field {} {} {} {:?}", field.id, field.ty, field.column, field.options));
        }
        for thing in &self.things {
            let text = match &thing.body {
                Body::List(values, _) => {
                    // Where only the case differs, that may make no difference.
                    let values: BTreeSet<String> = values.iter().map(|value| value.to_lowercase()).collect();
                    format!("list {values:?}")
                }
                Body::Define(cond) => format!("define {}", words(cond)),
                Body::Value(value) => format!("value {value}"),
                Body::Score(lines) => {
                    let line = |line: &Line| match line {
                        Line::Points(points, each, cond) => format!("{points} {each} when {}", words(cond)),
                        Line::Score(id) => format!("score {id}"),
                    };
                    let mut lines: Vec<String> = lines.iter().map(line).collect();
                    lines.sort_unstable();
                    format!("score {lines:?}")
                }
                Body::Grade(lines) => format!("grade {:?}", lines.each_ref().map(words)),
                Body::Stage(cond) => format!("stage {}", words(cond)),
                Body::Assume(cond) => format!("assume {}", words(cond)),
                Body::Claim(..) | Body::Test(..) => continue,
            };
            if !matches!(thing.body, Body::List(..)) || self.is_named(thing.id) {
                said.insert(thing.id, text);
            }
        }
        said
    }
}

impl Agreement {
    /// What each claim says, in order.
    pub(crate) fn claims(&self) -> Vec<String> {
        let claims = self.things.iter().filter_map(|thing| match &thing.body {
            Body::Claim(form, decision, cond) => Some(format!("{form} {} {}", self.phrases[*decision], words(cond))),
            _ => None,
        });
        let mut claims: Vec<String> = claims.collect();
        claims.sort_unstable();
        claims
    }
}

/// A condition in words; how it is bracketed is a matter of layout, where that makes no difference.
fn words(cond: &Cond) -> String {
    match cond {
        Cond::And(..) => format!("({})", parts(cond, true).join(" and ")),
        Cond::Or(..) => format!("({})", parts(cond, false).join(" or ")),
        Cond::Not(inner) => match &**inner {
            // One `not` takes another away.
            Cond::Not(inner) => words(inner),
            inner => format!("not {}", words(inner)),
        },
        plain => format!("{plain:?}"),
    }
}

fn parts(cond: &Cond, and: bool) -> Vec<String> {
    match (cond, and) {
        (Cond::And(one, other), true) | (Cond::Or(one, other), false) => [parts(one, and), parts(other, and)].concat(),
        _ => vec![words(cond)],
    }
}
