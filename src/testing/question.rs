//! Goals as questions about every possible lead: literals of a model that all hold for the leads which show a goal.

use super::goal::{Goal, Goals, Part, first_behind};
use crate::analysis::{Lit, Model};
use crate::eval::Session;
use crate::ir::{Id, RuleId, StageId};

/// What holds for a lead just when it shows a goal. Where a threshold moves with the calendar and no `session` says what time it is, this
/// is less than what a lead must have: nothing that a refutation needs is wrong, and a lead has to be confirmed.
pub(super) fn literals<'p>(
    model: &mut Model<'p>,
    goals: &Goals<'p>,
    goal: Goal,
    session: Option<&Session<'_>>,
) -> Vec<Lit> {
    let mut lits = match goals.leaf(goal) {
        Some(leaf) => asked(model, leaf.part),
        None => Vec::new(),
    };
    match (goal, goals.leaf(goal)) {
        (Goal::Decides(rule), _) => lits.extend([model.reaches(0, rule), model.fires(0, rule)]),
        (Goal::Turns(_, truth), Some(leaf)) => {
            let kleene = model.condition(0, leaf.cond);
            lits.extend(kleene.is(truth));
        }
        (Goal::Alone(_, truth), Some(leaf)) => {
            let kleene = model.condition(0, leaf.cond);
            lits.extend(kleene.is(truth));
            if let Some([yes, no]) = &leaf.rule {
                let (yes, no) = (model.condition(0, yes).yes, model.condition(0, no).yes);
                lits.push(model.differ(yes, no));
            }
        }
        (Goal::Just(_, edge, side), Some(leaf)) => {
            if let Some(edge) = leaf.edges.get(edge) {
                lits.extend(model.condition(0, &edge.test).is(side.into()));
                if let Some(near) = edge.condition(side, session) {
                    lits.push(model.condition(0, &near).yes);
                }
            }
        }
        (Goal::Turns(..) | Goal::Alone(..) | Goal::Just(..), None) => {}
    }
    lits
}

/// What holds for a lead just when it gets as far as asking what stands in a part.
fn asked(model: &mut Model<'_>, part: Part) -> Vec<Lit> {
    let policy = model.policy(0);
    match part {
        Part::Define(_) | Part::Score(_) => Vec::new(),
        Part::Grade(grade, line) => {
            let above = policy.grades[grade].lines.iter().take(line);
            above.map(|line| !model.condition(0, &line.when).yes).collect()
        }
        Part::Stage(stage) => {
            let before = stage.position().checked_sub(1).map(StageId::from_position);
            before.map(|before| model.reached(0, before)).into_iter().collect()
        }
        Part::Section(section) => vec![model.reaches(0, first_behind(policy, section))],
        Part::Rule(rule) => {
            let section = policy.rules[rule].section.map(|section| model.section(0, section));
            [model.reaches(0, rule)].into_iter().chain(section).collect()
        }
    }
}

/// The goals that are not known to be impossible, as a list of yes and no; those that have been `shown` are not asked about. The model is
/// the policy's, over all times.
pub(super) fn possible<'p>(model: &mut Model<'p>, goals: &Goals<'p>, shown: &[bool]) -> Vec<bool> {
    // All conditions first, so that a lead that is met has an answer to each.
    let questions: Vec<Vec<Lit>> = goals.all.iter().map(|goal| literals(model, goals, *goal, None)).collect();
    let mut near: Option<RuleId> = None;
    let mut possible = Vec::new();
    for ((goal, question), shown) in goals.all.iter().zip(&questions).zip(shown) {
        if let (Some(Part::Rule(rule)), false) = (goals.leaf(*goal).map(|leaf| leaf.part), *shown)
            && near != Some(rule)
        {
            near = Some(rule);
            let decides = [model.reaches(0, rule), model.fires(0, rule)];
            if !model.is_refuted(&decides) {
                model.look_around(&decides);
            }
        }
        possible.push(*shown || !model.is_refuted(question));
    }
    possible
}
