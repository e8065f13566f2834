//! Points that no decision hangs on: lines of scores that could be left out without any lead getting another decision.
//!
//! The policy stands beside itself, and every line of the second one has a switch that leaves it out; with one switch on, the question
//! is whether some lead gets another decision.

use super::{Place, Verdict};
use crate::analysis::model::{Model, Over};
use crate::analysis::proof::Step;
use crate::analysis::search::Answer;
use crate::analysis::solver::Lit;
use crate::ir::reach::Reach;
use crate::ir::{Gain, Guard, Policy, ScoreId};

/// The most lines that are looked at, and in policies of how many rules.
const MAX_LINES: usize = 400;
const MAX_RULES: usize = 400;

/// How many times leads like those that one rule takes are made, to find some that a line makes a difference to.
const ROUNDS: usize = 2;

/// How many clauses the solver may learn for one line; most that no decision hangs on take a few dozen.
const MAX_LEARNT: u64 = 400;

/// How much of the solver's time is spent on all lines together, in literals worked out.
const MAX_PROPAGATIONS: u64 = 50_000;

/// The lines that no decision hangs on, of scores that decisions hang on, and the proof.
pub(super) fn scan(policy: &Policy, recording: bool) -> (Vec<Verdict>, Vec<Step>) {
    let lines = switched(policy);
    if lines.is_empty() || lines.len() > MAX_LINES || policy.rules.len() > MAX_RULES {
        return (Vec::new(), Vec::new());
    }
    let mut model = Model::new(&[policy, policy], Over::InForce, recording);
    let decides = model.deciding(0);
    let switches: Vec<(Lit, (ScoreId, usize))> = lines.into_iter().map(|line| (model.gates.input(), line)).collect();
    model.side(1).left_out = switches.iter().map(|(lit, line)| (*line, *lit)).collect();
    let differs = model.decided_differently();
    let mut open = switches.clone();
    // Leads that a line makes a difference to are close to some rule.
    let step = decides.len().div_ceil(ROUNDS).max(1);
    for (_, decides) in decides.iter().step_by(step) {
        open.retain(|(switch, _)| !model.sampled_with(*switch, &[differs]));
        if open.is_empty() {
            break;
        }
        model.look_around(&[*decides]);
    }
    model.gates.limit(MAX_LEARNT);
    let mut verdicts = Vec::new();
    for (switch, (score, line)) in open {
        if model.gates.propagations() > MAX_PROPAGATIONS {
            break;
        }
        let name = &policy.scores[score].name;
        model.gates.note(|| format!("does any decision hang on line {} of {name}?", line + 1));
        let others = switches.iter().map(|(other, _)| if *other == switch { *other } else { !*other });
        let asked: Vec<Lit> = others.chain([differs]).collect();
        if matches!(model.ask(&asked), Answer::No(_)) {
            verdicts.push(Verdict::Pointless { place: Place::Line(score, line) });
        }
    }
    let proof = model.proof().to_vec();
    (verdicts, proof)
}

/// The lines with points of their own, of scores that a decision can hang on.
fn switched(policy: &Policy) -> Vec<(ScoreId, usize)> {
    let mut reach = Reach::new(policy);
    // Whether a lead is accepted must not hang on what is left out.
    policy.assumptions.iter().for_each(|assumed| reach.cond(assumed));
    if !reach.scores.is_empty() {
        return Vec::new();
    }
    policy.rules.iter().filter_map(|(_, rule)| rule.when.as_ref()).for_each(|when| reach.cond(when));
    for (_, section) in policy.sections.iter() {
        match &section.guard {
            Guard::When(cond) => reach.cond(cond),
            Guard::Always | Guard::NoneOf(_) => {}
        }
    }
    let lines =
        reach.scores.iter().flat_map(|score| policy.scores[*score].lines.iter().enumerate().map(move |l| (*score, l)));
    let own = lines.filter(|(_, (_, line))| match &line.gain {
        Gain::Points { .. } => true,
        Gain::Score { .. } => false,
    });
    own.map(|(score, (position, _))| (score, position)).collect()
}

impl Model<'_> {
    /// Whether the two sides, which have the same decisions, give a lead different ones.
    fn decided_differently(&mut self) -> Lit {
        let policy = self.policy(0);
        let [here, there] = [0, 1].map(|side| {
            let decides = self.deciding(side);
            policy
                .decisions
                .iter()
                .map(|(decision, _)| {
                    let gets = decides.iter().filter(|(rule, _)| policy.rules[*rule].decision == decision);
                    gets.map(|(_, lit)| *lit).collect::<Vec<Lit>>()
                })
                .collect::<Vec<_>>()
        });
        let mut apart = Vec::new();
        for (here, there) in here.iter().zip(&there) {
            let (here, there) = (self.gates.or(here), self.gates.or(there));
            apart.push(self.gates.and(&[here, !there]));
        }
        self.gates.or(&apart)
    }
}
