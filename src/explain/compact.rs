//! Why a lead has its decision, on one line, for a column beside it: `need 4 >= 3; title VP in [VP, Director]`.
//!
//! Of the rule that decided, every condition is said with the values that it looked at. The `otherwise` has no condition: there it is
//! said what kept the lead from the first rule that gives the best decision: `not hot: need 2 < 3; title unknown`. The words depend on
//! the rule and on the truth of its conditions only, so that they are made once for a policy; the values are put between them.

use super::reading::HIDDEN;
use crate::eval::Session;
use crate::ir::reach::Reach;
use crate::ir::{
    Body, CompareOp, Cond, CondKind, DefineId, Expr, FieldId, GradeId, Guard, Policy, RuleId, ScoreId, print,
};
use crate::types::{Truth, Type, Value};

/// What stands for a value that is missing.
pub(crate) const UNKNOWN: &str = "unknown";

/// A piece of what is said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    /// The same for every lead.
    Text(String),
    /// The value of a field, its default when it is missing.
    Field(FieldId),
    /// The total of a score.
    Score(ScoreId),
    /// The label of a grade.
    Grade(GradeId),
    /// The stage.
    Stage,
}

/// A condition of the rule that an `otherwise` is explained by.
#[derive(Debug)]
pub(crate) struct Obstacle<'p> {
    /// The condition.
    pub(crate) cond: &'p Cond,
    /// What is said when it is false.
    pub(crate) fails: Vec<Piece>,
    /// What is said when it is unknown.
    pub(crate) open: Vec<Piece>,
}

/// What is said of the leads of each rule.
#[derive(Debug)]
pub struct Compact<'p> {
    policy: &'p Policy,
    show_personal: bool,
    /// For each rule but the `otherwise`.
    pub(crate) rules: Vec<Vec<Piece>>,
    /// What is said first of the leads of the `otherwise`, and the conditions that may have kept them out.
    pub(crate) missed: Option<(String, Vec<Obstacle<'p>>)>,
}

impl<'p> Compact<'p> {
    /// Prepares what is said of the leads of a policy. Values of personal fields are only said when `show_personal`.
    #[must_use]
    pub fn new(policy: &'p Policy, show_personal: bool) -> Compact<'p> {
        let words = |rule: RuleId| {
            let parts = conditions(policy, rule).into_iter().map(|cond| holds(policy, cond));
            joined(parts.collect())
        };
        let last = policy.rules.len().saturating_sub(1);
        let rules = policy.rules.iter().map(|(id, _)| id).take(last).map(words).collect();
        Compact { policy, show_personal, rules, missed: missed(policy) }
    }

    /// What is said of a lead.
    #[must_use]
    pub fn of(&self, session: &Session<'_>) -> String {
        let mut text = String::new();
        let rule = session.outcome().rule.0 as usize;
        match (self.rules.get(rule), &self.missed) {
            (Some(pieces), _) => self.say(session, pieces, &mut text),
            (None, None) => {}
            (None, Some((head, obstacles))) => {
                let mut between = head.as_str();
                for obstacle in obstacles {
                    let pieces = match session.truth(obstacle.cond) {
                        Truth::True => continue,
                        Truth::False => &obstacle.fails,
                        Truth::Unknown => &obstacle.open,
                    };
                    text.push_str(between);
                    between = BETWEEN;
                    self.say(session, pieces, &mut text);
                }
            }
        }
        text
    }

    fn say(&self, session: &Session<'_>, pieces: &[Piece], text: &mut String) {
        for piece in pieces {
            match piece {
                Piece::Text(words) => text.push_str(words),
                Piece::Field(field) if self.hides(*field) => text.push_str(HIDDEN),
                Piece::Field(field) => match session.value(&Expr::Field(*field)) {
                    Some(value) => text.push_str(&self.value(*field, &value)),
                    None => text.push_str(UNKNOWN),
                },
                Piece::Score(score) => text.push_str(&session.score(*score).points.to_string()),
                Piece::Grade(grade) => {
                    let label = self.policy.grades[*grade].scale.values.get(session.grade(*grade));
                    text.push_str(label.map_or("", String::as_str));
                }
                Piece::Stage => {
                    let stage = self.policy.stage_scale().values.get(session.stage()).cloned();
                    text.push_str(&stage.unwrap_or_default());
                }
            }
        }
    }

    /// Whether the values of a field are not said.
    pub(crate) fn hides(&self, field: FieldId) -> bool {
        self.policy.fields[field].personal && !self.show_personal
    }

    /// A value as it is said.
    pub(crate) fn value(&self, field: FieldId, value: &Value) -> String {
        let named = |at: &usize| {
            let values = self.policy.fields[field].ty.closed_values().unwrap_or_default();
            values.get(*at).cloned().unwrap_or_default()
        };
        match value {
            Value::Text(text) | Value::Other(text) => text.clone(),
            Value::Number(_) if self.policy.fields[field].ty == Type::Percent => {
                print::shown(value, Some(&Type::Percent), &self.policy.zone)
            }
            Value::Number(number) => number.to_string(),
            Value::YesNo(true) => "yes".to_owned(),
            Value::YesNo(false) => "no".to_owned(),
            Value::Date(day) => day.to_string(),
            Value::DateTime(instant) => instant.to_string(),
            Value::Choice(at) => named(at),
            Value::Set(members) if members.is_empty() => "none".to_owned(),
            Value::Set(members) => members.iter().map(named).collect::<Vec<String>>().join(", "),
        }
    }
}

/// What stands between two conditions.
pub(crate) const BETWEEN: &str = "; ";

/// The conditions of a rule one by one, that of its section first.
fn conditions(policy: &Policy, rule: RuleId) -> Vec<&Cond> {
    let rule = &policy.rules[rule];
    let guard = rule.section.and_then(|section| match &policy.sections[section].guard {
        Guard::When(cond) => Some(cond),
        Guard::Always | Guard::NoneOf(_) => None,
    });
    guard
        .into_iter()
        .chain(&rule.when)
        .flat_map(
            |cond| if let CondKind::All(parts) = &cond.kind { parts.as_slice() } else { std::slice::from_ref(cond) },
        )
        .collect()
}

/// The first rule that gives the best decision that any rule gives (of those that are not ranked: another than the `otherwise`), and
/// its conditions.
fn missed(policy: &Policy) -> Option<(String, Vec<Obstacle<'_>>)> {
    let (_, otherwise) = policy.rules.iter().next_back()?;
    let others = policy.rules.iter().filter(|(_, rule)| rule.decision != otherwise.decision && rule.when.is_some());
    let (id, rule) = if policy.best_first {
        others.filter(|(_, rule)| rule.decision < otherwise.decision).min_by_key(|(id, rule)| (rule.decision, *id))?
    } else {
        others.min_by_key(|(id, _)| *id)?
    };
    let obstacle = |cond| Obstacle { cond, fails: fails(policy, cond), open: values(policy, cond) };
    Some((format!("not {}: ", rule.name), conditions(policy, id).into_iter().map(obstacle).collect()))
}

fn joined(parts: Vec<Vec<Piece>>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in parts {
        if !pieces.is_empty() {
            pieces.push(Piece::Text(BETWEEN.to_owned()));
        }
        pieces.extend(part);
    }
    pieces
}

/// What is said of a condition that is true.
fn holds(policy: &Policy, cond: &Cond) -> Vec<Piece> {
    // `priority warm` says it all, without `is warm` behind it.
    if matches!(cond.kind, CondKind::Compare { op: CompareOp::Eq, .. }) {
        return values(policy, cond);
    }
    test(policy, cond, print::condition(policy, cond)).unwrap_or_else(|| values(policy, cond))
}

/// What is said of a condition that is false: the opposite, which is true then.
fn fails(policy: &Policy, cond: &Cond) -> Vec<Piece> {
    let opposite = if let CondKind::Not(inner) = &cond.kind { inner.as_ref().clone() } else { cond.denied() };
    test(policy, &opposite, print::condition(policy, &opposite)).unwrap_or_else(|| values(policy, cond))
}

/// A test of one value against what is the same for every lead, with the value behind its subject: `need 4 >= 3`.
fn test(policy: &Policy, cond: &Cond, text: String) -> Option<Vec<Piece>> {
    let tested = if let CondKind::Not(inner) = &cond.kind { inner } else { cond };
    let (subject, others) = match &tested.kind {
        CondKind::Compare { left, right, .. } => (left, vec![right]),
        CondKind::Between { value, low, high } => (value, vec![low, high]),
        CondKind::In { value, .. } | CondKind::Has { value, .. } | CondKind::Text { value, .. } => (value, Vec::new()),
        CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => return None,
    };
    if !others.iter().all(|other| matches!(other, Expr::Const(_) | Expr::AsOf(_) | Expr::AsOfDay(_))) {
        return None;
    }
    let piece = piece(policy, subject)?;
    let name = print::value(policy, subject);
    // `consent` and `not consent` have nothing behind their subject.
    let rest = text.strip_prefix(&name).filter(|rest| rest.starts_with(' '))?;
    Some(vec![Piece::Text(format!("{name} ")), piece, Piece::Text(rest.to_owned())])
}

/// The value of an expression that is just one.
fn piece(policy: &Policy, expr: &Expr) -> Option<Piece> {
    match policy.behind_names(expr) {
        Expr::Field(field) => Some(Piece::Field(*field)),
        Expr::Score(score) => Some(Piece::Score(*score)),
        Expr::Grade(grade) => Some(Piece::Grade(*grade)),
        Expr::Stage => Some(Piece::Stage),
        Expr::DayOf(inner) | Expr::Lowercase(inner) => piece(policy, inner),
        Expr::Define(_)
        | Expr::Const(_)
        | Expr::AsOf(_)
        | Expr::AsOfDay(_)
        | Expr::DomainOf(_)
        | Expr::Negative(_)
        | Expr::Arithmetic(..) => None,
    }
}

/// All values that a condition looks at: `webinars 3, page_views 41`.
fn values(policy: &Policy, cond: &Cond) -> Vec<Piece> {
    let mut direct = Vec::new();
    gather(policy, cond, &mut Vec::new(), &mut direct);
    let mut pieces = Vec::new();
    for (name, piece) in direct {
        let before = if pieces.is_empty() { "" } else { ", " };
        pieces.push(Piece::Text(format!("{before}{name} ")));
        pieces.push(piece);
    }
    if pieces.is_empty() { vec![Piece::Text(print::condition(policy, cond))] } else { pieces }
}

/// The values that a condition looks at, definitions opened; scores, grades and the stage are values of their own.
fn gather(policy: &Policy, cond: &Cond, seen: &mut Vec<DefineId>, found: &mut Vec<(String, Piece)>) {
    let mut add = |name: &str, piece: Piece| {
        if !found.iter().any(|(_, known)| *known == piece) {
            found.push((name.to_owned(), piece));
        }
    };
    for operand in cond.operands() {
        let mut reach = Reach::new(policy);
        if matches!(cond.kind, CondKind::Known(_)) {
            reach.cond(cond);
        } else {
            operand.walk(&mut |expr| match expr {
                Expr::Score(score) => add(&policy.scores[*score].name, Piece::Score(*score)),
                Expr::Grade(grade) => add(&policy.grades[*grade].name, Piece::Grade(*grade)),
                Expr::Stage => add("stage", Piece::Stage),
                Expr::Field(_) | Expr::Define(_) => reach.value(expr),
                Expr::Const(_)
                | Expr::AsOf(_)
                | Expr::AsOfDay(_)
                | Expr::DayOf(_)
                | Expr::Lowercase(_)
                | Expr::DomainOf(_)
                | Expr::Negative(_)
                | Expr::Arithmetic(..) => {}
            });
        }
        for field in reach.fields.iter().chain(&reach.asked) {
            add(&policy.fields[*field].name, Piece::Field(*field));
        }
    }
    if let CondKind::IsIncomplete(score) = &cond.kind {
        add(&policy.scores[*score].name, Piece::Score(*score));
    }
    if let CondKind::Reached(_) = &cond.kind {
        add("stage", Piece::Stage);
    }
    if let CondKind::Define(define) = &cond.kind
        && !seen.contains(define)
        && let Body::Condition(body) = &policy.defines[*define].body
    {
        seen.push(*define);
        gather(policy, body, seen, found);
    }
    cond.parts().iter().for_each(|part| gather(policy, part, seen, found));
}
