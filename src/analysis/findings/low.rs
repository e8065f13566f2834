//! Leads that pass a test only because nobody knows enough of them: what is missing earns no points and reaches no stage, so it makes
//! `fit < 30`, `priority is cold` and `not mql` true.
//!
//! Which tests are worth a question is told by their form ([`lows`]). Whether one is passed like that is proved: there is a lead that
//! gets a decision by the rule because of the test, some values of it are missing, and with some values in their places, all that the
//! test hangs on being known, it fails the test and nothing else.

use std::collections::{BTreeSet, HashMap};

use super::parts::replaced;
use super::{Free, Place, Verdict};
use crate::analysis::model::Kleene;
use crate::analysis::search::Answer;
use crate::analysis::solver::Lit;
use crate::analysis::witness::Witness;
use crate::eval::{Evaluator, Session};
use crate::ir::{
    ArithmeticOp, Body, CompareOp, Cond, CondKind, DefineId, Expr, Gain, GradeId, Guard, Lead, Policy, RuleId, ScoreId,
    SectionId,
};
use crate::types::{Number, Truth, Value};

/// What missing values keep low.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// A score.
    Score(ScoreId),
    /// A grade.
    Grade(GradeId),
    /// The stage.
    Stage,
}

/// Where a condition decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// As the condition of a rule.
    Rule(RuleId),
    /// As that of a section.
    Section(SectionId),
}

/// A test that is true of what is low: the way to it in its condition, and whether it is its negation that counts.
struct Low<'c> {
    part: &'c Cond,
    path: Vec<usize>,
    negated: bool,
    kept: Kept,
}

/// How many leads are tried for one test.
const MAX_TRIES: usize = 12;

/// The tests that leads pass for want of values.
pub(super) fn passed(policy: &Policy, free: &mut Free<'_>) -> Vec<Verdict> {
    let mut survey = Survey { policy, defines: HashMap::new(), raised: HashMap::new() };
    let rules = policy.rules.iter().filter_map(|(id, rule)| Some((Where::Rule(id), rule.when.as_ref()?)));
    let sections = policy.sections.iter().filter_map(|(id, section)| match &section.guard {
        Guard::When(guard) => Some((Where::Section(id), guard)),
        Guard::Always | Guard::NoneOf(_) => None,
    });
    let conditions = rules.chain(sections);
    let tests: Vec<_> =
        conditions.flat_map(|(at, cond)| survey.lows(cond).into_iter().map(move |low| (at, cond, low))).collect();
    if tests.is_empty() {
        return Vec::new();
    }
    let decides = free.model().deciding(0);
    let found = tests.iter().map(|(place, cond, low)| {
        let there = gets_there(free, &decides, *place)?;
        passing(policy, free, *place, there, cond, low)
    });
    found.flatten().collect()
}

/// The literal of a lead's getting to a condition and meeting it.
fn gets_there(free: &mut Free<'_>, decides: &[(RuleId, Lit)], place: Where) -> Option<Lit> {
    let section = match place {
        Where::Rule(rule) => return decides.iter().find(|(id, _)| *id == rule).map(|(_, decides)| *decides),
        Where::Section(section) => section,
    };
    let first = free.policy.rules.iter().find(|(_, rule)| rule.section == Some(section))?.0;
    let mut all: Vec<Lit> = Place::Rule(first).above(free.model()).into_iter().map(|(lit, _)| lit).collect();
    all.push(free.model().section(0, section));
    Some(free.model().gates.and(&all))
}

/// A lead that passes a test for want of values, and the same one with some.
fn passing(
    policy: &Policy,
    free: &mut Free<'_>,
    place: Where,
    there: Lit,
    cond: &Cond,
    low: &Low<'_>,
) -> Option<Verdict> {
    let Low { part, path, negated, kept } = low;
    let constant = |truth: bool| replaced(policy, cond, path, truth);
    let (passed, failed) = (constant(!negated), constant(*negated));
    let model = free.model();
    let passes = |k: Kleene| if *negated { (k.no, k.yes) } else { (k.yes, k.no) };
    let (holds, _) = passes(model.condition(0, part));
    let (surely, fails) = passes(model.settled(0, part));
    let (whole, with, without) =
        (model.condition(0, cond).yes, model.condition(0, &passed).yes, model.condition(0, &failed).yes);
    let name = |place: Where| match place {
        Where::Rule(rule) => policy.rules[rule].name.clone(),
        Where::Section(section) => policy.sections[section].title.clone(),
    };
    model.gates.note(|| format!("{}: does a lead pass a test of what is low for want of values?", name(place)));
    let mut asked = vec![there, holds, !surely, !without];
    for _ in 0..MAX_TRIES {
        let is_low = &mut |witness: &Witness| {
            on(policy, witness, |session| {
                let there = match place {
                    Where::Rule(rule) => session.outcome().rule == rule,
                    Where::Section(section) => {
                        session.section(section).is_true() && has_no_rule_above(policy, session, section)
                    }
                };
                there && session.truth(part) == Truth::from(!negated)
            })
        };
        let Answer::Yes((point, lead)) = model.find(&asked, is_low) else { return None };
        // The same lead with some of what is missing.
        let pins = model.cells(&point, true);
        let mut known = pins.clone();
        known.extend([fails, !whole, with]);
        let mut filled = None;
        let answer = model.find(&known, &mut |other| {
            let both = completed(policy, &lead, other);
            let differs = on(policy, &both, |session| {
                session.truth(part) == Truth::from(*negated)
                    && !session.truth(cond).is_true()
                    && session.truth(&passed).is_true()
                    && policy.assumptions.iter().all(|assumed| session.truth(assumed) != Truth::False)
            });
            if differs {
                filled = both.leads.into_iter().next();
            }
            differs
        });
        match (answer, filled) {
            (Answer::Yes(_), Some(with)) => {
                return Some(Verdict::Low { place, test: part.span, kept: *kept, witness: lead, with });
            }
            (Answer::No(core), _) => {
                let why: Vec<Lit> = core.into_iter().filter(|lit| pins.contains(lit)).collect();
                asked.push(!model.gates.and(&why));
            }
            (Answer::Yes(_) | Answer::NotKnown, _) => asked.push(!model.gates.and(&pins)),
        }
    }
    None
}

/// Asks something of the lead of a witness.
fn on(policy: &Policy, witness: &Witness, ask: impl FnOnce(&Session<'_>) -> bool) -> bool {
    let evaluator = Evaluator::new(policy, witness.as_of);
    witness.leads.first().is_some_and(|lead| ask(&evaluator.on(lead)))
}

/// Whether no rule above a section decides the lead.
fn has_no_rule_above(policy: &Policy, session: &Session<'_>, section: SectionId) -> bool {
    let first = policy.rules.iter().find(|(_, rule)| rule.section == Some(section));
    first.is_some_and(|(first, _)| session.outcome().rule >= first)
}

/// A lead with the values of another one where it has none, at its own time.
fn completed(policy: &Policy, lead: &Witness, other: &Witness) -> Witness {
    let values = |lead: &Lead, other: &Lead| {
        let mut lead = lead.clone();
        for (field, _) in policy.fields.iter() {
            if lead.get(field).is_none() {
                lead.set(field, other.get(field).cloned());
            }
        }
        lead
    };
    let leads = lead.leads.iter().zip(&other.leads).map(|(lead, other)| values(lead, other)).collect();
    Witness { as_of: lead.as_of, leads }
}

/// Answers about a policy, each worked out once.
struct Survey<'p> {
    policy: &'p Policy,
    /// What a low test in a definition, or in its negation, is about.
    defines: HashMap<(DefineId, bool), Option<Kept>>,
    /// What a low test in a line that raises a score is about.
    raised: HashMap<ScoreId, Option<Kept>>,
}

impl<'p> Survey<'p> {
    /// The tests of a condition that are true of what is low.
    fn lows(&mut self, cond: &'p Cond) -> Vec<Low<'p>> {
        let mut lows = Vec::new();
        self.within(cond, false, &mut Vec::new(), &mut lows);
        lows
    }

    fn within(&mut self, cond: &'p Cond, negated: bool, path: &mut Vec<usize>, lows: &mut Vec<Low<'p>>) {
        let flips = match &cond.kind {
            CondKind::Not(_) => true,
            CondKind::All(_) | CondKind::Any(_) | CondKind::AtLeast(..) => false,
            CondKind::Define(_)
            | CondKind::Reached(_)
            | CondKind::Compare { .. }
            | CondKind::Between { .. }
            | CondKind::In { .. }
            | CondKind::Const(_)
            | CondKind::Known(_)
            | CondKind::Has { .. }
            | CondKind::Text { .. }
            | CondKind::IsUnknown(_)
            | CondKind::IsIncomplete(_) => {
                let kept = self.kept(cond, negated);
                lows.extend(kept.map(|kept| Low { part: cond, path: path.clone(), negated, kept }));
                return;
            }
        };
        for (i, part) in cond.parts().iter().enumerate() {
            path.push(i);
            self.within(part, negated != flips, path, lows);
            path.pop();
        }
    }

    /// What is low when a test (or its negation) is true of it.
    fn kept(&mut self, cond: &'p Cond, negated: bool) -> Option<Kept> {
        match &cond.kind {
            CondKind::Define(define) => self.of_define(*define, negated),
            CondKind::Reached(_) => negated.then_some(Kept::Stage),
            CondKind::Compare { op, left, right } => self.labels(cond, negated).or_else(|| {
                let (low, high) = match (op, negated) {
                    (CompareOp::Lt | CompareOp::Le, false) | (CompareOp::Gt | CompareOp::Ge, true) => (left, right),
                    (CompareOp::Gt | CompareOp::Ge, false) | (CompareOp::Lt | CompareOp::Le, true) => (right, left),
                    (CompareOp::Eq, false) | (CompareOp::Ne, true) => return self.at_the_bottom(left, right),
                    (CompareOp::Ne, false) | (CompareOp::Eq, true) => return None,
                };
                self.score(low, true).or_else(|| self.score(high, false))
            }),
            CondKind::Between { value, low, .. } => {
                self.labels(cond, negated).or_else(|| if negated { None } else { self.at_the_bottom(value, low) })
            }
            CondKind::In { .. } => self.labels(cond, negated),
            CondKind::Const(_)
            | CondKind::Known(_)
            | CondKind::Has { .. }
            | CondKind::Text { .. }
            | CondKind::IsUnknown(_)
            | CondKind::IsIncomplete(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => None,
        }
    }

    fn of_define(&mut self, define: DefineId, negated: bool) -> Option<Kept> {
        if let Some(known) = self.defines.get(&(define, negated)) {
            return *known;
        }
        let kept = match self.policy.defines.find(define).map(|d| &d.body) {
            Some(Body::Condition(cond)) => {
                let mut lows = Vec::new();
                self.within(cond, negated, &mut Vec::new(), &mut lows);
                lows.first().map(|low| low.kept)
            }
            Some(Body::Value(..)) | None => None,
        };
        self.defines.insert((define, negated), kept);
        kept
    }

    /// A score in a number that is the lower the lower it is; or (not `low`) one that lines with low tests raise.
    fn score(&mut self, value: &'p Expr, low: bool) -> Option<Kept> {
        match value {
            Expr::Score(score) => {
                if low {
                    Some(Kept::Score(*score))
                } else {
                    self.raised(*score)
                }
            }
            Expr::Define(define) => match self.policy.defines.find(*define).map(|d| &d.body) {
                Some(Body::Value(body, _)) => self.score(body, low),
                Some(Body::Condition(_)) | None => None,
            },
            Expr::Negative(inner) => self.score(inner, !low),
            Expr::Arithmetic(ArithmeticOp::Add, left, right) => {
                self.score(left, low).or_else(|| self.score(right, low))
            }
            Expr::Arithmetic(ArithmeticOp::Subtract, left, right) => {
                self.score(left, low).or_else(|| self.score(right, !low))
            }
            Expr::Arithmetic(ArithmeticOp::Multiply | ArithmeticOp::Divide, ..)
            | Expr::Field(_)
            | Expr::Const(_)
            | Expr::Grade(_)
            | Expr::Stage
            | Expr::AsOf(_)
            | Expr::AsOfDay(_)
            | Expr::DayOf(_)
            | Expr::Lowercase(_)
            | Expr::DomainOf(_) => None,
        }
    }

    fn raised(&mut self, score: ScoreId) -> Option<Kept> {
        if let Some(known) = self.raised.get(&score) {
            return *known;
        }
        let mut raised = None;
        for line in self.policy.scores.find(score).map_or(&[][..], |score| &score.lines) {
            raised = raised.or_else(|| match &line.gain {
                Gain::Points { points, when: Some(when), .. } if !points.is_negative() => {
                    self.lows(when).first().map(|low| low.kept)
                }
                Gain::Points { .. } => None,
                Gain::Score { sign, score } if *sign < 0 => Some(Kept::Score(*score)),
                Gain::Score { score, .. } => self.raised(*score),
            });
        }
        self.raised.insert(score, raised);
        raised
    }

    /// The score of `fit is 0` or `fit between 0 and 10`, where there is nothing below.
    fn at_the_bottom(&mut self, value: &'p Expr, end: &'p Expr) -> Option<Kept> {
        let (Expr::Score(score), Expr::Const(Value::Number(end))) = (value, end) else { return None };
        let least = self.policy.scores.find(*score)?.min.clone().unwrap_or_else(Number::zero);
        (*end <= least).then_some(Kept::Score(*score))
    }

    /// The grade or stage of a test that is true of the lowest labels, or of one that a line with a low test gives.
    fn labels(&mut self, cond: &'p Cond, negated: bool) -> Option<Kept> {
        let (value, labels) = labels(self.policy, cond)?;
        let labels: BTreeSet<usize> = (0..value.1).filter(|label| labels.contains(label) != negated).collect();
        let lowest = !labels.is_empty() && labels.len() < value.1 && labels.iter().enumerate().all(|(i, l)| i == *l);
        match value.0 {
            kept if lowest => Some(kept),
            Kept::Grade(grade) => {
                let lines = &self.policy.grades.find(grade)?.lines;
                let given = lines.iter().filter(|line| labels.contains(&line.label));
                given.flat_map(|line| self.lows(&line.when)).next().map(|low| low.kept)
            }
            Kept::Score(_) | Kept::Stage => None,
        }
    }
}

/// A grade or the stage, with how many labels there are, and those that a test of it is true of.
type Labels = ((Kept, usize), BTreeSet<usize>);

fn labels(policy: &Policy, cond: &Cond) -> Option<Labels> {
    let ranked = |value: &Expr| ranked(policy, value);
    let constant = |value: &Expr| if let Expr::Const(Value::Choice(label)) = value { Some(*label) } else { None };
    match &cond.kind {
        CondKind::Compare { op, left, right } => {
            let (of, at) = (ranked(left)?, constant(right)?);
            let meets = |label: &usize| match op {
                CompareOp::Eq => *label == at,
                CompareOp::Ne => *label != at,
                CompareOp::Lt => *label < at,
                CompareOp::Le => *label <= at,
                CompareOp::Gt => *label > at,
                CompareOp::Ge => *label >= at,
            };
            Some((of, (0..of.1).filter(meets).collect()))
        }
        CondKind::Between { value, low, high } => {
            let (of, low, high) = (ranked(value)?, constant(low)?, constant(high)?);
            Some((of, (low..=high).collect()))
        }
        CondKind::In { value, set } => {
            let of = ranked(value)?;
            let values = policy.sets.find(*set)?.values.iter();
            Some((of, values.filter_map(|value| constant(&Expr::Const(value.clone()))).collect()))
        }
        CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::Has { .. }
        | CondKind::Text { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => None,
    }
}

fn ranked(policy: &Policy, value: &Expr) -> Option<(Kept, usize)> {
    match policy.behind_names(value) {
        Expr::Grade(grade) => Some((Kept::Grade(*grade), policy.grades.find(*grade)?.scale.values.len())),
        Expr::Stage => Some((Kept::Stage, policy.stages.len() + 1)),
        Expr::Define(_)
        | Expr::Field(_)
        | Expr::Const(_)
        | Expr::Score(_)
        | Expr::AsOf(_)
        | Expr::AsOfDay(_)
        | Expr::DayOf(_)
        | Expr::Lowercase(_)
        | Expr::DomainOf(_)
        | Expr::Negative(_)
        | Expr::Arithmetic(..) => None,
    }
}
