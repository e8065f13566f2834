//! What a condition says in full: its own words and those of everything behind its names, so that two policies can be told to ask
//! the same.

use super::reach::Reach;
use super::{Body, Cond, Field, Policy, print};

/// The condition and all that it depends on, as a text. Two conditions of one text have the same truth for every lead.
#[must_use]
pub fn of<'p>(policy: &'p Policy, cond: &'p Cond) -> String {
    let mut reach = Reach::new(policy);
    reach.cond(cond);
    let mut text = format!("{} in {}", print::condition(policy, cond), policy.zone);
    let mut add = |name: &str, body: &str| text.push_str(&format!("; {name}: {body}"));
    for (list, held) in &reach.lists {
        add(list, &format!("{:?}", held.values(policy)));
    }
    for id in reach.fields.union(&reach.asked) {
        let Field { name, ty, min, max, required, cell, default, else_missing, .. } = &policy.fields[*id];
        add(name, &format!("{ty:?} {min:?} {max:?} {required} {cell:?} {default:?} {else_missing}"));
    }
    for id in reach.defines.union(&reach.asked_defines) {
        let define = &policy.defines[*id];
        match &define.body {
            Body::Condition(cond) => add(&define.name, &print::condition(policy, cond)),
            Body::Value(value, ty) => add(&define.name, &format!("{} {ty:?}", print::value(policy, value))),
        }
    }
    for id in &reach.scores {
        let score = &policy.scores[*id];
        let lines: Vec<String> = score.lines.iter().map(|line| print::score_line(policy, line)).collect();
        add(&score.name, &format!("{:?} {:?} {}", score.min, score.max, lines.join("; ")));
    }
    for id in &reach.grades {
        let grade = &policy.grades[*id];
        add(&grade.name, &format!("{:?} {}", grade.scale, grade.otherwise));
        grade.lines.iter().for_each(|line| add(&line.label.to_string(), &print::condition(policy, &line.when)));
    }
    for id in &reach.stages {
        let stage = &policy.stages[*id];
        add(&stage.name, &print::condition(policy, &stage.when));
    }
    text
}
