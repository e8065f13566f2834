//! Whether a thing has a say in rules: whether it makes a difference to one what the thing says, be that what it may.

mod asked;
mod one;
mod totals;

use std::collections::BTreeSet;
use std::ops::Range;

use super::model::{MAX_WORK, Model, Over};
use super::search::Answer;
use super::solver::Lit;
use super::witness::Witness;
use crate::eval::Evaluator;
use crate::ir::reach::Reach;
use crate::ir::{
    Body, Cell, Cond, CondKind, DefineId, Expr, Field, FieldId, GradeId, Id, Policy, RuleId, ScoreId, StageId, Table,
    listed, visit,
};
use crate::source::Span;
use crate::types::{Number, Truth, Type};

/// What rules may hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing<'n> {
    /// A named list: that its values are asked for.
    List(&'n str),
    /// A definition.
    Define(DefineId),
    /// A score.
    Score(ScoreId),
    /// A grade.
    Grade(GradeId),
    /// A stage of the funnel.
    Stage(StageId),
}

/// What a thing has to say in a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Say {
    /// Whether it makes a difference to any lead what the thing says, be that what it may: unknown where that is not told, and none where the rule fires
    /// for no lead, whatever the thing says.
    pub ever: Option<Truth>,
    /// Whether what it says makes one: false where the rule would fire for the same leads with one answer to all of them.
    pub today: Truth,
    /// Whether the fields behind it make one: false where the rule fires alike for leads that are alike in all others.
    pub fields: Truth,
}

/// What a thing has to say in each of some rules, for leads that the policy accepts, and `among` does, if there is one. When `definite`, it is not unknown,
/// missing or incomplete, and nor are the fields behind it. So much `work` may be spent on it, in steps of about a nanosecond; what is not, is left there.
pub fn says(
    policy: &Policy,
    among: Option<&Policy>,
    thing: Thing<'_>,
    definite: bool,
    rules: &[RuleId],
    work: &mut u64,
) -> Vec<Say> {
    let reach = reach(policy, thing);
    // Another field that reads the same column says the same.
    let columns: BTreeSet<&str> =
        reach.fields.union(&reach.asked).map(|field| &*policy.fields[*field].column).collect();
    let is_behind = |field: &Field| columns.contains(&*field.column);
    let policy =
        &policy.with_fields(|_, of| Field { required: of.required || definite && is_behind(of), ..of.clone() });
    let Answers { policies: answers, one, are_all } = answers(policy, thing, definite);
    // Leads that have other values in the fields behind the thing, and the same in all others.
    let away = |of: &Policy| {
        of.with_fields(|_, of| match is_behind(of) {
            true => Field { name: format!(" {}", of.name), column: format!(" {}", of.column), ..of.clone() },
            false => of.clone(),
        })
    };
    let (apart, among_apart) = (away(policy), among.map(away));
    // The first one only says which leads there are.
    let policies = std::iter::once(policy).chain(&answers).chain([&apart]);
    let policies: Vec<&Policy> = policies.chain(among).chain(&among_apart).collect();
    let sides = 1..answers.len() + 1;
    let mut model = Model::new(&policies, Over::InForce, false);
    model.work = MAX_WORK.saturating_sub(*work);
    let if_all = if are_all { Truth::True } else { Truth::Unknown };
    let say = |rule: &RuleId| {
        let ever = match differs(&mut model, &policies, sides.clone(), *rule) {
            None | Some(Truth::False) if !are_all => Some(Truth::Unknown),
            told => told,
        };
        let one_each = if one == One::OfThese { sides.clone() } else { 0..0 };
        let today = one_each.map(|side| fires_for_others(&mut model, &policies, side, *rule).told());
        let today = today.fold(if_all, Truth::and);
        let fields = fires_for_others(&mut model, &policies, sides.end, *rule).told();
        Say { ever, today, fields }
    };
    let mut said: Vec<Say> = rules.iter().map(say).collect();
    *work = MAX_WORK.saturating_sub(model.spent());
    if let (One::Any, Some(with)) = (one, answers.first()) {
        let value = if let Thing::Define(define) = thing { Some(define) } else { None };
        let sides = one::Sides { policy, with, are_all, value, among };
        for (rule, say) in rules.iter().zip(&mut said) {
            say.today = say.today.and(one::takes_more(sides, *rule, work));
        }
    }
    said
}

/// Whether a rule fires for a lead in some of the policies on these sides, and not in others; none when it fires for no lead in any.
fn differs(model: &mut Model<'_>, policies: &[&Policy], sides: Range<usize>, rule: RuleId) -> Option<Truth> {
    let fires: Vec<Lit> = sides.clone().map(|side| model.fires(side, rule)).collect();
    let not: Vec<Lit> = fires.iter().map(|fires| !*fires).collect();
    let mut asked = accepted(model, policies);
    asked.push(model.any_of(&fires));
    if model.is_refuted(&asked) {
        return None;
    }
    asked.push(model.any_of(&not));
    let mut confirm = |witness: &Witness| {
        let mut each = sides.clone().map(|side| fires_on(policies, side, witness, rule));
        each.next().is_some_and(|first| each.any(|other| other != first))
    };
    Some(model.any(&asked, &mut confirm).told())
}

/// Whether a rule fires for other leads in one of the policies than in the first.
fn fires_for_others(model: &mut Model<'_>, policies: &[&Policy], side: usize, rule: RuleId) -> Answer<Witness> {
    let [as_it_is, with] = [0, side].map(|side| model.fires(side, rule));
    let ways = [[as_it_is, !with], [!as_it_is, with]].map(|way| model.all_of(&way));
    let mut asked = accepted(model, policies);
    asked.push(model.any_of(&ways));
    let mut confirm =
        |witness: &Witness| fires_on(policies, 0, witness, rule) != fires_on(policies, side, witness, rule);
    model.any(&asked, &mut confirm)
}

/// That each policy accepts its lead.
fn accepted(model: &mut Model<'_>, policies: &[&Policy]) -> Vec<Lit> {
    (0..policies.len()).map(|side| model.accepts(side)).collect()
}

fn fires_on(policies: &[&Policy], side: usize, witness: &Witness, rule: RuleId) -> Option<bool> {
    let (policy, lead) = policies.get(side).zip(witness.leads.get(side))?;
    Some(Evaluator::new(policy, witness.as_of).on(lead).fires(rule))
}

/// What a thing is made of.
fn reach<'p>(policy: &'p Policy, thing: Thing<'_>) -> Reach<'p> {
    let mut reach = Reach::new(policy);
    match thing {
        Thing::List(name) => {
            let asked = listed::asked(policy, visit::deciding(policy)).into_iter().filter(|asked| asked.list == name);
            asked.for_each(|asked| reach.value(asked.value));
        }
        Thing::Define(define) => match &policy.defines[define].body {
            Body::Condition(cond) => reach.cond(cond),
            Body::Value(value, _) => reach.value(value),
        },
        Thing::Score(score) => reach.score(score),
        Thing::Grade(grade) => reach.value(&Expr::Grade(grade)),
        Thing::Stage(stage) => reach.cond(&policy.stages[stage].when),
    }
    reach
}

/// A policy with answers of a thing in its place.
struct Answers {
    policies: Vec<Policy>,
    one: One,
    /// Whether these are all that the thing may give.
    are_all: bool,
}

/// What the thing may give to all leads alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum One {
    /// What it does in one of the policies.
    OfThese,
    /// Any one value of the last field of the first policy.
    Any,
}

impl Answers {
    /// Answers that are each the same for all leads.
    fn alike(policies: impl IntoIterator<Item = Policy>, are_all: bool) -> Answers {
        Answers { policies: policies.into_iter().collect(), one: One::OfThese, are_all }
    }
}

/// The policy with each of the answers that a thing may give. Two fields that no lead has stand for any two values.
fn answers(policy: &Policy, thing: Thing<'_>, definite: bool) -> Answers {
    // Who is accepted is asked of the policy itself.
    let policy = &Policy { assumptions: Vec::new(), ..policy.clone() };
    let unknown = (!definite).then_some(Truth::Unknown);
    let truths = || [Truth::True, Truth::False].into_iter().chain(unknown);
    let policies: Vec<Policy> = match thing {
        Thing::List(name) => return asked::listed(policy, name, definite),
        Thing::Define(define) => match &policy.defines[define].body {
            Body::Condition(_) => {
                let with = |truth| {
                    changed(policy, |of| &mut of.defines, define, |of| of.body = Body::Condition(constant(truth)))
                };
                truths().map(with).collect()
            }
            Body::Value(_, ty) => {
                let with = |at| {
                    let mut of = policy.clone();
                    let any = Free { at, ty, required: definite, ends: [None, None] }.put_in(&mut of);
                    changed(&of, |of| &mut of.defines, define, |of| of.body = Body::Value(Expr::Field(any), ty.clone()))
                };
                return Answers { policies: [0, 1].map(with).to_vec(), one: One::Any, are_all: true };
            }
        },
        Thing::Score(score) => return totals::any(policy, score, definite),
        Thing::Grade(grade) => {
            let with = |label| {
                changed(
                    policy,
                    |of| &mut of.grades,
                    grade,
                    |of| {
                        of.lines.clear();
                        of.otherwise = label;
                    },
                )
            };
            (0..policy.grades[grade].scale.values.len()).map(with).collect()
        }
        Thing::Stage(stage) => {
            let with = |truth| changed(policy, |of| &mut of.stages, stage, |of| of.when = constant(truth));
            [Truth::True, Truth::False].map(with).to_vec()
        }
    };
    Answers::alike(policies, true)
}

/// A field that holds any value of a type.
struct Free<'t> {
    at: usize,
    ty: &'t Type,
    required: bool,
    ends: [Option<Number>; 2],
}

impl Free<'_> {
    /// Adds it to a policy. No author can call a field like that.
    fn put_in(self, policy: &mut Policy) -> FieldId {
        let Free { at, ty, required, ends: [min, max] } = self;
        let name = " ".repeat(at + 1);
        policy.fields.push(Field {
            column: name.clone(),
            name,
            ty: ty.clone(),
            is_id: false,
            min,
            max,
            required,
            cell: Cell::default(),
            default: None,
            else_missing: false,
            personal: false,
            fixed: false,
            span: Span::default(),
        })
    }
}

/// A policy in which one thing is another one.
fn changed<I: Id, T>(
    policy: &Policy,
    table: impl Fn(&mut Policy) -> &mut Table<I, T>,
    id: I,
    change: impl FnOnce(&mut T),
) -> Policy {
    let mut changed = policy.clone();
    if let Some(one) = table(&mut changed).get_mut(id) {
        change(one);
    }
    changed
}

fn constant(truth: Truth) -> Cond {
    Cond { kind: CondKind::Const(truth), span: Span::default() }
}
