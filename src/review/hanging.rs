//! What rules and assumptions hang on that other teams own: what they come to hang on, and what they no longer do.

use std::collections::{BTreeMap, BTreeSet};

use super::ownership::{Beside, Item, Owning, item, listed, owning, teams};
use crate::analysis::{self, Say, says};
use crate::diff::{Diff, Edit, Kind, Step, has_more_values};
use crate::ir::{Cell, Field, Id, Policy, RuleId, Table, print};
use crate::types::{Choices, Truth, Type};

/// What is owned, by its kind and its name.
type Thing = (Item, String);

/// Such things, each with its owners.
type Owned = BTreeMap<Thing, BTreeSet<String>>;

/// How many steps of about a nanosecond may be spent on who has a say, for each side and way; what is not told by then is not known.
const WORK: u64 = 2_000_000_000;

/// What can be hung on, before and now.
pub(super) struct Hanging<'d, 'p> {
    diff: &'d Diff<'p>,
    /// What everything is by now.
    now: BTreeMap<Thing, Thing>,
    /// What does not belong to the owners of the policy, who own what has no owner of its own.
    owned: [Vec<Owning>; 2],
    /// The rules that no longer let a thing have a say that it had, each with that thing as it was called; and whether that is told.
    unheard: BTreeMap<(RuleId, Thing), bool>,
}

/// Whom something concerns, and why.
type Concerned = (String, BTreeSet<String>);

impl<'d, 'p> Hanging<'d, 'p> {
    /// Of a difference.
    pub(super) fn new(beside: &Beside<'d, 'p>) -> Hanging<'d, 'p> {
        let thing = |own: &Owning| (own.item, own.name.clone());
        let owned = beside.diff.policies.map(|policy| {
            let all = sorted(&policy.owners);
            let counts = |own: &Owning| sorted(&own.owners) != all && !matches!(own.item, Item::Field | Item::Section);
            owning(policy).into_iter().filter(counts).collect::<Vec<_>>()
        });
        let now = beside.kept.iter().map(|[was, is]| (thing(was), thing(is))).collect();
        let mut hanging = Hanging { diff: beside.diff, now, owned, unheard: BTreeMap::new() };
        hanging.unheard = hanging.unheard();
        hanging
    }

    /// All that has changed.
    pub(super) fn changed(&self) -> Vec<Concerned> {
        [self.left(), self.come(), self.assumed()].concat()
    }

    /// What a step of the old policy (0) or the new one (1) names, however far behind other names, with its owners.
    fn named(&self, side: usize, step: Step) -> Owned {
        let of = self.diff.policies.get(side).zip(self.owned.get(side));
        of.map(|(policy, owned)| named(owned, &Diff::depends_on(policy, step))).unwrap_or_default()
    }

    fn by_now<'t>(&'t self, thing: &'t Thing) -> &'t Thing {
        self.now.get(thing).unwrap_or(thing)
    }

    /// The rules that something is said otherwise of, by each thing that they still name.
    fn touched(&self) -> BTreeMap<Thing, Vec<[RuleId; 2]>> {
        let mut touched: BTreeMap<Thing, Vec<[RuleId; 2]>> = BTreeMap::new();
        for pair in self.diff.rules.iter().filter(|pair| self.is_touched(**pair)) {
            let [was, is] = *pair;
            let today = self.named(1, Step::Rule(is));
            let both =
                self.named(0, Step::Rule(was)).into_keys().filter(|thing| today.contains_key(self.by_now(thing)));
            both.for_each(|thing| touched.entry(thing).or_default().push(*pair));
        }
        touched
    }

    /// Which rules have come not to care what a thing says that they still name, and whether that is told.
    fn unheard(&self) -> BTreeMap<(RuleId, Thing), bool> {
        let touched = self.touched();
        let ways = self.ways();
        let [old, new] = self.diff.policies;
        // What one thing does not take, others may.
        let mut left = vec![[WORK; 2]; ways.len()];
        let ahead = (1..=touched.len() as u64).rev();
        let mut unheard = BTreeMap::new();
        for ((thing, pairs), ahead) in touched.into_iter().zip(ahead) {
            let rules =
                |side: usize| -> Vec<RuleId> { pairs.iter().filter_map(|pair| pair.get(side)).copied().collect() };
            let [was, is] = [rules(0), rules(1)];
            let now = self.by_now(&thing);
            let (Some(before), Some(after)) = (in_policy(old, &thing), in_policy(new, now)) else { continue };
            for (Way { policies: [old, new], among, definite }, [left_then, left_today]) in ways.iter().zip(&mut left) {
                let said = |policy, among, thing, rules: &[RuleId], left: &mut u64| {
                    let mut work = *left / ahead;
                    *left -= work;
                    let said = says(policy, among, thing, *definite, rules, &mut work);
                    *left += work;
                    said
                };
                let then = said(old, *among, before, &was, left_then);
                let today = said(new, None, after, &is, left_today);
                for ((rule, then), today) in was.iter().zip(then).zip(today) {
                    // A rule that is for no lead of which everything is known says nothing of such leads.
                    if *definite && today.ever.is_none() {
                        continue;
                    }
                    if let Some(is_told) = lost(then, today) {
                        *unheard.entry((*rule, thing.clone())).or_insert(false) |= is_told;
                    }
                }
            }
        }
        unheard
    }

    /// Each kind of leads that is looked at by itself: those that each policy accepts, those that the new one lets in, and all that there may be, whatever sets
    /// some aside today; of each, those of which everything is known.
    fn ways(&self) -> Vec<Way<'p>> {
        let all = self.diff.policies.map(Clone::clone);
        let open = all.each_ref().map(opened);
        let [old, new] = self.diff.policies;
        let let_in = [let_in(old, new), new.clone()];
        let known = |of: &Policy| of.with_fields(|_, field| Field { required: true, ..field.clone() });
        let ways = |(policies, among): ([Policy; 2], Option<&'p Policy>)| {
            let way = |policies: [Policy; 2], definite| Way { policies, among, definite };
            [way(policies.each_ref().map(known), true), way(policies.clone(), false), way(policies, true)]
        };
        let is_other = self.edits().any(|edit| matches!(edit.kind, Kind::Field | Kind::Assumption))
            || (0..old.assumptions.len()).any(|at| self.is_assumed_otherwise(at));
        let let_in = is_other.then_some((let_in, Some(new)));
        [Some((all, None)), let_in, Some((open, None))].into_iter().flatten().flat_map(ways).collect()
    }

    /// Whether anything is said otherwise of what an assumption of the old policy is made of.
    fn is_assumed_otherwise(&self, at: usize) -> bool {
        let [old, _] = self.diff.policies;
        let behind = Diff::depends_on(old, Step::Assumption(at));
        let span = old.assumptions.get(at).map(|assumed| assumed.span);
        self.edits().any(|edit| match edit.kind {
            Kind::Assumption => edit.old.as_ref().and_then(|said| said.span) == span,
            // Of which values a field can have, its own owners are asked.
            Kind::Field => false,
            kind => behind.contains(&(kind, edit.was.as_ref().unwrap_or(&edit.name).clone())),
        })
    }

    /// Whether anything is said otherwise of what a rule is made of.
    fn is_touched(&self, [was, is]: [RuleId; 2]) -> bool {
        let [old, new] = self.diff.policies;
        let [before, now] = [Diff::depends_on(old, Step::Rule(was)), Diff::depends_on(new, Step::Rule(is))];
        let has_more = |edit: &Edit| {
            let [was, is] = [old, new].map(|policy| policy.fields.iter().find(|(_, field)| field.name == edit.name));
            was.zip(is).is_some_and(|((_, was), (_, is))| has_more_values(was, is))
        };
        let is_its = |edit: &Edit| match edit.kind {
            Kind::Rule => edit.new.as_ref().and_then(|said| said.span) == Some(new.rules[is].span),
            Kind::Field if has_more(edit) => false,
            kind => {
                let then = edit.was.as_ref().unwrap_or(&edit.name);
                now.contains(&(kind, edit.name.clone())) || before.contains(&(kind, then.clone()))
            }
        };
        self.edits().any(is_its)
    }

    /// What rules no longer hang on: it concerns those who own that.
    fn left(&self) -> Vec<Concerned> {
        let [old, new] = self.diff.policies;
        let mut found = Vec::new();
        for (was, rule) in old.rules.iter() {
            let then = self.named(0, Step::Rule(was));
            let is = self.diff.rules.iter().find(|[before, _]| *before == was).map(|[_, is]| *is);
            let Some(is) = is else {
                let why = format!("the rule `{}`, which hung on what this team owns, is gone", rule.name);
                found.push((why, then.into_values().flatten().collect()));
                continue;
            };
            let name = &new.rules[is].name;
            let today = self.named(1, Step::Rule(is));
            let (mut left, mut not_told) = (BTreeSet::new(), BTreeSet::new());
            for (thing, teams) in then {
                let is_named = today.contains_key(self.by_now(&thing));
                match self.unheard.get(&(was, thing)) {
                    None if is_named => {}
                    Some(false) => not_told.extend(teams),
                    None | Some(true) => left.extend(teams),
                }
            }
            found.push((format!("the rule `{name}` no longer hangs on what this team owns"), left));
            found
                .push((format!("whether the rule `{name}` still hangs on what this team owns is not known"), not_told));
        }
        found
    }

    /// What is said otherwise, or in words that mean something else.
    fn edits(&self) -> impl Iterator<Item = &'d Edit> {
        self.diff.edits.iter().chain(&self.diff.ranked).chain(&self.diff.cased)
    }

    /// What rules come to hang on: it concerns their owners.
    fn come(&self) -> Vec<Concerned> {
        let [old, new] = self.diff.policies;
        let mut found = Vec::new();
        for (is, rule) in new.rules.iter() {
            let was = self.diff.rules.iter().find(|[_, now]| *now == is).map(|[was, _]| *was);
            let named = was.map(|was| self.named(0, Step::Rule(was))).unwrap_or_default();
            let then: BTreeSet<&Thing> = named.keys().map(|thing| self.by_now(thing)).collect();
            let come = self.named(1, Step::Rule(is)).into_iter().filter(|(thing, _)| !then.contains(thing));
            let come: BTreeSet<String> = come.flat_map(|(_, teams)| teams).collect();
            let owners = was.map_or_else(|| new.owners_of_rule(is), |was| old.owners_of_rule(was));
            // One more thing of a team on which it hung already gives that team no say that it did not have.
            let had_say = |team: &String| owners.contains(team) || named.values().any(|teams| teams.contains(team));
            if !come.iter().all(had_say) {
                let why = format!("the rule `{}` hangs on what others own: {}", rule.name, listed(&come));
                found.push((why, owners.iter().cloned().collect()));
            }
        }
        found
    }

    /// The same of assumptions.
    fn assumed(&self) -> Vec<Concerned> {
        let [old, new] = self.diff.policies;
        let then = (0..old.assumptions.len()).flat_map(|at| self.named(0, Step::Assumption(at)).into_keys());
        let then: BTreeSet<Thing> = then.map(|thing| self.by_now(&thing).clone()).collect();
        let mut found = Vec::new();
        for (at, assumed) in new.assumptions.iter().enumerate() {
            let come = self.named(1, Step::Assumption(at)).into_iter().filter(|(thing, _)| !then.contains(thing));
            let come: BTreeSet<String> = come.flat_map(|(_, teams)| teams).collect();
            let owners: BTreeSet<String> = new.owners_at(assumed.span).iter().cloned().collect();
            if !come.is_subset(&owners) {
                let words = print::condition(new, assumed);
                found.push((format!("the assumption `{words}` hangs on what others own: {}", listed(&come)), owners));
            }
        }
        for (at, assumed) in old.assumptions.iter().enumerate() {
            if self.is_assumed_otherwise(at) {
                let words = print::condition(old, assumed);
                let named = self.named(0, Step::Assumption(at)).into_values().flatten().collect();
                let why = format!("the assumption `{words}`, which hung on what this team owns, is said otherwise");
                found.push((why, named));
            }
        }
        found
    }
}

/// Whether a thing has lost a say: none when it has not, and false when that is only not told.
fn lost(then: Say, today: Say) -> Option<bool> {
    let ever = [then.ever, today.ever].map(|ever| ever.unwrap_or(Truth::False));
    let each = [ever, [then.today, today.today], [then.fields, today.fields]];
    let lost = each.into_iter().filter_map(|pair| match pair {
        [Truth::False, _] | [_, Truth::True] => None,
        // What was not told before can be told no better now.
        [Truth::Unknown, Truth::Unknown] => None,
        [Truth::True, Truth::Unknown] => Some(false),
        [Truth::True | Truth::Unknown, Truth::False] => Some(true),
    });
    lost.max()
}

/// A kind of leads: those that the old policy accepts and, if there is one, `among`, and those that the new one does.
struct Way<'p> {
    policies: [Policy; 2],
    among: Option<&'p Policy>,
    /// Whether all is known of them that is behind a thing.
    definite: bool,
}

/// A policy for all leads that there may be, whatever sets some aside.
fn opened(policy: &Policy) -> Policy {
    let any = |_, field: &Field| {
        let cell = Cell { blanks: Vec::new(), blank_numbers: Vec::new(), ..field.cell.clone() };
        Field { min: None, max: None, required: false, cell, ..field.clone() }
    };
    Policy { assumptions: Vec::new(), ..policy.with_fields(any) }
}

/// The old policy for leads that the new one may let in: their values are those that it knows by now, and missing is what is by now.
fn let_in(old: &Policy, new: &Policy) -> Policy {
    let now = |field: &Field| {
        let fields = || new.fields.iter().map(|(_, is)| is);
        fields().find(|is| is.name == field.name).or_else(|| fields().find(|is| is.column == field.column))
    };
    let by_now = |_, field: &Field| {
        let is = now(field).unwrap_or(field);
        let Cell { blanks, blank_numbers, .. } = is.cell.clone();
        let cell = Cell { blanks, blank_numbers, ..field.cell.clone() };
        Field { ty: with_values(&field.ty, &is.ty), min: None, max: None, required: false, cell, ..field.clone() }
    };
    Policy { assumptions: Vec::new(), ..old.with_fields(by_now) }
}

/// The type of a field with the values besides that it has by now, behind its own.
fn with_values(was: &Type, is: &Type) -> Type {
    let more = |was: &[String], is: &[String]| {
        let new = is.iter().filter(|value| !was.contains(value));
        was.iter().chain(new).cloned().collect()
    };
    match (was, is) {
        (Type::Choice(was), Type::Choice(is)) => {
            Type::Choice(Choices { values: more(&was.values, &is.values), other: is.other, ..was.clone() })
        }
        (Type::Set(was), Type::Set(is)) => Type::Set(more(was, is)),
        _ => was.clone(),
    }
}

/// A thing as a policy has it; none of what no rule can hang on.
fn in_policy<'t>(policy: &Policy, (item, name): &'t Thing) -> Option<analysis::Thing<'t>> {
    match item {
        Item::List => Some(analysis::Thing::List(name)),
        Item::Define => found(&policy.defines, |of| of.name == *name).map(analysis::Thing::Define),
        Item::Score => found(&policy.scores, |of| of.name == *name).map(analysis::Thing::Score),
        Item::Grade => found(&policy.grades, |of| of.name == *name).map(analysis::Thing::Grade),
        Item::Stage => found(&policy.stages, |of| of.name == *name).map(analysis::Thing::Stage),
        Item::Policy | Item::Section | Item::Rule | Item::Field | Item::Decision | Item::Assumption | Item::Library => {
            None
        }
    }
}

fn found<I: Id, T>(table: &Table<I, T>, is_it: impl Fn(&T) -> bool) -> Option<I> {
    table.iter().find(|(_, of)| is_it(of)).map(|(id, _)| id)
}

/// Of what is owned that which is named, with its owners.
fn named(owned: &[Owning], names: &BTreeSet<(Kind, String)>) -> Owned {
    let is_named = |own: &&Owning| names.iter().any(|(kind, name)| item(*kind) == Some(own.item) && own.name == *name);
    owned.iter().filter(is_named).map(|own| ((own.item, own.name.clone()), teams(own))).collect()
}

fn sorted(teams: &[String]) -> BTreeSet<&String> {
    teams.iter().collect()
}
