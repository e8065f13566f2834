//! A lead at hand as literals: that a field is as it is there, as far as any condition of the policy can tell.

use std::collections::BTreeSet;

use super::axis::Content;
use super::model::{Kleene, Model};
use super::narrowed::narrowed;
use super::solver::Lit;
use super::text::{Atom, Question, View};
use crate::eval::Session;
use crate::ir::reach::Reach;
use crate::ir::{Cond, CondKind, FieldId, Lead, visit};
use crate::types::Value;

/// The first policy's view of a lead.
impl Model<'_> {
    /// That a field is as in a lead. Without `exactly` all values are the same to it that no test of the field alone tells apart; tests
    /// that come later may.
    pub(crate) fn as_in(&mut self, field: FieldId, lead: &Lead, exactly: bool) -> Lit {
        let known = self.is_known(0, field);
        match lead.get(field) {
            Some(value) => {
                let same = self.has_value(field, value, exactly);
                self.gates.and(&[known, same])
            }
            None => !known,
        }
    }

    /// That a field that is there has a value.
    fn has_value(&mut self, field: FieldId, value: &Value, exactly: bool) -> Lit {
        let never = self.gates.constant(false);
        let axis = self.axis(self.axis_of(0, field));
        let known = axis.known;
        match (&axis.content, value) {
            (Content::Number(_) | Content::Moment(_), _) => {
                let Some(place) = self.place(field, value) else { return never };
                if exactly {
                    self.reaches_place(field, place);
                    self.reaches_place(field, place + 1);
                }
                let marks = self.line_of(field).map(|line| line.marks).unwrap_or_default();
                let sides: Vec<Lit> = marks.iter().map(|(at, lit)| if *at <= place { *lit } else { !*lit }).collect();
                self.gates.and(&sides)
            }
            (Content::YesNo(yes), Value::YesNo(is)) => {
                if *is {
                    *yes
                } else {
                    let no = !*yes;
                    self.gates.and(&[known, no])
                }
            }
            (Content::Choice(values), Value::Choice(position)) => {
                let declared = &self.policy(0).fields[field];
                let name = declared.ty.closed_values().and_then(|values| values.get(*position));
                values.iter().find(|(of, _)| of.as_ref() == name).map_or(never, |(_, lit)| *lit)
            }
            (Content::Choice(values), Value::Other(_)) => {
                values.iter().find(|(of, _)| of.is_none()).map_or(never, |(_, lit)| *lit)
            }
            (Content::Set(members), Value::Set(held)) => {
                let lits: Vec<Lit> = members.iter().map(|(_, lit)| *lit).collect();
                let sides: Vec<Lit> =
                    lits.iter().enumerate().map(|(i, lit)| if held.contains(&i) { *lit } else { !*lit }).collect();
                self.gates.and(&sides)
            }
            (Content::Text(text), Value::Text(held)) => {
                let text = *text;
                if exactly {
                    let question = Question::OneOf([held.clone()].into());
                    self.text_answer(text, known, Atom { view: View::Raw, question });
                }
                let answers = self.text_answers(field);
                let sides: Vec<Lit> =
                    answers.iter().map(|(atom, lit)| if atom.holds(held) { *lit } else { !*lit }).collect();
                self.gates.and(&sides)
            }
            (Content::YesNo(_) | Content::Choice(_) | Content::Set(_) | Content::Text(_), _) => never,
        }
    }

    /// What is asked of a text, with the literals of the answers; nothing for another field.
    pub(crate) fn text_answers(&self, field: FieldId) -> Vec<(Atom, Lit)> {
        match self.axis(self.axis_of(0, field)).content {
            Content::Text(text) => self.texts.get(text).map_or_else(Vec::new, |texts| {
                texts.domain.atoms().iter().cloned().zip(texts.answers.iter().copied()).collect()
            }),
            Content::Number(_) | Content::Moment(_) | Content::Choice(_) | Content::Set(_) | Content::YesNo(_) => {
                Vec::new()
            }
        }
    }

    /// That a text has a domain, when it has one in a lead and that is asked for.
    pub(crate) fn domain_of_text(&self, field: FieldId, lead: &Lead) -> Option<Lit> {
        let Some(Value::Text(text)) = lead.get(field) else { return None };
        let answers = self.text_answers(field);
        let there = answers.iter().find(|(atom, _)| atom.question == Question::Defined && atom.holds(text));
        there.map(|(_, lit)| *lit)
    }

    /// The members of a multi-select, in the order of its type; nothing for another field.
    pub(crate) fn member_lits(&self, field: FieldId) -> Vec<Lit> {
        match &self.axis(self.axis_of(0, field)).content {
            Content::Set(members) => members.iter().map(|(_, lit)| *lit).collect(),
            Content::Number(_) | Content::Moment(_) | Content::Choice(_) | Content::Text(_) | Content::YesNo(_) => {
                Vec::new()
            }
        }
    }

    /// The conditions that were left open, with what is known of them for a lead.
    pub(crate) fn open_conditions(&mut self, session: &Session<'_>, free: &[FieldId]) -> Vec<Open> {
        if self.loose.is_empty() {
            return Vec::new();
        }
        // Whether a value is there may hang on others than it is read from; so these count for every condition.
        let mut asked = Reach::new(session.policy());
        for cond in visit::deciding(session.policy()) {
            cond.walk(&mut |part| asked_of(part, &mut asked));
        }
        let asked = asked.fields;
        let loose: Vec<(Cond, Kleene)> = self.loose.values().cloned().collect();
        let mut open = Vec::new();
        for (cond, left_open) in loose {
            let mut reach = Reach::new(session.policy());
            reach.cond(&cond);
            asked_of(&cond, &mut reach);
            let reads = reach.fields;
            let fields: BTreeSet<FieldId> = reads.union(&asked).copied().collect();
            let mut alone = Vec::new();
            for field in fields.iter().copied().filter(|field| free.contains(field)) {
                let test = narrowed(session, &cond, field, &asked);
                alone.extend(test.and_then(|test| self.formula(0, &test)).map(|test| (field, test)));
            }
            open.push(Open { cond, left_open, reads, fields, alone });
        }
        open
    }
}

/// A condition that the model leaves open.
#[derive(Debug)]
pub(crate) struct Open {
    /// The condition.
    pub(crate) cond: Cond,
    /// What stands for it.
    pub(crate) left_open: Kleene,
    /// The fields that it brings together.
    pub(crate) reads: BTreeSet<FieldId>,
    /// All fields that it can hang on.
    pub(crate) fields: BTreeSet<FieldId>,
    /// What it is when only one of them is not as in the lead, as far as that can be said.
    pub(crate) alone: Vec<(FieldId, Kleene)>,
}

/// Adds what a condition depends on that asks whether a value is known.
fn asked_of(cond: &Cond, reach: &mut Reach<'_>) {
    if let CondKind::Known(value) = &cond.kind {
        reach.value(value);
    }
}
