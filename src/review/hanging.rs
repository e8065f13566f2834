//! What rules and assumptions hang on that other teams own: what they come to hang on, and what they no longer do.

use std::collections::{BTreeMap, BTreeSet};

use super::ownership::{Beside, Item, Owning, item, listed, owning, teams};
use crate::analysis::Alone;
use crate::diff::{Diff, Edit, Kind, Step};
use crate::ir::{Field, Policy, RuleId, print};

/// What is owned, by its kind and its name.
type Thing = (Item, String);

/// Such things, each with its owners.
type Owned = BTreeMap<Thing, BTreeSet<String>>;

/// What can be hung on, before and now.
pub(super) struct Hanging<'d, 'p> {
    diff: &'d Diff<'p>,
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
            let counts = |own: &Owning| own.owners != policy.owners && !matches!(own.item, Item::Field | Item::Section);
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
        Hanging { diff: beside.diff, now, owned, alone }
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

    /// What a rule names by itself, where that makes a difference.
    fn named_alone(&self, side: usize, rule: RuleId) -> [Owned; 2] {
        let Some((alone, owned)) = self.alone.get(side).zip(self.owned.get(side)) else { return Default::default() };
        alone.each_ref().map(|alone| {
            let cond = alone.condition(rule);
            cond.map(|cond| named(owned, &Diff::behind(alone.policy(), cond))).unwrap_or_default()
        })
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
            // What makes no difference any more counts as left out.
            let mut teams = BTreeSet::new();
            let [then, today] = [(0, Some(was)), (1, is)].map(|(side, rule)| {
                let rule = rule.map(|rule| (self.named(side, Step::Rule(rule)), self.named_alone(side, rule)));
                let (named, [alone, known]) = rule.unwrap_or_default();
                [named, alone, known]
            });
            for (then, today) in then.into_iter().zip(today) {
                let stays = |thing: &Thing| today.contains_key(self.by_now(thing));
                teams.extend(then.into_iter().filter(|(thing, _)| !stays(thing)).flat_map(|(_, of)| of));
            }
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
