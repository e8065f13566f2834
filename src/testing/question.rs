//! Goals as questions about every possible lead: literals of a model that all hold for the leads which show a goal.

use std::collections::HashMap;

use super::goal::{Goal, Goals, Leaf, Part, first_behind};
use super::turned::{self, Turned};
use crate::analysis::{Lit, Model, Over};
use crate::eval::Session;
use crate::ir::{DecisionId, Id, RuleId, StageId};

/// A model of a policy, with its [copy](Turned) beside it.
pub(super) struct Questions<'m> {
    pub(super) model: Model<'m>,
    goals: &'m Goals<'m>,
    turned: &'m Turned,
    /// Whether the rules from each one on come to a decision, were the first to be asked.
    from: HashMap<DecisionId, Vec<Lit>>,
    /// Whether the two policies decide otherwise.
    otherwise: Option<Lit>,
}

/// Which goals are possible, as far as that is known.
pub(super) struct Possible {
    /// The goals that are not known to be impossible, as a list of yes and no.
    pub(super) goals: Vec<bool>,
    /// How many of them were not looked at because there was too much.
    pub(super) skipped: usize,
}

impl<'m> Questions<'m> {
    /// Nothing is asked yet.
    pub(super) fn new(goals: &'m Goals<'m>, turned: &'m Turned, over: Over) -> Self {
        let mut model = Model::new(&[goals.policy, &turned.policy], over, false);
        let accepted = model.accepts(0);
        model.require(&[accepted]);
        Questions { model, goals, turned, from: HashMap::new(), otherwise: None }
    }

    /// Makes the variables that all questions need, so that a lead which is met has an answer to each.
    pub(super) fn prepare(&mut self, session: Option<&Session<'_>>) {
        for leaf in &self.goals.leaves {
            self.model.condition(0, leaf.cond);
            for edge in &leaf.edges {
                for near in [true, false].into_iter().filter_map(|side| edge.condition(side, session)) {
                    self.model.condition(0, &near);
                }
            }
        }
    }

    /// What holds for a lead just when it shows a goal. Where a threshold moves with the calendar and no `session` says what time it is,
    /// this is less than what a lead must have: nothing that a refutation needs is wrong, and a lead has to be confirmed.
    pub(super) fn literals(&mut self, goal: Goal, session: Option<&Session<'_>>) -> Vec<Lit> {
        let goals = self.goals;
        let model = &mut self.model;
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
                if let Some([yes, no]) = leaf.either_way() {
                    let (yes, no) = (model.condition(0, &yes).yes, model.condition(0, &no).yes);
                    lits.push(model.differ(yes, no));
                }
            }
            (Goal::Just(_, at, side), Some(leaf)) => {
                if let Some(edge) = leaf.edges.get(at) {
                    lits.extend(model.condition(0, &edge.test).is(side.into()));
                    if let Some(near) = edge.condition(side, session) {
                        lits.push(model.condition(0, &near).yes);
                    }
                    lits.extend(self.hangs(leaf, at));
                }
            }
            (Goal::Turns(..) | Goal::Alone(..) | Goal::Just(..), None) => {}
        }
        lits
    }

    /// What holds when the decision hangs on a threshold, for a lead that gets to its condition.
    fn hangs(&mut self, leaf: &Leaf<'_>, edge: usize) -> Vec<Lit> {
        let mut is = || self.model.condition(1, &self.turned.is(leaf.number(edge))).yes;
        match (leaf.part, leaf.rule.zip(turned::rule(leaf, edge))) {
            // What stands in one rule makes a difference by that rule alone, and by what those below come to.
            (Part::Rule(rule), Some((as_ever, turned))) => {
                let [as_ever, turned] = [as_ever, &turned].map(|whole| self.model.condition(0, whole).yes);
                let next = RuleId::from_position(rule.position() + 1);
                let same = self.come_to(self.goals.policy.rules[rule].decision, next);
                vec![self.model.differ(as_ever, turned), !same]
            }
            (
                Part::Rule(_) | Part::Define(_) | Part::Score(..) | Part::Grade(..) | Part::Stage(_) | Part::Section(_),
                _,
            ) => vec![is(), self.otherwise()],
        }
    }

    /// Whether the rules from this one on come to a decision, were it the first.
    fn come_to(&mut self, decision: DecisionId, first: RuleId) -> Lit {
        let (model, rules) = (&mut self.model, &self.goals.policy.rules);
        let from = self.from.entry(decision).or_insert_with(|| {
            let mut from = vec![model.constant(false)];
            for (id, rule) in rules.iter().rev() {
                let (fires, is) = (model.fires(0, id), model.constant(rule.decision == decision));
                let below = from.last().copied().unwrap_or(is);
                from.push(model.gates.choose(fires, is, below));
            }
            from.reverse();
            from
        });
        from.get(first.position()).copied().unwrap_or_else(|| self.model.constant(false))
    }

    /// Whether the policy and its copy decide otherwise.
    fn otherwise(&mut self) -> Lit {
        if let Some(otherwise) = self.otherwise {
            return otherwise;
        }
        let model = &mut self.model;
        let deciding = [0, 1].map(|side| model.deciding(side));
        let mut ways = Vec::new();
        for (decision, _) in self.goals.policy.decisions.iter() {
            let [here, there] = deciding.each_ref().map(|rules| {
                let of = rules.iter().filter(|(rule, _)| self.goals.policy.rules[*rule].decision == decision);
                let of: Vec<Lit> = of.map(|(_, decides)| *decides).collect();
                self.model.any_of(&of)
            });
            ways.push(self.model.all_of(&[here, !there]));
        }
        *self.otherwise.insert(self.model.any_of(&ways))
    }

    /// Which goals are possible; those that have been `shown` are not asked about. The model is over all times, and not more than `most` is
    /// spent on it.
    pub(super) fn possible(&mut self, shown: &[bool], most: u64) -> Possible {
        self.prepare(None);
        let mut possible = Possible { goals: shown.to_vec(), skipped: 0 };
        let goals = self.goals;
        let of = |at: usize| goals.all.get(at).map(|goal| (*goal, goals.behind(*goal)));
        let is_of_rules = |at: &usize| of(*at).is_some_and(|(_, behind)| behind.is_some());
        let (of_rules, shared): (Vec<usize>, Vec<usize>) = goals.by_rule().into_iter().partition(is_of_rules);
        let mut rule = 0;
        let mut copy_is_there = true;
        for at in shared.into_iter().chain(of_rules) {
            let (Some((goal, behind)), Some(is_possible)) = (of(at), possible.goals.get_mut(at)) else { continue };
            // What is asked about rules hardly ever needs the copy, which makes every answer take longer.
            if behind.is_some() && std::mem::take(&mut copy_is_there) {
                *self = Questions::new(goals, self.turned, Over::InForce);
                self.prepare(None);
            }
            // From here on there are only leads that the rules above do not take.
            while behind.is_some_and(|behind| rule < behind) {
                let fires = self.model.fires(0, RuleId::from_position(rule));
                self.model.gates.require(&[!fires]);
                rule += 1;
            }
            if *is_possible {
                continue;
            }
            if let Goal::Decides(rule) = goal {
                let fires = [self.model.fires(0, rule)];
                if !self.model.is_refuted(&fires) {
                    self.model.look_around(&fires);
                }
            }
            let question = self.literals(goal, None);
            *is_possible = self.model.spent() > most || !self.model.is_refuted(&question);
            if *is_possible && (self.model.spent() > most || self.model.is_exhausted()) {
                possible.skipped += 1;
            }
        }
        possible
    }
}

/// What holds for a lead just when it gets as far as asking what stands in a part.
fn asked(model: &mut Model<'_>, part: Part) -> Vec<Lit> {
    let policy = model.policy(0);
    match part {
        Part::Define(_) | Part::Score(..) => Vec::new(),
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
