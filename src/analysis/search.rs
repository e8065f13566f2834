//! Answers: the solver proposes cells, the theories of texts, moments and sums of fields fill them with values or say why none fit,
//! until there is a lead or a proof that there is none.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::axis::{Content, holds};
use super::calendar::{self, Bound, Moment};
use super::model::Model;
use super::solver::{Lit, Solved};
use super::text;
use super::witness::Witness;
use crate::eval::Evaluator;
use crate::ir::Policy;
use crate::types::Truth;

/// An answer about all leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<T> {
    /// There is one.
    Yes(T),
    /// There is none: these of the assumptions cannot hold together.
    No(Vec<Lit>),
    /// Neither was found.
    NotKnown,
}

impl<T> Answer<T> {
    /// Whether there is one.
    #[must_use]
    pub fn told(&self) -> Truth {
        match self {
            Answer::Yes(_) => Truth::True,
            Answer::No(_) => Truth::False,
            Answer::NotKnown => Truth::Unknown,
        }
    }
}

/// A lead in the model: the cell of every axis, and a value for those that a theory had to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub(crate) bits: Vec<bool>,
    pub(crate) texts: Vec<Option<String>>,
    pub(crate) as_of: Option<Timestamp>,
    pub(crate) moments: Vec<Moment>,
    pub(crate) numbers: BTreeMap<usize, i128>,
}

impl Point {
    /// Whether a literal holds here. It must have been made before the point was found; a later one counts as false.
    #[must_use]
    pub fn holds(&self, lit: Lit) -> bool {
        holds(&self.bits, lit)
    }
}

/// How many times the theories may send the solver back for one question.
const MAX_ROUNDS: usize = 2_000;

/// How many candidates are tried on the evaluator for one question, when conditions are left open.
const MAX_TRIES: usize = 24;

/// What a theory says to a model.
pub(super) enum Filled<T> {
    Values(T),
    /// These literals do not hold together.
    Conflict(Vec<Lit>),
    NotKnown,
}

impl Model<'_> {
    /// Whether a lead can have all of these. Where [conditions are left open](Model::is_exact), `Yes` is only a candidate.
    pub fn ask(&mut self, assumptions: &[Lit]) -> Answer<Point> {
        for _ in 0..MAX_ROUNDS {
            if self.is_exhausted() {
                return Answer::NotKnown;
            }
            let bits = match self.gates.solve(assumptions) {
                Solved::Model(bits) => bits,
                Solved::Refuted(core) => return Answer::No(core),
                Solved::GaveUp => return Answer::NotKnown,
            };
            match self.fill(bits) {
                Filled::Values(point) => return Answer::Yes(point),
                Filled::Conflict(lits) => {
                    let lemma: Vec<Lit> = lits.iter().map(|lit| !*lit).collect();
                    self.gates.note(|| "no text, time or sum of fields is like this".to_owned());
                    self.gates.require(&lemma);
                }
                Filled::NotKnown => return Answer::NotKnown,
            }
        }
        Answer::NotKnown
    }

    /// Whether it is proved that no lead can have all of these. Asks the solver only when no lead met so far does.
    pub(crate) fn is_refuted(&mut self, assumptions: &[Lit]) -> bool {
        matches!(self.possible(assumptions), Answer::No(_))
    }

    /// The same with all three answers. Where [conditions are left open](Model::is_exact), `Yes` is not sure.
    pub(crate) fn possible(&mut self, assumptions: &[Lit]) -> Answer<()> {
        if self.sampled(assumptions) {
            return Answer::Yes(());
        }
        match self.ask(assumptions) {
            Answer::Yes(point) => {
                self.remember(&point);
                Answer::Yes(())
            }
            Answer::No(core) => Answer::No(core),
            Answer::NotKnown => Answer::NotKnown,
        }
    }

    /// A lead that has all of these and that `confirm`, which asks the evaluator, accepts. As many of its fields are missing as can
    /// be without trying combinations.
    pub fn witness(&mut self, assumptions: &[Lit], confirm: &mut dyn FnMut(&Witness) -> bool) -> Answer<Witness> {
        match self.find(assumptions, confirm) {
            Answer::Yes((_, witness)) => Answer::Yes(witness),
            Answer::No(core) => Answer::No(core),
            Answer::NotKnown => Answer::NotKnown,
        }
    }

    /// The same, with the point that the lead stands for.
    pub(crate) fn find(
        &mut self,
        assumptions: &[Lit],
        confirm: &mut dyn FnMut(&Witness) -> bool,
    ) -> Answer<(Point, Witness)> {
        let policies: Vec<&Policy> = self.policies().collect();
        let confirm = &mut |witness: &Witness| is_accepted(&policies, witness) && confirm(witness);
        match self.confirmed(assumptions, confirm) {
            Answer::Yes((asked, point, witness)) => Answer::Yes(self.fewer_fields(asked, point, witness, confirm)),
            Answer::No(core) => Answer::No(core),
            Answer::NotKnown => Answer::NotKnown,
        }
    }

    /// Any lead that has all of these and that `confirm` accepts: one that was met before, or one that the solver finds.
    pub(crate) fn any(&mut self, assumptions: &[Lit], confirm: &mut dyn FnMut(&Witness) -> bool) -> Answer<Witness> {
        let policies: Vec<&Policy> = self.policies().collect();
        let confirm = &mut |witness: &Witness| is_accepted(&policies, witness) && confirm(witness);
        if let Some(bits) = self.met(assumptions).into_iter().next()
            && let Some(point) = self.filled(bits)
        {
            let witness = self.lead(&point);
            if confirm(&witness) {
                return Answer::Yes(witness);
            }
        }
        match self.confirmed(assumptions, confirm) {
            Answer::Yes((_, point, witness)) => {
                self.remember(&point);
                Answer::Yes(witness)
            }
            Answer::No(core) => Answer::No(core),
            Answer::NotKnown => Answer::NotKnown,
        }
    }

    /// The first lead that is confirmed, with its point and what was asked in the end.
    pub(super) fn confirmed(
        &mut self,
        assumptions: &[Lit],
        confirm: &mut dyn FnMut(&Witness) -> bool,
    ) -> Answer<(Vec<Lit>, Point, Witness)> {
        let mut tried = Vec::new();
        for _ in 0..MAX_TRIES {
            let all: Vec<Lit> = assumptions.iter().chain(&tried).copied().collect();
            match self.ask(&all) {
                Answer::Yes(point) => {
                    let alike = self.alike(point);
                    for point in &alike {
                        let witness = self.lead(point);
                        if confirm(&witness) {
                            return Answer::Yes((all, point.clone(), witness));
                        }
                    }
                    if self.is_exact() {
                        return Answer::NotKnown;
                    }
                    let another = alike.first().map(|point| self.another_than(point));
                    tried.extend(another);
                }
                // Without the candidates that have been tried there may be none left, but that proves nothing.
                Answer::No(core) if core.iter().any(|lit| tried.contains(lit)) => return Answer::NotKnown,
                Answer::No(core) => return Answer::No(core),
                Answer::NotKnown => return Answer::NotKnown,
            }
        }
        Answer::NotKnown
    }

    /// The same with as few fields as can be: what a lead does not need is left out, one field after the other.
    fn fewer_fields(
        &mut self,
        mut asked: Vec<Lit>,
        mut point: Point,
        mut witness: Witness,
        confirm: &mut dyn FnMut(&Witness) -> bool,
    ) -> (Point, Witness) {
        let known: Vec<Lit> = self.axes.iter().map(|axis| axis.known).collect();
        for known in known {
            if !point.holds(known) {
                asked.push(!known);
                continue;
            }
            asked.push(!known);
            let without = match self.ask(&asked) {
                Answer::Yes(point) => Some(point),
                Answer::No(_) | Answer::NotKnown => None,
            };
            let confirmed = without.and_then(|point| {
                let witness = self.lead(&point);
                confirm(&witness).then_some((point, witness))
            });
            match confirmed {
                Some((fewer, lead)) => (point, witness) = (fewer, lead),
                None => {
                    asked.pop();
                }
            }
        }
        (point, witness)
    }

    /// A literal that holds only where some axis has another cell than here.
    fn another_than(&mut self, point: &Point) -> Lit {
        let known = self.axes.iter().map(|axis| axis.known);
        let mut here: Vec<Lit> = known.map(|lit| if point.holds(lit) { lit } else { !lit }).collect();
        here.extend(self.cells(point, false));
        !self.gates.and(&here)
    }

    /// What a point says of its fields, or only of those that are there: literals that hold in it.
    pub(crate) fn cells(&self, point: &Point, known_only: bool) -> Vec<Lit> {
        let there = |known: &Lit| !known_only || point.holds(*known);
        let mut cells = Vec::new();
        for axis in self.axes.iter().filter(|axis| there(&axis.known)) {
            cells.push(axis.known);
            cells.extend(axis.crossed_out);
            match &axis.content {
                Content::Number(ladder) => cells.extend(ladder.rungs.values()),
                Content::Choice(values) => cells.extend(values.iter().map(|(_, lit)| *lit)),
                Content::Set(members) => cells.extend(members.iter().map(|(_, lit)| *lit)),
                Content::YesNo(yes) => cells.push(*yes),
                Content::Text(text) => cells.extend(self.texts.get(*text).into_iter().flat_map(|t| &t.answers)),
                Content::Moment(_) => {}
            }
        }
        let moment = |at: usize| self.moments.known.get(at).is_some_and(there);
        let facts = self.moments.facts.iter().filter(|(fact, _)| {
            moment(fact.field)
                && match fact.bound {
                    Bound::Field(other) => moment(other),
                    Bound::Day(_) | Bound::AsOfDay(_) | Bound::Instant(_) | Bound::AsOf(_) => true,
                }
        });
        cells.extend(facts.map(|(_, lit)| *lit));
        let axis = |at: &usize| self.axes.get(*at).is_some_and(|axis| there(&axis.known));
        let sums = self.linear.iter().filter(|(sum, _)| sum.terms.iter().all(|(at, _)| axis(at)));
        cells.extend(sums.map(|(_, lit)| *lit));
        cells.into_iter().map(|lit| if point.holds(lit) { lit } else { !lit }).collect()
    }

    /// The lead whose cells these are, if the theories of texts, moments and sums have values for them.
    pub(super) fn filled(&mut self, bits: Vec<bool>) -> Option<Point> {
        match self.fill(bits) {
            Filled::Values(point) => Some(point),
            Filled::Conflict(_) | Filled::NotKnown => None,
        }
    }

    /// Values for the cells of a model.
    fn fill(&mut self, bits: Vec<bool>) -> Filled<Point> {
        let mut texts = Vec::new();
        let of_texts = self.axes.iter().filter_map(|axis| match axis.content {
            Content::Text(text) => Some((text, axis.known)),
            Content::Number(_) | Content::Choice(_) | Content::Set(_) | Content::YesNo(_) | Content::Moment(_) => None,
        });
        for (text, known) in of_texts.collect::<Vec<_>>() {
            match self.fill_text(&bits, text, known) {
                Filled::Values(value) => texts.push(value),
                Filled::Conflict(lits) => return Filled::Conflict(lits),
                Filled::NotKnown => return Filled::NotKnown,
            }
        }
        let (as_of, moments) = match self.fill_moments(&bits) {
            Filled::Values(values) => values,
            Filled::Conflict(lits) => return Filled::Conflict(lits),
            Filled::NotKnown => return Filled::NotKnown,
        };
        match self.fill_sums(&bits) {
            Filled::Values(numbers) => Filled::Values(Point { bits, texts, as_of, moments, numbers }),
            Filled::Conflict(lits) => Filled::Conflict(lits),
            Filled::NotKnown => Filled::NotKnown,
        }
    }

    fn fill_text(&mut self, bits: &[bool], text: usize, known: Lit) -> Filled<Option<String>> {
        let Some(texts) = self.texts.get_mut(text).filter(|_| holds(bits, known)) else { return Filled::Values(None) };
        let pattern: Vec<bool> = texts.answers.iter().map(|lit| holds(bits, *lit)).collect();
        if let Some(value) = texts.found.get(&pattern) {
            return Filled::Values(Some(value.clone()));
        }
        let wanted: Vec<(usize, bool)> =
            texts.answers.iter().enumerate().map(|(atom, lit)| (atom, holds(bits, *lit))).collect();
        match texts.domain.realize(&wanted, &mut self.work) {
            text::Realized::Value(value) => {
                texts.found.insert(pattern, value.clone());
                Filled::Values(Some(value))
            }
            text::Realized::NotKnown => Filled::NotKnown,
            text::Realized::Impossible(core) => {
                let asked = |at: usize| {
                    let (atom, yes) = wanted.get(at)?;
                    let answer = *texts.answers.get(*atom)?;
                    Some(if *yes { answer } else { !answer })
                };
                Filled::Conflict(core.into_iter().filter_map(asked).chain([known]).collect())
            }
        }
    }

    fn fill_moments(&mut self, bits: &[bool]) -> Filled<(Option<Timestamp>, Vec<Moment>)> {
        let facts = self.moments.facts.iter().map(|(_, lit)| *lit);
        let pattern: Vec<bool> = self.moments.known.iter().copied().chain(facts).map(|lit| holds(bits, lit)).collect();
        if let Some((as_of, moments)) = self.moments.found.get(&pattern) {
            return Filled::Values((Some(*as_of), moments.clone()));
        }
        let known = |moment: usize| self.moments.known.get(moment).is_some_and(|lit| holds(bits, *lit));
        let involved = |fact: &calendar::Fact| {
            known(fact.field)
                && match fact.bound {
                    Bound::Field(other) => known(other),
                    Bound::Day(_) | Bound::AsOfDay(_) | Bound::Instant(_) | Bound::AsOf(_) => true,
                }
        };
        let asked: Vec<(calendar::Fact, Lit)> =
            self.moments.facts.iter().filter(|(fact, _)| involved(fact)).cloned().collect();
        let wanted: Vec<(calendar::Fact, bool)> =
            asked.iter().map(|(fact, lit)| (fact.clone(), holds(bits, *lit))).collect();
        // The time between any two points is worked out, by way of each field.
        let (points, fields) = (wanted.len() as u64, self.moments.kinds.len() as u64);
        self.work = self.work.saturating_add(points.saturating_pow(2).saturating_mul(fields + 1) / 2);
        match self.moments.clock.realize(&self.moments.kinds, &wanted) {
            calendar::Realized::Values { as_of, moments } => {
                self.moments.found.insert(pattern, (as_of, moments.clone()));
                Filled::Values((Some(as_of), moments))
            }
            calendar::Realized::NotKnown => Filled::NotKnown,
            calendar::Realized::Impossible(core) => {
                let mut lits = Vec::new();
                for (fact, lit) in core.into_iter().filter_map(|at| asked.get(at)) {
                    lits.push(if holds(bits, *lit) { *lit } else { !*lit });
                    lits.extend(self.moments.known.get(fact.field));
                    if let Bound::Field(other) = fact.bound {
                        lits.extend(self.moments.known.get(other));
                    }
                }
                Filled::Conflict(lits)
            }
        }
    }
}

/// Whether the lead breaks no assumption of some policy.
fn is_accepted(policies: &[&Policy], witness: &Witness) -> bool {
    policies.iter().zip(&witness.leads).any(|(policy, lead)| {
        // Preparing an evaluator takes longer than there is need for when nothing is assumed.
        policy.assumptions.is_empty() || {
            let evaluator = Evaluator::new(policy, witness.as_of);
            let session = evaluator.on(lead);
            policy.assumptions.iter().all(|assumption| session.truth(assumption) != Truth::False)
        }
    })
}
