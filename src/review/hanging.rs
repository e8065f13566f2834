//! What rules and assumptions hang on that other teams own: what they come to hang on, and what they no longer do.

use std::collections::{BTreeMap, BTreeSet};

use super::ownership::{Beside, Item, Owning, item, listed, owning, teams};
use crate::diff::{Diff, Edit, Kind, Leads, Said, Step};
use crate::ir::{Cond, CondKind, Policy, RuleId, print};
use crate::types::Truth;

/// What is owned, by its kind and its name.
type Thing = (Item, String);

/// What can be hung on, before and now.
pub(super) struct Hanging<'d, 'p> {
    diff: &'d Diff<'p>,
    /// What everything is by now.
    now: BTreeMap<Thing, Thing>,
    /// What does not belong to the owners of the policy, who own what has no owner of its own.
    owned: [Vec<Owning>; 2],
}

/// How much may be spent on what rules hang on, in steps of about a nanosecond.
const MAX_WORK: u64 = 2_000_000_000;

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
        Hanging { diff: beside.diff, now, owned }
    }

    /// All that has changed.
    pub(super) fn changed(&self) -> Vec<Concerned> {
        [self.left(), self.come(), self.assumed()].concat()
    }

    /// What a step of the old policy (0) or the new one (1) names, however far behind other names, with its owners.
    fn named(&self, side: usize, step: Step) -> BTreeMap<Thing, BTreeSet<String>> {
        let (Some(policy), Some(owned)) = (self.diff.policies.get(side), self.owned.get(side)) else {
            return BTreeMap::new();
        };
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
        let lost = self.lost();
        let mut found = Vec::new();
        for (was, rule) in old.rules.iter() {
            let is = self.diff.rules.iter().find(|[before, _]| *before == was).map(|[_, is]| *is);
            let then = self.named(0, Step::Rule(was)).into_iter();
            let name = is.map_or(&rule.name, |is| &new.rules[is].name);
            let mut teams: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
            for (thing, of) in then {
                let what = match (is, lost.get(&(was, thing))) {
                    (None, _) => ", which hung on what this team owns, is gone",
                    (Some(_), None) => continue,
                    (Some(_), Some(true)) => " no longer hangs on what this team owns",
                    (Some(_), Some(false)) => " hung on what this team owns, and whether it still does is not known",
                };
                teams.entry(what).or_default().extend(of);
            }
            found.extend(teams.into_iter().map(|(what, teams)| (format!("the rule `{name}`{what}"), teams)));
        }
        found
    }

    /// What rules hung on and do not name any more, or name where nothing comes of it; and whether that is known.
    fn lost(&self) -> BTreeMap<(RuleId, Thing), bool> {
        let [old, new] = self.diff.policies;
        // For each thing the rules that hung on it by name, with the rule that each has become, when that names it still.
        let mut named: BTreeMap<Thing, Vec<(RuleId, Option<RuleId>)>> = BTreeMap::new();
        for [was, is] in &self.diff.rules {
            let (today, otherwise) = (self.named(1, Step::Rule(*is)), self.is_said_otherwise([*was, *is]));
            for thing in self.named(0, Step::Rule(*was)).into_keys() {
                let stays = Some(*is).filter(|_| today.contains_key(self.by_now(&thing)));
                if stays.is_none() || otherwise {
                    named.entry(thing).or_default().push((*was, stays));
                }
            }
        }
        let mut lost = BTreeMap::new();
        let mut left = MAX_WORK;
        for (thing, rules) in named {
            let (was, stay): (Vec<RuleId>, Vec<RuleId>) =
                (rules.iter().map(|(was, _)| *was).collect(), rules.iter().filter_map(|(_, stays)| *stays).collect());
            let Some(of_kind) = kind(thing.0) else { continue };
            let (then, now) = ((of_kind, thing.1.as_str()), (of_kind, self.by_now(&thing).1.as_str()));
            let mut compare = |before: Vec<Truth>, today: Vec<Truth>| {
                let before: BTreeMap<RuleId, Truth> = was.iter().copied().zip(before).collect();
                let today: BTreeMap<RuleId, Truth> = stay.iter().copied().zip(today).collect();
                for (was, stays) in &rules {
                    let then = before.get(was).copied().unwrap_or(Truth::Unknown);
                    let today = stays.map_or(Truth::False, |is| today.get(&is).copied().unwrap_or(Truth::Unknown));
                    let is_open =
                        today == Truth::Unknown && stays.is_some_and(|is| self.asks_the_same([*was, is], &thing));
                    if then != Truth::False && today != Truth::True && !is_open {
                        *lost.entry((*was, thing.clone())).or_default() |= today == Truth::False;
                    }
                }
            };
            // What a rule hung on counts though others stood in its way, which may go again; and that it hangs on it for leads that there cannot be is
            // not enough.
            for [before, today] in [[Leads::All, Leads::AllThatCome], [Leads::Accepted, Leads::AcceptedThatCome]] {
                compare(
                    Diff::hang_on(old, then, &was, before, &mut left),
                    Diff::hang_on(new, now, &stay, today, &mut left),
                );
            }
            // Nor does it hang on what could be the same for all of them.
            let not = |idle: Vec<Truth>| idle.into_iter().map(Truth::not).collect();
            compare(not(Diff::are_idle(old, then, &was, &mut left)), not(Diff::are_idle(new, now, &stay, &mut left)));
        }
        lost
    }

    /// Whether those parts of a rule's condition that hang on something say what they said, when all of the parts have to hold.
    fn asks_the_same(&self, [was, is]: [RuleId; 2], thing: &Thing) -> bool {
        let [_, new] = self.diff.policies;
        let called = self.diff.under_new_names();
        let parts = |policy: &Policy, rule: RuleId, (item, name): &Thing| -> BTreeSet<String> {
            let Some(when) = &policy.rules[rule].when else { return BTreeSet::new() };
            let parts = if let CondKind::All(parts) = &when.kind { parts } else { std::slice::from_ref(when) };
            let hangs = |part: &&Cond| {
                kind(*item).is_some_and(|kind| Diff::behind(policy, part).contains(&(kind, name.clone())))
            };
            parts.iter().filter(hangs).map(|part| print::condition(policy, part)).collect()
        };
        let (before, now) = (parts(&called, was, self.by_now(thing)), parts(new, is, self.by_now(thing)));
        !before.is_empty() && before == now && !self.is_said_otherwise_behind([was, is])
    }

    /// Whether a rule, or something that it hangs on, is said otherwise.
    fn is_said_otherwise(&self, [was, is]: [RuleId; 2]) -> bool {
        let [old, new] = self.diff.policies;
        let stands_at = |said: &Option<Said>, span| said.as_ref().is_some_and(|said| said.span == Some(span));
        let is_it = |edit: &&Edit| {
            edit.kind == Kind::Rule
                && (stands_at(&edit.old, old.rules[was].span) || stands_at(&edit.new, new.rules[is].span))
        };
        self.edits().any(|edit| is_it(&edit)) || self.is_said_otherwise_behind([was, is])
    }

    /// Whether something that a rule hangs on is said otherwise.
    fn is_said_otherwise_behind(&self, [was, is]: [RuleId; 2]) -> bool {
        let [old, new] = self.diff.policies;
        let (before, now) = (Diff::depends_on(old, Step::Rule(was)), Diff::depends_on(new, Step::Rule(is)));
        let mut edits = self.edits().filter(|edit| {
            // Of which values a field can have, its own owners are asked; what they mean to what asks by their order is looked at besides.
            edit.kind != Kind::Field && edit.kind != Kind::Rule
        });
        edits.any(|edit| {
            let was = (edit.kind, edit.was.as_ref().unwrap_or(&edit.name).clone());
            before.contains(&was) || now.contains(&(edit.kind, edit.name.clone()))
        })
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
            if self.diff.edits.iter().any(is_its) {
                let words = print::condition(old, assumed);
                let named = self.named(0, Step::Assumption(at)).into_values().flatten().collect();
                let why = format!("the assumption `{words}`, which hung on what this team owns, is said otherwise");
                found.push((why, named));
            }
        }
        found
    }
}

/// The kind of what can be hung on.
fn kind(item: Item) -> Option<Kind> {
    match item {
        Item::List => Some(Kind::List),
        Item::Define => Some(Kind::Define),
        Item::Score => Some(Kind::Score),
        Item::Grade => Some(Kind::Grade),
        Item::Stage => Some(Kind::Stage),
        Item::Policy | Item::Section | Item::Rule | Item::Field | Item::Decision | Item::Assumption | Item::Library => {
            None
        }
    }
}
