//! Whether a rule hangs on something: whether it would take other leads, were that thing another one. To name it is not enough, as it can be
//! named where nothing comes of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::edit::Kind;
use super::potential;
use crate::analysis::{Answer, MAX_WORK, Model, Over};
use crate::ir::{
    Body, Cell, Cond, CondKind, Define, Expr, Field, FieldId, Gain, Grade, Id, Per, Policy, RuleId, Score, ScoreLine,
    Stage, Table, ValueSet, listed, visit,
};
use crate::source::Span;
use crate::types::{Number, Truth, Type, Value};

/// Points beside which no others count.
const MANY: i128 = 1 << 40;

/// What it takes to set out to look at another thing, for each rule of the policy, in steps of about a nanosecond.
const BUILT: u64 = 2_000;

/// Of which leads it is asked whether a rule takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// Of all that there can be, also of those that fields or assumptions set aside.
    All,
    /// Of those of them that no rule above it takes.
    AllThatCome,
    /// Of those that the policy accepts.
    Accepted,
    /// Of those of them that no rule above it takes.
    AcceptedThatCome,
}

/// For each of some rules, whether it hangs on a list, a definition, a score, a grade or a stage. That it does is shown by a lead; that it does not is
/// found for some others that the thing might be. What is spent on it is taken off `left`, in steps of about a nanosecond; without any left it is not known.
pub(super) fn hang_on(
    policy: &Policy,
    (kind, name): (Kind, &str),
    rules: &[RuleId],
    of: Leads,
    left: &mut u64,
) -> Vec<Truth> {
    let mut found = vec![Truth::False; rules.len()];
    let loosened = potential::loosened(policy);
    let policy = match of {
        Leads::All | Leads::AllThatCome => &loosened,
        Leads::Accepted | Leads::AcceptedThatCome => policy,
    };
    let definite = matches!(of, Leads::Accepted | Leads::AcceptedThatCome);
    let mut others = others(policy, kind, name, rules, if definite { Others::Definite } else { Others::All });
    // What may be unknown anyway is told apart by two others that are not.
    let first = if definite { others.next() } else { None };
    for other in others {
        if found.iter().all(|found| *found == Truth::True) {
            break;
        }
        let Some(mut model) = model(&[policy, first.as_ref().unwrap_or(policy), &other], *left) else {
            leave_open(&mut found);
            break;
        };
        let accepted = match definite {
            true => [0, 1, 2].map(|side| model.accepts(side)),
            false => [model.constant(true); 3],
        };
        for (rule, found) in rules.iter().zip(&mut found).filter(|(_, found)| **found != Truth::True) {
            let (here, there) = (model.fires(1, *rule), model.fires(2, *rule));
            let reaches = match of {
                Leads::AllThatCome | Leads::AcceptedThatCome => model.reaches(0, *rule),
                Leads::All | Leads::Accepted => model.constant(true),
            };
            for differ in [[here, !there], [!here, there]] {
                match model.ask(&[&[reaches][..], &accepted, &differ].concat()) {
                    Answer::Yes(_) => *found = Truth::True,
                    Answer::NotKnown if *found == Truth::False => *found = Truth::Unknown,
                    Answer::NotKnown | Answer::No(_) => {}
                }
            }
        }
        *left = left_of(&model, policy);
    }
    // Of a rule that takes no lead at all, as far as is known, nothing can be tried: what it names may count when others say what leads there are.
    if of == Leads::All
        && let Some(mut model) = model(&[policy], *left)
    {
        for (rule, found) in rules.iter().zip(&mut found).filter(|(_, found)| **found == Truth::False) {
            let fires = model.fires(0, *rule);
            if model.is_refuted(&[fires]) {
                *found = Truth::Unknown;
            }
        }
        *left = left_of(&model, policy);
    }
    found
}

/// A model of policies for which so much may be spent; none when that is nothing.
fn model<'p>(policies: &[&'p Policy], left: u64) -> Option<Model<'p>> {
    if left == 0 {
        return None;
    }
    let mut model = Model::new(policies, Over::InForce, false);
    model.work = MAX_WORK.saturating_sub(left);
    Some(model)
}

/// What may be spent after a model has been asked.
fn left_of(model: &Model<'_>, policy: &Policy) -> u64 {
    let built = BUILT.saturating_mul(u64::try_from(policy.rules.len()).unwrap_or(u64::MAX));
    MAX_WORK.saturating_sub(model.spent().saturating_add(built))
}

/// What has not been found is not known.
fn leave_open(found: &mut [Truth]) {
    found.iter_mut().filter(|found| **found == Truth::False).for_each(|found| *found = Truth::Unknown);
}

/// For each of some rules, whether nothing comes of a thing, since a constant in its place would have the rule take the same of the leads that the policy accepts
/// and for which it is not unknown. What is spent on it is taken off `left`.
pub(super) fn are_idle(policy: &Policy, (kind, name): (Kind, &str), rules: &[RuleId], left: &mut u64) -> Vec<Truth> {
    let mut idle = vec![Truth::False; rules.len()];
    for other in others(policy, kind, name, rules, Others::Constant) {
        let Some(mut model) = model(&[policy, &other], *left) else {
            leave_open(&mut idle);
            break;
        };
        let told = told(policy, kind, name).map(|cond| model.truths(0, &cond)[0]);
        let accepted = [model.accepts(0), told.unwrap_or(model.constant(true))];
        for (rule, idle) in rules.iter().zip(&mut idle).filter(|(_, idle)| **idle != Truth::True) {
            let (here, there) = (model.fires(0, *rule), model.fires(1, *rule));
            let answers =
                [[here, !there], [!here, there]].map(|[a, b]| model.possible(&[accepted[0], accepted[1], a, b]));
            if answers.iter().all(|answer| matches!(answer, Answer::No(_))) {
                *idle = Truth::True;
            } else if !answers.iter().any(|answer| matches!(answer, Answer::Yes(()))) {
                *idle = Truth::Unknown;
            }
        }
        *left = left_of(&model, policy);
    }
    idle
}

/// That a thing is not unknown, missing or incomplete; none when it never is.
fn told(policy: &Policy, kind: Kind, name: &str) -> Option<Cond> {
    let cond = |kind| Cond { kind, span: Span::default() };
    if kind == Kind::Score {
        let (score, _) = policy.scores.iter().find(|(_, score)| score.name == name)?;
        return Some(cond(CondKind::Not(Box::new(cond(CondKind::IsIncomplete(score))))));
    }
    let (define, of) = policy.defines.iter().find(|(_, define)| kind == Kind::Define && define.name == name)?;
    Some(match &of.body {
        Body::Condition(_) => {
            cond(CondKind::Not(Box::new(cond(CondKind::IsUnknown(Box::new(cond(CondKind::Define(define))))))))
        }
        Body::Value(..) => cond(CondKind::Known(Expr::Define(define))),
    })
}

/// Which others are put in the place of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Others {
    /// Whatever there is, also what is missing, unknown or incomplete.
    All,
    /// The same without that.
    Definite,
    /// Those alone that are the same for every lead.
    Constant,
}

/// The policy with other things in the place of one, one after the other.
fn others<'p>(
    policy: &'p Policy,
    kind: Kind,
    name: &'p str,
    rules: &[RuleId],
    which: Others,
) -> Box<dyn Iterator<Item = Policy> + 'p> {
    let constant = |truth| Cond { kind: CondKind::Const(truth), span: Span::default() };
    let definite = which == Others::Definite;
    match kind {
        Kind::Define => {
            let define = policy.defines.iter().find(|(_, define)| define.name == name);
            let bodies = match define.map(|(_, define)| &define.body) {
                Some(Body::Condition(_)) => {
                    let truths = [Truth::True, Truth::False].into_iter().chain((!definite).then_some(Truth::Unknown));
                    truths.map(|truth| Body::Condition(constant(truth))).collect()
                }
                Some(Body::Value(_, ty)) if which == Others::Constant => {
                    let far = values(ty);
                    let asked = asked_like(policy, far.first(), rules);
                    let value = |value| Body::Value(Expr::Const(value), ty.clone());
                    far.iter().cloned().chain(asked).take(MOST).map(value).collect()
                }
                // Any value, or none: that of one more field. Two fields are two values.
                Some(Body::Value(_, ty)) => {
                    vec![Body::Value(Expr::Field(FieldId::from_position(policy.fields.len())), ty.clone()); 2]
                }
                None => Vec::new(),
            };
            Box::new(bodies.into_iter().enumerate().map(move |(at, body)| {
                let mut fields = policy.fields.clone();
                if let Body::Value(Expr::Field(_), ty) = &body {
                    let name = " ".repeat(at);
                    fields.push(Field { name: name.clone(), column: name, ..any_of(ty, definite) });
                }
                let with = |define: &Define| Define { body: body.clone(), ..define.clone() };
                let defines = replaced(&policy.defines, |define| define.name == name, with);
                Policy { fields, defines, ..policy.clone() }
            }))
        }
        Kind::List => {
            let own = listed::lists(policy).into_iter().find(|(list, _)| *list == name);
            let asked = asked_like(policy, own.as_ref().and_then(|(_, values)| values.first()), rules);
            let all: Vec<Value> = asked.iter().cloned().chain(another(&asked)).collect();
            // Nothing; and whatever is asked for of the kind, and what nothing asks for.
            Box::new([(Vec::new(), false), (all, true)].into_iter().map(move |all| with_list(policy, name, all)))
        }
        Kind::Score => {
            let far = [0, MANY, -MANY].map(|points| Value::Number(Number::whole(points)));
            let asked = asked_like(policy, far.first(), rules);
            let points = far.into_iter().chain(asked).take(MOST);
            let points = points.filter_map(|value| if let Value::Number(points) = value { Some(points) } else { None });
            let fixed = |(points, when)| Gain::Points { points, per: None, when, at_most: None };
            // Also one of which a line is unknown; and any whole number of points, those of one more field.
            let unknown = (Number::whole(0), Some(constant(Truth::Unknown)));
            let gains =
                Some(unknown).filter(|_| !definite).into_iter().chain(points.map(|points| (points, None))).map(fixed);
            let amount = Expr::Field(FieldId::from_position(policy.fields.len()));
            let per = Some(Per { unit: Number::whole(1), amount });
            let any = Gain::Points { points: Number::whole(1), per, when: None, at_most: None };
            let range = policy.scores.iter().find(|(_, score)| score.name == name);
            let range = range.and_then(|(_, score)| score.min.clone().zip(score.max.clone()));
            let any = range.filter(|_| which != Others::Constant).map(|(min, max)| {
                let field = Field { min: Some(min), max: Some(max), ..any_of(&Type::WholeNumber, definite) };
                (any, Some(field))
            });
            Box::new(gains.map(|gain| (gain, None)).chain(any).map(move |(gain, field)| {
                let mut fields = policy.fields.clone();
                if let Some(field) = field {
                    fields.push(field);
                }
                let line = ScoreLine { gain, label: None, span: Span::default() };
                let with = |score: &Score| Score { lines: vec![line.clone()], ..score.clone() };
                let scores = replaced(&policy.scores, |score| score.name == name, with);
                Policy { fields, scores, ..policy.clone() }
            }))
        }
        Kind::Grade => {
            let grade = policy.grades.iter().find(|(_, grade)| grade.name == name);
            let labels = grade.map_or(0, |(_, grade)| grade.scale.values.len());
            Box::new((0..labels).map(move |otherwise| {
                let with = |grade: &Grade| Grade { lines: Vec::new(), otherwise, ..grade.clone() };
                Policy { grades: replaced(&policy.grades, |grade| grade.name == name, with), ..policy.clone() }
            }))
        }
        Kind::Stage => Box::new([Truth::True, Truth::False].into_iter().map(move |truth| {
            let with = |stage: &Stage| Stage { when: constant(truth), ..stage.clone() };
            Policy { stages: replaced(&policy.stages, |stage| stage.name == name, with), ..policy.clone() }
        })),
        Kind::Policy
        | Kind::Field
        | Kind::Assumption
        | Kind::Decision
        | Kind::Section
        | Kind::Rule
        | Kind::Claim
        | Kind::Test => Box::new(std::iter::empty()),
    }
}

/// The policy with a list that holds other values, and whatever else there is or not.
fn with_list(policy: &Policy, name: &str, (values, other): (Vec<Value>, bool)) -> Policy {
    let is_it = |list: &Option<String>| list.as_deref() == Some(name);
    let with = |set: &ValueSet| ValueSet { values: values.clone(), other, ..set.clone() };
    let mut changed = Policy { sets: replaced(&policy.sets, |set| is_it(&set.list), with), ..policy.clone() };
    let change = &mut |cond: &mut Cond| match &mut cond.kind {
        CondKind::Has { value, members, list, .. } if is_it(list) => {
            let ty = policy.type_of(value).filter(|_| other);
            let all = ty.as_deref().and_then(Type::closed_values).map_or(0, |values| values.len());
            *members = (0..all).collect();
        }
        CondKind::Text { needles, list, .. } if is_it(list) => {
            let texts = values.iter().filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None });
            *needles = texts.cloned().collect();
        }
        CondKind::Has { .. }
        | CondKind::Text { .. }
        | CondKind::In { .. }
        | CondKind::Const(_)
        | CondKind::Known(_)
        | CondKind::Compare { .. }
        | CondKind::Between { .. }
        | CondKind::IsUnknown(_)
        | CondKind::IsIncomplete(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => {}
    };
    visit::all_mut(&mut changed).for_each(|cond| cond.walk_mut(change));
    changed
}

/// A field that holds any value of a type, and may hold none unless it is required. No author can call one like that.
fn any_of(ty: &Type, required: bool) -> Field {
    Field {
        name: String::new(),
        ty: ty.clone(),
        column: String::new(),
        is_id: false,
        min: None,
        max: None,
        required,
        cell: Cell::default(),
        default: None,
        else_missing: false,
        personal: false,
        fixed: false,
        span: Span::default(),
    }
}

/// A table with others in the place of some.
fn replaced<I: Id, T: Clone>(table: &Table<I, T>, is_it: impl Fn(&T) -> bool, with: impl Fn(&T) -> T) -> Table<I, T> {
    table.iter().map(|(_, one)| if is_it(one) { with(one) } else { one.clone() }).collect()
}

/// How many values are tried for a score or a definition.
const MOST: usize = 60;

/// The values of one kind that a policy asks for, and those beside numbers and days: first what these rules ask for.
fn asked_like(policy: &Policy, one: Option<&Value>, rules: &[RuleId]) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let mut note = |cond: &Cond| {
        let exprs = match &cond.kind {
            CondKind::Compare { left, right, .. } => vec![left, right],
            CondKind::Between { value, low, high } => vec![value, low, high],
            CondKind::In { set, .. } => {
                all.extend(policy.sets[*set].values.iter().cloned());
                Vec::new()
            }
            CondKind::Text { needles, .. } => {
                all.extend(needles.iter().cloned().map(Value::Text));
                Vec::new()
            }
            CondKind::Const(_)
            | CondKind::Known(_)
            | CondKind::Has { .. }
            | CondKind::IsIncomplete(_)
            | CondKind::IsUnknown(_)
            | CondKind::Reached(_)
            | CondKind::Define(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::AtLeast(..) => Vec::new(),
        };
        for expr in exprs {
            if let Expr::Const(value) = expr {
                all.extend([vec![value.clone()], beside(value)].concat());
            }
        }
    };
    let own = rules.iter().filter_map(|rule| policy.rules[*rule].when.as_ref());
    own.chain(visit::conditions(policy)).for_each(|cond| cond.walk(&mut note));
    let mut each: Vec<Value> = Vec::new();
    let is_like = |value: &Value| one.is_some_and(|one| std::mem::discriminant(one) == std::mem::discriminant(value));
    for value in all.into_iter().filter(is_like) {
        if !each.contains(&value) {
            each.push(value);
        }
    }
    each
}

/// What stands beside a number or a day.
fn beside(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(number) => [1, -1].map(|step| Value::Number(number + &Number::whole(step))).to_vec(),
        Value::Date(day) => [day.tomorrow(), day.yesterday()].into_iter().flatten().map(Value::Date).collect(),
        Value::Text(_) | Value::Other(_) | Value::YesNo(_) | Value::DateTime(_) | Value::Choice(_) | Value::Set(_) => {
            Vec::new()
        }
    }
}

/// A text or a number that is none of these.
fn another(values: &[Value]) -> Option<Value> {
    let texts = values.iter().filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None });
    let longer = texts.max_by_key(|text| text.len()).map(|text| Value::Text(format!("{text}.invalid")));
    let is_number = values.iter().any(|value| matches!(value, Value::Number(_)));
    longer.or(is_number.then(|| Value::Number(Number::whole(MANY))))
}

/// Values of a type that are far from each other.
fn values(ty: &Type) -> Vec<Value> {
    match ty {
        Type::Text => ["", "\u{1}"].map(|text| Value::Text(text.to_owned())).to_vec(),
        Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => {
            [0, MANY, -MANY].map(|number| Value::Number(Number::whole(number))).to_vec()
        }
        Type::YesNo => [true, false].map(Value::YesNo).to_vec(),
        Type::Date => [Date::constant(1900, 1, 1), Date::constant(2299, 12, 31)].map(Value::Date).to_vec(),
        Type::DateTime => [Timestamp::MIN, Timestamp::UNIX_EPOCH].map(Value::DateTime).to_vec(),
        Type::Choice(choices) => (0..choices.values.len()).map(Value::Choice).collect(),
        Type::Set(_) => vec![Value::Set(BTreeSet::new())],
    }
}
