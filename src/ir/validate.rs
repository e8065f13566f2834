//! Whether a policy holds together: what lowering guarantees of the policies that it makes, checked for one that comes from
//! elsewhere, so that whatever reads a [`Policy`] may rely on it.
//!
//! Every id points into its table, no definition needs itself, values fit where they stand, nesting and the digits of
//! numbers are bounded, the time zone exists, and the last rule always fires.

mod extent;
mod kind;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use super::{
    Body, Cond, CondKind, DefineId, Expectation, Expr, Gain, Given, GradeId, Guard, Id, Policy, ScoreId, ScoreLine,
    StageId, Table,
};
use crate::source::Span;
use crate::types::{Number, Shift, Type, Value, time_zone};
use extent::Extent;
use kind::Kind;

/// How deep conditions and values may be nested, definitions, scores, grades and stages that they name included.
pub const MAX_DEPTH: usize = 400;

/// The edition of the language.
const LANGUAGE: u32 = 1;

/// Why a policy does not hold together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// In what: `rule hot_vp`; empty for the policy as a whole.
    pub place: String,
    /// What is wrong.
    pub problem: String,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() { f.write_str(&self.problem) } else { write!(f, "{}: {}", self.place, self.problem) }
    }
}

impl std::error::Error for Invalid {}

fn invalid(problem: impl Into<String>) -> Invalid {
    Invalid { place: String::new(), problem: problem.into() }
}

fn require(holds: bool, problem: &str) -> Result<(), Invalid> {
    if holds { Ok(()) } else { Err(invalid(problem)) }
}

/// Says where a fault is, unless something further in has said so already.
trait Within<T> {
    fn within(self, kind: &str, name: &str) -> Result<T, Invalid>;
}

impl<T> Within<T> for Result<T, Invalid> {
    fn within(self, kind: &str, name: &str) -> Result<T, Invalid> {
        self.map_err(|e| if e.place.is_empty() { Invalid { place: format!("{kind} {name}"), ..e } } else { e })
    }
}

/// Checks a whole policy.
///
/// # Errors
/// The first thing that does not hold.
pub fn validate(policy: &Policy) -> Result<(), Invalid> {
    let mut checker = Checker { policy, seen: HashMap::new() };
    checker.header()?;
    checker.fields()?;
    policy.decisions.iter().try_for_each(|(_, d)| checker.span(d.span).within("decision", &d.phrase))?;
    checker.declarations()?;
    checker.assumptions()?;
    checker.sections()?;
    checker.rules()?;
    checker.properties()?;
    checker.tests()
}

/// Something with a name that conditions and values may refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Define(DefineId),
    Score(ScoreId),
    Grade(GradeId),
    /// A stage's own condition and those of all earlier ones.
    Stage(StageId),
}

/// What is known of a value, or of what stands behind a name.
#[derive(Debug, Clone)]
struct Known<'p> {
    /// The kind of value; none for a condition, and for a constant of a closed set, which fits many.
    kind: Option<Kind<'p>>,
    /// How deep it is nested.
    depth: usize,
    /// How many digits it may have; nothing for what is no number.
    extent: Extent,
}

impl Known<'_> {
    fn plain(kind: Kind<'_>) -> Known<'_> {
        Known { kind: Some(kind), depth: 1, extent: Extent::default() }
    }

    fn deeper(self, by: usize) -> Self {
        Known { depth: self.depth + by, ..self }
    }
}

struct Checker<'p> {
    policy: &'p Policy,
    /// What is known of each node; none while it is being checked.
    seen: HashMap<Node, Option<Known<'p>>>,
}

impl<'p> Checker<'p> {
    fn header(&self) -> Result<(), Invalid> {
        let policy = self.policy;
        require(policy.language == LANGUAGE, "the edition of the language is not known")?;
        require(time_zone(&policy.zone).is_some(), "the time zone is not known")?;
        let in_force = policy.in_force.as_ref();
        require(in_force.is_none_or(|f| f.until.is_none_or(|until| f.from <= until)), "it ends before it is in force")
    }

    fn fields(&self) -> Result<(), Invalid> {
        let fields = &self.policy.fields;
        require(fields.iter().filter(|(_, f)| f.is_id).count() <= 1, "two fields name the lead")?;
        for (_, field) in fields.iter() {
            let check = || {
                self.span(field.span)?;
                let closed = field.ty.closed_values().map_or(0, <[String]>::len);
                require(!field.is_id || field.ty == Type::Text, "the field that names the lead is no text")?;
                require(field.cell.aliases.iter().all(|a| a.value < closed), "a spelling is of no value")?;
                require(
                    field.default.as_ref().is_none_or(|default| Kind::of(&field.ty).holds(default)),
                    "its default does not fit its type",
                )
            };
            check().within("field", &field.name)?;
        }
        Ok(())
    }

    fn declarations(&mut self) -> Result<(), Invalid> {
        let policy = self.policy;
        policy.defines.iter().try_for_each(|(id, _)| self.node(Node::Define(id), 0).map(drop))?;
        policy.scores.iter().try_for_each(|(id, _)| self.node(Node::Score(id), 0).map(drop))?;
        policy.grades.iter().try_for_each(|(id, _)| self.node(Node::Grade(id), 0).map(drop))?;
        policy.stages.iter().try_for_each(|(id, _)| self.node(Node::Stage(id), 0).map(drop))
    }

    fn assumptions(&mut self) -> Result<(), Invalid> {
        self.policy.assumptions.iter().try_for_each(|c| self.cond(c, 0).map(drop)).within("assume", "")
    }

    fn sections(&mut self) -> Result<(), Invalid> {
        for (id, section) in self.policy.sections.iter() {
            let guard = match &section.guard {
                Guard::Always => Ok(()),
                Guard::When(cond) => self.cond(cond, 0).map(drop),
                Guard::NoneOf(sections) => {
                    require(sections.iter().all(|s| *s < id), "it depends on a section below it")
                }
            };
            guard.and(self.span(section.span)).within("section", &section.title)?;
        }
        Ok(())
    }

    fn rules(&mut self) -> Result<(), Invalid> {
        let rules = &self.policy.rules;
        let last = rules.iter().next_back().ok_or_else(|| invalid("it has no rule"))?.1;
        require(last.when.is_none() && last.section.is_none(), "the last rule does not fire for every lead")?;
        let mut names = HashMap::new();
        for (id, rule) in rules.iter() {
            let mut check = || {
                require(names.insert(rule.name.as_str(), id).is_none(), "another rule has its name")?;
                self.span(rule.span)?;
                within(&self.policy.decisions, rule.decision)?;
                rule.section.map_or(Ok(()), |s| within(&self.policy.sections, s))?;
                rule.when.as_ref().map_or(Ok(()), |c| self.cond(c, 0).map(drop))
            };
            check().within("rule", &rule.name)?;
        }
        Ok(())
    }

    fn properties(&mut self) -> Result<(), Invalid> {
        let policy = self.policy;
        for (position, property) in policy.properties.iter().enumerate() {
            let mut check = || {
                self.span(property.span)?;
                within(&policy.decisions, property.decision)?;
                self.cond(&property.condition, 0).map(drop)
            };
            check().within("property", &position.to_string())?;
        }
        Ok(())
    }

    fn tests(&mut self) -> Result<(), Invalid> {
        for test in &self.policy.tests {
            let mut check = || {
                self.span(test.span)?;
                for (field, given) in &test.given {
                    within(&self.policy.fields, *field)?;
                    let kind = Kind::of(&self.policy.fields[*field].ty);
                    let fits = match given {
                        Given::Value(value) => value.as_ref().is_none_or(|v| kind.holds(v)),
                        Given::Relative(_) => kind.is_time(),
                    };
                    require(fits, "a given value does not fit its field")?;
                }
                for (expected, span) in &test.expect {
                    self.span(*span)?;
                    match expected {
                        Expectation::Decision(decision, rule) => {
                            within(&self.policy.decisions, *decision)?;
                            rule.map_or(Ok(()), |r| within(&self.policy.rules, r))?;
                        }
                        Expectation::Condition(cond) => self.cond(cond, 0).map(drop)?,
                    }
                }
                Ok(())
            };
            check().within("test", &test.title)?;
        }
        Ok(())
    }

    fn span(&self, span: Span) -> Result<(), Invalid> {
        let there = (span.source.0 as usize) < self.policy.sources.len();
        require(there && span.start <= span.end, "a place is outside of its files")
    }

    /// What stands behind a name that is used at `level`.
    fn node(&mut self, node: Node, level: usize) -> Result<Known<'p>, Invalid> {
        match self.seen.get(&node) {
            Some(Some(known)) => {
                require(level + known.depth <= MAX_DEPTH, "it is nested too deep")?;
                return Ok(known.clone());
            }
            Some(None) => return Err(invalid("it needs itself")),
            None => {}
        }
        require(level < MAX_DEPTH, "it is nested too deep")?;
        self.seen.insert(node, None);
        let known = match node {
            Node::Define(id) => self.define(id, level + 1),
            Node::Score(id) => self.score(id, level + 1),
            Node::Grade(id) => self.grade(id, level + 1),
            Node::Stage(id) => self.stage(id, level + 1),
        }?
        .deeper(1);
        self.seen.insert(node, Some(known.clone()));
        Ok(known)
    }

    fn define(&mut self, id: DefineId, level: usize) -> Result<Known<'p>, Invalid> {
        within(&self.policy.defines, id)?;
        let define = &self.policy.defines[id];
        let mut check = || {
            self.span(define.span)?;
            match &define.body {
                Body::Condition(cond) => {
                    Ok(Known { kind: None, depth: self.cond(cond, level)?, extent: Extent::default() })
                }
                Body::Value(value, ty) => {
                    let kind = Kind::of(ty);
                    Ok(Known { kind: Some(kind.clone()), ..self.fitting(value, &kind, level)? })
                }
            }
        };
        check().within("define", &define.name)
    }

    fn score(&mut self, id: ScoreId, level: usize) -> Result<Known<'p>, Invalid> {
        within(&self.policy.scores, id)?;
        let score = &self.policy.scores[id];
        let mut check = || {
            self.span(score.span)?;
            let (min, max) = (score.min.as_ref(), score.max.as_ref());
            require(min.zip(max).is_none_or(|(min, max)| min <= max), "its range is empty")?;
            let mut known = Known::plain(Kind::Number);
            for number in min.into_iter().chain(max) {
                known.extent = known.extent.or(Extent::of(number));
            }
            let mut lines = Extent::default();
            for line in &score.lines {
                let (extent, depth) = self.line(line, level)?;
                lines = lines.or(extent);
                known.depth = known.depth.max(depth);
            }
            known.extent = known.extent.or(lines.sum_of(score.lines.len())?);
            Ok(known)
        };
        check().within("score", &score.name)
    }

    fn line(&mut self, line: &'p ScoreLine, level: usize) -> Result<(Extent, usize), Invalid> {
        self.span(line.span)?;
        match &line.gain {
            Gain::Points { points, per, when, at_most } => {
                let mut extent = Extent::of(points);
                let mut depth = when.as_ref().map_or(Ok(1), |c| self.cond(c, level))?;
                if let Some(per) = per {
                    require(per.unit > Number::zero(), "a unit is not above zero")?;
                    let amount = self.fitting(&per.amount, &Kind::Number, level)?;
                    depth = depth.max(amount.depth);
                    extent = extent.times(amount.extent.units(Extent::of(&per.unit)))?;
                }
                require(at_most.as_ref().is_none_or(|cap| !cap.is_negative()), "a cap is below zero")?;
                Ok((at_most.as_ref().map_or(extent, |cap| extent.or(Extent::of(cap))), depth))
            }
            Gain::Score { sign, score } => {
                require(matches!(*sign, 1 | -1), "a sign is neither 1 nor -1")?;
                let known = self.node(Node::Score(*score), level)?;
                Ok((known.extent, known.depth))
            }
        }
    }

    fn grade(&mut self, id: GradeId, level: usize) -> Result<Known<'p>, Invalid> {
        within(&self.policy.grades, id)?;
        let grade = &self.policy.grades[id];
        let mut check = || {
            self.span(grade.span)?;
            let kind = Kind::Choice { values: Cow::Borrowed(&grade.scale.values), other: false };
            let mut known = Known::plain(kind);
            require(grade.otherwise < grade.scale.values.len(), "its last label is none of its labels")?;
            for line in &grade.lines {
                self.span(line.span)?;
                require(line.label < grade.scale.values.len(), "a label is none of its labels")?;
                known.depth = known.depth.max(self.cond(&line.when, level)?);
            }
            Ok(known)
        };
        check().within("grade", &grade.name)
    }

    fn stage(&mut self, id: StageId, level: usize) -> Result<Known<'p>, Invalid> {
        within(&self.policy.stages, id)?;
        let stage = &self.policy.stages[id];
        let mut check = || {
            self.span(stage.span)?;
            let mut depth = self.cond(&stage.when, level)?;
            if let Some(earlier) = id.position().checked_sub(1) {
                // An evaluator asks the earlier ones one after the other, so they add nothing to the depth of this one.
                depth = depth.max(self.node(Node::Stage(StageId::from_position(earlier)), level)?.depth - 1);
            }
            Ok(Known { kind: None, depth, extent: Extent::default() })
        };
        check().within("stage", &stage.name)
    }

    /// How deep a condition is nested that stands at `level`.
    fn cond(&mut self, cond: &'p Cond, level: usize) -> Result<usize, Invalid> {
        require(level < MAX_DEPTH, "it is nested too deep")?;
        self.span(cond.span)?;
        let inner = level + 1;
        let mut depth = 0;
        for part in cond.parts() {
            depth = depth.max(self.cond(part, inner)?);
        }
        depth = depth.max(match &cond.kind {
            CondKind::Known(value) => self.expr(value, inner)?.depth,
            CondKind::Compare { left, right, .. } => self.alike(&[left, right], inner)?,
            CondKind::Between { value, low, high } => self.alike(&[value, low, high], inner)?,
            CondKind::In { value, set } => {
                within(&self.policy.sets, *set)?;
                let value = self.expr(value, inner)?;
                let fits = value.kind.is_none_or(|k| self.policy.sets[*set].values.iter().all(|v| k.holds(v)));
                require(fits, "the values of a set do not fit what is looked for")?;
                value.depth
            }
            CondKind::Has { value, members, .. } => {
                let value = self.expr(value, inner)?;
                let fits = value.kind.is_some_and(|k| k.holds(&Value::Set(members.clone())));
                require(fits, "members are asked for that the set cannot have")?;
                value.depth
            }
            CondKind::Text { value, .. } => {
                let value = self.expr(value, inner)?;
                require(value.kind.is_some_and(|k| k.is_text()), "a text is looked for in what is no text")?;
                value.depth
            }
            CondKind::IsIncomplete(score) => self.node(Node::Score(*score), inner)?.depth,
            CondKind::Define(define) => {
                let known = self.node(Node::Define(*define), inner)?;
                require(known.kind.is_none(), "a value stands for a condition")?;
                known.depth
            }
            CondKind::Reached(stage) => self.node(Node::Stage(*stage), inner)?.depth,
            CondKind::Const(_)
            | CondKind::IsUnknown(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => 0,
        });
        Ok(depth + 1)
    }

    /// Values that are compared: all of one kind. Constants of closed sets alone have none, and compare anyway.
    fn alike(&mut self, values: &[&'p Expr], level: usize) -> Result<usize, Invalid> {
        let mut known = Vec::new();
        for value in values {
            known.push(self.expr(value, level)?);
        }
        if let Some(kind) = known.iter().find_map(|k| k.kind.as_ref()) {
            let alike = values.iter().zip(&known).all(|(value, known)| fits(value, known, kind));
            require(alike, "values of two kinds are compared")?;
        }
        Ok(known.iter().map(|k| k.depth).max().unwrap_or(0))
    }

    /// A value that must be of this kind.
    fn fitting(&mut self, value: &'p Expr, kind: &Kind<'p>, level: usize) -> Result<Known<'p>, Invalid> {
        let known = self.expr(value, level)?;
        require(fits(value, &known, kind), "a value is of another kind than it should be")?;
        Ok(known)
    }

    /// A value that must be a number, with its extent.
    fn number(&mut self, value: &'p Expr, level: usize) -> Result<Known<'p>, Invalid> {
        self.fitting(value, &Kind::Number, level)
    }

    fn expr(&mut self, expr: &'p Expr, level: usize) -> Result<Known<'p>, Invalid> {
        require(level < MAX_DEPTH, "it is nested too deep")?;
        let inner = level + 1;
        match expr {
            Expr::Field(field) => {
                within(&self.policy.fields, *field)?;
                let field = &self.policy.fields[*field];
                let extent = field.default.as_ref().map_or(Extent::CELL, |d| Extent::CELL.or(Extent::of_value(d)));
                Ok(Known { extent, ..Known::plain(Kind::of(&field.ty)) })
            }
            Expr::Const(value) => Ok(Known { kind: Kind::of_value(value), depth: 1, extent: Extent::of_value(value) }),
            Expr::Define(define) => {
                let known = self.node(Node::Define(*define), inner)?;
                require(known.kind.is_some(), "a condition stands for a value")?;
                Ok(known.deeper(1))
            }
            Expr::Score(score) => Ok(self.node(Node::Score(*score), inner)?.deeper(1)),
            Expr::Grade(grade) => Ok(self.node(Node::Grade(*grade), inner)?.deeper(1)),
            Expr::Stage => {
                let values = Cow::Owned(self.policy.stage_scale().values);
                let mut known = Known::plain(Kind::Choice { values, other: false });
                if let Some((last, _)) = self.policy.stages.iter().next_back() {
                    known.depth = self.node(Node::Stage(last), inner)?.depth + 1;
                }
                Ok(known)
            }
            Expr::AsOf(Shift { unit, .. }) => {
                require(!unit.is_calendar(), "an instant is shifted by days")?;
                Ok(Known::plain(Kind::DateTime))
            }
            Expr::AsOfDay(Shift { unit, .. }) => {
                require(unit.is_calendar(), "a day is shifted by hours")?;
                Ok(Known::plain(Kind::Date))
            }
            Expr::DayOf(value) => {
                let known = self.expr(value, inner)?;
                require(known.kind.as_ref().is_some_and(Kind::is_time), "the day is asked for of what has none")?;
                Ok(Known { kind: Some(Kind::Date), ..known.deeper(1) })
            }
            Expr::Lowercase(value) => {
                let known = self.expr(value, inner)?;
                require(known.kind.as_ref().is_some_and(Kind::is_text), "lower case is asked for of what is no text")?;
                Ok(known.deeper(1))
            }
            Expr::DomainOf(value) => {
                let known = self.expr(value, inner)?;
                require(known.kind.as_ref().is_some_and(Kind::is_text), "the domain is asked for of what is no text")?;
                Ok(Known { kind: Some(Kind::Text), ..known.deeper(1) })
            }
            Expr::Negative(value) => Ok(self.number(value, inner)?.deeper(1)),
            Expr::Arithmetic(op, left, right) => {
                let (left, right) = (self.number(left, inner)?, self.number(right, inner)?);
                let extent = left.extent.combined(*op, right.extent)?;
                Ok(Known { kind: Some(Kind::Number), depth: left.depth.max(right.depth) + 1, extent })
            }
        }
    }
}

/// Whether a value may stand where this kind is needed.
fn fits(value: &Expr, known: &Known<'_>, kind: &Kind<'_>) -> bool {
    match (value, &known.kind) {
        (Expr::Const(value), _) => kind.holds(value),
        (_, Some(own)) => own.is(kind),
        (_, None) => false,
    }
}

fn within<I: Id, T>(table: &Table<I, T>, id: I) -> Result<(), Invalid> {
    require(id.position() < table.len(), "it refers to something that is not there")
}
