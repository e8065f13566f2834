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
            if let Some([yes, no]) = leaf.rule() {
                let (yes, no) = (model.condition(0, &yes).yes, model.condition(0, &no).yes);
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

/// Makes the variables that all questions need, so that a lead which is met has an answer to each.
pub(super) fn prepare<'p>(model: &mut Model<'p>, goals: &Goals<'p>, session: Option<&Session<'_>>) {
    for leaf in &goals.leaves {
        model.condition(0, leaf.cond);
        for edge in &leaf.edges {
            for near in [true, false].into_iter().filter_map(|side| edge.condition(side, session)) {
                model.condition(0, &near);
            }
        }
    }
}

/// The goals that are not known to be impossible, as a list of yes and no; those that have been `shown` are not asked about. The model is
/// the policy's, over all times.
pub(super) fn possible<'p>(model: &mut Model<'p>, goals: &Goals<'p>, shown: &[bool]) -> Vec<bool> {
    prepare(model, goals, None);
    let mut possible = shown.to_vec();
    let of = |at: usize| goals.all.get(at).map(|goal| (*goal, goals.behind(*goal)));
    let is_of_rules = |at: &usize| of(*at).is_some_and(|(_, behind)| behind.is_some());
    let (of_rules, shared): (Vec<usize>, Vec<usize>) = goals.by_rule().into_iter().partition(is_of_rules);
    let mut rule = 0;
    for at in shared.into_iter().chain(of_rules) {
        let (Some((goal, behind)), Some(possible)) = (of(at), possible.get_mut(at)) else { continue };
        // From here on there are only leads that the rules above do not take.
        while behind.is_some_and(|behind| rule < behind) {
            let fires = model.fires(0, RuleId::from_position(rule));
            model.gates.require(&[!fires]);
            rule += 1;
        }
        if *possible {
            continue;
        }
        if let Goal::Decides(rule) = goal {
            let fires = [model.fires(0, rule)];
            if !model.is_refuted(&fires) {
                model.look_around(&fires);
            }
        }
        let question = literals(model, goals, goal, None);
        *possible = !model.is_refuted(&question);
    }
    possible
}
