//! Scores line by line, grades, and the stage.

use serde::Serialize;

use super::condition::{self, Stopped};
use super::reading::{Reader, Reading};
use crate::ir::{self, Gain, print};
use crate::types::{Number, Truth};

/// A score and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ScoreReport {
    /// Its name.
    pub name: String,
    /// Its points, which is what conditions compare.
    pub points: Number,
    /// What its lines come to, when that is outside of its range.
    pub sum: Option<Number>,
    /// The lower end of its range.
    pub min: Option<Number>,
    /// The upper end of its range.
    pub max: Option<Number>,
    /// Whether a line of it was unknown.
    pub incomplete: bool,
    /// What the unknown lines might have added.
    pub out_of_reach: Option<OutOfReach>,
    /// Its lines.
    pub lines: Vec<ScoreLine>,
}

/// What the unknown lines of a score might have added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct OutOfReach {
    /// So many points more.
    pub gain: Option<Number>,
    /// So many points less.
    pub loss: Option<Number>,
    /// Whether it may be more than that, because a line counts something without a limit.
    pub unbounded: bool,
}

/// A line of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ScoreLine {
    /// What the author calls it.
    pub label: Option<String>,
    /// What it says: `+40 when senior`.
    pub text: String,
    /// What it adds when it is true, without its condition: `+40`, `+5 for each visit, at most 20`.
    pub gain: String,
    /// The points that it added.
    pub points: Number,
    /// Whether it was true; one without a condition is, unless what it counts is missing.
    pub truth: Truth,
    /// What was read that made it so.
    pub readings: Vec<Reading>,
}

/// A grade and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct GradeReport {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// Its lines down to the one that gave the label; all of them when none did.
    pub lines: Vec<GradeLine>,
}

/// A line of a grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct GradeLine {
    /// The label that it gives.
    pub label: String,
    /// Its condition.
    pub text: String,
    /// How that turned out.
    pub truth: Truth,
    /// What it read, when it is true.
    pub readings: Vec<Reading>,
    /// What stopped it, when it is not.
    pub stopped: Stopped,
}

/// The stage that a lead has reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct StageReport {
    /// Its name; `none` before the first.
    pub stage: String,
    /// The stages up to the first that is not reached.
    pub steps: Vec<StageStep>,
}

/// A stage on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct StageStep {
    /// Its name.
    pub name: String,
    /// How its condition turned out.
    pub truth: Truth,
    /// What it read, when it is true.
    pub readings: Vec<Reading>,
    /// What stopped it, when it is not.
    pub stopped: Stopped,
}

pub(super) fn scores(reader: &Reader<'_>) -> Vec<ScoreReport> {
    reader.policy().scores.iter().map(|(id, score)| one_score(reader, id, score)).collect()
}

fn one_score(reader: &Reader<'_>, id: ir::ScoreId, score: &ir::Score) -> ScoreReport {
    let total = reader.session.score(id);
    let lines = score.lines.iter().map(|line| reader.session.line(line).points);
    let sum = lines.fold(Number::zero(), |sum, points| &sum + &points);
    ScoreReport {
        name: score.name.clone(),
        sum: (sum != total.points).then_some(sum),
        points: total.points,
        min: score.min.clone(),
        max: score.max.clone(),
        incomplete: total.incomplete,
        out_of_reach: out_of_reach(reader, score),
        lines: score.lines.iter().map(|line| one_line(reader, line)).collect(),
    }
}

fn out_of_reach(reader: &Reader<'_>, score: &ir::Score) -> Option<OutOfReach> {
    let (mut gain, mut loss, mut unbounded) = (Number::zero(), Number::zero(), false);
    for line in &score.lines {
        if let Gain::Points { points, per, at_most, .. } = &line.gain
            && reader.session.line(line).incomplete
        {
            let size = match (per, at_most) {
                (Some(_), Some(cap)) => cap.clone(),
                (None, Some(cap)) => points.abs().min(cap.clone()),
                (None, None) => points.abs(),
                (Some(_), None) => {
                    unbounded = true;
                    Number::zero()
                }
            };
            let side = if points.is_negative() { &mut loss } else { &mut gain };
            *side = &*side + &size;
        }
    }
    let some = |points: Number| (!points.is_zero()).then_some(points);
    let out = OutOfReach { gain: some(gain), loss: some(loss), unbounded };
    (out.gain.is_some() || out.loss.is_some() || unbounded).then_some(out)
}

fn one_line(reader: &Reader<'_>, line: &ir::ScoreLine) -> ScoreLine {
    let total = reader.session.line(line);
    let gain = print::gain(reader.policy(), &line.gain);
    let (truth, text, readings) = match &line.gain {
        Gain::Points { per, when, .. } => {
            let step = when.as_ref().map(|when| reader.session.step(when));
            let when = step.as_ref().map_or(Truth::True, |step| step.truth);
            let truth = if total.incomplete { Truth::Unknown } else { when };
            let mut readings = step.map_or_else(Vec::new, |step| why(reader, &step));
            if when.is_true() {
                readings.extend(per.iter().flat_map(|per| reader.readings(&per.amount)));
            }
            (truth, print::score_line(reader.policy(), line), readings)
        }
        Gain::Score { score, .. } => (Truth::True, gain.clone(), reader.readings(&ir::Expr::Score(*score))),
    };
    ScoreLine { label: line.label.clone(), text, gain, points: total.points, truth, readings }
}

/// What was read that made a condition turn out as it did.
fn why(reader: &Reader<'_>, step: &crate::eval::trace::Step<'_>) -> Vec<Reading> {
    if step.truth.is_true() {
        return condition::readings(reader, step);
    }
    let mut readings: Vec<Reading> = Vec::new();
    for reading in condition::stopped(reader, step).by.into_iter().flat_map(|tested| tested.readings) {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

pub(super) fn grades(reader: &Reader<'_>) -> Vec<GradeReport> {
    let name = |grade: &ir::Grade, label: usize| grade.scale.values.get(label).cloned().unwrap_or_default();
    let grades = reader.policy().grades.iter().map(|(id, grade)| {
        let given = grade.lines.iter().position(|line| reader.session.truth(&line.when).is_true());
        let lines = grade.lines.iter().take(given.map_or(usize::MAX, |given| given + 1));
        let lines = lines.map(|line| {
            let (truth, readings, stopped) = outcome(reader, &line.when);
            let text = print::condition(reader.policy(), &line.when);
            GradeLine { label: name(grade, line.label), text, truth, readings, stopped }
        });
        GradeReport { name: grade.name.clone(), label: name(grade, reader.session.grade(id)), lines: lines.collect() }
    });
    grades.collect()
}

pub(super) fn stage(reader: &Reader<'_>) -> Option<StageReport> {
    let policy = reader.policy();
    let reached = reader.session.stage();
    let steps = policy.stages.iter().take(reached + 1).map(|(_, stage)| {
        let (truth, readings, stopped) = outcome(reader, &stage.when);
        StageStep { name: stage.name.clone(), truth, readings, stopped }
    });
    let stage = policy.stage_scale().values.get(reached).cloned().unwrap_or_default();
    (!policy.stages.is_empty()).then(|| StageReport { stage, steps: steps.collect() })
}

/// How a condition turned out: what it read when it is true, what stopped it when it is not.
fn outcome(reader: &Reader<'_>, when: &ir::Cond) -> (Truth, Vec<Reading>, Stopped) {
    let step = reader.session.step(when);
    match step.truth {
        Truth::True => (step.truth, condition::readings(reader, &step), Stopped::default()),
        Truth::False | Truth::Unknown => (step.truth, Vec::new(), condition::stopped(reader, &step)),
    }
}
