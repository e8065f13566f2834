//! What `check` finds by proof, against a look at every kind of lead: nothing is said that is not so, and nothing that is so is left
//! out. Small random policies, decided by the evaluator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod small_gen;
    pub(crate) mod survey_of_places;
}

use std::collections::{BTreeMap, BTreeSet, HashMap};

use policyc::analysis::{End, Model, Over, Place, Verdict, findings, verdicts};
use policyc::diagnostic::any_error;
use policyc::eval::Evaluator;
use policyc::ir::reach::Reach;
use policyc::ir::{DecisionId, Gain, Guard, Policy, ScoreId, SectionId};
use policyc::lower;
use policyc::types::Number;
use support::small_gen::leads::is_possible;
use support::small_gen::{Small, small};
use support::survey_of_places::{Candidate, Seen, changed, comparisons, differ, gets_past, look, passes, places};

/// How many policies the laws are tried on.
const POLICIES: u64 = 5_000;

/// How often each kind of verdict came up, so that a law that is never put to the test is noticed.
type Counts = BTreeMap<&'static str, usize>;

#[test]
fn findings_about_small_policies_are_sound_and_complete() {
    hold(0);
}

#[test]
fn findings_about_other_small_policies_are_sound_and_complete() {
    hold(1);
}

/// Tries every second policy, so that two processors share them.
fn hold(first: u64) {
    let mut counts = Counts::new();
    for seed in (first..POLICIES).step_by(2) {
        let small = small(seed);
        let law = Law::new(seed, &small);
        if law.seen.outcomes.is_empty() && law.everything {
            *counts.entry("no lead is accepted").or_default() += 1;
            assert_eq!(law.verdicts, [Verdict::NoLead], "{}", law.what(&"no lead"));
            continue;
        }
        law.sound(&mut counts);
        law.reasons(&mut counts);
        if law.everything {
            law.complete(&mut counts);
        }
        if seed % 50 == first {
            law.fixes(&mut counts);
        }
    }
    for kind in KINDS {
        let least = if kind == KINDS[0] { 1 } else { 10 };
        assert!(counts.get(kind).is_some_and(|count| *count >= least), "{kind}: {counts:#?}");
    }
}

/// What must have come up; the first is rare.
const KINDS: [&str; 25] = [
    "no lead is accepted",
    "a rule is never met",
    "a rule is covered",
    "a definition is never met",
    "a line is never met",
    "a label is never met",
    "a label is covered",
    "a stage is never met",
    "a stage is covered",
    "a section is never met",
    "a section is covered",
    "a definition always is",
    "a line always is",
    "a label always is",
    "a stage always is",
    "a section always is",
    "a part is idle in a rule",
    "a part is idle elsewhere",
    "a value in brackets is idle",
    "a decision is never given",
    "a comparison is beyond a score",
    "a range is not reached",
    "a line is pointless",
    "a fix decides the same",
    "complete",
];

/// One policy, what is said of it, and what is so.
struct Law<'s> {
    seed: u64,
    small: &'s Small,
    verdicts: Vec<Verdict>,
    seen: Seen,
    /// Whether the leads looked at stand for all that there are.
    everything: bool,
}

impl<'s> Law<'s> {
    fn new(seed: u64, small: &'s Small) -> Self {
        let policy = &small.policy;
        // Over all times there may be more than at those that were looked at.
        let mut everything = small.universe.exhaustive && !policy.reads_time();
        if everything {
            let mut model = Model::new(&[policy], Over::InForce, false);
            policyc::ir::visit::deciding(policy).for_each(|cond| {
                model.condition(0, cond);
            });
            everything = model.is_exact();
        }
        Law { seed, small, verdicts: verdicts(policy), seen: look(policy, &small.universe), everything }
    }

    fn policy(&self) -> &'s Policy {
        &self.small.policy
    }

    fn what(&self, of: &dyn std::fmt::Debug) -> String {
        format!("seed {}: {of:?}\n{}", self.seed, self.small.text)
    }

    /// Nothing is said that some lead contradicts.
    fn sound(&self, counts: &mut Counts) {
        let mut count = |kind| *counts.entry(kind).or_default() += 1;
        for verdict in &self.verdicts {
            let what = || self.what(verdict);
            match verdict {
                Verdict::Never { place, .. } => {
                    count(kind(
                        *place,
                        [
                            "a rule is never met",
                            "a definition is never met",
                            "a line is never met",
                            "a label is never met",
                            "a stage is never met",
                            "a section is never met",
                        ],
                    ));
                    assert!(!self.seen.met.contains(place), "{}", what());
                }
                Verdict::Covered { place, .. } => {
                    count(kind(
                        *place,
                        [
                            "a rule is covered",
                            "",
                            "",
                            "a label is covered",
                            "a stage is covered",
                            "a section is covered",
                        ],
                    ));
                    assert!(!self.happens(*place), "{}", what());
                }
                Verdict::Always { place, .. } => {
                    count(kind(
                        *place,
                        [
                            "",
                            "a definition always is",
                            "a line always is",
                            "a label always is",
                            "a stage always is",
                            "a section always is",
                        ],
                    ));
                    assert!(!self.seen.failed.contains(place), "{}", what());
                }
                Verdict::Idle { place, part, member, as_if, .. } => {
                    count(if member.is_some() {
                        "a value in brackets is idle"
                    } else {
                        if matches!(place, Place::Rule(_)) {
                            "a part is idle in a rule"
                        } else {
                            "a part is idle elsewhere"
                        }
                    });
                    let all = self.seen.candidates.iter().zip(&self.seen.matter);
                    let found = all.filter(|(c, _)| {
                        c.place == *place && c.part == *part && c.member == *member && c.as_if == *as_if
                    });
                    assert!(found.clone().count() > 0 && found.clone().any(|(_, matters)| !matters), "{}", what());
                }
                Verdict::NeverGiven { decision, .. } => {
                    count("a decision is never given");
                    assert!(!self.given().contains(decision), "{}", what());
                }
                Verdict::Beyond { part, score, always, end } => {
                    count("a comparison is beyond a score");
                    assert_eq!(
                        self.seen.compared.get(part).cloned().unwrap_or_default(),
                        BTreeSet::from([*always]),
                        "{}",
                        what()
                    );
                    end.iter().for_each(|end| self.end(*score, end));
                }
                Verdict::Range { score, end } => {
                    count("a range is not reached");
                    self.end(*score, end);
                }
                Verdict::Pointless { place } => {
                    count("a line is pointless");
                    let Place::Line(score, line) = place else { panic!("{}", what()) };
                    assert!(!self.matters(*score, *line), "{}", what());
                }
                Verdict::NoLead => assert!(self.seen.outcomes.is_empty(), "{}", what()),
                Verdict::Open { .. } => assert!(!self.everything, "{}", what()),
                Verdict::Stopped { .. } => panic!("{}", what()),
                Verdict::Refuted { .. }
                | Verdict::Unproved { .. }
                | Verdict::Vacuous { .. }
                | Verdict::Falls { .. }
                | Verdict::Low { .. } => {}
            }
        }
    }

    /// The lead at an end of a score is one, no lead goes farther, and, where all have been seen, one goes as far.
    fn end(&self, score: ScoreId, End { top, points, witness }: &End) {
        let what = || self.what(&(score, top, points, witness));
        let evaluator = Evaluator::new(self.policy(), witness.as_of);
        let session = evaluator.on(&witness.leads[0]);
        assert!(is_possible(&session) && session.score(score).points == *points, "{}", what());
        let Some((least, most)) = self.seen.totals.get(&score) else { return };
        assert!(if *top { most <= points } else { least >= points }, "{}", what());
        assert!(!self.everything || points == if *top { most } else { least }, "{}", what());
    }

    /// What is named as the reason is enough, and none of it can be left out.
    fn reasons(&self, counts: &mut Counts) {
        for verdict in &self.verdicts {
            let Verdict::Covered { place, by } = verdict else { continue };
            *counts.entry("reasons").or_default() += 1;
            let mut without: Vec<bool> = vec![false; by.len()];
            self.small.universe.each(self.policy(), |_, session| {
                let own = match place {
                    Place::Section(section) => match (&self.policy().sections[*section].guard, by.first()) {
                        (Guard::NoneOf(_), Some(Place::Section(_))) => true,
                        _ => session.section(*section).is_true(),
                    },
                    _ => passes(session, *place),
                };
                if own {
                    let past: Vec<bool> = by.iter().map(|above| gets_past(session, *above)).collect();
                    assert!(past.contains(&false), "{}", self.what(verdict));
                    if past.iter().filter(|past| !**past).count() == 1 {
                        let only = past.iter().position(|past| !*past).unwrap();
                        without[only] = true;
                    }
                }
            });
            assert!(!self.everything || !without.contains(&false), "{}", self.what(verdict));
        }
    }

    /// Nothing that is so is left out.
    fn complete(&self, counts: &mut Counts) {
        *counts.entry("complete").or_default() += 1;
        let policy = self.policy();
        let (mut never, mut covered, mut always) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for verdict in &self.verdicts {
            match verdict {
                Verdict::Never { place, .. } => never.insert(*place),
                Verdict::Covered { place, .. } => covered.insert(*place),
                Verdict::Always { place, .. } => always.insert(*place),
                _ => continue,
            };
        }
        for place in places(policy) {
            let what = || self.what(&place);
            let (met, happens) = (self.seen.met.contains(&place), self.happens(place));
            assert_eq!(!met, never.contains(&place), "{}", what());
            assert_eq!(met && !happens, covered.contains(&place), "{}", what());
            let asked = place.condition(policy).is_some() && !matches!(place, Place::Rule(_));
            // That what always holds elsewhere never comes up here has been said.
            let settled = happens && (self.seen.happened.contains(&place) || !matches!(place, Place::Section(_)));
            if asked && settled {
                assert_eq!(!self.seen.failed.contains(&place), always.contains(&place), "{}", what());
            }
        }
        let given = self.given();
        for (decision, _) in policy.decisions.iter() {
            let named = policy.rules.iter().any(|(_, rule)| rule.decision == decision);
            let said =
                self.verdicts.iter().any(|v| matches!(v, Verdict::NeverGiven { decision: of, .. } if *of == decision));
            assert_eq!(said, named && !given.contains(&decision), "{}", self.what(&decision));
        }
        self.no_other_part_is_idle(&[never, covered, always].into_iter().flatten().collect());
        for (cond, score) in comparisons(policy) {
            let seen = &self.seen.compared[&cond.span];
            let said = self.verdicts.iter().any(|v| matches!(v, Verdict::Beyond { part, .. } if *part == cond.span));
            assert_eq!(said, seen.len() < 2, "{}", self.what(&(cond, score)));
        }
        for (id, score) in policy.scores.iter() {
            let (least, most) = &self.seen.totals[&id];
            let zero = Number::zero();
            let (low, high) = (score.min.as_ref().unwrap_or(&zero), score.max.as_ref().unwrap_or(&zero));
            let much = |behind: Number| !behind.is_negative() && &behind * &Number::from(10) >= high - low;
            let said = |top| {
                let is = |v: &Verdict| matches!(v, Verdict::Range { score, end } if *score == id && end.top == top);
                self.verdicts.iter().any(is)
            };
            let short = score.max.as_ref().is_some_and(|max| most < max && much(max - most));
            assert_eq!(said(true), short, "{}", self.what(&id));
            let low_end = score.min.as_ref().filter(|min| !min.is_zero());
            let short = low_end.is_some_and(|min| least > min && much(least - min));
            assert_eq!(said(false), short, "{}", self.what(&id));
        }
        self.no_other_line_is_pointless();
    }

    /// Whether the condition of a place ever holds where it is asked; of a section: whether a lead gets to it.
    fn happens(&self, place: Place) -> bool {
        let entered = |section: SectionId| {
            let rules = self.policy().rules.iter().any(|(_, rule)| rule.section == Some(section));
            !rules || self.seen.entered.contains(&section)
        };
        match place {
            Place::Rule(rule) => self.seen.decided.contains(&rule),
            Place::Section(section) => self.seen.happened.contains(&place) && entered(section),
            Place::Define(_) | Place::Line(..) | Place::Label(..) | Place::Stage(_) => {
                self.seen.happened.contains(&place)
            }
        }
    }

    fn given(&self) -> BTreeSet<DecisionId> {
        self.seen.decided.iter().map(|rule| self.policy().rules[*rule].decision).collect()
    }

    /// A part that is idle by itself is said to be, or lies within one that is, or no longer is without those that are.
    fn no_other_part_is_idle(&self, settled: &BTreeSet<Place>) {
        let policy = self.policy();
        let said: Vec<(&Candidate, bool)> = self.seen.candidates.iter().map(|candidate| {
            let is = |v: &Verdict| matches!(v, Verdict::Idle { place, part, member, as_if, .. }
                if *place == candidate.place && *part == candidate.part && *member == candidate.member && *as_if == candidate.as_if);
            (candidate, self.verdicts.iter().any(is))
        }).collect();
        for (candidate, _) in
            said.iter().zip(&self.seen.matter).filter(|((_, said), matters)| !said && !**matters).map(|(c, _)| c)
        {
            let place = candidate.place;
            if candidate.one_text
                || settled.contains(&place)
                || matches!(place, Place::Rule(rule) if !self.seen.decided.contains(&rule))
            {
                continue;
            }
            let told: Vec<&Candidate> =
                said.iter().filter(|(c, said)| *said && c.place == place).map(|(c, _)| *c).collect();
            if told.iter().any(|told| candidate.path.starts_with(&told.path)) {
                continue;
            }
            let now = told.iter().fold(place.condition(policy).unwrap().clone(), |cond, told| {
                changed(policy, &cond, &told.path, told.as_if)
            });
            let without = changed(policy, &now, &candidate.path, candidate.as_if);
            let above = support::survey_of_places::above(policy, place);
            let mut matters = false;
            self.small.universe.each(policy, |_, session| {
                let section = if let Place::Rule(rule) = place { policy.rules[rule].section } else { None };
                let gets_here = section.is_none_or(|s| session.section(s).is_true())
                    && above.iter().all(|above| gets_past(session, *above));
                matters |= gets_here && differ(place, session.truth(&now), session.truth(&without));
            });
            assert!(matters, "{}", self.what(candidate));
        }
    }

    fn no_other_line_is_pointless(&self) {
        let policy = self.policy();
        let mut reach = Reach::new(policy);
        policy.rules.iter().filter_map(|(_, rule)| rule.when.as_ref()).for_each(|when| reach.cond(when));
        for (_, section) in policy.sections.iter() {
            if let Guard::When(cond) = &section.guard {
                reach.cond(cond);
            }
        }
        for score in reach.scores.clone() {
            for (position, line) in policy.scores[score].lines.iter().enumerate() {
                let said = self.verdicts.contains(&Verdict::Pointless { place: Place::Line(score, position) });
                if let (false, Gain::Points { .. }) = (said, &line.gain) {
                    assert!(self.matters(score, position), "{}", self.what(&(score, position)));
                }
            }
        }
    }

    /// Whether some lead gets another decision without a line.
    fn matters(&self, score: ScoreId, line: usize) -> bool {
        let mut without = self.policy().clone();
        without.scores.get_mut(score).unwrap().lines.remove(line);
        let mut leads = self.seen.outcomes.iter();
        let mut matters = false;
        self.small.universe.each(&without, |_, session| {
            let before = *leads.next().unwrap();
            if !matters {
                matters = self.policy().rules[before].decision != session.outcome().decision;
            }
        });
        matters
    }

    /// The text with the change that a finding proposes decides every lead as before.
    fn fixes(&self, counts: &mut Counts) {
        let files = HashMap::from([("small.policy".to_owned(), self.small.text.clone())]);
        let checked = lower::check("small.policy", &files);
        let found = findings(self.policy(), &checked.sources, &self.verdicts, &[]);
        for fix in found.iter().filter_map(|finding| finding.fix.as_ref()) {
            let mut text = self.small.text.clone();
            text.replace_range(fix.span.range(), &fix.replacement);
            let files = HashMap::from([("small.policy".to_owned(), text.clone())]);
            let after = lower::check("small.policy", &files);
            assert!(!any_error(&after.diagnostics), "{}\n{text}\n{:#?}", self.what(&fix), after.diagnostics);
            let policy = after.policy.unwrap();
            let mut leads = self.seen.outcomes.iter();
            self.small.universe.each(&policy, |_, session| {
                let before = self.policy().rules[*leads.next().unwrap()].decision;
                assert_eq!(before, session.outcome().decision, "{}\n{text}", self.what(&fix));
            });
            *counts.entry("a fix decides the same").or_default() += 1;
        }
    }
}

/// One of the words for the kinds of places: a rule, a definition, a line, a label, a stage, a section.
fn kind(place: Place, words: [&'static str; 6]) -> &'static str {
    words[match place {
        Place::Rule(_) => 0,
        Place::Define(_) => 1,
        Place::Line(..) => 2,
        Place::Label(..) => 3,
        Place::Stage(_) => 4,
        Place::Section(_) => 5,
    }]
}
