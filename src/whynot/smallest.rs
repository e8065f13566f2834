//! For fields that bring a decision together: the shortest way, the first field's before the second one's.

use super::distance::Near;
use super::search::{Search, Ways};
use super::{Advice, Alternative};
use crate::analysis::{Answer as Found, Lit, Point};
use crate::ir::{DecisionId, FieldId, Lead};
use crate::types::{Type, Value};

/// Values of closed sets that have been proposed: each field with those that do.
pub(super) type Kind = Vec<(FieldId, Vec<Value>)>;

/// The most kinds that are looked for among the ways to change one set of fields.
const MAX_KINDS: usize = 8;

/// The most combinations of values that are tried out.
const MAX_TRIED: usize = 200;

/// How many more questions one field of a sum may take.
const MAX_HALVINGS: usize = 160;

/// The nearest value of a field, and whether it is proved to be that.
type Nearest = (Option<Value>, bool);

impl Search<'_, '_> {
    /// The ways to a decision that change just these fields: one for each kind of closed values among them.
    pub(super) fn alternatives(&mut self, wanted: DecisionId, set: &[FieldId]) -> Ways {
        let policy = self.evaluator.policy();
        let is_closed =
            |field: &&FieldId| matches!(&policy.fields[**field].ty, Type::Choice(choices) if !choices.ranked);
        let closed: Vec<FieldId> = set.iter().filter(is_closed).copied().collect();
        let mut ways = Ways { alternatives: Vec::new(), proved: self.is_exact(set) };
        let mut kinds: Vec<Kind> = Vec::new();
        while kinds.len() < MAX_KINDS {
            let (lead, proved) = self.shortest(wanted, set, &kinds);
            ways.proved &= proved;
            let Some(alternative) = lead.and_then(|lead| self.described(wanted, set, lead)) else { break };
            let kind = closed.iter().map(|field| (*field, self.proposed(*field, &alternative))).collect();
            ways.alternatives.push(alternative);
            kinds.push(kind);
            if closed.is_empty() {
                break;
            }
        }
        ways.proved &= !ways.alternatives.is_empty() && !self.is_exhausted();
        ways.alternatives = merged(ways.alternatives);
        ways
    }

    /// The lead with the shortest changes of these fields that is of another kind; none when there is none.
    fn shortest(&mut self, wanted: DecisionId, set: &[FieldId], kinds: &[Kind]) -> (Option<Lead>, bool) {
        if self.are_few(set) {
            let lead = self.lead.clone();
            return (self.tried(wanted, set, &lead, kinds), true);
        }
        let mut asked = self.kept();
        asked.push(self.gets(wanted));
        for field in self.free.clone() {
            let same = self.same(field);
            asked.push(if set.contains(&field) { !same } else { same });
        }
        for kind in kinds {
            let parts: Vec<Lit> = kind.iter().map(|(field, values)| self.one_of(*field, values)).collect();
            asked.push(!self.model.gates.and(&parts));
        }
        let mut lead = self.lead.clone();
        let mut proved = true;
        let mut rest = set;
        while let Some((field, later)) = rest.split_first() {
            rest = later;
            if later.is_empty() && self.can_be_tried(*field) {
                return (self.tried(wanted, &[*field], &lead, kinds), proved);
            }
            let (value, sure) = self.asked(*field, &lead, later, &asked);
            proved &= sure;
            let Some(value) = value else { return (None, proved) };
            lead.set(*field, Some(value));
            if !later.is_empty() {
                let exactly = self.ties.iter().any(|tie| tie.contains(field));
                asked.push(self.model.as_in(*field, &lead, exactly));
            }
        }
        match self.decided(wanted, &lead) {
            Some(_) => (Some(lead), proved),
            None => (None, false),
        }
    }

    /// The values of a closed set that an alternative proposes.
    fn proposed(&self, field: FieldId, alternative: &Alternative) -> Vec<Value> {
        match alternative.changes.iter().find(|change| change.field == field).map(|change| &change.advice) {
            Some(Advice::OneOf(values)) => values.clone(),
            Some(Advice::Known) => self.options(field),
            Some(Advice::Range(..) | Advice::Members { .. } | Advice::Tests(_)) | None => {
                alternative.lead.get(field).cloned().into_iter().collect()
            }
        }
    }

    /// That a field has one of these values.
    fn one_of(&mut self, field: FieldId, values: &[Value]) -> Lit {
        let mut any = Vec::new();
        for value in values {
            any.push(self.has(field, value));
        }
        self.model.gates.or(&any)
    }

    /// That a field has a value.
    fn has(&mut self, field: FieldId, value: &Value) -> Lit {
        let mut lead = self.lead.clone();
        lead.set(field, Some(value.clone()));
        self.model.as_in(field, &lead, false)
    }

    /// Whether the values of a field can be tried one after the other, when all other fields are settled.
    fn can_be_tried(&self, field: FieldId) -> bool {
        match self.evaluator.policy().fields[field].ty {
            Type::Text | Type::Set(_) => false,
            Type::Number
            | Type::WholeNumber
            | Type::Percent
            | Type::Money(_)
            | Type::YesNo
            | Type::Date
            | Type::DateTime
            | Type::Choice(_) => true,
        }
    }

    /// Whether trying out all values of these fields costs less than asking the solver, which takes longer the more rules there are.
    fn are_few(&mut self, set: &[FieldId]) -> bool {
        let tied = self.ties.iter().any(|tie| tie.iter().filter(|field| set.contains(field)).count() > 1);
        let most = self.evaluator.policy().rules.len().min(MAX_TRIED);
        let lead = self.lead.clone();
        let mut count = 1usize;
        for field in set {
            if tied || count > most || !self.can_be_tried(*field) {
                return false;
            }
            count = count.saturating_mul(self.candidates(*field, &lead).len());
        }
        count <= most
    }

    /// The values that a field can change to, the nearest first.
    fn candidates(&mut self, field: FieldId, lead: &Lead) -> Vec<Value> {
        self.model.mark_ties(field, lead);
        match self.model.line_of(field) {
            Some(line) => {
                self.near(field, &line).iter().filter_map(|near| self.model.value_at(field, near.nearest)).collect()
            }
            None => self.options(field),
        }
    }

    /// The lead with the nearest values of these fields, the first one's first, that the evaluator gives the decision.
    fn tried(&mut self, wanted: DecisionId, set: &[FieldId], lead: &Lead, kinds: &[Kind]) -> Option<Lead> {
        let Some((field, later)) = set.split_first() else {
            let said = |(field, values): &(FieldId, Vec<Value>)| values.iter().any(|v| same(lead.get(*field), v));
            let is_new = !kinds.iter().any(|kind| kind.iter().all(said));
            return (is_new && self.decided(wanted, lead).is_some()).then(|| lead.clone());
        };
        let values = self.candidates(*field, lead);
        values.into_iter().find_map(|value| {
            let mut lead = lead.clone();
            lead.set(*field, Some(value));
            self.tried(wanted, later, &lead, kinds)
        })
    }

    /// The nearest value of a field with which the solver finds one for each of the later fields.
    fn asked(&mut self, field: FieldId, lead: &Lead, later: &[FieldId], asked: &[Lit]) -> Nearest {
        match &self.evaluator.policy().fields[field].ty {
            Type::Text => self.text(field, asked),
            Type::Set(_) => self.members(field, asked),
            Type::YesNo | Type::Choice(_) => self.option(field, asked),
            Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) | Type::Date | Type::DateTime => {
                self.on_line(field, lead, later, asked)
            }
        }
    }

    /// The first value of a closed set that is possible.
    fn option(&mut self, field: FieldId, asked: &[Lit]) -> Nearest {
        let options = self.options(field);
        let mut sure = true;
        let (mut low, mut high) = (0, options.len());
        while low < high {
            let middle = low.midpoint(high);
            let first: Vec<Value> = options.iter().take(middle + 1).cloned().collect();
            let any = self.one_of(field, &first);
            match self.with(asked, &[any]) {
                Found::Yes(_) => high = middle,
                Found::No(_) => low = middle + 1,
                Found::NotKnown => {
                    sure = false;
                    low = middle + 1;
                }
            }
        }
        (options.get(low).cloned(), sure)
    }

    fn with(&mut self, asked: &[Lit], more: &[Lit]) -> Found<Point> {
        let all: Vec<Lit> = asked.iter().chain(more).copied().collect();
        self.ask(&all)
    }

    /// The nearest place of a line: first the stretch, then, when fields that are not settled have a say, the place in it.
    fn on_line(&mut self, field: FieldId, lead: &Lead, later: &[FieldId], asked: &[Lit]) -> Nearest {
        let tied = self.ties.iter().any(|tie| tie.contains(&field) && tie.iter().any(|other| later.contains(other)));
        self.model.mark_ties(field, lead);
        let Some(line) = self.model.line_of(field) else { return (None, false) };
        let near = self.near(field, &line);
        let mut sure = true;
        let (mut low, mut high) = (0, near.len());
        // `near[..=middle]` is all there is around the origin, up to some distance.
        while low < high {
            let middle = low.midpoint(high);
            let around = near.iter().take(middle + 1);
            let first = around.clone().map(|near| near.low).min().unwrap_or(line.first);
            let last = around.map(|near| near.high).max().unwrap_or(line.last);
            if self.is_possible_on(field, (first, last), asked, &mut sure) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        let Some(found) = near.get(low) else { return (None, sure) };
        let place = if tied { self.in_stretch(field, *found, asked, &mut sure) } else { found.nearest };
        (self.model.value_at(field, place), sure)
    }

    /// The place in a stretch that is nearest and possible.
    fn in_stretch(&mut self, field: FieldId, near: Near, asked: &[Lit], sure: &mut bool) -> i128 {
        let up = near.nearest == near.low;
        let far = if up { near.high } else { near.low };
        // So far from the nearest place; the largest of them is possible.
        let (mut low, mut high) = (0u128, far.abs_diff(near.nearest));
        let at = |distance: u128| {
            let distance = i128::try_from(distance).unwrap_or(i128::MAX);
            if up { near.nearest.saturating_add(distance) } else { near.nearest.saturating_sub(distance) }
        };
        for _ in 0..MAX_HALVINGS {
            if low >= high {
                return at(high);
            }
            let middle = low.midpoint(high);
            let stretch = if up { (near.low, at(middle)) } else { (at(middle), near.high) };
            match self.on_stretch(field, stretch, asked) {
                Found::Yes(point) => {
                    let place = self.model.place_in(&point, field);
                    high = place.map_or(middle, |place| place.abs_diff(near.nearest).min(middle));
                }
                Found::No(_) => low = middle + 1,
                Found::NotKnown => {
                    *sure = false;
                    low = middle + 1;
                }
            }
        }
        *sure = false;
        at(high)
    }

    fn is_possible_on(&mut self, field: FieldId, stretch: (i128, i128), asked: &[Lit], sure: &mut bool) -> bool {
        match self.on_stretch(field, stretch, asked) {
            Found::Yes(_) => true,
            Found::No(_) => false,
            Found::NotKnown => {
                *sure = false;
                false
            }
        }
    }

    /// Whether a value between two places, both in, is possible.
    fn on_stretch(&mut self, field: FieldId, (first, last): (i128, i128), asked: &[Lit]) -> Found<Point> {
        let from = self.model.reaches_place(field, first);
        let beyond = self.model.reaches_place(field, last.saturating_add(1));
        let (Some(from), Some(beyond)) = (from, beyond) else { return Found::NotKnown };
        self.with(asked, &[from, !beyond])
    }

    /// The set with the fewest members added or taken away; of several, the one that changes the members that come first.
    fn members(&mut self, field: FieldId, asked: &[Lit]) -> Nearest {
        let held = match self.lead.get(field) {
            Some(Value::Set(held)) => held.clone(),
            Some(_) | None => std::collections::BTreeSet::new(),
        };
        let lits = self.model.member_lits(field);
        let toggled: Vec<Lit> =
            lits.iter().enumerate().map(|(i, lit)| if held.contains(&i) { !*lit } else { *lit }).collect();
        let mut sure = true;
        for count in 0..=toggled.len() {
            let more = self.model.gates.at_least(count + 1, &toggled);
            let mut settled: Vec<Lit> = asked.to_vec();
            if count < toggled.len() {
                settled.push(!more);
            }
            match self.ask(&settled) {
                Found::No(_) => continue,
                Found::NotKnown => {
                    sure = false;
                    continue;
                }
                Found::Yes(_) => {}
            }
            let mut members = held.clone();
            let mut left = count;
            for (i, lit) in toggled.iter().enumerate() {
                let changes = left > 0 && matches!(self.with(&settled, &[*lit]), Found::Yes(_));
                settled.push(if changes { *lit } else { !*lit });
                if changes {
                    left -= 1;
                    if !members.remove(&i) {
                        members.insert(i);
                    }
                }
            }
            return (Some(Value::Set(members)), sure);
        }
        (None, sure)
    }

    /// A text with which as many tests as can be turn out as before; of a text that is missing, as few as can be turn out true.
    fn text(&mut self, field: FieldId, asked: &[Lit]) -> Nearest {
        let before = match self.lead.get(field) {
            Some(Value::Text(text)) => Some(text.clone()),
            Some(_) | None => None,
        };
        let mut point = match self.ask(asked) {
            Found::Yes(point) => point,
            Found::No(_) => return (None, true),
            Found::NotKnown => return (None, false),
        };
        let mut settled: Vec<Lit> = asked.to_vec();
        for (atom, lit) in self.model.text_answers(field) {
            let kept = if before.as_ref().is_some_and(|text| atom.holds(text)) { lit } else { !lit };
            if !point.holds(kept) {
                match self.with(&settled, &[kept]) {
                    Found::Yes(other) => point = other,
                    Found::No(_) | Found::NotKnown => {
                        settled.push(!kept);
                        continue;
                    }
                }
            }
            settled.push(kept);
        }
        let found = self.model.lead(&point);
        (found.leads.first().and_then(|lead| lead.get(field)).cloned(), true)
    }
}

/// Alternatives that differ in the values of one closed set only, put into one.
fn merged(alternatives: Vec<Alternative>) -> Vec<Alternative> {
    let mut merged: Vec<Alternative> = Vec::new();
    for alternative in alternatives {
        if !merged.iter_mut().any(|earlier| absorb(earlier, &alternative)) {
            merged.push(alternative);
        }
    }
    merged
}

/// Adds what another alternative proposes, when it differs in the values of one closed set only.
fn absorb(one: &mut Alternative, other: &Alternative) -> bool {
    let pairs = one.changes.iter_mut().zip(&other.changes);
    let mut differing = pairs.filter(|(a, b)| a.advice != b.advice);
    if let (Some((a, b)), None) = (differing.next(), differing.next())
        && one.rule == other.rule
        && let (Advice::OneOf(values), Advice::OneOf(more)) = (&mut a.advice, &b.advice)
        && values.iter().chain(more).all(is_listed)
    {
        values.extend(more.iter().cloned());
        return true;
    }
    false
}

fn is_listed(value: &Value) -> bool {
    matches!(value, Value::Choice(_) | Value::Other(_))
}

/// Whether a lead has a value; any two outside of a closed set count as the same.
fn same(held: Option<&Value>, value: &Value) -> bool {
    match (held, value) {
        (Some(Value::Other(_)), Value::Other(_)) => true,
        (held, value) => held == Some(value),
    }
}
