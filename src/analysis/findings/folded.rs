//! Which verdicts only follow from others: one fault is one finding, told where it is, and what follows is told beside it.

use std::collections::HashMap;

use super::{Place, Vacuous, Verdict};
use crate::ir::reach::Reach;
use crate::ir::{Cond, CondKind, Expr, Gain, GradeId, Id, Policy, RuleId, ScoreId, SectionId, StageId, visit};
use crate::source::Span;

/// For each verdict, the position of the one that it follows from in the end; its own when it follows from none.
pub(super) fn roots(policy: &Policy, verdicts: &[Verdict]) -> Vec<usize> {
    let folded = Folded::new(policy, verdicts);
    let causes: Vec<Option<usize>> = verdicts.iter().map(|verdict| folded.cause(verdict)).collect();
    let root = |start: usize| {
        // No longer than there are verdicts, should they ever follow from each other.
        let mut at = start;
        for _ in verdicts {
            match causes.get(at).copied().flatten() {
                Some(cause) if cause != at => at = cause,
                Some(_) | None => return at,
            }
        }
        start
    };
    (0..verdicts.len()).map(root).collect()
}

/// The verdicts, by what they are about.
struct Folded<'a> {
    policy: &'a Policy,
    verdicts: &'a [Verdict],
    /// What never happens, or always does.
    settled: HashMap<Place, usize>,
    /// Comparisons of scores.
    beyond: HashMap<Span, usize>,
    /// Decisions of several rules, none of which decides: by each of the rules.
    never_given: HashMap<RuleId, usize>,
    /// The tests that stand alone at a place of the text, a `not` before them or none.
    tests: HashMap<Span, &'a Cond>,
}

impl<'a> Folded<'a> {
    fn new(policy: &'a Policy, verdicts: &'a [Verdict]) -> Self {
        let (mut settled, mut beyond, mut never_given) = (HashMap::new(), HashMap::new(), HashMap::new());
        for (position, verdict) in verdicts.iter().enumerate() {
            match verdict {
                Verdict::Never { place, .. } | Verdict::Covered { place, .. } | Verdict::Always { place, .. } => {
                    settled.entry(*place).or_insert(position);
                }
                Verdict::Beyond { part, .. } => {
                    beyond.entry(*part).or_insert(position);
                }
                Verdict::NeverGiven { rules, .. } if rules.len() > 1 => {
                    never_given.extend(rules.iter().map(|rule| (*rule, position)));
                }
                Verdict::NeverGiven { .. }
                | Verdict::Idle { .. }
                | Verdict::Range { .. }
                | Verdict::Pointless { .. }
                | Verdict::NoLead
                | Verdict::Open { .. }
                | Verdict::Stopped { .. }
                | Verdict::Refuted { .. }
                | Verdict::Unproved { .. }
                | Verdict::Vacuous { .. }
                | Verdict::Falls { .. }
                | Verdict::Low { .. } => {}
            }
        }
        let mut tests = HashMap::new();
        if !settled.is_empty() || !beyond.is_empty() {
            for cond in visit::deciding(policy) {
                cond.walk(&mut |part| {
                    let alone = if let CondKind::Not(inner) = &part.kind { inner } else { part };
                    if alone.parts().is_empty() {
                        tests.insert(part.span, alone);
                    }
                });
            }
        }
        Folded { policy, verdicts, settled, beyond, never_given, tests }
    }

    /// The verdict that another one is told with: what it follows from, or, of a rule, that its decision is never given.
    fn cause(&self, verdict: &Verdict) -> Option<usize> {
        self.follows_from(verdict).or_else(|| match verdict.never() {
            Some(Place::Rule(rule)) => self.never_given.get(&rule).copied(),
            Some(Place::Define(_) | Place::Line(..) | Place::Label(..) | Place::Stage(_) | Place::Section(_))
            | None => None,
        })
    }

    /// The verdict that another one follows from directly.
    fn follows_from(&self, verdict: &Verdict) -> Option<usize> {
        match verdict {
            Verdict::Never { place, parts } => self.of_section(*place).or(match parts.as_slice() {
                [part] => self.of_part(*part),
                _ => None,
            }),
            Verdict::Covered { place, by } => self.of_section(*place).or(match (place, by.as_slice()) {
                // A stage that no lead reaches lets none through.
                (Place::Stage(_), by) => by.iter().find_map(|stage| self.settled.get(stage).copied()),
                (Place::Label(..) | Place::Section(_), [one]) => self.settled.get(one).copied(),
                (Place::Rule(_) | Place::Define(_) | Place::Line(..) | Place::Label(..) | Place::Section(_), _) => None,
            }),
            Verdict::Always { place, .. } => self.of_part(place.condition(self.policy)?.span),
            Verdict::Idle { part, member: None, by, with, .. } if by.is_empty() && with.is_empty() => {
                self.of_part(*part)
            }
            Verdict::Idle { place, part, member: Some(_), by, .. } => self.of_values(*place, *part, by),
            Verdict::NeverGiven { rules, .. } => self.of_rules(rules),
            Verdict::Beyond { score, end: Some(end), .. } => self.of_line(*score, end.top),
            Verdict::Range { score, end } => self.of_line(*score, end.top).or_else(|| self.of_points(*score, end.top)),
            Verdict::Pointless { place } => self.of_points_asked_for(*place),
            Verdict::Vacuous { property, why: Vacuous::NobodyGets } => self.of_decision(*property),
            Verdict::Idle { .. }
            | Verdict::Beyond { .. }
            | Verdict::NoLead
            | Verdict::Open { .. }
            | Verdict::Stopped { .. }
            | Verdict::Refuted { .. }
            | Verdict::Unproved { .. }
            | Verdict::Vacuous { .. }
            | Verdict::Falls { .. }
            | Verdict::Low { .. } => None,
        }
    }

    /// The decision of a claim is one that no lead gets.
    fn of_decision(&self, property: usize) -> Option<usize> {
        let wanted = self.policy.properties.get(property)?.decision;
        self.verdicts
            .iter()
            .position(|verdict| matches!(verdict, Verdict::NeverGiven { decision, .. } if *decision == wanted))
    }

    fn is_dead(&self, position: usize) -> bool {
        self.verdicts.get(position).and_then(Verdict::never).is_some()
    }

    /// No lead gets to the section of a rule.
    fn of_section(&self, place: Place) -> Option<usize> {
        let Place::Rule(rule) = place else { return None };
        let section: SectionId = self.policy.rules[rule].section?;
        self.settled.get(&Place::Section(section)).copied().filter(|at| self.is_dead(*at))
    }

    /// A part of a text is one test, and what it asks for is settled.
    fn of_part(&self, part: Span) -> Option<usize> {
        let test = self.tests.get(&part)?;
        if let Some(beyond) = self.beyond.get(&test.span) {
            return Some(*beyond);
        }
        match &test.kind {
            CondKind::Define(define) => return self.settled.get(&Place::Define(*define)).copied(),
            CondKind::Reached(stage) => return self.of_stages(*stage),
            CondKind::Const(_)
            | CondKind::Known(_)
            | CondKind::Compare { .. }
            | CondKind::Between { .. }
            | CondKind::In { .. }
            | CondKind::Has { .. }
            | CondKind::Text { .. }
            | CondKind::IsUnknown(_)
            | CondKind::IsIncomplete(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => {}
        }
        test.operands().into_iter().find_map(|operand| match operand {
            Expr::Grade(grade) => self.of_grade(*grade),
            Expr::Stage => self.of_stages(StageId::from_position(self.policy.stages.len())),
            Expr::Field(_)
            | Expr::Const(_)
            | Expr::Define(_)
            | Expr::Score(_)
            | Expr::AsOf(_)
            | Expr::AsOfDay(_)
            | Expr::DayOf(_)
            | Expr::Lowercase(_)
            | Expr::DomainOf(_)
            | Expr::Negative(_)
            | Expr::Arithmetic(..) => None,
        })
    }

    fn of_grade(&self, grade: GradeId) -> Option<usize> {
        (0..=self.policy.grades[grade].lines.len())
            .find_map(|line| self.settled.get(&Place::Label(grade, line)).copied())
    }

    /// A stage up to this one is settled.
    fn of_stages(&self, last: StageId) -> Option<usize> {
        (0..=last.position()).find_map(|at| self.settled.get(&Place::Stage(StageId::from_position(at))).copied())
    }

    /// The first of several values in the same brackets that change nothing for the same reason.
    fn of_values(&self, of: Place, at: Span, because: &[Place]) -> Option<usize> {
        self.verdicts.iter().position(|verdict| {
            matches!(verdict, Verdict::Idle { place, part, member: Some(_), by, .. }
                if *place == of && *part == at && by == because)
        })
    }

    /// All of the rules never decide for the same reason.
    fn of_rules(&self, rules: &[RuleId]) -> Option<usize> {
        let mut causes = rules.iter().map(|rule| {
            let own = *self.settled.get(&Place::Rule(*rule))?;
            Some(self.verdicts.get(own).and_then(|verdict| self.follows_from(verdict)).unwrap_or(own))
        });
        let first = causes.next()??;
        causes.all(|cause| cause == Some(first)).then_some(first)
    }

    /// A line whose points are never earned, which would take the score further to this end.
    fn of_line(&self, score: ScoreId, top: bool) -> Option<usize> {
        let lines = self.policy.scores[score].lines.iter().enumerate();
        let dead = lines.filter_map(|(position, line)| {
            let at = *self.settled.get(&Place::Line(score, position))?;
            let up = match &line.gain {
                Gain::Points { points, .. } => !points.is_negative(),
                Gain::Score { sign, .. } => *sign > 0,
            };
            (self.is_dead(at) && up == top).then_some(at)
        });
        dead.min()
    }

    /// The line itself is dead; or what would ask for its points is: a comparison that is settled, a rule that never decides.
    fn of_points_asked_for(&self, place: Place) -> Option<usize> {
        let Place::Line(score, _) = place else { return None };
        let own = self.settled.get(&place).copied().filter(|at| self.is_dead(*at));
        own.or_else(|| {
            self.verdicts.iter().position(|verdict| {
                let mut reach = Reach::new(self.policy);
                let never = verdict.never().and_then(|place| place.condition(self.policy));
                never.into_iter().for_each(|cond| reach.cond(cond));
                reach.scores.contains(&score) || matches!(verdict, Verdict::Beyond { score: of, .. } if *of == score)
            })
        })
    }

    /// A comparison that the same end is too near for.
    fn of_points(&self, score: ScoreId, top: bool) -> Option<usize> {
        self.verdicts.iter().position(|verdict| {
            matches!(verdict, Verdict::Beyond { score: of, end: Some(end), .. } if *of == score && end.top == top)
        })
    }
}
