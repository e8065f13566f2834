//! Leads of a section with a condition that none of its rules takes, and that a later section takes instead.
//!
//! Sections with conditions cut the leads into groups, each with rules of its own. A lead that goes on to the section of another group is
//! hardly meant to. It is when that section is a plain heading, which is for all leads; and the final `otherwise` is for what is left
//! over anyway.

use std::collections::BTreeMap;

use super::Verdict;
use crate::analysis::model::Model;
use crate::analysis::search::Answer;
use crate::analysis::solver::Lit;
use crate::eval::Evaluator;
use crate::ir::{Guard, Policy, Rule, RuleId, SectionId};

/// The sections above the rule at hand that leads may fall out of.
#[derive(Debug, Default)]
pub(super) struct Falls {
    /// The section of the rule before.
    current: Option<SectionId>,
    /// The sections with a condition, behind whose last rule leads may be left.
    open: Vec<SectionId>,
    /// Whether two sections can be for one lead that is left.
    together: BTreeMap<(SectionId, SectionId), bool>,
}

impl Falls {
    /// The scan comes to a rule.
    pub(super) fn enter(&mut self, policy: &Policy, rule: &Rule) {
        if rule.section != self.current {
            self.open.extend(self.current.filter(|left| has_condition(policy, *left)));
            self.current = rule.section;
        }
    }

    /// What falls to a rule that fires when all of these hold. The model knows that no rule above fires. Each section is told of once.
    pub(super) fn to(&mut self, model: &mut Model<'_>, id: RuleId, rule: &Rule, fires: &[Lit]) -> Vec<Verdict> {
        let policy = model.policy(0);
        let Some(to) = rule.section.filter(|to| has_condition(policy, *to)) else { return Vec::new() };
        let mut found = Vec::new();
        for section in self.open.clone() {
            let from = model.section(0, section);
            let together = *self.together.entry((section, to)).or_insert_with(|| {
                let to = model.section(0, to);
                !model.is_refuted(&[from, to])
            });
            let all: Vec<Lit> = fires.iter().copied().chain([from]).collect();
            if !together || model.is_exhausted() || model.is_refuted(&all) {
                continue;
            }
            let answer = model.witness(&all, &mut |witness| {
                let evaluator = Evaluator::new(policy, witness.as_of);
                witness.leads.first().is_some_and(|lead| {
                    let session = evaluator.on(lead);
                    session.outcome().rule == id && session.section(section).is_true()
                })
            });
            if let Answer::Yes(witness) = answer {
                self.open.retain(|open| *open != section);
                found.push(Verdict::Falls { section, rule: id, witness });
            }
        }
        found
    }
}

fn has_condition(policy: &Policy, section: SectionId) -> bool {
    match &policy.sections[section].guard {
        Guard::Always => false,
        Guard::When(_) | Guard::NoneOf(_) => true,
    }
}
