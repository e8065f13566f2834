//! What rules and assumptions hang on that other teams own: what they come to hang on, and what they no longer do.

use std::collections::{BTreeMap, BTreeSet};

use super::ownership::{Beside, Item, Owning, item, listed, owning, teams};
use crate::analysis::{Verdict, pruned, verdicts};
use crate::diff::{Diff, Edit, Kind, Step};
use crate::ir::{Field, Policy, print};

/// What is owned, by its kind and its name.
type Thing = (Item, String);

/// What can be hung on, before and now.
pub(super) struct Hanging<'d, 'p> {
    diff: &'d Diff<'p>,
    /// What everything is by now.
    now: BTreeMap<Thing, Thing>,
    /// What does not belong to the owners of the policy, who own what has no owner of its own.
    owned: [Vec<Owning>; 2],
    /// The policies without what makes no difference in them; and without what makes none to leads of which everything is known.
    pruned: [[Policy; 2]; 2],
}

/// Whom something concerns, and why.
type Concerned = (String, BTreeSet<String>);

impl<'d, 'p> Hanging<'d, 'p> {
    /// Of a difference, when this has been proved of its policies.
    pub(super) fn new(beside: &Beside<'d, 'p>, [before, after]: [&[Verdict]; 2]) -> Hanging<'d, 'p> {
        let thing = |own: &Owning| (own.item, own.name.clone());
        let owned = beside.diff.policies.map(|policy| {
            let counts = |own: &Owning| own.owners != policy.owners && !matches!(own.item, Item::Field | Item::Section);
            owning(policy).into_iter().filter(counts).collect::<Vec<_>>()
        });
        let now = beside.kept.iter().map(|[was, is]| (thing(was), thing(is))).collect();
        let [old, new] = beside.diff.policies;
        // Where nothing has owners of its own, nothing is asked of these.
        let known = beside.diff.policies.map(of_known);
        let [was, is] = known.each_ref().map(|policy| match owned.iter().all(Vec::is_empty) {
            true => Vec::new(),
            false => verdicts(policy),
        });
        let [known_old, known_new] = known.each_ref();
        let pruned = [[pruned(old, before), pruned(new, after)], [pruned(known_old, &was), pruned(known_new, &is)]];
        Hanging { diff: beside.diff, now, owned, pruned }
    }

    /// All that has changed.
    pub(super) fn changed(&self) -> Vec<Concerned> {
        [self.left(), self.come(), self.assumed()].concat()
    }

    /// What a step of the old policy (0) or the new one (1) names, however far behind other names, with its owners.
    fn named(&self, side: usize, policy: &Policy, step: Step) -> BTreeMap<Thing, BTreeSet<String>> {
        let Some(owned) = self.owned.get(side) else { return BTreeMap::new() };
        let asked = Diff::depends_on(policy, step);
        let is_asked =
            |own: &&Owning| asked.iter().any(|(kind, name)| item(*kind) == Some(own.item) && own.name == *name);
        owned.iter().filter(is_asked).map(|own| ((own.item, own.name.clone()), teams(own))).collect()
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
            let [pruned, known] = self.pruned.each_ref().map(|sides| sides.each_ref());
            for [old, new] in [self.diff.policies, pruned, known] {
                let today = is.map(|is| self.named(1, new, Step::Rule(is))).unwrap_or_default();
                let then = self.named(0, old, Step::Rule(was)).into_iter();
                teams.extend(then.filter(|(thing, _)| !today.contains_key(self.by_now(thing))).flat_map(|(_, of)| of));
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
            let named = was.map(|was| self.named(0, old, Step::Rule(was))).unwrap_or_default();
            let then: BTreeSet<&Thing> = named.keys().map(|thing| self.by_now(thing)).collect();
            let come = self.named(1, new, Step::Rule(is)).into_iter().filter(|(thing, _)| !then.contains(thing));
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
        let then = (0..old.assumptions.len()).flat_map(|at| self.named(0, old, Step::Assumption(at)).into_keys());
        let then: BTreeSet<Thing> = then.map(|thing| self.by_now(&thing).clone()).collect();
        let mut found = Vec::new();
        for (at, assumed) in new.assumptions.iter().enumerate() {
            let come = self.named(1, new, Step::Assumption(at)).into_iter().filter(|(thing, _)| !then.contains(thing));
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
                let named = self.named(0, old, Step::Assumption(at)).into_values().flatten().collect();
                let why = format!("the assumption `{words}`, which hung on what this team owns, is said otherwise");
                found.push((why, named));
            }
        }
        found
    }
}

/// A policy for leads of which everything is known.
fn of_known(policy: &Policy) -> Policy {
    let field = |(_, field): (_, &Field)| Field { required: true, ..field.clone() };
    Policy { fields: policy.fields.iter().map(field).collect(), ..policy.clone() }
}
