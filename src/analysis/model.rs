//! The finite model of one policy, or of several beside each other: its axes, and what has been asked of them so far.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;

use super::axis::{self, Axis, Content, Ladder};
use super::calendar::{Bound, CYCLE, Clock, Fact, Kind, Moment};
use super::gates::Gates;
use super::linear::Constraint;
use super::proof::Step;
use super::sample::Sample;
use super::score::Points;
use super::settled::Settled;
use super::solver::Lit;
use super::term::Term;
use super::text::{Atom, TextDomain};
use crate::ir::{Cond, CondKind, Field, FieldId, GradeId, Id, Policy, ScoreId, meaning};
use crate::types::{Number, Truth, Type, Value};

/// How much may be spent on all questions of a model, in steps of about a nanosecond.
pub(crate) const MAX_WORK: u64 = 10_000_000_000;

/// A condition in Kleene's logic: surely true, surely false, or (neither) unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kleene {
    /// Surely true.
    pub yes: Lit,
    /// Surely false.
    pub no: Lit,
}

impl Kleene {
    /// What holds just when it has this truth.
    pub(crate) fn is(self, truth: Truth) -> Vec<Lit> {
        match truth {
            Truth::True => vec![self.yes],
            Truth::False => vec![self.no],
            Truth::Unknown => vec![!self.yes, !self.no],
        }
    }
}

/// The texts of one field: what is asked of them, and the literals of the answers.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) domain: TextDomain,
    pub(crate) answers: Vec<Lit>,
    /// Texts found so far, by the answers that they give.
    pub(crate) found: HashMap<Vec<bool>, String>,
}

/// The days and instants of all fields.
#[derive(Debug)]
pub(crate) struct Moments {
    pub(crate) clock: Clock,
    pub(crate) kinds: Vec<Kind>,
    /// Whether each field is there.
    pub(crate) known: Vec<Lit>,
    pub(crate) facts: Vec<(Fact, Lit)>,
    /// Those that are no field's but always the same.
    pub(crate) pinned: Vec<(Bound, usize)>,
    /// Times found so far, by which fields are there and which facts hold.
    pub(crate) found: HashMap<Vec<bool>, (Timestamp, Vec<Moment>)>,
}

/// What is remembered of one policy.
#[derive(Debug)]
pub(crate) struct Side<'p> {
    pub(crate) policy: &'p Policy,
    /// The axis of each field.
    pub(crate) axes: Vec<usize>,
    /// Tests of single values, which take the longest.
    pub(crate) tests: HashMap<CondKind, Kleene>,
    /// The literals that a rule fires by, in the order of the rules.
    pub(crate) rules: Vec<Option<Lit>>,
    /// The literals that no rule above fires by, for the first rules.
    pub(crate) reached: Vec<Lit>,
    pub(crate) defines: HashMap<u32, Kleene>,
    pub(crate) scores: HashMap<ScoreId, Points>,
    pub(crate) grades: HashMap<GradeId, Vec<Lit>>,
    pub(crate) stages: Option<Vec<Lit>>,
    pub(crate) sections: Vec<Lit>,
    /// Lines of scores that are left out when their literal holds.
    pub(crate) left_out: HashMap<(ScoreId, usize), Lit>,
    pub(crate) settled: Settled,
}

/// The finite model of one policy or several: what any lead may hold, as variables of a solver, and conditions as formulas.
///
/// It is exact for everything but [loose](Model::is_exact) conditions: a refuted question is a proof in any case.
#[derive(Debug)]
pub struct Model<'p> {
    pub(crate) gates: Gates,
    pub(crate) sides: Vec<Side<'p>>,
    pub(crate) axes: Vec<Axis>,
    pub(crate) texts: Vec<Texts>,
    pub(crate) moments: Moments,
    /// Comparisons of several numbers: each is true exactly when its literal is.
    pub(crate) linear: Vec<(Constraint, Lit)>,
    /// The conditions that have been left open: they may take any value.
    pub(crate) loose: BTreeMap<String, (Cond, Kleene)>,
    /// What the sample and the theories have cost so far, in steps of about a nanosecond.
    pub(crate) work: u64,
    /// Leads met so far.
    pub(crate) sample: Sample,
    /// Leads near the one that was last looked at.
    pub(crate) near: Sample,
    apart: Vec<String>,
}

/// Over which as-of times a proof ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// All days on which the policy is in force; without that, all days of 1900 to 2299.
    InForce,
    /// This instant only.
    Instant(Timestamp),
}

impl<'p> Model<'p> {
    /// The model of these policies. Fields of one name and a comparable type are one field of the data. With several policies, leads that
    /// only one of them accepts are part of it; see [`Model::accepts`].
    #[must_use]
    pub fn new(policies: &[&'p Policy], over: Over, recording: bool) -> Self {
        let (rows, apart) = axis::shared(policies);
        let clock = match over {
            Over::Instant(instant) => Clock::at(zone(policies), instant),
            Over::InForce => {
                let (from, to) = in_force(policies);
                Clock::days(zone(policies), from, to)
            }
        };
        let moments = Moments {
            clock,
            kinds: Vec::new(),
            known: Vec::new(),
            facts: Vec::new(),
            pinned: Vec::new(),
            found: HashMap::new(),
        };
        let side = |policy: &&'p Policy| Side {
            policy,
            axes: vec![0; policy.fields.len()],
            tests: HashMap::new(),
            rules: vec![None; policy.rules.len()],
            reached: Vec::new(),
            defines: HashMap::new(),
            scores: HashMap::new(),
            grades: HashMap::new(),
            stages: None,
            sections: Vec::new(),
            left_out: HashMap::new(),
            settled: Settled::default(),
        };
        let mut model = Model {
            gates: Gates::new(recording),
            sides: policies.iter().map(side).collect(),
            axes: Vec::new(),
            texts: Vec::new(),
            moments,
            linear: Vec::new(),
            loose: BTreeMap::new(),
            work: 0,
            sample: Sample::default(),
            near: Sample::default(),
            apart,
        };
        for row in rows {
            model.add_axis(row);
        }
        let accepted: Vec<Lit> = (0..policies.len()).map(|side| model.accepts(side)).collect();
        model.gates.require(&accepted);
        model
    }

    /// The policies.
    pub fn policies(&self) -> impl Iterator<Item = &'p Policy> {
        self.sides.iter().map(|side| side.policy)
    }

    /// Fields that several policies have under one name with types that cannot be compared: each has its own values.
    #[must_use]
    pub fn fields_apart(&self) -> &[String] {
        &self.apart
    }

    /// Whether every condition asked for so far is modelled exactly. If not, what is possible has to be confirmed on a lead.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.loose.is_empty()
    }

    /// Whether so much has been asked that it is time to stop: about ten seconds.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.spent() > MAX_WORK || self.gates.is_exhausted()
    }

    /// How much has been spent on questions so far, in steps of about a nanosecond.
    pub(crate) fn spent(&self) -> u64 {
        // What is written down counts for more than its time, so that memory ends with it.
        let [found, written] =
            [self.gates.propagations().saturating_mul(40), self.gates.written().saturating_mul(4_000)];
        self.work.saturating_add(found).saturating_add(written)
    }

    /// The proof of everything that was refuted so far; empty unless the model records it.
    #[must_use]
    pub fn proof(&self) -> &[Step] {
        self.gates.proof()
    }

    pub(crate) fn policy(&self, side: usize) -> &'p Policy {
        #[allow(
            clippy::indexing_slicing,
            reason = "a side is a position among the policies that the model was made of"
        )]
        self.sides[side].policy
    }

    pub(crate) fn side(&mut self, side: usize) -> &mut Side<'p> {
        #[allow(clippy::indexing_slicing, reason = "as above")]
        &mut self.sides[side]
    }

    /// The axis of a field.
    #[allow(clippy::indexing_slicing, reason = "every field of every policy has an axis")]
    pub(crate) fn axis_of(&self, side: usize, field: FieldId) -> usize {
        self.sides[side].axes[field.position()]
    }

    #[allow(clippy::indexing_slicing, reason = "positions come from `axis_of`")]
    pub(crate) fn axis(&self, axis: usize) -> &Axis {
        &self.axes[axis]
    }

    /// `x >= step` of a number's axis.
    #[allow(clippy::indexing_slicing, reason = "positions come from `axis_of`")]
    pub(crate) fn rung(&mut self, axis: usize, step: i128) -> Lit {
        let axis = &mut self.axes[axis];
        match &mut axis.content {
            Content::Number(ladder) => ladder.at_least(&mut self.gates, axis.known, step),
            Content::Choice(_) | Content::Set(_) | Content::YesNo(_) | Content::Text(_) | Content::Moment(_) => {
                self.gates.constant(false)
            }
        }
    }

    /// The literal of an answer about the text of an axis.
    #[allow(clippy::indexing_slicing, reason = "positions come from the axes")]
    pub(crate) fn text_answer(&mut self, text: usize, known: Lit, atom: Atom) -> Lit {
        let texts = &mut self.texts[text];
        if let Some(position) = texts.domain.atoms().iter().position(|a| *a == atom) {
            return texts.answers[position];
        }
        let answer = self.gates.input();
        self.gates.require(&[!answer, known]);
        texts.domain.push(atom);
        texts.answers.push(answer);
        answer
    }

    /// The literal of a fact about moments.
    #[allow(clippy::indexing_slicing, reason = "positions come from the axes")]
    pub(crate) fn fact(&mut self, fact: Fact) -> Lit {
        if let Some((_, lit)) = self.moments.facts.iter().find(|(known, _)| *known == fact) {
            return *lit;
        }
        let lit = self.gates.input();
        self.gates.require(&[!lit, self.moments.known[fact.field]]);
        if let Bound::Field(other) = fact.bound {
            self.gates.require(&[!lit, self.moments.known[other]]);
        }
        for (other, of) in &self.moments.facts {
            if other.field == fact.field {
                if self.moments.clock.implies(&fact, other) {
                    self.gates.require(&[!lit, *of]);
                }
                if self.moments.clock.implies(other, &fact) {
                    self.gates.require(&[!*of, lit]);
                }
            }
        }
        self.moments.facts.push((fact, lit));
        lit
    }

    /// A moment that is always this one, so that it can be compared with the as-of time; none of what is no moment.
    pub(crate) fn pinned(&mut self, term: &Term) -> Option<usize> {
        let (kind, bound) = match term {
            Term::Value(Value::Date(day)) => (Kind::Date, Bound::Day(*day)),
            Term::Value(Value::DateTime(instant)) => (Kind::DateTime, Bound::Instant(*instant)),
            Term::AsOfDay(shift) => (Kind::Date, Bound::AsOfDay(*shift)),
            Term::AsOf(shift) => (Kind::DateTime, Bound::AsOf(*shift)),
            Term::Value(_) | Term::Number(_) | Term::Text(..) | Term::Moment { .. } | Term::Set(_) => return None,
        };
        if let Some((_, moment)) = self.moments.pinned.iter().find(|(of, _)| *of == bound) {
            return Some(*moment);
        }
        let moment = self.moments.kinds.len();
        self.moments.kinds.push(kind);
        self.moments.known.push(self.gates.constant(true));
        self.moments.pinned.push((bound, moment));
        let from = self.fact(Fact { field: moment, bound, strict: false });
        let after = self.fact(Fact { field: moment, bound, strict: true });
        self.gates.require(&[from]);
        self.gates.require(&[!after]);
        Some(moment)
    }

    /// A condition that the model cannot express: it may have any of the three values, except where [it can be told](Model::settle).
    pub(crate) fn leave_open(&mut self, side: usize, cond: &Cond) -> Kleene {
        let key = self.open_key(side, cond);
        if let Some((_, kleene)) = self.loose.get(&key) {
            return *kleene;
        }
        let kleene = Kleene { yes: self.gates.input(), no: self.gates.input() };
        self.gates.require(&[!kleene.yes, !kleene.no]);
        self.loose.insert(key, (cond.clone(), kleene));
        self.settle(side, cond, kleene);
        kleene
    }

    /// Whether the model cannot express a condition.
    pub(crate) fn is_left_open(&mut self, side: usize, cond: &Cond) -> bool {
        self.condition(side, cond);
        self.loose.contains_key(&self.open_key(side, cond))
    }

    /// Under which name a condition that is left open is kept: what says the same in full is the same on all sides, unless a side leaves
    /// out some of it.
    fn open_key(&self, side: usize, cond: &Cond) -> String {
        let key = meaning::of(self.policy(side), cond);
        if self.sides.get(side).is_none_or(|side| side.left_out.is_empty()) { key } else { format!("{side} {key}") }
    }

    /// Adds the axis of one field of the data.
    fn add_axis(&mut self, row: Vec<Option<FieldId>>) {
        let fields: Vec<&'p Field> = row
            .iter()
            .zip(&self.sides)
            .filter_map(|(field, side)| field.map(|field| &side.policy.fields[field]))
            .collect();
        let Some(first) = fields.first() else { return };
        let known = self.gates.input();
        let content = self.content(first, &fields, known);
        let empty_is_none = fields.iter().any(|field| field.cell.blank_is_empty_set && can_be_missing(field));
        let crossed_out = empty_is_none.then(|| self.gates.input());
        if let Some(crossed_out) = crossed_out {
            self.gates.require(&[!crossed_out, !known]);
        }
        let position = self.axes.len();
        for (field, side) in row.iter().zip(&mut self.sides) {
            if let Some(slot) = field.and_then(|field| side.axes.get_mut(field.position())) {
                *slot = position;
            }
        }
        self.axes.push(Axis { fields: row, known, crossed_out, content });
        self.exclude_blank_numbers(position, &fields);
    }

    fn content(&mut self, first: &Field, fields: &[&Field], known: Lit) -> Content {
        match &first.ty {
            Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => {
                Ladder::new(fields).map_or(Content::Set(Vec::new()), Content::Number)
            }
            Type::YesNo => {
                let yes = self.gates.input();
                self.gates.require(&[!yes, known]);
                Content::YesNo(yes)
            }
            Type::Text => {
                let common = |blank: &&String| fields.iter().all(|field| field.cell.blanks.contains(blank));
                let blanks = first.cell.blanks.iter().filter(common).cloned().collect();
                let domain = TextDomain::new(blanks, fields.iter().all(|field| field.cell.ignoring_case));
                self.texts.push(Texts { domain, answers: Vec::new(), found: HashMap::new() });
                Content::Text(self.texts.len() - 1)
            }
            Type::Date | Type::DateTime => {
                let kind = if first.ty == Type::Date { Kind::Date } else { Kind::DateTime };
                self.moments.kinds.push(kind);
                self.moments.known.push(known);
                Content::Moment(self.moments.kinds.len() - 1)
            }
            Type::Choice(_) => {
                let mut values: Vec<(Option<String>, Lit)> = Vec::new();
                let names = fields.iter().flat_map(|field| field.ty.closed_values().unwrap_or_default());
                for name in names {
                    if !values.iter().any(|(seen, _)| seen.as_ref() == Some(name)) {
                        values.push((Some(name.clone()), self.gates.input()));
                    }
                }
                let open = |field: &&Field| matches!(&field.ty, Type::Choice(choices) if choices.other);
                if fields.iter().any(open) {
                    values.push((None, self.gates.input()));
                }
                self.exactly_one(known, &values.iter().map(|(_, lit)| *lit).collect::<Vec<_>>());
                Content::Choice(values)
            }
            Type::Set(_) => {
                let mut members: Vec<(String, Lit)> = Vec::new();
                let names = fields.iter().flat_map(|field| field.ty.closed_values().unwrap_or_default());
                for name in names {
                    if !members.iter().any(|(seen, _)| seen == name) {
                        members.push((name.clone(), self.gates.input()));
                    }
                }
                // A cell without members is empty: it is not there, or the empty set, as each policy has it.
                let mut any = vec![!known];
                for (_, member) in &members {
                    self.gates.require(&[!*member, known]);
                    any.push(*member);
                }
                self.gates.require(&any);
                Content::Set(members)
            }
        }
    }

    /// Exactly one of the literals holds when `known` does, else none.
    fn exactly_one(&mut self, known: Lit, lits: &[Lit]) {
        let mut any = vec![!known];
        for (i, lit) in lits.iter().enumerate() {
            self.gates.require(&[!*lit, known]);
            for other in lits.iter().skip(i + 1) {
                self.gates.require(&[!*lit, !*other]);
            }
            any.push(*lit);
        }
        self.gates.require(&any);
    }

    /// A number that means missing to every policy never occurs as a number.
    fn exclude_blank_numbers(&mut self, axis: usize, fields: &[&Field]) {
        let Some(first) = fields.first() else { return };
        for blank in &first.cell.blank_numbers {
            if fields.iter().all(|field| field.cell.blank_numbers.contains(blank))
                && let Some(is) = self.number_is(axis, blank)
            {
                self.gates.require(&[!is]);
            }
        }
    }

    /// Whether the number of an axis is this one; none when its grid does not have it.
    pub(crate) fn number_is(&mut self, axis: usize, number: &Number) -> Option<Lit> {
        let Content::Number(ladder) = &self.axis(axis).content else { return None };
        let (step, above) = (ladder.first_from(number), ladder.first_above(number));
        if step >= above {
            return None;
        }
        let (from, beyond) = (self.rung(axis, step), self.rung(axis, above));
        Some(self.gates.and(&[from, !beyond]))
    }
}

/// Whether there are cells that a field for which an empty cell is the empty set reads as missing.
pub(crate) fn can_be_missing(field: &Field) -> bool {
    !field.cell.blanks.is_empty() || field.else_missing
}

/// The time zone of the last policy; facts about days of another zone are left open.
fn zone<'a>(policies: &[&'a Policy]) -> &'a str {
    policies.last().map_or("UTC", |policy| policy.zone.as_str())
}

/// From the first day on which any of the policies is in force to the last one.
pub(crate) fn in_force(policies: &[&Policy]) -> (Date, Date) {
    let (first, last) = CYCLE;
    let from = policies.iter().map(|policy| policy.in_force.as_ref().map_or(first, |days| days.from)).min();
    let until =
        |policy: &&Policy| policy.in_force.as_ref().map_or(last, |days| days.until.unwrap_or(last.max(days.from)));
    (from.unwrap_or(first), policies.iter().map(until).max().unwrap_or(last))
}
