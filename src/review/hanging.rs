//! What rules and assumptions hang on that other teams own: what they come to hang on, and what they no longer do.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::ownership::{Beside, Item, Owning, item, listed, owning, teams};
use crate::analysis::Alone;
use crate::diff::{Diff, Edit, Kind, Step};
use crate::ir::{Cond, CondKind, Field, Guard, Policy, RuleId, print};
use crate::types::Truth;

/// What is owned, by its kind and its name.
type Thing = (Item, String);

/// Such things, each with its owners.
type Owned = BTreeMap<Thing, BTreeSet<String>>;

/// What can be hung on, before and now.
pub(super) struct Hanging<'d, 'p> {
    diff: &'d Diff<'p>,
    /// The old policy under the names of the new one.
    called: Cow<'p, Policy>,
    /// What everything is by now.
    now: BTreeMap<Thing, Thing>,
    /// What does not belong to the owners of the policy, who own what has no owner of its own.
    owned: [Vec<Owning>; 2],
    /// Their rules by themselves, those that name any of that: for all leads, and for those of which everything is known.
    alone: [[Alone; 2]; 2],
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
        let [old, new] = beside.diff.policies;
        let [before, after] = &owned;
        let alone = [(old, before), (new, after)].map(|(policy, owned)| {
            let names_any = |rule: &RuleId| !named(owned, &Diff::depends_on(policy, Step::Rule(*rule))).is_empty();
            let rules: Vec<RuleId> = policy.rules.iter().map(|(rule, _)| rule).filter(names_any).collect();
            let known = |(_, field): (_, &Field)| Field { required: true, ..field.clone() };
            let known = Policy { fields: policy.fields.iter().map(known).collect(), ..policy.clone() };
            [policy, &known].map(|policy| Alone::of(policy, &rules))
        });
        Hanging { diff: beside.diff, called: beside.diff.under_new_names(), now, owned, alone }
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

    /// What a rule names by itself, where that makes a difference: to any lead, and to one of which everything is known.
    fn named_alone(&self, side: usize, rule: RuleId) -> [Owned; 2] {
        let Some((alone, owned)) = self.alone.get(side).zip(self.owned.get(side)) else { return Default::default() };
        let of = |alone: &Alone| {
            let cond = alone.condition(rule)?;
            // A rule that is for no such lead says nothing of them.
            let is_for_none = cond.kind == CondKind::Const(Truth::False);
            Some((named(owned, &Diff::behind(alone.policy(), cond)), is_for_none))
        };
        let [all, known] = alone.each_ref().map(of);
        let all = all.map(|(named, _)| named).unwrap_or_default();
        let known = known.filter(|(_, is_for_none)| !is_for_none).map_or_else(|| all.clone(), |(named, _)| named);
        [all, known]
    }

    /// The parts of a rule's condition, and of its section's, that name something, in words: of the old policy under the new names.
    fn parts_with(&self, side: usize, rule: RuleId, (wanted, name): &Thing) -> BTreeSet<String> {
        let policy = if side == 0 { &*self.called } else { self.diff.policies[1] };
        let of = &policy.rules[rule];
        let guard = of.section.map(|section| &policy.sections[section].guard);
        let guard = if let Some(Guard::When(guard)) = guard { Some(guard) } else { None };
        let parts = guard.into_iter().chain(&of.when).flat_map(|cond| {
            if let CondKind::All(parts) = &cond.kind { parts.as_slice() } else { std::slice::from_ref(cond) }
        });
        let names = |part: &&Cond| {
            Diff::behind(policy, part).iter().any(|(kind, of)| item(*kind) == Some(*wanted) && of == name)
        };
        parts.filter(names).map(|part| print::condition(policy, part)).collect()
    }

    fn by_now<'t>(&'t self, thing: &'t Thing) -> &'t Thing {
        self.now.get(thing).unwrap_or(thing)
    }

    /// What rules no longer hang on: it concerns those who own that.
    fn left(&self) -> Vec<Concerned> {
        let [old, new] = self.diff.policies;
        let mut found = Vec::new();
        for (was, rule) in old.rules.iter() {
            let is = self.diff.rules.iter().find(|[before, _]| *before == was).map(|[_, is]| *is);
            let (name, what) = match is {
                None => (&rule.name, "which hung on what this team owns, is gone"),
                Some(is) => (&new.rules[is].name, "no longer hangs on what this team owns"),
            };
            let then = self.named(0, Step::Rule(was));
            let [today, alone, known] = is.map_or_else(Default::default, |is| {
                let [alone, known] = self.named_alone(1, is);
                [self.named(1, Step::Rule(is)), alone, known]
            });
            let [alone_then, known_then] = self.named_alone(0, was);
            // What makes no difference any more counts as left out; and so does what made none for other reasons, where it is said otherwise.
            let is_lost = |thing: &Thing| {
                let now = self.by_now(thing);
                let said_otherwise =
                    || is.is_some_and(|is| self.parts_with(0, was, now) != self.parts_with(1, is, now));
                !today.contains_key(now)
                    || !alone.contains_key(now) && (alone_then.contains_key(thing) || said_otherwise())
                    || !known.contains_key(now) && (known_then.contains_key(thing) || said_otherwise())
            };
            let teams = then.into_iter().filter(|(thing, _)| is_lost(thing)).flat_map(|(_, of)| of).collect();
            found.push((format!("the rule `{name}` {what}"), teams));
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
            let behind = Diff::depends_on(old, Step::Assumption(at));
            let is_its = |edit: &Edit| match edit.kind {
                Kind::Assumption => edit.old.as_ref().and_then(|said| said.span) == Some(assumed.span),
                // Of which values a field can have, its own owners are asked.
                Kind::Field => false,
                kind => behind.contains(&(kind, edit.was.as_ref().unwrap_or(&edit.name).clone())),
            };
            if self.edits().any(is_its) {
                let words = print::condition(old, assumed);
                let named = self.named(0, Step::Assumption(at)).into_values().flatten().collect();
                let why = format!("the assumption `{words}`, which hung on what this team owns, is said otherwise");
                found.push((why, named));
            }
        }
        found
    }
}

/// Of what is owned that which is named, with its owners.
fn named(owned: &[Owning], names: &BTreeSet<(Kind, String)>) -> Owned {
    let is_named = |own: &&Owning| names.iter().any(|(kind, name)| item(*kind) == Some(own.item) && own.name == *name);
    owned.iter().filter(is_named).map(|own| ((own.item, own.name.clone()), teams(own))).collect()
}

fn sorted(teams: &[String]) -> BTreeSet<&String> {
    teams.iter().collect()
}
