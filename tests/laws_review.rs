//! Who is asked about a change, against a naive reading of who owns what and a look at every lead: random agreements and random edits of
//! them, alone and under the cover of others.
//!
//! `POLICYC_CASES` has more of them tried, `POLICYC_FROM` others.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod agreement;
    pub(crate) mod whom;
}

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use support::agreement::covers::cover;
use support::agreement::dice::Dice;
use support::agreement::edits::{Edit, edit};
use support::agreement::held::{Checked, Rows, Said, rows};
use support::agreement::{Agreement, Body, Cond, Field, Id, Teams, Thing, number};
use support::whom::{beyond, cased, hanging, letting_in, losers_of_any};

/// What came up, so that a law that is never put to the test is noticed.
#[derive(Debug, Default)]
struct Counts {
    edits: BTreeMap<String, usize>,
    laws: BTreeMap<&'static str, usize>,
    faults: BTreeMap<String, Vec<u64>>,
}

/// One change: both sides, and what a review says of it.
struct Change<'a> {
    rows: &'a Rows,
    base: &'a Checked,
    head: Checked,
    said: Said,
}

impl Change<'_> {
    fn of<'a>(base: &'a Checked, head: Agreement, rows: &'a Rows) -> Option<Change<'a>> {
        let head = Checked::new(head, rows)?;
        let said = Said::of(base, &head);
        Some(Change { rows, base, head, said })
    }

    /// The leads that are decided otherwise, each with the rule that decided it.
    fn moved(&self) -> BTreeSet<Option<Id>> {
        let both = self.base.ends.iter().zip(&self.head.ends);
        let end = |of: &Option<(String, Id)>| of.clone().map(|of| of.0);
        let other = both.filter(|(before, now)| end(before) != end(now));
        other.map(|(before, _)| before.as_ref().map(|of| of.1)).collect()
    }

    /// The rules of leads whose decision stays, before and now.
    fn handed(&self) -> BTreeSet<(Id, Id)> {
        let both = self.base.ends.iter().zip(&self.head.ends);
        both.filter_map(|(before, now)| Some((before.as_ref()?, now.as_ref()?)))
            .filter(|(before, now)| before.0 == now.0 && before.1 != now.1)
            .map(|(before, now)| (before.1, now.1))
            .collect()
    }

    /// Whether each claim of the base is still made, of all of its leads; leads that are set aside on either side do not count.
    fn claims_hold(&self) -> bool {
        let both: Vec<bool> =
            self.base.ends.iter().zip(&self.head.ends).map(|(before, now)| before.is_some() && now.is_some()).collect();
        let covers = |(form, of): &(String, Vec<bool>), (other, now): &(String, Vec<bool>)| {
            // It is made of the leads for which its condition is true, or for which it is not.
            let unless = form.starts_with("NeverUnless");
            let stays = |of: bool, now: bool| if unless { of || !now } else { !of || now };
            form == other && of.iter().zip(now).zip(&both).all(|((of, now), both)| !both || stays(*of, *now))
        };
        self.base.claims.iter().all(|claim| self.head.claims.iter().any(|now| covers(claim, now)))
    }

    /// Whether as many claims are made of the same leads: of two that say the same, one can go without a claim being lost, and is gone.
    fn claims_stay(&self) -> bool {
        // What a claim says of leads that an assumption sets aside counts, and is not seen here.
        let assumes = |thing: &Thing| matches!(thing.body, Body::Assume(_));
        if !self.base.claims.is_empty() && self.base.agreement.things.iter().any(assumes) {
            return false;
        }
        let mut now: Vec<_> = self.head.claims.iter().collect();
        self.base.claims.iter().all(|claim| {
            let at = now.iter().position(|other| *other == claim);
            at.map(|at| now.remove(at)).is_some()
        })
    }

    /// The rules that are gone, each with its owners. A new one of the same owners may be held to be that one.
    fn rules_gone(&self) -> Vec<Teams> {
        let [before, now] = [self.base, &self.head].map(|side| side.agreement.owners());
        let [old, new] = [self.base, &self.head].map(|side| side.agreement.rules());
        let new = || new.iter().map(|(rule, ..)| rule.id);
        let gone = old.iter().map(|(rule, ..)| rule.id).filter(|id| !new().any(|now| now == *id));
        let heir = |id: &Id| new().any(|is| !before.contains_key(&is) && now[&is] == before[id]);
        gone.filter(|id| !heir(id)).map(|id| before[&id].clone()).collect()
    }

    /// The definitions, scores, grades, stages and lists that are gone and did not belong to the owners of the policy, each with its owners and
    /// whether only others have a new one of the kind. One of the same owners may be held to be it; what a list is that nothing asks for is not known.
    fn things_gone(&self) -> Vec<(Teams, bool)> {
        let [old, new] = [&self.base.agreement, &self.head.agreement];
        let (before, now) = (old.owners(), new.owners());
        let counts = |side: &Agreement, thing: &Thing| match thing.body {
            Body::Claim(..) | Body::Test(..) => false,
            Body::List(..) => side.is_named(thing.id),
            Body::Define(_) | Body::Value(_) | Body::Score(_) | Body::Grade(_) | Body::Stage(_) | Body::Assume(_) => {
                true
            }
        };
        let kind = |thing: &Thing| std::mem::discriminant(&thing.body);
        let mut found = Vec::new();
        // A list that nothing asks for may be gone, too; whether a new one is it, is not known.
        let may_go = |thing: &Thing| counts(old, thing) || matches!(thing.body, Body::List(..));
        for thing in old.things.iter().filter(|thing| !now.contains_key(&thing.id) && may_go(thing)) {
            let owners = &before[&thing.id];
            let come: Vec<&Thing> =
                new.things.iter().filter(|is| !before.contains_key(&is.id) && kind(is) == kind(thing)).collect();
            if *owners != old.owners && come.iter().all(|is| now[&is.id] != *owners) {
                found.push((owners.clone(), come.iter().any(|is| counts(new, is))));
            }
        }
        found
    }

    /// Which rules have a comment that allows a finding, on both sides.
    fn allowed(&self) -> [BTreeSet<Id>; 2] {
        [self.base, &self.head].map(|side| {
            let rules = side.agreement.rules();
            rules.iter().filter(|(rule, ..)| rule.allowed).map(|(rule, ..)| rule.id).collect()
        })
    }

    /// Whether each test of the base is still there.
    fn tests_stay(&self) -> bool {
        let tests = |checked: &Checked| -> Vec<_> {
            let things = checked.agreement.things.iter().map(|thing| thing.body.clone());
            // What a decision is called is a part of the test; a rule that is gone is none.
            let rules = checked.agreement.rules();
            let there = |by: Option<Id>| by.filter(|by| rules.iter().any(|(rule, ..)| rule.id == *by));
            let phrase = |decision: usize| checked.agreement.phrases[decision];
            things
                .filter_map(|body| match body {
                    Body::Test(cells, decision, by) => Some((cells, phrase(decision), there(by))),
                    _ => None,
                })
                .collect()
        };
        let mut now = tests(&self.head);
        tests(self.base).iter().all(|test| {
            let at = now.iter().position(|other| other == test);
            at.map(|at| now.remove(at)).is_some()
        })
    }

    /// The owners of what rules named and name no more, however far behind, where they hung on it. What belongs to the owners of the policy is left out.
    fn left(&self) -> Teams {
        let [old, new] = [self.base, &self.head].map(|side| &side.agreement);
        let (before, now) = (old.owners(), new.behind_rules(true));
        let mut teams = Teams::new();
        for (rule, ..) in old.rules() {
            let names = |id: &Id| now.get(&rule.id).is_some_and(|now| now.contains(id));
            // No list makes anything of leads without a value, as a constant would.
            let is_list = |id: &Id| old.things.iter().any(|of| of.id == *id && matches!(of.body, Body::List(..)));
            let counts = |id: &Id| before[id] != old.owners && !names(id) && !is_list(id);
            for thing in rule.when.named().into_iter().filter(counts) {
                if !before[&thing].is_subset(&teams) && self.hung(rule.id, thing) {
                    teams.extend(&before[&thing]);
                }
            }
        }
        teams
    }

    /// Whether a rule of the base would decide other leads, were what it names of a thing always true, or never.
    fn hung(&self, rule: Id, thing: Id) -> bool {
        [Cond::Or, Cond::And].into_iter().any(|join| {
            let known = Cond::Missing(0);
            let constant = join(Box::new(known.clone()), Box::new(Cond::Not(Box::new(known))));
            let mut other = self.base.agreement.clone();
            for rule in other.rules_mut().into_iter().filter(|of| of.id == rule) {
                rule.when.each(&mut |cond| {
                    if cond.names() == Some(thing) {
                        *cond = constant.clone();
                    }
                });
            }
            let decides = |end: &Option<(String, Id)>| end.as_ref().is_some_and(|(_, by)| *by == rule);
            let other = Checked::new(other, self.rows);
            other.is_some_and(|other| {
                self.base.ends.iter().zip(&other.ends).any(|(is, would)| decides(is) != decides(would))
            })
        })
    }

    /// What is on both sides and belongs to others now. Claims and tests are for all to agree, wherever they stand; what a list is that nothing
    /// asks for is not known.
    fn passed(&self) -> Vec<Id> {
        let (before, now) = (self.base.agreement.owners(), self.head.agreement.owners());
        let said = |side: &Agreement, id: Id| side.statements().remove(&id);
        let counts = |id: &Id| {
            let thing = self.base.agreement.things.iter().find(|thing| thing.id == *id);
            thing.is_none_or(|thing| match thing.body {
                Body::Claim(..) | Body::Test(..) => false,
                Body::List(..) => self.base.agreement.is_named(*id) && self.head.agreement.is_named(*id),
                // It has no name: in other words it is another one.
                Body::Assume(_) => said(&self.base.agreement, *id) == said(&self.head.agreement, *id),
                Body::Define(_) | Body::Value(_) | Body::Score(_) | Body::Grade(_) | Body::Stage(_) => true,
            })
        };
        let other = |(id, teams): &(&Id, &Teams)| now.get(*id).is_some_and(|now| now != *teams);
        let passed: Vec<Id> = before.iter().filter(|(id, _)| counts(id)).filter(other).map(|(id, _)| *id).collect();
        // Two that say the same may have changed places, which is nothing but other names.
        let texts = self.base.agreement.statements();
        let alike = |id: Id, other: Id| id != other && texts.contains_key(&id) && texts.get(&id) == texts.get(&other);
        passed.iter().copied().filter(|id| !passed.iter().any(|other| alike(*id, *other))).collect()
    }
}

#[test]
fn whoever_a_change_concerns_is_asked() {
    let rows = rows();
    let (from, cases) = (number("POLICYC_FROM", 0), number("POLICYC_CASES", 400));
    let mut counts = Counts::default();
    for seed in from..from + cases {
        case(seed, &rows, &mut counts);
    }
    println!("{:#?}\n{:#?}", counts.edits, counts.laws);
    for (law, seeds) in &counts.faults {
        println!("{} x {law}: {:?}", seeds.len(), seeds.iter().take(12).collect::<Vec<_>>());
    }
    assert!(counts.faults.is_empty());
    let tried = |(law, least): &(&str, u64)| counts.laws.get(law).copied().unwrap_or(0) as u64 * 400 >= least * cases;
    let least = [
        ("leads move: said", 100),
        ("leads move: losers", 100),
        ("leads move: edited", 40),
        ("leads that there may be: losers", 40),
        ("leads handed over", 40),
        ("claims", 25),
        ("claims in other words", 25),
        ("tests", 5),
        ("personal", 1),
        ("ranking", 10),
        ("in force", 8),
        ("allow", 10),
        ("rules gone", 40),
        ("owners", 40),
        ("what rules hung on", 4),
        ("nobody else", 60),
        ("nothing moves: said", 40),
        ("what is said no more", 150),
        ("what is said anew", 150),
        ("covered", 150),
    ];
    assert!(cases < 400 || least.iter().all(tried), "{:#?}", counts.laws);
}

fn case(seed: u64, rows: &Rows, counts: &mut Counts) {
    let mut dice = Dice::new(seed);
    let base = loop {
        if let Some(base) = Checked::new(Agreement::of(&mut dice), rows) {
            break base;
        }
    };
    let mut head = base.agreement.clone();
    let Some(edit) = edit(&mut head, &mut dice) else { return };
    let Some(change) = Change::of(&base, head.clone(), rows) else { return };
    *counts.edits.entry(edit.what.to_owned()).or_default() += 1;
    let mut fault = |law: &str, change: &Change<'_>, more: &str| {
        counts.faults.entry(law.to_owned()).or_default().push(seed);
        if number("POLICYC_CASES", 0) == 1 {
            println!("{law} {more}\n{edit:?}\n{}", shown(change));
        }
    };
    for (law, holds) in laws(&change, &edit) {
        *counts.laws.entry(law).or_default() += 1;
        if !holds {
            fault(&format!("{law}, {}", edit.what), &change, "");
        }
    }
    // Under a cover, whoever was asked is asked still.
    let mut covers = Vec::new();
    for _ in 0..1 + dice.roll(3) {
        let before = head.clone();
        match cover(&mut head, &mut dice) {
            Some(what) if Checked::new(head.clone(), rows).is_some() => covers.push(what),
            Some(_) | None => head = before,
        }
    }
    if covers.is_empty() {
        return;
    }
    let covered = Change::of(&base, head, rows).unwrap();
    let everybody = base.agreement.everybody();
    let lost: Vec<&&str> = everybody
        .iter()
        .filter(|team| change.said.must.contains(**team) && !covered.said.asked.contains(**team))
        .collect();
    let lost = if undone(&change, &covered) { Vec::new() } else { lost };
    *counts.laws.entry("covered").or_default() += 1;
    for what in &covers {
        *counts.edits.entry(format!("cover: {what}")).or_default() += 1;
    }
    if !lost.is_empty() {
        fault(
            &format!("covered: {} by {covers:?}", edit.what),
            &covered,
            &format!("{lost:?}\nwithout: {}", change.said.why),
        );
    }
    for (law, holds) in laws_of_any(&covered) {
        *counts.laws.entry(law).or_default() += 1;
        if !holds {
            fault(&format!("{law}, {} with {covers:?}", edit.what), &covered, "");
        }
    }
    steps(&change, &covered, &mut |lost| fault(&format!("steps: {} then {covers:?}", edit.what), &covered, lost));
    // And with another edit.
    let mut more = covered.head.agreement.clone();
    let Some(second) = self::edit(&mut more, &mut dice) else { return };
    let Some(both) = Change::of(&base, more, rows) else { return };
    for (law, holds) in laws_of_any(&both) {
        *counts.laws.entry(law).or_default() += 1;
        if !holds {
            fault(&format!("{law}, {} with {covers:?} and {}", edit.what, second.what), &both, "");
        }
    }
    steps(&covered, &both, &mut |lost| fault(&format!("steps: {} then {}", edit.what, second.what), &both, lost));
}

/// What is done in two steps asks whom it asks at once, for what becomes of leads, claims, tests and owners.
fn steps(first: &Change<'_>, both: &Change<'_>, fault: &mut dyn FnMut(&str)) {
    let second = Said::of(&first.head, &both.head);
    let everybody = first.base.agreement.everybody();
    // What is copied first and then taken away has passed to nobody, though at once it is held to have been renamed; a rule that is called
    // otherwise and says the same in other words is held to be another one at once, and so is what a test expects by it.
    let (passes, changes) = (!both.passed().is_empty(), !both.tests_stay());
    let is_lost = |team: &str| {
        let said = &both.said;
        let at_once = said.core.contains(team)
            || (passes && said.owners.contains(team))
            || (changes && said.tests.contains(team));
        at_once && !first.said.asked.contains(team) && !second.asked.contains(team)
    };
    let lost: Vec<&str> = everybody.into_iter().filter(|team| is_lost(team)).collect();
    if !lost.is_empty() {
        fault(&format!("{lost:?}\nfirst: {}\nthen: {}", first.said.why, second.why));
    }
}

/// Whether covers take an edit back: what had passed to others is with its owners again, what is new is with others than before, a comment that
/// allows a finding is gone with its rule, a field that is read otherwise is another one, under another name and from another column (whoever reads it is another one, too).
fn undone(change: &Change<'_>, covered: &Change<'_>) -> bool {
    let still = covered.passed();
    let ([was, is], [_, then]) = (change.allowed(), covered.allowed());
    let others = |of: &Change<'_>| {
        let [old, new] = [&of.base.agreement, &of.head.agreement];
        let is_other = |was: &Field, is: &Field| was.id == is.id && was.name != is.name && was.column != is.column;
        old.fields.iter().filter(|was| new.fields.iter().any(|is| is_other(was, is))).count()
    };
    let [before, first, now] = [change.base, &change.head, &covered.head].map(|side| side.agreement.owners());
    let is_of_others = |id: &Id| now.get(id).is_some_and(|now| *now != first[id]);
    change.passed().iter().any(|id| !still.contains(id))
        || first.keys().any(|id| !before.contains_key(id) && is_of_others(id))
        || (was != is && was == then)
        || others(change) != others(covered)
}

/// The laws of any change, each with whether it holds, as far as they apply.
fn laws_of_any(change: &Change<'_>) -> Vec<(&'static str, bool)> {
    let Change { base, head, said, .. } = change;
    let (before, now) = (base.agreement.owners(), head.agreement.owners());
    let everybody = base.agreement.everybody();
    let mut laws = Vec::new();
    let moved = change.moved();
    if !moved.is_empty() {
        laws.push(("leads move: said", !said.is_same()));
        laws.push(("leads move: losers", moved.iter().flatten().all(|rule| said.asks(&before[rule]))));
    }
    let handed = change.handed();
    if !handed.is_empty() {
        let asked = |(was, is): &(Id, Id)| before[was].is_subset(&now[is]) || said.asks(&before[was]);
        laws.push(("leads handed over", handed.iter().all(asked)));
    }
    if !change.claims_hold() {
        laws.push(("claims", said.asks(&everybody)));
    }
    let claims_now = head.agreement.claims();
    if !base.agreement.claims().iter().all(|claim| claims_now.contains(claim)) {
        laws.push(("claims in other words", said.asks(&everybody)));
    }
    if !change.tests_stay() {
        laws.push(("tests", said.asks(&everybody)));
    }
    let [was, is] = [base, head].map(|side| &side.agreement);
    // What another field shows of the same column, is shown.
    let is_it = |field: &Field, now: &Field| now.id == field.id || now.column == field.column;
    let shown = |field: &Field| is.fields.iter().any(|now| is_it(field, now) && !now.options.contains("personal"));
    if was.fields.iter().any(|field| field.options.contains("personal") && shown(field)) {
        laws.push(("personal", said.asks(&everybody)));
    }
    if (was.ranked, was.decisions) != (is.ranked, is.decisions)
        && (was.ranked || is.ranked)
        && was.phrases == is.phrases
    {
        laws.push(("ranking", said.asks(&everybody)));
    }
    if was.in_force != is.in_force {
        laws.push(("in force", said.asks(&everybody)));
    }
    let [allowed_before, allowed] = change.allowed().map(|rules| rules.len());
    if allowed_before != allowed {
        laws.push(("allow", said.asks(&everybody)));
    }
    let gone = change.rules_gone();
    if !gone.is_empty() {
        laws.push(("rules gone", said.asks(gone.iter().flatten())));
    }
    let gone = change.things_gone();
    if !gone.is_empty() {
        laws.push(("things gone", said.asks(gone.iter().flat_map(|(owners, _)| owners))));
    }
    if gone.iter().any(|(_, others)| *others) {
        laws.push(("things gone to others", said.asks(&everybody)));
    }
    let left = change.left();
    if !left.is_empty() {
        laws.push(("what rules hung on", said.asks(&left)));
    }
    let passed = change.passed();
    if !passed.is_empty() {
        laws.push(("owners", said.asks(&everybody)));
    }
    let [(old, before), (new, now)] = [(was, &before), (is, &now)].map(|(side, owners)| (side.statements(), owners));
    for (these, those, owners, law) in
        [(&old, &new, before, "what is said no more"), (&new, &old, now, "what is said anew")]
    {
        // Of two that say the same, either may be one that is called otherwise: which of them is named is not known.
        if has_twin(was, is) {
            continue;
        }
        let others: BTreeSet<&String> = those.values().collect();
        let counts = |id: &Id| !is_written_as_before(was, is, *id);
        let mut only = these.iter().filter(|(id, text)| !others.contains(text) && counts(id)).peekable();
        if only.peek().is_some() {
            laws.push((law, only.all(|(id, _)| said.asks(&owners[id]))));
        }
    }
    laws
}

/// Whether something is a list that says in the policy itself what it has, and says the same on both sides: whether anything asks for it makes no
/// other list of it.
fn is_written_as_before(old: &Agreement, new: &Agreement, id: Id) -> bool {
    let body = |side: &Agreement| side.things.iter().find(|thing| thing.id == id).map(|thing| thing.body.clone());
    let (was, is) = (body(old), body(new));
    was == is && matches!(was, Some(Body::List(_, false)))
}

/// Whether something is called otherwise and something else says the same.
fn has_twin(old: &Agreement, new: &Agreement) -> bool {
    let renamed = |thing: &&Thing| old.things.iter().any(|was| was.id == thing.id && was.name != thing.name);
    let alike = |one: &Thing, other: &Thing| one.id != other.id && one.body == other.body;
    new.things.iter().filter(renamed).any(|thing| new.things.iter().any(|other| alike(thing, other)))
}

/// And those of one edit.
fn laws(change: &Change<'_>, edit: &Edit) -> Vec<(&'static str, bool)> {
    let Change { base, head, said, .. } = change;
    let (before, now) = (base.agreement.owners(), head.agreement.owners());
    let mut laws = laws_of_any(change);
    let owners: Teams =
        edit.touched.iter().flat_map(|id| before.get(id).into_iter().chain(now.get(id)).flatten()).copied().collect();
    let moved = change.moved();
    // Of two that change places, either may have moved; what decisions are called stands in the rules.
    if !moved.is_empty() && !["moved", "decision renamed"].contains(&edit.what) {
        laws.push(("leads move: edited", said.asks(&owners)));
    }
    let further = losers_of_any(change);
    if !further.is_empty() {
        laws.push(("leads that there may be: losers", said.asks(&further)));
    }
    let quiet = [
        "condition",
        "decision",
        "rule gone",
        "new rule",
        "list",
        "score",
        "value",
        "grade",
        "thing gone",
        "new thing",
        "section",
    ];
    let ours = |teams: &Teams| teams.is_subset(&owners);
    let stays = |(was, is): &(Id, Id)| ours(&before[was]) || before[was].is_subset(&now[is]);
    let mine = moved.iter().flatten().all(|rule| ours(&before[rule])) && change.handed().iter().all(stays);
    let allowed = |side: &Checked| {
        side.agreement.rules().iter().any(|(rule, ..)| rule.allowed && edit.touched.contains(&rule.id))
    };
    let whole = change.claims_stay() && change.tests_stay() && change.passed().is_empty();
    // Nor is a claim, or what one is made of, said otherwise.
    let whole = whole && base.agreement.claims() == head.agreement.claims();
    let behind_claims = |side: &Checked| {
        let claims = side.agreement.things.iter().filter_map(|thing| match &thing.body {
            Body::Claim(_, _, cond) => Some(cond),
            _ => None,
        });
        side.agreement.behind(&claims.collect::<Vec<_>>(), true)
    };
    let whole = whole && [base, head].iter().all(|side| edit.touched.is_disjoint(&behind_claims(side)));
    let whole = whole && !allowed(base) && !allowed(head);
    if quiet.contains(&edit.what) && mine && whole {
        let others = [hanging(change, edit), letting_in(change), cased(change), beyond(change, edit), further.clone()];
        let concerned: Teams = others.iter().flatten().chain(&owners).copied().collect();
        laws.push(("nobody else", said.asked.iter().all(|team| concerned.contains(team.as_str()))));
        if moved.is_empty() {
            laws.push(("nothing moves: said", said.is_same()));
        }
    }
    laws
}

fn shown(change: &Change<'_>) -> String {
    let mut text = String::new();
    for side in [change.base, &change.head] {
        let files: BTreeMap<_, _> = side.agreement.files().into_iter().collect();
        for (path, file) in files {
            writeln!(text, "---- {path}\n{file}").unwrap();
        }
        writeln!(text, "=================").unwrap();
    }
    text + &change.said.why
}
