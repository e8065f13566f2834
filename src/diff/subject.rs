//! What the conditions of a slot ask about: each value or condition with the cells that they tell apart, as literals and in words.

use std::collections::BTreeSet;

use super::phrase::{Cut, above, any, chosen, compared, cond, every, missing, within, words};
use crate::analysis::{Lit, Model};
use crate::ir::{Body, CompareOp, Cond, CondKind, Expr, Policy, print};
use crate::types::{Choices, Truth, Type, Value};

/// Whose words a part of a description is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Both policies mean the same by it; it stands in the IR of the first.
    Shared(usize),
    /// Only this one has it.
    Only(usize),
    /// Both have it, and it means something else in each.
    Apart(usize),
}

impl Side {
    /// The policy in whose IR it stands.
    pub(super) fn of(self) -> usize {
        match self {
            Side::Shared(side) | Side::Only(side) | Side::Apart(side) => side,
        }
    }
}

/// Something that is asked about.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) side: Side,
    form: Form,
    /// The literal of each cell; exactly one holds for every lead.
    pub(super) cells: Vec<Lit>,
}

/// What its cells are.
#[derive(Debug, Clone)]
enum Form {
    /// The stretches between these cuts, then missing.
    Numbers(Expr, Vec<Cut>),
    /// These values, then any other, then missing.
    Values { expr: Expr, values: Vec<Value>, ranked: bool, open: bool },
    /// True, false, unknown.
    Condition(Cond),
}

/// The most values of a closed set that are looked at one by one.
const MAX_VALUES: usize = 24;

/// What is gathered of one thing that is asked about, before its cells are made.
struct Gathered {
    name: String,
    forms: [Option<Form>; 2],
}

/// Gathers what the conditions of a slot ask about.
pub(super) struct Gatherer<'m, 'p> {
    pub(super) model: &'m mut Model<'p>,
    pub(super) policies: [&'p Policy; 2],
    found: Vec<Gathered>,
}

impl<'m, 'p> Gatherer<'m, 'p> {
    pub(super) fn new(model: &'m mut Model<'p>, policies: [&'p Policy; 2]) -> Self {
        Gatherer { model, policies, found: Vec::new() }
    }

    fn policy(&self, side: usize) -> &'p Policy {
        let [old, new] = self.policies;
        if side == 0 { old } else { new }
    }

    /// Notes what a condition of a policy asks about.
    pub(super) fn gather(&mut self, side: usize, of: &Cond) {
        match &of.kind {
            CondKind::Const(_) => {}
            CondKind::Compare { .. } | CondKind::Between { .. } => {
                let tests = of.comparisons();
                let against = tests.iter().map(|(op, _, limit)| {
                    let Expr::Const(value) = limit else { return None };
                    Some((*op, value))
                });
                match (tests.first(), against.collect::<Option<Vec<_>>>()) {
                    (Some((_, subject, _)), Some(against)) => self.against(side, of, subject, &against),
                    (_, _) => self.whole(side, of),
                }
            }
            CondKind::In { value, set } => {
                let set = &self.policy(side).sets[*set];
                let equals: Vec<_> = set.values.iter().map(|value| (CompareOp::Eq, value)).collect();
                self.against(side, of, value, &equals);
            }
            CondKind::Known(value) => self.presence(side, of, value),
            CondKind::Define(define) => {
                let define = &self.policy(side).defines[*define];
                match &define.body {
                    Body::Condition(body) if !self.same_define(&define.name) => self.gather(side, body),
                    Body::Condition(_) | Body::Value(..) => self.whole(side, of),
                }
            }
            CondKind::IsUnknown(_) | CondKind::Not(_) | CondKind::All(_) | CondKind::Any(_) | CondKind::AtLeast(..) => {
                of.parts().iter().for_each(|part| self.gather(side, part))
            }
            CondKind::Has { .. } | CondKind::Text { .. } | CondKind::IsIncomplete(_) | CondKind::Reached(_) => {
                self.whole(side, of)
            }
        }
    }

    /// Whether both policies have a definition of this name that means the same.
    fn same_define(&mut self, name: &str) -> bool {
        let truths = [0, 1].map(|side| {
            let (id, _) = self.policy(side).defines.iter().find(|(_, define)| define.name == name)?;
            Some(self.model.truths(side, &cond(CondKind::Define(id))))
        });
        truths[0].is_some() && truths[0] == truths[1]
    }

    /// A value that is held against constants.
    fn against(&mut self, side: usize, of: &Cond, subject: &Expr, tests: &[(CompareOp, &Value)]) {
        let mut cuts = BTreeSet::new();
        for (op, value) in tests {
            match value {
                Value::Number(number) => {
                    let (before, behind) = ((number.clone(), false), (number.clone(), true));
                    match op {
                        CompareOp::Eq | CompareOp::Ne => cuts.extend([before, behind]),
                        CompareOp::Lt | CompareOp::Ge => {
                            cuts.insert(before);
                        }
                        CompareOp::Gt | CompareOp::Le => {
                            cuts.insert(behind);
                        }
                    }
                }
                Value::Choice(_) | Value::YesNo(_) => {}
                Value::Text(_) | Value::Other(_) | Value::Date(_) | Value::DateTime(_) | Value::Set(_) => {
                    return self.whole(side, of);
                }
            }
        }
        let form = if cuts.is_empty() { self.values(side, subject) } else { Some(numbers(subject, cuts)) };
        match form {
            Some(form) => self.add(side, print::value(self.policy(side), subject), form),
            None => self.whole(side, of),
        }
    }

    fn presence(&mut self, side: usize, of: &Cond, value: &Expr) {
        let policy = self.policy(side);
        let plain = matches!(value, Expr::Field(field) if policy.fields[*field].default.is_none());
        let form = match policy.type_of(value).as_deref() {
            _ if !plain => None,
            Some(Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_)) => {
                Some(numbers(value, BTreeSet::new()))
            }
            Some(Type::YesNo | Type::Choice(_)) => self.values(side, value),
            Some(Type::Text | Type::Date | Type::DateTime | Type::Set(_)) | None => None,
        };
        match form {
            Some(form) => self.add(side, print::value(policy, value), form),
            None => self.whole(side, of),
        }
    }

    /// All values of a closed set, when they are few.
    fn values(&self, side: usize, subject: &Expr) -> Option<Form> {
        match self.policy(side).type_of(subject).as_deref()? {
            Type::YesNo => {
                let values = vec![Value::YesNo(true), Value::YesNo(false)];
                Some(Form::Values { expr: subject.clone(), values, ranked: false, open: false })
            }
            Type::Choice(Choices { values, ranked, other }) if values.len() <= MAX_VALUES => {
                let values = (0..values.len()).map(Value::Choice).collect();
                Some(Form::Values { expr: subject.clone(), values, ranked: *ranked, open: *other })
            }
            Type::Choice(_)
            | Type::Text
            | Type::Number
            | Type::WholeNumber
            | Type::Percent
            | Type::Money(_)
            | Type::Date
            | Type::DateTime
            | Type::Set(_) => None,
        }
    }

    /// A condition that is not looked into.
    fn whole(&mut self, side: usize, of: &Cond) {
        self.add(side, format!("condition {}", print::condition(self.policy(side), of)), Form::Condition(of.clone()));
    }

    fn add(&mut self, side: usize, name: String, form: Form) {
        let position = self.found.iter().position(|found| found.name == name).unwrap_or_else(|| {
            self.found.push(Gathered { name, forms: [None, None] });
            self.found.len() - 1
        });
        let slot = self.found.get_mut(position).and_then(|found| found.forms.get_mut(side));
        let Some(slot) = slot else { return };
        match (slot.as_mut(), form) {
            (Some(Form::Numbers(_, cuts)), Form::Numbers(_, more)) => {
                let all: BTreeSet<Cut> = cuts.drain(..).chain(more).collect();
                cuts.extend(all);
            }
            (_, form) => *slot = Some(form),
        }
    }

    /// The subjects, each once where both policies mean the same by it.
    pub(super) fn subjects(self) -> Vec<Subject> {
        let Gatherer { model, found, .. } = self;
        let mut subjects = Vec::new();
        for Gathered { forms: [mut old, mut new], .. } in found {
            if let (Some(Form::Numbers(_, before)), Some(Form::Numbers(_, now))) = (&mut old, &mut new) {
                let all: BTreeSet<Cut> = before.iter().chain(&*now).cloned().collect();
                *before = all.iter().cloned().collect();
                *now = all.into_iter().collect();
            }
            let made = [(0, old), (1, new)].map(|(side, form)| form.map(|form| (cells(model, side, &form), form)));
            let mut push = |side, (cells, form)| subjects.push(Subject { side, form, cells });
            match made {
                [Some((before, _)), Some((now, form))] if before == now => push(Side::Shared(1), (now, form)),
                [Some(old), Some(new)] => {
                    push(Side::Apart(0), old);
                    push(Side::Apart(1), new);
                }
                [Some(old), None] => push(Side::Only(0), old),
                [None, Some(new)] => push(Side::Only(1), new),
                [None, None] => {}
            }
        }
        subjects
    }
}

fn numbers(expr: &Expr, cuts: BTreeSet<Cut>) -> Form {
    Form::Numbers(expr.clone(), cuts.into_iter().collect())
}

/// The literals of the cells.
fn cells(model: &mut Model<'_>, side: usize, form: &Form) -> Vec<Lit> {
    match form {
        Form::Numbers(expr, cuts) => {
            let above: Vec<[Lit; 2]> = cuts.iter().map(|cut| model.truths(side, &above(expr, cut))).collect();
            let known = model
                .truths(side, &cond(CondKind::Compare { op: CompareOp::Eq, left: expr.clone(), right: expr.clone() }));
            let there = match above.first() {
                Some([yes, no]) => model.any_of(&[*yes, *no]),
                None => known[0],
            };
            let mut cells = Vec::new();
            let mut from = there;
            for [yes, no] in above {
                cells.push(model.all_of(&[from, no]));
                from = yes;
            }
            cells.push(from);
            let never = model.constant(false);
            cells.push(if is_always_there(model.policy(side), expr) { never } else { !there });
            cells
        }
        Form::Values { expr, values, open, .. } => {
            let is: Vec<[Lit; 2]> =
                values.iter().map(|value| model.truths(side, &compared(CompareOp::Eq, expr, value.clone()))).collect();
            let there = match is.first() {
                Some([yes, no]) => model.any_of(&[*yes, *no]),
                None => model.constant(false),
            };
            let mut cells: Vec<Lit> = is.iter().map(|[yes, _]| *yes).collect();
            let none: Vec<Lit> = cells.iter().map(|cell| !*cell).chain([there]).collect();
            // Leads that get to a rule have been accepted: a closed set has nothing else.
            let never = model.constant(false);
            cells.push(if *open { model.all_of(&none) } else { never });
            cells.push(if is_always_there(model.policy(side), expr) { never } else { !there });
            cells
        }
        Form::Condition(cond) => {
            let [yes, no] = model.truths(side, cond);
            let unknown = model.all_of(&[!yes, !no]);
            vec![yes, no, unknown]
        }
    }
}

/// Whether a value is never missing; one with a default is asked for by `is missing` as if it had none.
fn is_always_there(policy: &Policy, expr: &Expr) -> bool {
    match expr {
        Expr::Field(field) => policy.fields[*field].default.is_some(),
        Expr::Define(define) => match &policy.defines[*define].body {
            Body::Value(body, _) => is_always_there(policy, body),
            Body::Condition(_) => false,
        },
        Expr::Const(_) | Expr::Score(_) | Expr::Grade(_) | Expr::Stage | Expr::AsOf(_) | Expr::AsOfDay(_) => true,
        Expr::DayOf(_) | Expr::Lowercase(_) | Expr::DomainOf(_) | Expr::Negative(_) | Expr::Arithmetic(..) => false,
    }
}

impl Subject {
    /// The sets of cells that are one wider than this one, in the order in which they are tried.
    pub(super) fn wider(&self, allowed: &BTreeSet<usize>) -> Vec<usize> {
        let last = self.cells.len().saturating_sub(1);
        let out = (0..self.cells.len()).filter(|cell| !allowed.contains(cell));
        match &self.form {
            // A stretch grows at its ends, so that it stays one.
            Form::Numbers(..) => {
                let stretch = || allowed.iter().copied().filter(|cell| *cell < last);
                let (low, high) = (stretch().min(), stretch().max());
                let beside = |cell: &usize| match low.zip(high) {
                    Some((low, high)) => *cell + 1 == low || *cell == high + 1,
                    None => true,
                };
                out.filter(|cell| *cell == last || beside(cell)).collect()
            }
            Form::Values { .. } | Form::Condition(_) => out.collect(),
        }
    }

    /// The allowed cells that are said: those that a lead of the description is in, and those between that make it shorter without
    /// naming them.
    pub(super) fn said(&self, allowed: &BTreeSet<usize>, met: &BTreeSet<usize>) -> BTreeSet<usize> {
        let last = self.cells.len().saturating_sub(1);
        let mut said: BTreeSet<usize> = allowed.intersection(met).copied().collect();
        match &self.form {
            Form::Numbers(..) => {
                let stretch = || allowed.iter().copied().filter(|cell| *cell < last);
                let met = || stretch().filter(|cell| met.contains(cell));
                if let (Some(from), Some(to), Some(first), Some(end)) =
                    (met().min(), met().max(), stretch().min(), stretch().max())
                {
                    // An end that is open stays so.
                    let from = if first == 0 { first } else { from };
                    let to = if end + 1 == last { end } else { to };
                    said.extend(from..=to);
                }
            }
            Form::Values { values, ranked: true, .. } => {
                let met = || said.iter().copied().filter(|cell| *cell < values.len());
                if let (Some(from), Some(to)) = (met().min(), met().max())
                    && from != to
                {
                    // `>=` and `<=` name one end only.
                    let ways = [(from, values.len() - 1), (0, to)];
                    let run = ways.into_iter().find(|(from, to)| (*from..=*to).all(|cell| allowed.contains(&cell)));
                    said.extend(run.into_iter().flat_map(|(from, to)| from..=to));
                }
            }
            Form::Values { ranked: false, .. } | Form::Condition(_) => {}
        }
        said
    }

    /// That a lead is in one of these cells: in words, and as a condition of [`Side::of`]'s policy. None when all of them are allowed.
    pub(super) fn say(&self, policy: &Policy, allowed: &BTreeSet<usize>, possible: &[bool]) -> Option<(String, Cond)> {
        let may = |cell: usize| possible.get(cell).copied().unwrap_or(false);
        if (0..self.cells.len()).all(|cell| allowed.contains(&cell) || !may(cell)) {
            return None;
        }
        let last = self.cells.len().saturating_sub(1);
        let conds = match &self.form {
            Form::Numbers(expr, cuts) => {
                let mut conds = Vec::new();
                let stretch: Vec<usize> = allowed.iter().copied().filter(|cell| *cell < last).collect();
                if let (Some(low), Some(high)) = (stretch.first(), stretch.last()) {
                    let from = low.checked_sub(1).and_then(|cut| cuts.get(cut));
                    conds.push(within(policy, expr, from, cuts.get(*high)));
                }
                if allowed.contains(&last) && may(last) {
                    conds.push(missing(expr));
                }
                conds
            }
            Form::Values { expr, values, ranked, .. } => {
                let listed = values.len();
                let mut conds = chosen(expr, values, *ranked, allowed);
                if allowed.contains(&listed) && may(listed) {
                    let none = values.iter().map(|value| compared(CompareOp::Ne, expr, value.clone()));
                    conds.push(every(none.collect()));
                }
                if allowed.contains(&last) && may(last) {
                    conds.push(missing(expr));
                }
                // What is left out is said where that is shorter, unless it is missing.
                let out: Vec<&Value> =
                    values.iter().enumerate().filter(|(i, _)| !allowed.contains(i)).map(|(_, value)| value).collect();
                let short = !out.is_empty() && out.len() * 2 < listed && !*ranked;
                if short && !allowed.contains(&last) && (allowed.contains(&listed) || !may(listed)) {
                    let none = out.into_iter().map(|value| compared(CompareOp::Ne, expr, value.clone()));
                    conds = vec![every(none.collect())];
                }
                conds
            }
            Form::Condition(whole) => {
                let unknown = || cond(CondKind::IsUnknown(Box::new(whole.clone())));
                let mut conds = Vec::new();
                if allowed.contains(&0) {
                    conds.push(whole.clone());
                }
                if allowed.contains(&1) {
                    conds.push(whole.denied());
                }
                if allowed.contains(&2) && may(2) {
                    conds.push(unknown());
                }
                conds
            }
        };
        let whole = if conds.is_empty() { cond(CondKind::Const(Truth::False)) } else { any(conds) };
        Some((words(policy, &whole), whole))
    }
}
