//! The search for the fewest fields: which of them have to change together.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::Alternative;
use crate::analysis::{Answer as Found, Kleene, Lit, Model, Open, Over, Point};
use crate::eval::{Evaluator, Session};
use crate::ir::{DecisionId, FieldId, Id, Lead, RuleId};
use crate::types::{Truth, Type, Value};

/// How much of the budget allows one question a clause more.
const LEMMA: u64 = 1_000_000;

/// What the evaluator takes for a rule, in nanoseconds.
const RULE: u64 = 100;

/// Among more parts than these none is looked for that the others do without.
const MANY: usize = 64;

/// A field with fewer whole numbers than this is tried out, where the model has no other means.
const FEW: i128 = 64;

/// A lead, and the model in which changes of it are looked for.
#[derive(Debug)]
pub(super) struct Search<'p, 'l> {
    pub(super) model: Model<'p>,
    pub(super) evaluator: &'l Evaluator<'p>,
    pub(super) lead: &'l Lead,
    /// The fields that may change.
    pub(super) free: Vec<FieldId>,
    /// For each field of the policy: that it is as it is.
    pub(super) same: Vec<Lit>,
    /// What is never changed: fields that are held, and that a field is known.
    pub(super) held: Vec<(FieldId, Lit)>,
    pub(super) known: Vec<(FieldId, Lit)>,
    /// Fields that one condition brings together.
    pub(super) ties: Vec<Vec<FieldId>>,
    /// For each condition that the model leaves open: the fields that it can hang on, and those for which it is known what it is
    /// when no other one changes.
    open: Vec<(BTreeSet<FieldId>, Vec<FieldId>)>,
    /// For each decision that may be asked for: that the lead gets it.
    gets: Vec<(DecisionId, Lit)>,
    /// How much may be spent, and how much the evaluator has taken of it; both in steps of about a nanosecond.
    budget: u64,
    tried: Cell<u64>,
}

/// Sets of fields that bring a decision when they change.
#[derive(Debug, Default)]
pub(super) struct Sets {
    /// In the order of the policy's fields.
    pub(super) sets: Vec<Vec<FieldId>>,
    /// Whether there may be others.
    pub(super) more: bool,
    /// Whether the solver has an answer to everything.
    pub(super) known: bool,
}

/// Ways to change one set of fields.
#[derive(Debug, Default)]
pub(super) struct Ways {
    pub(super) alternatives: Vec<Alternative>,
    /// Whether they are proved to be the shortest.
    pub(super) proved: bool,
}

impl<'p, 'l> Search<'p, 'l> {
    pub(super) fn new(
        evaluator: &'l Evaluator<'p>,
        lead: &'l Lead,
        decisions: &[DecisionId],
        held: &BTreeSet<FieldId>,
        budget: u64,
    ) -> Self {
        let policy = evaluator.policy();
        let mut model = Model::new(&[policy], Over::Instant(evaluator.as_of()), false);
        model.gates.limit(budget / LEMMA);
        let gets = gets(&mut model, decisions);
        let is_held = |id: FieldId| {
            let field = &policy.fields[id];
            field.fixed || field.is_id || held.contains(&id)
        };
        let free: Vec<FieldId> = policy.fields.iter().map(|(id, _)| id).filter(|id| !is_held(*id)).collect();
        let open = model.open_conditions(&evaluator.on(lead), &free);
        let mut ties = model.ties();
        ties.extend(open.iter().map(|open| open.reads.iter().copied().collect()));
        let mut search = Search {
            evaluator,
            lead,
            free,
            same: Vec::new(),
            held: Vec::new(),
            known: Vec::new(),
            open: Vec::new(),
            ties,
            gets,
            budget,
            tried: Cell::new(0),
            model,
        };
        for (id, _) in policy.fields.iter() {
            let exactly = search.ties.iter().any(|tie| tie.contains(&id));
            let same = search.model.as_in(id, lead, exactly);
            search.same.push(same);
            if is_held(id) {
                search.held.push((id, same));
            } else if lead.get(id).is_some() {
                let known = search.model.is_known(0, id);
                search.known.push((id, known));
                // Nor is an address robbed of its domain.
                search.known.extend(search.model.domain_of_text(id, lead).map(|there| (id, there)));
            }
        }
        for open in open {
            search.close(open);
        }
        search
    }

    /// Says of a condition that was left open what it is when none, or one, of its fields changes.
    fn close(&mut self, open: Open) {
        let Open { cond, left_open, fields, alone, .. } = open;
        // Two texts outside of a closed set count as the same, but need not be.
        if fields.iter().any(|field| matches!(self.lead.get(*field), Some(Value::Other(_)))) {
            self.open.push((fields, Vec::new()));
            return;
        }
        let now = self.truth(self.evaluator.on(self.lead).truth(&cond));
        self.agree(&fields, None, left_open, now, None);
        let mut closed = Vec::new();
        let free: Vec<FieldId> = self.free.iter().copied().filter(|field| fields.contains(field)).collect();
        for field in free {
            if let Some((_, test)) = alone.iter().find(|(of, _)| *of == field) {
                self.agree(&fields, Some(field), left_open, *test, None);
                closed.push(field);
            } else if let Some(values) = self.few(field) {
                for value in values {
                    let mut lead = self.lead.clone();
                    lead.set(field, Some(value));
                    let truth = self.truth(self.evaluator.on(&lead).truth(&cond));
                    let here = self.model.as_in(field, &lead, true);
                    self.agree(&fields, Some(field), left_open, truth, Some(here));
                }
                closed.push(field);
            }
        }
        self.open.push((fields, closed));
    }

    /// Requires that two conditions are the same where all of these fields but one are as they are, and (when given) a literal holds.
    fn agree(
        &mut self,
        fields: &BTreeSet<FieldId>,
        but: Option<FieldId>,
        one: Kleene,
        other: Kleene,
        here: Option<Lit>,
    ) {
        let others = fields.iter().filter(|field| Some(**field) != but);
        let mut clause: Vec<Lit> = others.map(|field| !self.same(*field)).chain(here.map(|here| !here)).collect();
        for (a, b) in [(one.yes, other.yes), (one.no, other.no)] {
            for (a, b) in [(a, !b), (!a, b)] {
                clause.extend([a, b]);
                self.model.gates.require(&clause);
                clause.truncate(clause.len() - 2);
            }
        }
    }

    fn truth(&self, truth: Truth) -> Kleene {
        let constant = |is| self.model.gates.constant(is);
        Kleene { yes: constant(truth == Truth::True), no: constant(truth == Truth::False) }
    }

    /// All values that a field can change to, when they are few.
    fn few(&self, field: FieldId) -> Option<Vec<Value>> {
        let policy = self.evaluator.policy();
        match &policy.fields[field].ty {
            Type::YesNo => Some(self.options(field)),
            Type::Choice(choices) => (!choices.other).then(|| self.options(field)),
            Type::WholeNumber => {
                let line = self.model.line_of(field)?;
                let count = line.last.checked_sub(line.first).filter(|count| *count < FEW)?;
                let values = (0..=count).map(|step| self.model.value_at(field, line.first + step));
                let blanks = &policy.fields[field].cell.blank_numbers;
                let is_value = |value: &Value| !matches!(value, Value::Number(number) if blanks.contains(number));
                values.collect::<Option<Vec<Value>>>().map(|values| values.into_iter().filter(is_value).collect())
            }
            Type::Text | Type::Number | Type::Percent | Type::Money(_) | Type::Date | Type::DateTime | Type::Set(_) => {
                None
            }
        }
    }

    /// Whether the model is exact for changes of these fields.
    pub(super) fn is_exact(&self, set: &[FieldId]) -> bool {
        self.open.iter().all(|(fields, closed)| {
            let mut changed = set.iter().filter(|field| fields.contains(field));
            match (changed.next(), changed.next()) {
                (None, _) => true,
                (Some(one), None) => closed.contains(one),
                (Some(_), Some(_)) => false,
            }
        })
    }

    /// That a field is as it is.
    pub(super) fn same(&self, field: FieldId) -> Lit {
        self.same.get(field.position()).copied().unwrap_or_else(|| self.model.gates.constant(true))
    }

    /// Asks the model, as long as the budget lasts.
    pub(super) fn ask(&mut self, asked: &[Lit]) -> Found<Point> {
        if self.is_exhausted() { Found::NotKnown } else { self.model.ask(asked) }
    }

    /// Whether the budget is spent.
    pub(super) fn is_exhausted(&self) -> bool {
        self.tried.get().saturating_add(self.model.spent()) > self.budget
    }

    /// What is assumed in every question: fields that are held, and values that are not taken away.
    pub(super) fn kept(&self) -> Vec<Lit> {
        self.held.iter().chain(&self.known).map(|(_, lit)| *lit).collect()
    }

    /// That the lead gets a decision.
    pub(super) fn gets(&self, decision: DecisionId) -> Lit {
        let never = self.model.gates.constant(false);
        self.gets.iter().find(|(of, _)| *of == decision).map_or(never, |(_, lit)| *lit)
    }

    /// Whether any change at all brings a decision.
    pub(super) fn possible(&mut self, wanted: DecisionId) -> Found<Point> {
        let mut asked = self.kept();
        asked.push(self.gets(wanted));
        self.ask(&asked)
    }

    /// Whether changes of so many fields bring any of these decisions.
    pub(super) fn within(&mut self, wanted: &[DecisionId], count: usize) -> Found<Point> {
        let any: Vec<Lit> = wanted.iter().map(|decision| self.gets(*decision)).collect();
        let any = self.model.gates.or(&any);
        let mut asked = self.kept();
        asked.extend([self.at_most(count), any]);
        self.ask(&asked)
    }

    /// The sets of so many fields that bring a decision when they change, at most `limit` of them; that fewer fields do not is known.
    pub(super) fn sets(&mut self, wanted: DecisionId, count: usize, limit: usize) -> Sets {
        let mut asked = self.kept();
        let same: Vec<Lit> = self.free.iter().map(|field| self.same(*field)).collect();
        asked.extend([self.at_most(count), !self.model.gates.and(&same), self.gets(wanted)]);
        let mut found = Sets { known: true, ..Sets::default() };
        loop {
            match self.ask(&asked) {
                Found::No(_) => break,
                Found::NotKnown => {
                    found.known = false;
                    found.more = true;
                    break;
                }
                Found::Yes(point) => {
                    let set: Vec<FieldId> =
                        self.free.iter().copied().filter(|field| !point.holds(self.same(*field))).collect();
                    let same: Vec<Lit> = set.iter().map(|field| self.same(*field)).collect();
                    asked.push(self.model.gates.or(&same));
                    found.sets.push(set);
                    if found.sets.len() == limit {
                        found.more = true;
                        break;
                    }
                }
            }
        }
        found.sets.sort();
        found
    }

    /// Of parts that cannot hold together with what is fixed, as few as cannot either: their positions. None when that is not shown.
    pub(super) fn fewest(&mut self, fixed: &[Lit], parts: &[Lit]) -> Option<Vec<usize>> {
        let mut left: Vec<usize> = (0..parts.len()).collect();
        left = self.excluded(fixed, parts, &left)?;
        if left.len() <= MANY {
            let mut at = 0;
            while at < left.len() {
                let others: Vec<usize> = left.iter().take(at).chain(left.iter().skip(at + 1)).copied().collect();
                match self.excluded(fixed, parts, &others) {
                    Some(fewer) => left = fewer,
                    None => at += 1,
                }
            }
        }
        Some(left)
    }

    /// Those of some parts that exclude each other, together with what is fixed.
    fn excluded(&mut self, fixed: &[Lit], parts: &[Lit], some: &[usize]) -> Option<Vec<usize>> {
        let part = |position: &usize| parts.get(*position).copied();
        let asked: Vec<Lit> = fixed.iter().copied().chain(some.iter().filter_map(part)).collect();
        match self.ask(&asked) {
            Found::No(core) => {
                Some(some.iter().copied().filter(|at| part(at).is_some_and(|lit| core.contains(&lit))).collect())
            }
            Found::Yes(_) | Found::NotKnown => None,
        }
    }

    /// That at most so many fields are not as they are.
    fn at_most(&mut self, count: usize) -> Lit {
        let changed: Vec<Lit> = self.free.iter().map(|field| !self.same(*field)).collect();
        if count >= changed.len() {
            return self.model.gates.constant(true);
        }
        !self.model.gates.at_least(count + 1, &changed)
    }

    /// The rule that decides a lead, when it is one that the policy accepts and gets the decision.
    pub(super) fn decided(&self, wanted: DecisionId, lead: &Lead) -> Option<RuleId> {
        let rules = self.evaluator.policy().rules.len() as u64;
        self.tried.set(self.tried.get().saturating_add(RULE * rules));
        if self.is_exhausted() {
            return None;
        }
        let session = self.evaluator.on(lead);
        let outcome = session.outcome();
        (outcome.decision == wanted && is_accepted(&session)).then_some(outcome.rule)
    }
}

/// Whether the policy accepts a lead.
fn is_accepted(session: &Session<'_>) -> bool {
    let policy = session.policy();
    let fits = policy.fields.iter().all(|(id, field)| match session.lead().get(id) {
        None => !field.required,
        Some(Value::Number(number)) => {
            field.min.as_ref().is_none_or(|min| number >= min)
                && field.max.as_ref().is_none_or(|max| number <= max)
                && !field.cell.is_blank_number(number)
        }
        Some(_) => true,
    });
    fits && policy.assumptions.iter().all(|assumption| session.truth(assumption) != Truth::False)
}

/// For each of these decisions: that the first rule that fires is one of its rules.
fn gets(model: &mut Model<'_>, decisions: &[DecisionId]) -> Vec<(DecisionId, Lit)> {
    let rules = model.policies().flat_map(|policy| policy.rules.iter()).map(|(id, rule)| (id, rule.decision));
    let mut rules: Vec<(RuleId, DecisionId)> = rules.collect();
    // What stands below the last of their rules makes no difference.
    while rules.pop_if(|(_, decision)| !decisions.contains(decision)).is_some() {}
    let mut ways: Vec<(DecisionId, Vec<Lit>)> = decisions.iter().map(|decision| (*decision, Vec::new())).collect();
    let mut none_above = model.gates.constant(true);
    for (rule, decision) in rules {
        let fires = model.fires(0, rule);
        if let Some((_, ways)) = ways.iter_mut().find(|(of, _)| *of == decision) {
            ways.push(model.gates.and(&[none_above, fires]));
        }
        none_above = model.gates.and(&[none_above, !fires]);
    }
    ways.into_iter().map(|(decision, ways)| (decision, model.gates.or(&ways))).collect()
}
