//! Whether a line of a score makes a difference where a rule asks for points: a lead has all else that the rule asks for, and with the
//! line its points are on one side of what is asked, without it on the other.
//!
//! A lead like that is tried on the evaluator. Where there is none, at no rule, each rule fires for the same leads without the line, so
//! that no decision hangs on it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::conjuncts;
use super::{Line, Lines};
use crate::analysis::model::Model;
use crate::analysis::search::Answer;
use crate::analysis::solver::{self, Lit};
use crate::analysis::sum::Item;
use crate::analysis::witness::Witness;
use crate::eval::Evaluator;
use crate::ir::reach::Reach;
use crate::ir::{Body, CompareOp, Compared, Cond, CondKind, Expr, RuleId, ScoreId, visit};

/// How many leads of a sample are tried for one line that takes them across a limit, and for one that they just have.
const MAX_CLOSE: usize = 2;
const MAX_ANY: usize = 2;

/// How many questions the solver is asked in all, and how many clauses it may learn for each.
const MAX_QUESTIONS: usize = 200;
const MAX_LEARNT: u64 = 200;

/// Points that a rule asks for: the units of a score that are enough.
type Limit = (ScoreId, i128);

/// Points of a score from so many units on, and below so many.
type Window = (ScoreId, i128, i128);

/// What a rule asks for.
#[derive(Debug, Default)]
struct Asked {
    /// Besides points.
    besides: Vec<Lit>,
    limits: BTreeSet<Limit>,
    /// Scores whose points it asks for otherwise than by a limit.
    otherwise: BTreeSet<ScoreId>,
    /// Scores of which it asks whether they are incomplete.
    incomplete: BTreeSet<ScoreId>,
}

impl<'p> Lines<'p> {
    /// The search comes to a rule. The model knows that no rule above fires.
    pub(in super::super) fn at(&mut self, model: &mut Model<'p>, rule: RuleId) {
        self.rules_seen += 1;
        if self.open.is_empty() {
            return;
        }
        if self.questions == MAX_QUESTIONS {
            return self.count(|_| true);
        }
        let asked = self.asked(model, rule);
        let name = &self.policy.rules[rule].name;
        model
            .gates
            .note(|| format!("rule {name}: does a line of a score take a lead across the points that it asks for?"));
        for limit in &asked.limits {
            self.met(model, &asked.besides, limit.0, Some(limit.1));
            self.close_by(model, &asked.besides, *limit);
            self.one_by_one(model, &asked.besides, *limit);
        }
        for score in &asked.otherwise {
            self.met(model, &asked.besides, *score, None);
            self.any_points(model, &asked.besides, *score);
        }
        self.count(|line| asked.incomplete.contains(&line.score));
    }

    /// From here on these lines, as far as they are open, may make a difference.
    fn count(&mut self, which: impl Fn(&Line) -> bool) {
        self.open.iter_mut().filter(|line| which(line)).for_each(|line| line.may_count = true);
    }

    /// What a rule asks for of scores with open lines, and besides.
    fn asked(&self, model: &mut Model<'p>, rule: RuleId) -> Asked {
        let mut asked = Asked::default();
        let rule = &self.policy.rules[rule];
        for cond in rule.when.iter().flat_map(conjuncts) {
            let reach = self.reach(cond);
            if reach.scores.is_empty() {
                asked.besides.push(model.condition(0, cond).yes);
            } else {
                self.of_scores(model, &reach, cond, &mut asked);
            }
        }
        if let Some(section) = rule.section {
            let guards = visit::guards(self.policy, section);
            let guards: Vec<_> = guards.into_iter().map(|guard| (self.reach(guard), guard)).collect();
            if guards.iter().all(|(reach, _)| reach.scores.is_empty()) {
                asked.besides.push(model.section(0, section));
            }
            guards.iter().for_each(|(reach, guard)| self.of_scores(model, reach, guard, &mut asked));
        }
        asked
    }

    fn reach(&self, cond: &'p Cond) -> Reach<'p> {
        let mut reach = Reach::new(self.policy);
        reach.cond(cond);
        reach
    }

    /// What a condition, and those that it reads by name, ask of scores with open lines.
    fn of_scores(&self, model: &mut Model<'p>, reach: &Reach<'p>, cond: &Cond, asked: &mut Asked) {
        let policy = self.policy;
        let defines = reach.defines.iter().filter_map(|define| match &policy.defines[*define].body {
            Body::Condition(body) => Some(body),
            Body::Value(..) => None,
        });
        let labels = reach.grades.iter().flat_map(|grade| &policy.grades[*grade].lines).map(|line| &line.when);
        let stages = reach.stages.iter().map(|stage| &policy.stages[*stage].when);
        for cond in std::iter::once(cond).chain(defines).chain(labels).chain(stages) {
            cond.walk(&mut |part| self.of_part(model, part, asked));
        }
    }

    fn of_part(&self, model: &mut Model<'p>, part: &Cond, asked: &mut Asked) {
        let compared = self.policy.compared(part);
        for Compared { score, op, points } in &compared {
            let strictly: &[bool] = match op {
                CompareOp::Ge | CompareOp::Lt => &[false],
                CompareOp::Gt | CompareOp::Le => &[true],
                CompareOp::Eq | CompareOp::Ne => &[false, true],
            };
            for strictly in strictly.iter().filter(|_| self.open.iter().any(|line| line.score == *score)) {
                match model.units_for(0, *score, points, *strictly) {
                    Some(units) => asked.limits.insert((*score, units)),
                    None => asked.otherwise.insert(*score),
                };
            }
        }
        if !compared.is_empty() {
            return;
        }
        if let CondKind::IsIncomplete(score) = part.kind {
            asked.incomplete.insert(score);
        }
        part.operands().into_iter().for_each(|value| self.of_value(value, asked));
    }

    fn of_value(&self, value: &Expr, asked: &mut Asked) {
        value.walk(&mut |part| match part {
            Expr::Score(score) => {
                asked.otherwise.insert(*score);
            }
            Expr::Define(define) => match &self.policy.defines[*define].body {
                Body::Value(body, _) => self.of_value(body, asked),
                Body::Condition(_) => {}
            },
            Expr::Field(_)
            | Expr::Const(_)
            | Expr::Grade(_)
            | Expr::Stage
            | Expr::AsOf(_)
            | Expr::AsOfDay(_)
            | Expr::DayOf(_)
            | Expr::Lowercase(_)
            | Expr::DomainOf(_)
            | Expr::Negative(_)
            | Expr::Arithmetic(..) => {}
        });
    }

    /// The open lines of a score, with what they add.
    fn open_of(&self, model: &mut Model<'p>, score: ScoreId) -> Vec<(usize, Item)> {
        let Some(items) = model.items(0, score) else { return Vec::new() };
        let open = self.open.iter().filter(|line| line.score == score);
        open.filter_map(|line| Some((line.position, items.get(line.position)?.clone()))).collect()
    }

    /// Tries leads that have been met and that a line takes across a limit; without a limit, some that have a line.
    fn met(&mut self, model: &mut Model<'p>, besides: &[Lit], score: ScoreId, need: Option<i128>) {
        let Some(items) = model.items(0, score).map(<[Item]>::to_vec) else { return };
        let open = self.open.iter().filter(|line| line.score == score);
        let most = if need.is_some() { MAX_CLOSE } else { MAX_ANY };
        let mut tries: BTreeMap<usize, usize> = open.map(|line| (line.position, most)).collect();
        let mut across: Vec<Vec<usize>> = Vec::new();
        let picked = model.picked(besides, &mut |holds| {
            let earned: Vec<i128> = items.iter().map(|item| item.earned(holds)).collect();
            let total = earned.iter().fold(0i128, |sum, value| sum.saturating_add(*value));
            let mut here = Vec::new();
            for (line, left) in &mut tries {
                let without = total.saturating_sub(earned.get(*line).copied().unwrap_or(0));
                let matters = need.map_or(total != without, |need| (total >= need) != (without >= need));
                if *left > 0 && matters {
                    *left -= 1;
                    here.push(*line);
                }
            }
            let wanted = !here.is_empty();
            across.extend(wanted.then_some(here));
            wanted
        });
        for (bits, lines) in picked.into_iter().zip(across) {
            if let Some(point) = model.filled(bits) {
                self.try_on(&model.lead(&point), |line| line.score == score && lines.contains(&line.position));
            }
        }
    }

    /// Has the solver find leads whose points are so close to a limit that any open line counts that they have.
    fn close_by(&mut self, model: &mut Model<'p>, besides: &[Lit], (score, need): Limit) {
        for up in [true, false] {
            loop {
                let open = self.open_of(model, score);
                let adds = |item: &Item| item.values.get(1).copied().filter(|value| (*value > 0) == up && *value != 0);
                let Some(least) = open.iter().filter_map(|(_, item)| adds(item)).map(i128::saturating_abs).min() else {
                    break;
                };
                let some = open
                    .iter()
                    .filter(|(_, item)| adds(item).is_some())
                    .filter_map(|(_, item)| item.levels.first().copied());
                let some = model.gates.or(&some.collect::<Vec<Lit>>());
                let (from, to) = if up { (0, least) } else { (least.saturating_neg(), 0) };
                match self.ask(
                    model,
                    besides,
                    &[some],
                    Some((score, need.saturating_add(from), need.saturating_add(to))),
                ) {
                    Answer::Yes(lead) if self.try_on(&lead, |line| line.score == score) => {}
                    Answer::Yes(_) | Answer::No(_) | Answer::NotKnown => break,
                }
            }
        }
    }

    /// Asks of every open line whether it takes some lead across a limit, and tries one that does.
    fn one_by_one(&mut self, model: &mut Model<'p>, besides: &[Lit], (score, need): Limit) {
        for (position, item) in self.open_of(model, score) {
            let [up, down] = [item.largest(), item.smallest()].map(|points| need.saturating_add(points));
            for (from, to) in [(need, up), (down, need)] {
                if from < to {
                    self.settle(model, besides, (score, position), &item, Some((score, from, to)));
                }
            }
        }
    }

    /// Asks of every open line of a score whether any lead has it, and tries one that does.
    fn any_points(&mut self, model: &mut Model<'p>, besides: &[Lit], score: ScoreId) {
        for (position, item) in self.open_of(model, score) {
            self.settle(model, besides, (score, position), &item, None);
        }
    }

    /// Whether a line may count here: not if there is no lead that has it and whose points are in the window.
    fn settle(
        &mut self,
        model: &mut Model<'p>,
        besides: &[Lit],
        (score, position): (ScoreId, usize),
        item: &Item,
        window: Option<Window>,
    ) {
        let this = |line: &Line| line.score == score && line.position == position;
        let Some(has) = item.levels.first().filter(|_| self.open.iter().any(|line| this(line) && !line.may_count))
        else {
            return;
        };
        match self.ask(model, besides, &[*has], window) {
            Answer::No(_) => {}
            Answer::Yes(lead) => {
                self.try_on(&lead, |line| line.score == score);
                self.count(this);
            }
            Answer::NotKnown => self.count(this),
        }
    }

    /// A lead with all of these and with points in a window.
    fn ask(&mut self, model: &mut Model<'p>, besides: &[Lit], has: &[Lit], window: Option<Window>) -> Answer<Witness> {
        let mut asked: Vec<Lit> = besides.iter().chain(has).copied().collect();
        if let Some((score, from, to)) = window {
            let ends = [from, to].map(|need| model.sum_reaches(0, score, need));
            let [Some(from), Some(to)] = ends else { return Answer::NotKnown };
            asked.extend([from, !to]);
        }
        if self.questions == MAX_QUESTIONS {
            return Answer::NotKnown;
        }
        self.questions += 1;
        model.gates.limit(MAX_LEARNT);
        let answer = model.ask(&asked);
        model.gates.limit(solver::MAX_LEARNT);
        match answer {
            Answer::Yes(point) => {
                model.remember(&point);
                Answer::Yes(model.lead(&point))
            }
            Answer::No(core) => Answer::No(core),
            Answer::NotKnown => Answer::NotKnown,
        }
    }

    /// Settles those of some lines to which a lead shows that they matter; whether there are any.
    fn try_on(&mut self, witness: &Witness, which: impl Fn(&Line) -> bool) -> bool {
        let Some(lead) = witness.leads.first() else { return false };
        let evaluator = Evaluator::new(self.policy, witness.as_of);
        let session = evaluator.on(lead);
        let decision = session.outcome().decision;
        let before = self.open.len();
        let without = self.without.get_or_insert_with(|| self.policy.clone());
        self.open.retain(|line| {
            let Line { score, position, .. } = line;
            if !which(line) {
                return true;
            }
            let line = self.policy.scores[*score].lines.get(*position);
            if line.is_none_or(|line| session.line(line).points.is_zero()) {
                return true;
            }
            let Some(lines) = without.scores.get_mut(*score).map(|score| &mut score.lines) else { return true };
            let line = lines.remove(*position);
            let same = Evaluator::new(without, witness.as_of).decide(lead).decision == decision;
            without.scores.get_mut(*score).into_iter().for_each(|score| score.lines.insert(*position, line.clone()));
            same
        });
        self.open.len() < before
    }
}
