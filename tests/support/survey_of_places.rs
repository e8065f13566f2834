//! What really happens at each place of a small policy, by a look at all of its leads.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use policyc::analysis::{Place, listed};
use policyc::eval::Session;
use policyc::ir::{Body, Cond, CondKind, Expr, Gain, Guard, Id, Policy, RuleId, ScoreId, SectionId, StageId, visit};
use policyc::source::Span;
use policyc::types::{Number, Truth, Value};

use super::small_gen::leads::Universe;

/// Every place of a policy.
pub(crate) fn places(policy: &Policy) -> Vec<Place> {
    let rules = policy.rules.iter().map(|(id, _)| Place::Rule(id));
    let defines = policy.defines.iter().filter(|(_, d)| matches!(d.body, Body::Condition(_)));
    let lines = policy.scores.iter().flat_map(|(id, s)| (0..s.lines.len()).map(move |line| Place::Line(id, line)));
    let labels = policy.grades.iter().flat_map(|(id, g)| (0..=g.lines.len()).map(move |line| Place::Label(id, line)));
    let stages = policy.stages.iter().map(|(id, _)| Place::Stage(id));
    let sections = policy.sections.iter().map(|(id, _)| Place::Section(id));
    rules
        .chain(defines.map(|(id, _)| Place::Define(id)))
        .chain(lines)
        .chain(labels)
        .chain(stages)
        .chain(sections)
        .collect()
}

/// Whether a lead passes a condition, whatever stands above it.
pub(crate) fn passes(session: &Session<'_>, place: Place) -> bool {
    let policy = session.policy();
    match place {
        Place::Rule(rule) => session.fires(rule),
        Place::Define(_) | Place::Stage(_) => session.truth(place.condition(policy).unwrap()).is_true(),
        Place::Line(score, line) => {
            let line = &policy.scores[score].lines[line];
            match &line.gain {
                Gain::Points { .. } => !session.line(line).points.is_zero(),
                Gain::Score { .. } => true,
            }
        }
        Place::Label(..) => place.condition(policy).is_none_or(|cond| session.truth(cond).is_true()),
        Place::Section(section) => match &policy.sections[section].guard {
            Guard::When(_) => session.section(section).is_true(),
            Guard::Always | Guard::NoneOf(_) => true,
        },
    }
}

/// Whether a lead gets past what stands above.
pub(crate) fn gets_past(session: &Session<'_>, above: Place) -> bool {
    match above {
        Place::Rule(_) | Place::Label(..) => !passes(session, above),
        Place::Stage(_) => passes(session, above),
        Place::Section(section) => !session.section(section).is_true(),
        Place::Define(_) | Place::Line(..) => true,
    }
}

/// What stands above a place.
pub(crate) fn above(policy: &Policy, place: Place) -> Vec<Place> {
    match place {
        Place::Rule(rule) => (0..rule.position()).map(|i| Place::Rule(RuleId::from_position(i))).collect(),
        Place::Label(grade, line) => (0..line).map(|i| Place::Label(grade, i)).collect(),
        Place::Stage(stage) => (0..stage.position()).map(|i| Place::Stage(StageId::from_position(i))).collect(),
        Place::Section(section) => match &policy.sections[section].guard {
            Guard::NoneOf(others) => others.iter().map(|other| Place::Section(*other)).collect(),
            Guard::Always | Guard::When(_) => Vec::new(),
        },
        Place::Define(_) | Place::Line(..) => Vec::new(),
    }
}

/// The first rule of each section.
pub(crate) fn first_rules(policy: &Policy) -> BTreeMap<SectionId, RuleId> {
    let mut first = BTreeMap::new();
    for (id, rule) in policy.rules.iter() {
        rule.section.into_iter().for_each(|section| {
            first.entry(section).or_insert(id);
        });
    }
    first
}

/// A part of a condition with what it might as well be.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) place: Place,
    pub(crate) path: Vec<usize>,
    pub(crate) part: Span,
    pub(crate) member: Option<usize>,
    pub(crate) as_if: bool,
    /// Whether the leads stand for all that there are only as to all the texts of its test together.
    pub(crate) one_text: bool,
}

/// All parts that could be idle.
pub(crate) fn candidates(policy: &Policy, place: Place) -> Vec<Candidate> {
    fn within(policy: &Policy, place: Place, cond: &Cond, path: &mut Vec<usize>, out: &mut Vec<Candidate>) {
        let one_text = matches!(cond.kind, CondKind::Text { .. });
        let spelled_out = listed(policy, cond);
        let cond = spelled_out.as_ref().unwrap_or(cond);
        let neutral: &[bool] = match &cond.kind {
            CondKind::All(_) => &[true],
            CondKind::Any(_) => &[false],
            CondKind::AtLeast(..) => &[true, false],
            CondKind::Not(_) => &[],
            _ => return,
        };
        for (i, child) in cond.parts().iter().enumerate() {
            path.push(i);
            let member = spelled_out.is_some().then_some(i);
            for as_if in neutral {
                out.push(Candidate { place, path: path.clone(), part: child.span, member, as_if: *as_if, one_text });
            }
            if member.is_none() {
                within(policy, place, child, path, out);
            }
            path.pop();
        }
    }
    let mut out = Vec::new();
    place.condition(policy).into_iter().for_each(|cond| within(policy, place, cond, &mut Vec::new(), &mut out));
    out
}

/// A condition with a constant in the place of a part.
pub(crate) fn changed(policy: &Policy, cond: &Cond, path: &[usize], as_if: bool) -> Cond {
    let Some((first, rest)) = path.split_first() else {
        return Cond { kind: CondKind::Const(as_if.into()), span: cond.span };
    };
    let mut cond = listed(policy, cond).unwrap_or_else(|| cond.clone());
    let part = cond.parts_mut().get_mut(*first).unwrap();
    *part = changed(policy, part, rest, as_if);
    cond
}

/// What was seen of a policy.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Places whose condition some lead passes, whatever stands above.
    pub(crate) met: BTreeSet<Place>,
    /// Places whose condition some lead passes that gets there.
    pub(crate) happened: BTreeSet<Place>,
    /// Places whose condition some lead that gets there (a label: any lead) does not pass.
    pub(crate) failed: BTreeSet<Place>,
    /// Sections that some lead gets to.
    pub(crate) entered: BTreeSet<SectionId>,
    pub(crate) decided: BTreeSet<RuleId>,
    /// The rule that decides each lead.
    pub(crate) outcomes: Vec<RuleId>,
    /// The least and the most that each score comes to.
    pub(crate) totals: BTreeMap<ScoreId, (Number, Number)>,
    /// What comparisons of a score with points came to.
    pub(crate) compared: BTreeMap<Span, BTreeSet<bool>>,
    /// Parts without which something would change.
    pub(crate) matter: Vec<bool>,
    /// The candidates, in the order of `matter`.
    pub(crate) candidates: Vec<Candidate>,
}

/// Looks at all leads.
pub(crate) fn look(policy: &Policy, universe: &Universe) -> Seen {
    let mut seen = Seen::default();
    let places = places(policy);
    let first = first_rules(policy);
    let above: Vec<Vec<Place>> = places.iter().map(|place| above(policy, *place)).collect();
    let candidates: Vec<Vec<Candidate>> = places.iter().map(|place| candidates(policy, *place)).collect();
    let changed: Vec<Vec<Cond>> = candidates
        .iter()
        .map(|of| of.iter().map(|c| changed(policy, c.place.condition(policy).unwrap(), &c.path, c.as_if)).collect())
        .collect();
    // Those that have made no difference yet.
    let mut open: Vec<Vec<usize>> = candidates.iter().map(|of| (0..of.len()).collect()).collect();
    let comparisons = comparisons(policy);
    universe.each(policy, |_, session| {
        let decided = session.outcome().rule;
        seen.outcomes.push(decided);
        seen.decided.insert(decided);
        for (i, place) in places.iter().enumerate() {
            let cond = place.condition(policy);
            let mattering = open[i].is_empty() && (cond.is_none() || seen.failed.contains(place));
            if mattering && seen.happened.contains(place) {
                continue;
            }
            let gets_here = match place {
                Place::Rule(rule) => {
                    decided >= *rule && policy.rules[*rule].section.is_none_or(|s| session.section(s).is_true())
                }
                _ => above[i].iter().all(|above| gets_past(session, *above)),
            };
            if !seen.happened.contains(place) && (gets_here || !seen.met.contains(place)) && passes(session, *place) {
                seen.met.insert(*place);
                if gets_here {
                    seen.happened.insert(*place);
                }
            }
            let asked = gets_here || matches!(place, Place::Label(..)) && !seen.failed.contains(place);
            let Some(cond) = cond.filter(|_| asked) else { continue };
            let truth = session.truth(cond);
            if !truth.is_true() {
                seen.failed.insert(*place);
            }
            if gets_here {
                open[i].retain(|at| !differ(*place, truth, session.truth(&changed[i][*at])));
            }
        }
        for (section, rule) in &first {
            if decided >= *rule && !seen.entered.contains(section) && session.section(*section).is_true() {
                seen.entered.insert(*section);
            }
        }
        for (score, _) in policy.scores.iter() {
            let points = session.score(score).points;
            let (least, most) = seen.totals.entry(score).or_insert_with(|| (points.clone(), points.clone()));
            if points < *least {
                *least = points;
            } else if points > *most {
                *most = points;
            }
        }
        for (cond, ..) in &comparisons {
            seen.compared.entry(cond.span).or_default().insert(session.truth(cond).is_true());
        }
    });
    let matter = candidates.iter().zip(&open).map(|(of, open)| (0..of.len()).map(|at| !open.contains(&at)));
    seen.matter = matter.flatten().collect();
    seen.candidates = candidates.into_iter().flatten().collect();
    seen
}

/// Whether it makes a difference which of two truths a condition has.
pub(crate) fn differ(place: Place, one: Truth, other: Truth) -> bool {
    if place.asks_for_unknown() { one != other } else { one.is_true() != other.is_true() }
}

/// The comparisons of a score with points.
pub(crate) fn comparisons(policy: &Policy) -> Vec<(&Cond, ScoreId)> {
    let mut found = Vec::new();
    for cond in visit::deciding(policy) {
        cond.walk(&mut |part| {
            if let CondKind::Compare { left: Expr::Score(score), right: Expr::Const(Value::Number(_)), .. } = &part.kind
            {
                found.push((part, *score));
            }
        });
    }
    found
}
