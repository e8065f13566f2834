//! From a policy to a circuit: rules, sections, grades, stages and scores as gates and sums over what columns are asked.

use std::collections::HashMap;

use num_integer::Integer;
use num_traits::ToPrimitive;

use super::circuit::{Circuit, Gate, Part, Sum, SumId};
use super::questions::{Ask, Columns, sorted};
use super::said::{Taps, said};
use crate::eval::{Evaluator, Session, compare};
use crate::explain::{Compact, Piece};
use crate::ir::reach::Reach;
use crate::ir::{
    Body, CompareOp, Cond, CondKind, Expr, Field, FieldId, Gain, GradeId, Guard, Id, Lead, Per, Policy, ScoreId,
    ScoreLine, SectionId, SetId, StageId,
};
use crate::types::{Number, Truth, Type, Value};

/// The largest number of units to a point; policies that need more are decided lead by lead.
const MAX_SCALE: u64 = 1 << 31;

/// A policy as a circuit.
#[derive(Debug)]
pub(super) struct Compiled<'p> {
    /// What the columns are asked.
    pub(super) columns: Columns<'p>,
    /// The gates.
    pub(super) circuit: Circuit,
    /// For each rule, whether it fires unless one above it does.
    pub(super) rules: Vec<Gate>,
    /// Whether the lead breaks what is assumed of leads.
    pub(super) broken: Gate,
    /// How many units a point of a score has, so that all of them are whole.
    pub(super) scale: Number,
    /// What is worked out besides.
    pub(super) taps: Taps,
}

/// What a condition, a value or a line of a score reads.
enum Reads {
    /// No column: it is the same for every lead.
    Nothing,
    /// One field.
    Field(FieldId),
    /// Several fields, or something that is worked out from fields.
    More(Vec<FieldId>),
}

struct Compiler<'c, 'p> {
    evaluator: &'c Evaluator<'p>,
    /// A lead of which nothing is known, for what is the same for every lead.
    nobody: &'c Session<'c>,
    columns: Columns<'p>,
    circuit: Circuit,
    scale: Number,
    conds: HashMap<(*const Cond, bool), Gate>,
    scores: HashMap<ScoreId, (SumId, Gate)>,
}

/// Compiles a policy, and what is worked out for what is said of each lead. None when the points of its scores have no unit that is small enough to count all of them and large enough to
/// be counted with.
pub(super) fn compile<'p>(evaluator: &Evaluator<'p>, compact: Option<&'p Compact<'p>>) -> Option<Compiled<'p>> {
    let policy = evaluator.policy();
    let lead = Lead::empty(policy);
    let nobody = evaluator.on(&lead);
    let mut compiler = Compiler {
        evaluator,
        nobody: &nobody,
        columns: Columns::new(evaluator),
        circuit: Circuit::default(),
        scale: scale(policy)?,
        conds: HashMap::new(),
        scores: HashMap::new(),
    };
    let broken: Vec<Gate> = policy.assumptions.iter().map(|cond| compiler.surely(cond, false)).collect();
    let broken = compiler.circuit.any(broken);
    let mut rules = Vec::new();
    for (_, rule) in policy.rules.iter() {
        let section = rule.section.map(|section| compiler.section(section));
        let when = rule.when.as_ref().map(|when| compiler.surely(when, true));
        rules.push(compiler.circuit.all(section.into_iter().chain(when)));
    }
    let taps = compact.map(|compact| compiler.taps(compact)).unwrap_or_default();
    let Compiler { columns, circuit, scale, .. } = compiler;
    Some(Compiled { columns, circuit, rules, broken, scale, taps })
}

/// The smallest number by which all points, caps and ranges of scores are whole.
fn scale(policy: &Policy) -> Option<Number> {
    let mut scale = num_bigint::BigInt::from(1);
    let mut take = |number: &Number| scale = scale.lcm(&number.parts().1);
    for (_, score) in policy.scores.iter() {
        score.min.iter().chain(&score.max).for_each(&mut take);
        for line in &score.lines {
            if let Gain::Points { points, at_most, .. } = &line.gain {
                take(points);
                at_most.iter().for_each(&mut take);
            }
        }
    }
    scale.to_u64().filter(|scale| *scale <= MAX_SCALE).map(|scale| Number::whole(i128::from(scale)))
}

impl<'p> Compiler<'_, 'p> {
    fn policy(&self) -> &'p Policy {
        self.evaluator.policy()
    }

    fn taps(&mut self, compact: &'p Compact<'p>) -> Taps {
        let mut taps = Taps::default();
        for obstacle in compact.missed.iter().flat_map(|(_, obstacles)| obstacles) {
            taps.obstacles.push([self.surely(obstacle.cond, true), self.surely(obstacle.cond, false)]);
        }
        for piece in said(compact) {
            match piece {
                Piece::Score(score) => {
                    let (sum, _) = self.score(score);
                    let (low, high) = self.range(score);
                    taps.totals.push((score, sum, low, high));
                }
                Piece::Grade(grade) => {
                    let labels = 0..self.policy().grades[grade].scale.values.len();
                    let gates = labels.map(|label| self.graded(grade, &|given| given == label)).collect();
                    taps.labels.push((piece, gates));
                }
                Piece::Stage => {
                    let stages = 0..=self.policy().stages.len();
                    let gates = stages.map(|stage| self.staged(&|reached| reached == stage)).collect();
                    taps.labels.push((piece, gates));
                }
                Piece::Text(_) | Piece::Field(_) => {}
            }
        }
        taps
    }

    fn section(&mut self, section: SectionId) -> Gate {
        match &self.policy().sections[section].guard {
            Guard::Always => self.circuit.constant(true),
            Guard::When(cond) => self.surely(cond, true),
            Guard::NoneOf(sections) => {
                let others: Vec<Gate> = sections.iter().map(|other| self.section(*other)).collect();
                let any = self.circuit.any(others);
                self.circuit.not(any)
            }
        }
    }

    /// Whether a condition is surely true (`want`), or surely false.
    fn surely(&mut self, cond: &'p Cond, want: bool) -> Gate {
        let key = (std::ptr::from_ref(cond), want);
        if let Some(gate) = self.conds.get(&key) {
            return *gate;
        }
        let gate = self.build(cond, want);
        self.conds.insert(key, gate);
        gate
    }

    fn build(&mut self, cond: &'p Cond, want: bool) -> Gate {
        let fields = match self.reads(cond) {
            Reads::Nothing => {
                let holds = Ask::answer(&ask(cond, want), self.nobody);
                return self.circuit.constant(holds);
            }
            // The answers of a text are put together from those to single tests, as there are too many texts for a table.
            Reads::Field(field) if !is_text(&self.policy().fields[field]) => {
                return self.question(&[field], ask(cond, want));
            }
            Reads::Field(field) => vec![field],
            Reads::More(fields) => fields,
        };
        match &cond.kind {
            CondKind::Const(truth) => {
                self.circuit.constant((*truth == Truth::True) == want && *truth != Truth::Unknown)
            }
            CondKind::Not(inner) => self.surely(inner, !want),
            CondKind::All(parts) => self.joined(parts, want, want),
            CondKind::Any(parts) => self.joined(parts, want, !want),
            CondKind::AtLeast(count, parts) => {
                let count = usize::try_from(*count).unwrap_or(usize::MAX);
                let gates: Vec<Gate> = parts.iter().map(|part| self.surely(part, want)).collect();
                let least = if want { count } else { (parts.len() + 1).saturating_sub(count) };
                self.circuit.at_least(least, gates)
            }
            CondKind::IsUnknown(inner) => {
                let known = [self.surely(inner, true), self.surely(inner, false)];
                let known = self.circuit.any(known);
                if want { self.circuit.not(known) } else { known }
            }
            CondKind::Define(define) => match &self.policy().defines[*define].body {
                Body::Condition(body) => self.surely(body, want),
                Body::Value(..) => self.circuit.constant(false),
            },
            CondKind::Reached(stage) => {
                let reached = self.reached(*stage);
                self.or_not(reached, want)
            }
            CondKind::IsIncomplete(score) => {
                let (_, incomplete) = self.score(*score);
                self.or_not(incomplete, want)
            }
            CondKind::Compare { op, left, right } => {
                let made = self.comparison(*op, left, right);
                self.or_question(made, &fields, cond, want)
            }
            CondKind::Between { value, low, high } => {
                let low = self.comparison(CompareOp::Ge, value, low);
                let high = self.comparison(CompareOp::Le, value, high);
                let made = low.zip(high).map(|(low, high)| self.circuit.all([low, high]));
                self.or_question(made, &fields, cond, want)
            }
            CondKind::In { value, set } => {
                let made = self.member(value, *set);
                self.or_question(made, &fields, cond, want)
            }
            CondKind::Known(_) | CondKind::Has { .. } | CondKind::Text { .. } => {
                self.question(&fields, ask(cond, want))
            }
        }
    }

    fn joined(&mut self, parts: &'p [Cond], want: bool, all: bool) -> Gate {
        let gates: Vec<Gate> = parts.iter().map(|part| self.surely(part, want)).collect();
        if all { self.circuit.all(gates) } else { self.circuit.any(gates) }
    }

    /// A gate that is never unknown, or its opposite.
    fn or_not(&mut self, gate: Gate, want: bool) -> Gate {
        if want { gate } else { self.circuit.not(gate) }
    }

    /// The gate that was made for a condition that is never unknown; else its columns are asked.
    fn or_question(&mut self, made: Option<Gate>, fields: &[FieldId], cond: &'p Cond, want: bool) -> Gate {
        match made {
            Some(gate) => self.or_not(gate, want),
            None => self.question(fields, ask(cond, want)),
        }
    }

    fn question(&mut self, fields: &[FieldId], ask: Ask<'p>) -> Gate {
        let position = self.columns.ask(self.evaluator, fields, ask);
        self.circuit.asked(position)
    }

    /// A comparison of a score, a grade or the stage with something that is the same for every lead.
    fn comparison(&mut self, op: CompareOp, left: &'p Expr, right: &'p Expr) -> Option<Gate> {
        let (left, right) = (self.policy().behind_names(left), self.policy().behind_names(right));
        let (derived, op, value) = match (self.fixed(left), self.fixed(right)) {
            (None, Some(value)) => (left, op, value),
            (Some(value), None) => (right, op.flipped(), value),
            (None, None) | (Some(_), Some(_)) => return None,
        };
        if let (Expr::Score(score), Value::Number(number)) = (derived, &value) {
            return Some(self.total(*score, op, number));
        }
        let Value::Choice(to) = value else { return None };
        if let Expr::Grade(grade) = derived {
            return Some(self.graded(*grade, &|label| holds(op, label, to)));
        }
        (*derived == Expr::Stage).then(|| self.staged(&|stage| holds(op, stage, to)))
    }

    /// Whether a score, a grade or the stage is one of a set's values.
    fn member(&mut self, value: &'p Expr, set: SetId) -> Option<Gate> {
        let set = &self.policy().sets[set];
        let positions = |at: usize| set.values.contains(&Value::Choice(at));
        match self.policy().behind_names(value) {
            Expr::Grade(grade) => Some(self.graded(*grade, &positions)),
            Expr::Stage => Some(self.staged(&positions)),
            Expr::Score(score) => {
                let numbers =
                    set.values.iter().filter_map(|value| if let Value::Number(n) = value { Some(n) } else { None });
                let equal: Vec<Gate> = numbers.map(|number| self.total(*score, CompareOp::Eq, number)).collect();
                Some(self.circuit.any(equal))
            }
            Expr::Field(_)
            | Expr::Const(_)
            | Expr::Define(_)
            | Expr::AsOf(_)
            | Expr::AsOfDay(_)
            | Expr::DayOf(_)
            | Expr::Lowercase(_)
            | Expr::DomainOf(_)
            | Expr::Negative(_)
            | Expr::Arithmetic(..) => None,
        }
    }

    /// The value of what is the same for every lead.
    fn fixed(&self, expr: &Expr) -> Option<Value> {
        matches!(self.reads_of_value(expr), Reads::Nothing).then(|| self.nobody.value(expr)).flatten()
    }

    /// Whether a grade's label is one of some.
    fn graded(&mut self, grade: GradeId, wanted: &dyn Fn(usize) -> bool) -> Gate {
        let grade = &self.policy().grades[grade];
        let mut given = self.circuit.constant(wanted(grade.otherwise));
        for line in grade.lines.iter().rev() {
            let when = self.surely(&line.when, true);
            given = if wanted(line.label) {
                self.circuit.any([when, given])
            } else {
                let not = self.circuit.not(when);
                self.circuit.all([not, given])
            };
        }
        given
    }

    /// Whether the stage is one of some: 0 for none, 1 for the first.
    fn staged(&mut self, wanted: &dyn Fn(usize) -> bool) -> Gate {
        let last = self.policy().stages.len();
        let mut given = self.circuit.constant(wanted(last));
        for (id, stage) in self.policy().stages.iter().rev() {
            let when = self.surely(&stage.when, true);
            let not = self.circuit.not(when);
            given =
                if wanted(id.position()) { self.circuit.any([not, given]) } else { self.circuit.all([when, given]) };
        }
        given
    }

    fn reached(&mut self, stage: StageId) -> Gate {
        let stages = self.policy().stages.iter().take(stage.position() + 1);
        let all: Vec<Gate> = stages.map(|(_, stage)| self.surely(&stage.when, true)).collect();
        self.circuit.all(all)
    }

    /// A comparison of a score's total with a number.
    fn total(&mut self, score: ScoreId, op: CompareOp, number: &Number) -> Gate {
        let scaled = number * &self.scale;
        let (floor, whole) = (scaled.floor_i128(), scaled.is_whole());
        let ceiling = if whole { floor } else { floor.saturating_add(1) };
        match op {
            CompareOp::Ge => self.at_least(score, ceiling),
            CompareOp::Gt => self.at_least(score, floor.saturating_add(1)),
            CompareOp::Lt => {
                let reaches = self.at_least(score, ceiling);
                self.circuit.not(reaches)
            }
            CompareOp::Le => {
                let above = self.at_least(score, floor.saturating_add(1));
                self.circuit.not(above)
            }
            CompareOp::Eq if !whole => self.circuit.constant(false),
            CompareOp::Eq => {
                let reaches = self.at_least(score, floor);
                let above = self.at_least(score, floor.saturating_add(1));
                let not_above = self.circuit.not(above);
                self.circuit.all([reaches, not_above])
            }
            CompareOp::Ne => {
                let equal = self.total(score, CompareOp::Eq, number);
                self.circuit.not(equal)
            }
        }
    }

    /// Whether a score's total, cut to its range, is at least so many units.
    fn at_least(&mut self, score: ScoreId, least: i128) -> Gate {
        let (sum, _) = self.score(score);
        let (low, high) = self.range(score);
        // Not above `high` counts last.
        match (low, high) {
            (_, Some(high)) if least > high => self.circuit.constant(false),
            (Some(low), _) if least <= low => self.circuit.constant(true),
            (Some(_) | None, Some(_) | None) => self.circuit.reaches(sum, least),
        }
    }

    /// The range of a score, in units.
    fn range(&self, score: ScoreId) -> (Option<i128>, Option<i128>) {
        let score = &self.policy().scores[score];
        let units = |number: &Number| (number * &self.scale).floor_i128();
        (score.min.as_ref().map(units), score.max.as_ref().map(units))
    }

    /// The sum of a score before it is cut to its range, and whether a line of it is unknown.
    fn score(&mut self, score: ScoreId) -> (SumId, Gate) {
        if let Some(known) = self.scores.get(&score) {
            return *known;
        }
        let mut sum = Sum::default();
        let mut unknown = Vec::new();
        let mut by_field: Vec<(FieldId, Vec<ScoreLine>)> = Vec::new();
        for line in &self.policy().scores[score].lines {
            match &line.gain {
                Gain::Score { sign, score } => {
                    let (inner, incomplete) = self.score(*score);
                    let (low, high) = self.range(*score);
                    sum.parts.push(Part::Sum { sum: inner, low, high, minus: *sign < 0 });
                    unknown.push(incomplete);
                }
                Gain::Points { per, when, .. } => {
                    unknown.push(self.line_unknown(per.as_ref(), when.as_ref()));
                    match self.reads_of_line(per.as_ref(), when.as_ref()) {
                        Reads::Nothing => {
                            sum.base += (&self.nobody.line(line).points * &self.scale).floor_i128();
                        }
                        Reads::Field(field) if !is_text(&self.policy().fields[field]) => {
                            match by_field.iter_mut().find(|(known, _)| *known == field) {
                                Some((_, lines)) => lines.push(line.clone()),
                                None => by_field.push((field, vec![line.clone()])),
                            }
                        }
                        Reads::Field(_) | Reads::More(_) => {
                            let part = self.line(line, per.as_ref(), when.as_ref());
                            sum.parts.push(part);
                        }
                    }
                }
            }
        }
        for (field, lines) in by_field {
            sum.parts.push(Part::Amount { amount: self.columns.add(&[field], lines), when: None });
        }
        let made = (self.circuit.sum(sum), self.circuit.any(unknown));
        self.scores.insert(score, made);
        made
    }

    /// What a line adds whose condition reads more than what it counts.
    fn line(&mut self, line: &ScoreLine, per: Option<&'p Per>, when: Option<&'p Cond>) -> Part {
        let when = when.map(|when| self.surely(when, true));
        let mut counted = line.clone();
        if let Gain::Points { when, .. } = &mut counted.gain {
            *when = None;
        }
        let Some(per) = per else {
            let amount = (&self.nobody.line(&counted).points * &self.scale).floor_i128();
            return Part::Fixed { amount, when: when.unwrap_or_else(|| self.circuit.constant(true)) };
        };
        let fields = match self.reads_of_value(&per.amount) {
            Reads::Nothing => Vec::new(),
            Reads::Field(field) => vec![field],
            Reads::More(fields) => fields,
        };
        Part::Amount { amount: self.columns.add(&fields, vec![counted]), when }
    }

    /// Whether a line is unknown: its condition is, or it holds and what is counted is missing.
    fn line_unknown(&mut self, per: Option<&'p Per>, when: Option<&'p Cond>) -> Gate {
        let (holds, fails) = match when {
            Some(when) => (self.surely(when, true), self.surely(when, false)),
            None => (self.circuit.constant(true), self.circuit.constant(false)),
        };
        let known = self.circuit.any([holds, fails]);
        let open = self.circuit.not(known);
        let Some(per) = per else { return open };
        let absent = match self.reads_of_value(&per.amount) {
            Reads::Nothing => {
                let absent = self.nobody.value(&per.amount).is_none();
                self.circuit.constant(absent)
            }
            Reads::Field(field) => self.question(&[field], Ask::Absent(&per.amount)),
            Reads::More(fields) => self.question(&fields, Ask::Absent(&per.amount)),
        };
        let lost = self.circuit.all([holds, absent]);
        self.circuit.any([open, lost])
    }

    fn reads(&self, cond: &Cond) -> Reads {
        let mut reach = Reach::new(self.policy());
        reach.cond(cond);
        reads(&reach)
    }

    fn reads_of_value(&self, expr: &Expr) -> Reads {
        let mut reach = Reach::new(self.policy());
        reach.value(expr);
        reads(&reach)
    }

    fn reads_of_line(&self, per: Option<&Per>, when: Option<&Cond>) -> Reads {
        let mut reach = Reach::new(self.policy());
        when.iter().for_each(|when| reach.cond(when));
        per.iter().for_each(|per| reach.value(&per.amount));
        reads(&reach)
    }
}

fn reads(reach: &Reach<'_>) -> Reads {
    let fields = sorted(reach.fields.iter().chain(&reach.asked).copied());
    let derived = !(reach.scores.is_empty() && reach.grades.is_empty() && reach.stages.is_empty());
    match fields.as_slice() {
        [] => Reads::Nothing,
        [field] if !derived => Reads::Field(*field),
        _ => Reads::More(fields),
    }
}

fn ask(cond: &Cond, want: bool) -> Ask<'_> {
    if want { Ask::True(cond) } else { Ask::False(cond) }
}

fn is_text(field: &Field) -> bool {
    matches!(field.ty, Type::Text)
}

fn holds(op: CompareOp, left: usize, right: usize) -> bool {
    compare(op, &Value::Choice(left), &Value::Choice(right)).is_true()
}
