//! What tests should show of a policy, and whether a lead shows it: which rules decide, and how each of their conditions turns out.
//!
//! A condition is seen when a lead gets as far as asking it: those of a rule when no rule above decides and the section is
//! for the lead, those of a section when no rule above it decides, those of a grade and of the stages when none before them
//! settles it. Definitions and scores are worked out for every lead. What its libraries declare counts as far as its rules use it.

use super::edge::{self, Edge};
use super::turned::Turned;
use crate::analysis::Model;
use crate::eval::{Evaluator, Outcome, Session};
use crate::ir::open::Openness;
use crate::ir::reach::Reach;
use crate::ir::{
    Body, Cond, CondKind, DefineId, Gain, GradeId, Guard, Id, Policy, RuleId, ScoreId, SectionId, StageId, print,
};
use crate::source::{SourceId, Span};
use crate::types::Truth;

/// The most conditions of a rule for which is asked whether it hangs on one of them.
const MOST_OF_RULE: usize = 40;

/// Something that a test can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// A rule decides.
    Decides(RuleId),
    /// A condition turns out so.
    Turns(usize, Truth),
    /// A condition turns out so, and its rule hangs on it: with its opposite, the rule would decide where it does not, or the other way
    /// round.
    Alone(usize, Truth),
    /// A value is just on this side of a threshold, and the decision hangs on that: were the comparison the other way, there would be another.
    /// The position of the condition, and of the threshold among those of the condition.
    Just(usize, usize, bool),
}

/// What a condition belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Rule(RuleId),
    Section(SectionId),
    Define(DefineId),
    /// A score, and which of its lines.
    Score(ScoreId, usize),
    /// A grade, and which of its lines.
    Grade(GradeId, usize),
    Stage(StageId),
}

/// A condition without parts.
#[derive(Debug)]
pub(super) struct Leaf<'p> {
    pub(super) cond: &'p Cond,
    pub(super) part: Part,
    /// The way to it in the condition that it stands in.
    pub(super) way: Vec<usize>,
    /// The condition of its rule; none where that has too many.
    pub(super) rule: Option<&'p Cond>,
    pub(super) edges: Vec<Edge>,
    /// How many thresholds stand before its own.
    before: usize,
}

/// A lead that was decided, and the evaluator of the [copy](Turned) at the same time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'s> {
    pub(super) session: &'s Session<'s>,
    pub(super) outcome: Outcome,
    pub(super) turned: &'s Evaluator<'s>,
}

/// Everything that tests can show of a policy, in the order of its parts: rules, then conditions.
#[derive(Debug)]
pub(super) struct Goals<'p> {
    pub(super) policy: &'p Policy,
    pub(super) leaves: Vec<Leaf<'p>>,
    pub(super) all: Vec<Goal>,
}

impl<'p> Goals<'p> {
    /// The goals of a policy, whether or not a lead can show them. The model is the policy's, over all times.
    pub(super) fn of(policy: &'p Policy, model: &mut Model<'p>) -> Self {
        let leaves = leaves(policy, model);
        let mut open = Openness::new(policy);
        let mut all: Vec<Goal> = policy.rules.iter().map(|(id, _)| Goal::Decides(id)).collect();
        for (position, leaf) in leaves.iter().enumerate() {
            let unknown = open.can_be_unknown(leaf.cond).then_some(Truth::Unknown);
            let truths: Vec<Truth> = [Truth::True, Truth::False].into_iter().chain(unknown).collect();
            all.extend(truths.iter().map(|truth| Goal::Turns(position, *truth)));
            if leaf.rule.is_some() {
                all.extend(truths.iter().map(|truth| Goal::Alone(position, *truth)));
            }
            for edge in 0..leaf.edges.len() {
                all.extend([true, false].map(|side| Goal::Just(position, edge, side)));
            }
        }
        Goals { policy, leaves, all }
    }

    /// The condition that a goal is about; none when it is about a rule.
    pub(super) fn leaf(&self, goal: Goal) -> Option<&Leaf<'p>> {
        match goal {
            Goal::Decides(_) => None,
            Goal::Turns(leaf, _) | Goal::Alone(leaf, _) | Goal::Just(leaf, ..) => self.leaves.get(leaf),
        }
    }

    /// Behind how many rules a goal comes up, in the order in which leads get to rules and headings of sections, and its place among those
    /// that come up together; what rules share comes last.
    fn place(&self, goal: Goal) -> (usize, usize) {
        let rules = self.policy.rules.len();
        match (goal, self.leaf(goal)) {
            (Goal::Decides(rule), _) => (rule.position(), 1),
            (Goal::Turns(..) | Goal::Alone(..) | Goal::Just(..), Some(leaf)) => match leaf.part {
                Part::Section(section) => (first_behind(self.policy, section).position(), 0),
                Part::Rule(rule) => (rule.position(), 2),
                Part::Stage(_) => (rules, 0),
                Part::Grade(..) => (rules, 1),
                Part::Define(_) => (rules, 2),
                Part::Score(..) => (rules, 3),
            },
            (Goal::Turns(..) | Goal::Alone(..) | Goal::Just(..), None) => (rules, 4),
        }
    }

    /// The positions of all goals, rule by rule; what rules share comes last.
    pub(super) fn by_rule(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by_key(|goal| self.all.get(*goal).map(|goal| self.place(*goal)));
        order
    }

    /// Behind how many rules a goal comes up; none when rules share what it is about.
    pub(super) fn behind(&self, goal: Goal) -> Option<usize> {
        Some(self.place(goal).0).filter(|behind| *behind < self.policy.rules.len())
    }

    /// Whether a lead that was decided so shows a goal.
    pub(super) fn shows(&self, seen: &Seen<'_>, goal: Goal) -> bool {
        let Seen { session, outcome, turned } = *seen;
        let asked = self.leaf(goal).filter(|leaf| leaf.part.is_asked(session, outcome));
        match goal {
            Goal::Decides(rule) => outcome.rule == rule,
            Goal::Turns(_, truth) => asked.is_some_and(|leaf| session.truth(leaf.cond) == truth),
            Goal::Alone(_, truth) => asked.is_some_and(|leaf| {
                session.truth(leaf.cond) == truth
                    && leaf
                        .either_way()
                        .is_some_and(|[a, b]| session.truth(&a).is_true() != session.truth(&b).is_true())
            }),
            Goal::Just(_, at, side) => asked.is_some_and(|leaf| {
                leaf.edges.get(at).is_some_and(|edge| edge.is_met(session, side))
                    && Turned::decides(turned, session.lead(), leaf.number(at)) != outcome.decision
            }),
        }
    }

    /// What a goal is about, in the words of the policy.
    pub(super) fn subject(&self, goal: Goal) -> String {
        let edge = match goal {
            Goal::Just(_, edge, _) => self.leaf(goal).and_then(|leaf| leaf.edges.get(edge)),
            Goal::Decides(_) | Goal::Turns(..) | Goal::Alone(..) => None,
        };
        match (goal, self.leaf(goal)) {
            (Goal::Decides(rule), _) => self.policy.rules[rule].name.clone(),
            (Goal::Turns(..) | Goal::Alone(..) | Goal::Just(..), Some(leaf)) => {
                print::condition(self.policy, edge.map_or(leaf.cond, |edge| &edge.test))
            }
            (Goal::Turns(..) | Goal::Alone(..) | Goal::Just(..), None) => String::new(),
        }
    }

    /// Where the rule or the condition stands.
    pub(super) fn span(&self, goal: Goal) -> Span {
        match goal {
            Goal::Decides(rule) => self.policy.rules[rule].span,
            Goal::Turns(..) | Goal::Alone(..) | Goal::Just(..) => {
                self.leaf(goal).map(|leaf| leaf.cond.span).unwrap_or_default()
            }
        }
    }
}

impl Leaf<'_> {
    /// The condition of its rule, were this surely true, and surely false.
    pub(super) fn either_way(&self) -> Option<[Cond; 2]> {
        let whole = self.rule?;
        Some([Truth::True, Truth::False].map(|truth| whole.with(&self.way, truth)))
    }

    /// The number of a threshold among all, from 1.
    pub(super) fn number(&self, edge: usize) -> usize {
        self.before + edge + 1
    }
}

impl Part {
    /// Whether a lead that was decided so gets as far as asking what stands here.
    fn is_asked(self, session: &Session<'_>, outcome: Outcome) -> bool {
        let policy = session.policy();
        match self {
            Part::Define(_) | Part::Score(..) => true,
            Part::Grade(grade, line) => {
                policy.grades[grade].lines.iter().take(line).all(|above| !session.truth(&above.when).is_true())
            }
            Part::Stage(stage) => stage.position() <= session.stage(),
            Part::Section(section) => first_behind(policy, section) <= outcome.rule,
            Part::Rule(rule) => {
                rule <= outcome.rule && policy.rules[rule].section.is_none_or(|s| session.section(s).is_true())
            }
        }
    }

    /// `rule hot_vp`.
    pub(super) fn words(self, policy: &Policy) -> String {
        match self {
            Part::Rule(id) => format!("rule {}", policy.rules[id].name),
            Part::Section(id) => format!("section {}", print::quoted(&policy.sections[id].title)),
            Part::Define(id) => format!("define {}", policy.defines[id].name),
            Part::Score(id, _) => format!("score {}", policy.scores[id].name),
            Part::Grade(id, _) => format!("grade {}", policy.grades[id].name),
            Part::Stage(id) => format!("stage {}", policy.stages[id].name),
        }
    }
}

/// The first rule that a lead gets to by way of the heading of a section: one of its own, of a later section, or the last one. The
/// rules without a section are those above all sections and the last `otherwise`.
pub(super) fn first_behind(policy: &Policy, section: SectionId) -> RuleId {
    let last = RuleId::from_position(policy.rules.len().saturating_sub(1));
    let behind = policy.rules.iter().find(|(_, rule)| rule.section.is_some_and(|of| section <= of));
    behind.map_or(last, |(id, _)| id)
}

/// Every condition without parts that the policy can ask, in the order of its parts.
fn leaves<'p>(policy: &'p Policy, model: &mut Model<'p>) -> Vec<Leaf<'p>> {
    let mut used = Reach::new(policy);
    policy.rules.iter().filter_map(|(_, rule)| rule.when.as_ref()).for_each(|when| used.cond(when));
    policy.sections.iter().filter_map(|(_, section)| guard(&section.guard)).for_each(|when| used.cond(when));
    let own = |span: Span| span.source == SourceId(0);
    let (mut leaves, mut thresholds) = (Vec::new(), 0);
    let mut add = |part: Part, whole: &'p Cond| {
        let mut count = 0;
        leaves_of(whole, &mut Vec::new(), &mut |_, _| count += 1);
        leaves_of(whole, &mut Vec::new(), &mut |cond, path| {
            let rule = match part {
                Part::Rule(_) if count <= MOST_OF_RULE => Some(whole),
                Part::Rule(_)
                | Part::Section(_)
                | Part::Define(_)
                | Part::Score(..)
                | Part::Grade(..)
                | Part::Stage(_) => None,
            };
            let edges = edge::of(model, cond);
            let before = thresholds;
            thresholds += edges.len();
            leaves.push(Leaf { cond, part, way: path.to_vec(), rule, edges, before });
        });
    };
    for (id, define) in policy.defines.iter().filter(|(id, d)| own(d.span) || used.defines.contains(id)) {
        if let Body::Condition(cond) = &define.body {
            add(Part::Define(id), cond);
        }
    }
    for (id, score) in policy.scores.iter().filter(|(id, s)| own(s.span) || used.scores.contains(id)) {
        for (position, line) in score.lines.iter().enumerate() {
            if let Gain::Points { when: Some(when), .. } = &line.gain {
                add(Part::Score(id, position), when);
            }
        }
    }
    for (id, grade) in policy.grades.iter().filter(|(id, g)| own(g.span) || used.grades.contains(id)) {
        grade.lines.iter().enumerate().for_each(|(line, of)| add(Part::Grade(id, line), &of.when));
    }
    for (id, stage) in policy.stages.iter().filter(|(id, s)| own(s.span) || used.stages.contains(id)) {
        add(Part::Stage(id), &stage.when);
    }
    for (id, section) in policy.sections.iter() {
        guard(&section.guard).into_iter().for_each(|when| add(Part::Section(id), when));
    }
    for (id, rule) in policy.rules.iter() {
        rule.when.iter().for_each(|when| add(Part::Rule(id), when));
    }
    leaves
}

fn guard(guard: &Guard) -> Option<&Cond> {
    match guard {
        Guard::When(when) => Some(when),
        Guard::Always | Guard::NoneOf(_) => None,
    }
}

/// Calls `f` for every condition without parts, with the way to it. Whether something is unknown is asked as a whole.
fn leaves_of<'p>(cond: &'p Cond, path: &mut Vec<usize>, f: &mut dyn FnMut(&'p Cond, &[usize])) {
    match &cond.kind {
        // It is always the same, whatever the lead.
        CondKind::Const(_) => {}
        CondKind::Not(_) | CondKind::All(_) | CondKind::Any(_) | CondKind::AtLeast(..) => {
            for (position, part) in cond.parts().iter().enumerate() {
                path.push(position);
                leaves_of(part, path, f);
                path.pop();
            }
        }
        CondKind::Known(_)
        | CondKind::Compare { .. }
        | CondKind::Between { .. }
        | CondKind::In { .. }
        | CondKind::Has { .. }
        | CondKind::Text { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_) => f(cond, path),
    }
}
