//! Points that no decision hangs on: lines of scores that could be left out without any lead getting another decision.
//!
//! Most lines are settled on the way from rule to rule, by a lead to which they make a difference or because they make none at any rule
//! (see [`near`]). For what is left the policy is put beside itself.

mod near;

use std::collections::BTreeSet;

use super::{Place, Verdict};
use crate::analysis::model::{Model, Over};
use crate::analysis::proof::Step;
use crate::analysis::search::Answer;
use crate::analysis::solver::Lit;
use crate::ir::reach::Reach;
use crate::ir::{Cond, Gain, Guard, Policy, ScoreId};
use crate::source::Span;

/// The most lines that are looked at, and in policies of how many rules.
const MAX_LINES: usize = 400;
const MAX_RULES: usize = 400;

/// How many clauses the solver may learn for one line; most that no decision hangs on take a few dozen.
const MAX_LEARNT: u64 = 200;

/// How much of the solver's time is spent on all lines together, in literals worked out.
const MAX_PROPAGATIONS: u64 = 50_000;

/// A line of a score for which no lead has been found to which it makes a difference.
#[derive(Debug)]
struct Line {
    score: ScoreId,
    position: usize,
    /// Whether there may be one, as far as is known.
    may_count: bool,
}

/// The lines of scores that decisions hang on.
#[derive(Debug)]
pub(super) struct Lines<'p> {
    policy: &'p Policy,
    open: Vec<Line>,
    /// The policy, from which lines are taken out one at a time; made when the first one is.
    without: Option<Policy>,
    /// How many rules the search has come to, and how many questions it has asked.
    rules_seen: usize,
    questions: usize,
}

impl<'p> Lines<'p> {
    /// All that there are, unless there are too many.
    pub(super) fn new(policy: &'p Policy) -> Self {
        let lines = if policy.rules.len() > MAX_RULES { Vec::new() } else { own_lines(policy) };
        let inner: BTreeSet<ScoreId> = policy.scores.iter().flat_map(|(id, _)| inside(policy, id)).collect();
        let line = |(score, position)| Line { score, position, may_count: inner.contains(&score) };
        let open = if lines.len() > MAX_LINES { Vec::new() } else { lines.into_iter().map(line).collect() };
        Lines { policy, open, without: None, rules_seen: 0, questions: 0 }
    }

    /// Those that no decision hangs on; and the proof, as far as it is not the search's.
    pub(super) fn pointless(mut self, recording: bool) -> (Vec<Verdict>, Vec<Step>) {
        let seen_all = self.rules_seen == self.policy.rules.len();
        self.open.iter_mut().for_each(|line| line.may_count |= !seen_all);
        let (mut verdicts, proof) = self.beside_itself(recording);
        let settled = self.open.iter().filter(|line| !line.may_count);
        verdicts.extend(settled.map(|line| Verdict::Pointless { place: Place::Line(line.score, line.position) }));
        (verdicts, proof)
    }

    /// Those of the lines that may count which no decision hangs on, and the proof: the policy stands beside itself, and every such line
    /// of the second one has a switch that leaves it out; with one switch on, the question is whether some lead gets another decision.
    fn beside_itself(&self, recording: bool) -> (Vec<Verdict>, Vec<Step>) {
        let policy = self.policy;
        let lines = self.open.iter().filter(|line| line.may_count).map(|line| (line.score, line.position));
        let lines: Vec<(ScoreId, usize)> = lines.collect();
        if lines.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let mut model = Model::new(&[policy, policy], Over::InForce, recording);
        let switches: Vec<(Lit, (ScoreId, usize))> = lines.iter().map(|line| (model.gates.input(), *line)).collect();
        model.side(1).left_out = switches.iter().map(|(lit, line)| (*line, *lit)).collect();
        model.share(&lines.iter().map(|(score, _)| *score).collect());
        let differs = model.decided_differently();
        model.gates.limit(MAX_LEARNT);
        let mut verdicts = Vec::new();
        for (switch, (score, line)) in &switches {
            if model.gates.propagations() > MAX_PROPAGATIONS {
                break;
            }
            let name = &policy.scores[*score].name;
            model.gates.note(|| format!("does any decision hang on line {} of {name}?", line + 1));
            let others = switches.iter().map(|(other, _)| if other == switch { *other } else { !*other });
            let asked: Vec<Lit> = others.chain([differs]).collect();
            if matches!(model.ask(&asked), Answer::No(_)) {
                verdicts.push(Verdict::Pointless { place: Place::Line(*score, *line) });
            }
        }
        let proof = model.proof().to_vec();
        (verdicts, proof)
    }
}

/// The other scores that hang on a score's.
fn inside(policy: &Policy, score: ScoreId) -> Vec<ScoreId> {
    let mut reach = Reach::new(policy);
    reach.score(score);
    reach.scores.into_iter().filter(|inner| *inner != score).collect()
}

/// The lines with points of their own, of scores that a decision can hang on.
fn own_lines(policy: &Policy) -> Vec<(ScoreId, usize)> {
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
    /// Works out the decisions of the first side, and lets the second one know all of that in which none of these scores counts.
    fn share(&mut self, apart: &BTreeSet<ScoreId>) {
        self.deciding(0);
        let policy = self.policy(0);
        let first = self.side(0);
        let tests = first.tests.iter().filter(|(kind, _)| {
            let cond = Cond { kind: (*kind).clone(), span: Span::default() };
            let mut reach = Reach::new(policy);
            reach.cond(&cond);
            reach.scores.is_disjoint(apart)
        });
        let tests = tests.map(|(kind, kleene)| (kind.clone(), *kleene)).collect();
        let scores = first.scores.iter().filter(|(score, _)| {
            let mut reach = Reach::new(policy);
            reach.score(**score);
            reach.scores.is_disjoint(apart)
        });
        let scores = scores.map(|(score, points)| (*score, points.clone())).collect();
        let second = self.side(1);
        (second.tests, second.scores) = (tests, scores);
    }

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
