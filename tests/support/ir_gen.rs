//! Random policies and leads, made of the checked form directly: every kind of node, every type, few enough different
//! constants that tests are often met exactly.
//!
//! Everything is a function of a list of dice rolls, so that a failing case shrinks by dropping rolls and making them smaller;
//! when the rolls run out, each further one is a zero, and a zero always takes the simplest way.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::indexing_slicing, reason = "shared by several tests")]

use std::collections::BTreeSet;

use jiff::{Timestamp, ToSpan};
use policyc::ir::{
    ArithmeticOp, Body, Cell, Claim, CompareOp, Cond, CondKind, Decision, DecisionId, Define, DefineId, Expectation,
    Expr, Field, FieldId, Gain, Given, Grade, GradeId, GradeLine, Guard, Id, Lead, Per, Policy, Property, Rule, Score,
    ScoreId, ScoreLine, Section, SetId, Stage, StageId, Table, Test, TestTime, TextTest, ValueSet,
};
use policyc::source::Span;
use policyc::types::{Choices, Currency, Number, Shift, Truth, Type, Unit, Value};
use proptest::prelude::*;

/// A policy.
pub fn policies() -> impl Strategy<Value = Policy> {
    rolls(600).prop_map(|rolls| Maker::new(rolls).policy())
}

/// A policy and some leads of its schema.
pub fn cases() -> impl Strategy<Value = (Policy, Vec<Lead>)> {
    (policies(), prop::collection::vec(rolls(40), 1..6)).prop_map(|(policy, leads)| {
        let leads = leads.into_iter().map(|rolls| lead(&policy, &mut Dice::new(rolls))).collect();
        (policy, leads)
    })
}

/// The policy that no dice make: all types of fields, one rule.
pub fn plain() -> Policy {
    Maker::new(Vec::new()).policy()
}

/// The time at which the random leads are young or old.
pub fn as_of() -> Timestamp {
    "2026-10-15T10:00:00Z".parse().unwrap()
}

fn rolls(most: usize) -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), 0..most)
}

/// A random lead.
pub fn lead(policy: &Policy, dice: &mut Dice) -> Lead {
    let mut lead = Lead::empty(policy);
    for (id, field) in policy.fields.iter() {
        if !dice.one_in(3) {
            lead.set(id, Some(value(dice, &field.ty)));
        }
    }
    lead
}

/// A source of decisions that ends in zeros.
pub struct Dice {
    rolls: Vec<u16>,
    next: usize,
}

impl Dice {
    pub fn new(rolls: Vec<u16>) -> Self {
        Dice { rolls, next: 0 }
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        let rolled = self.rolls.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        usize::from(rolled) % sides.max(1)
    }

    /// Whether it happens, once in `n` times; never when the rolls have run out.
    fn one_in(&mut self, n: usize) -> bool {
        self.roll(n) == n - 1
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }
}

/// A value of a type; often one that other values are too.
pub fn value(dice: &mut Dice, ty: &Type) -> Value {
    let number = |dice: &mut Dice, texts: &[&str]| Value::Number(dice.pick(texts).parse().unwrap());
    match ty {
        Type::Text => {
            Value::Text(dice.pick(&["a", "", "ann@Gmail.com", "bob@shop.de", "two@at@signs", "A b-c"]).to_owned())
        }
        Type::Number => number(dice, &["0", "1", "-2.5", "3", "1/3", "100"]),
        Type::WholeNumber => number(dice, &["0", "1", "-2", "3", "100"]),
        Type::Percent => number(dice, &["0", "0.2", "1"]),
        Type::Money(_) => number(dice, &["0", "99.99", "5000", "10000"]),
        Type::YesNo => Value::YesNo(dice.roll(2) == 1),
        Type::Date => {
            Value::Date("2026-10-15".parse::<jiff::civil::Date>().unwrap() - dice.pick(&[0, 1, 30, 31, -7]).days())
        }
        Type::DateTime => Value::DateTime(as_of() - dice.pick(&[0, 1, 24, 23, 720, -12]).hours()),
        Type::Choice(choices) => {
            if choices.other && dice.one_in(4) {
                Value::Other(dice.pick(&["Intern", "CEO"]).to_owned())
            } else {
                Value::Choice(dice.roll(choices.values.len()))
            }
        }
        Type::Set(values) => Value::Set(members(dice, values.len())),
    }
}

fn members(dice: &mut Dice, of: usize) -> BTreeSet<usize> {
    (0..of).filter(|_| dice.one_in(2)).collect()
}

fn scale(values: &[&str], ranked: bool, other: bool) -> Choices {
    Choices { values: values.iter().map(|v| (*v).to_owned()).collect(), ranked, other }
}

/// Makes one policy; what it has made so far may be used by what it makes next.
struct Maker {
    dice: Dice,
    policy: Policy,
    /// All stages are there, so that the stage itself may be asked for.
    stages_done: bool,
}

impl Maker {
    fn new(rolls: Vec<u16>) -> Self {
        let policy = Policy {
            language: 1,
            title: "random".to_owned(),
            owners: Vec::new(),
            ownership: Vec::new(),
            in_force: None,
            zone: "Europe/Berlin".to_owned(),
            sources: vec!["random.policy".to_owned()],
            fields: Table::default(),
            assumptions: Vec::new(),
            decisions: Table::default(),
            best_first: true,
            sets: Table::default(),
            defines: Table::default(),
            scores: Table::default(),
            grades: Table::default(),
            stages: Table::default(),
            sections: Table::default(),
            rules: Table::default(),
            properties: Vec::new(),
            tests: Vec::new(),
        };
        Maker { dice: Dice::new(rolls), policy, stages_done: false }
    }

    fn policy(mut self) -> Policy {
        self.fields();
        for phrase in ["pass to sales", "nurture", "disqualify"] {
            self.policy.decisions.push(Decision { phrase: phrase.to_owned(), note: None, span: Span::default() });
        }
        for _ in 0..self.dice.roll(8) {
            match self.dice.roll(5) {
                0 => self.define_condition(),
                1 => self.define_value(),
                2 => self.score(),
                3 => self.grade(),
                _ => self.stage(),
            }
        }
        self.stages_done = true;
        if self.dice.one_in(4) {
            let assumption = self.cond(1);
            self.policy.assumptions.push(assumption);
        }
        for _ in 0..self.dice.roll(4) {
            self.section();
        }
        for _ in 0..1 + self.dice.roll(5) {
            let when = self.cond(3);
            self.rule(Some(when));
        }
        self.rule(None);
        for _ in 0..self.dice.roll(3) {
            self.property();
        }
        if self.dice.one_in(3) {
            self.test();
        }
        self.policy
    }

    fn fields(&mut self) {
        let types = [
            ("lead_number", Type::Text),
            ("email", Type::Text),
            ("factor", Type::Number),
            ("need", Type::WholeNumber),
            ("share", Type::Percent),
            ("budget", Type::Money(Currency::USD)),
            ("opted_out", Type::YesNo),
            ("last_touch", Type::Date),
            ("passed_at", Type::DateTime),
            ("product", Type::Choice(scale(&["Toner", "Analytics", "Carbon"], false, false))),
            ("industry", Type::Choice(scale(&["Software", "Banking"], false, true))),
            ("title", Type::Choice(scale(&["IC", "VP", "C-level"], true, true))),
            ("interests", Type::Set(["pricing", "security", "api"].map(str::to_owned).to_vec())),
        ];
        for (position, (name, ty)) in types.into_iter().enumerate() {
            let default = self.dice.one_in(5).then(|| value(&mut self.dice, &ty));
            self.policy.fields.push(Field {
                name: name.to_owned(),
                column: name.to_owned(),
                is_id: position == 0,
                min: None,
                max: None,
                required: false,
                cell: Cell::default(),
                default: default.filter(|_| position != 0),
                else_missing: false,
                personal: name == "email",
                fixed: self.dice.one_in(6),
                span: Span::default(),
                ty,
            });
        }
    }

    fn define_condition(&mut self) {
        let body = Body::Condition(self.cond(2));
        self.define(body);
    }

    fn define_value(&mut self) {
        let field = FieldId::from_position(self.dice.roll(self.policy.fields.len()));
        let ty = self.policy.fields[field].ty.clone();
        let body = if self.dice.one_in(4) { Expr::Field(field) } else { self.expr(&ty, 2) };
        self.define(Body::Value(body, ty));
    }

    fn define(&mut self, body: Body) {
        let name = format!("define_{}", self.policy.defines.len());
        self.policy.defines.push(Define { name, body, span: Span::default() });
    }

    fn number(&mut self) -> Number {
        self.dice.pick(&["5", "-30", "0.5", "40", "1"]).parse().unwrap()
    }

    fn score(&mut self) {
        let lines = (0..1 + self.dice.roll(4)).map(|_| ScoreLine {
            gain: self.gain(),
            label: self.dice.one_in(2).then(|| "a label".to_owned()),
            span: Span::default(),
        });
        let lines = lines.collect();
        let name = format!("score_{}", self.policy.scores.len());
        let min = self.dice.one_in(2).then(Number::zero);
        let max = self.dice.one_in(2).then(|| Number::from(50));
        self.policy.scores.push(Score { name, min, max, lines, span: Span::default() });
    }

    fn gain(&mut self) -> Gain {
        if !self.policy.scores.is_empty() && self.dice.one_in(5) {
            let score = ScoreId::from_position(self.dice.roll(self.policy.scores.len()));
            return Gain::Score { sign: self.dice.pick(&[1, -1]), score };
        }
        let per = self.dice.one_in(3).then(|| {
            let unit = self.dice.pick(&["1", "2.5", "5000"]).parse().unwrap();
            Per { unit, amount: self.expr(&Type::Number, 1) }
        });
        let when = (!self.dice.one_in(5)).then(|| self.cond(2));
        let at_most = self.dice.one_in(3).then(|| Number::from(20));
        Gain::Points { points: self.number(), per, when, at_most }
    }

    fn grade(&mut self) {
        let scale = scale(&["cold", "warm", "hot"], true, false);
        let lines =
            (0..self.dice.roll(3)).map(|i| GradeLine { label: 2 - i, when: self.cond(2), span: Span::default() });
        let lines = lines.collect();
        let name = format!("grade_{}", self.policy.grades.len());
        self.policy.grades.push(Grade { name, scale, lines, otherwise: 0, span: Span::default() });
    }

    fn stage(&mut self) {
        let when = self.cond(2);
        let name = format!("stage_{}", self.policy.stages.len());
        self.policy.stages.push(Stage { name, when, span: Span::default() });
    }

    fn section(&mut self) {
        let conditional: Vec<_> =
            self.policy.sections.iter().filter(|(_, s)| matches!(s.guard, Guard::When(_))).map(|(id, _)| id).collect();
        let guard = match self.dice.roll(3) {
            0 => Guard::Always,
            1 => Guard::When(self.cond(2)),
            _ => Guard::NoneOf(conditional),
        };
        let title = format!("section {}", self.policy.sections.len());
        self.policy.sections.push(Section { title, guard, owners: Vec::new(), span: Span::default() });
    }

    fn rule(&mut self, when: Option<Cond>) {
        let sections: Vec<_> = self.policy.sections.iter().map(|(id, _)| id).collect();
        let section =
            (when.is_some() && !sections.is_empty() && self.dice.one_in(2)).then(|| self.dice.pick(&sections));
        let name = if when.is_some() { format!("rule_{}", self.policy.rules.len()) } else { "otherwise".to_owned() };
        let decision = DecisionId::from_position(self.dice.roll(self.policy.decisions.len()));
        self.policy.rules.push(Rule {
            name,
            labelled: when.is_some(),
            was: Vec::new(),
            decision,
            section,
            when,
            because: self.dice.one_in(2).then(|| "a reason".to_owned()),
            owners: Vec::new(),
            span: Span::default(),
        });
    }

    fn property(&mut self) {
        let claim = self.dice.pick(&[Claim::NeverWhen, Claim::NeverUnless, Claim::AlwaysWhen]);
        let decision = DecisionId::from_position(self.dice.roll(self.policy.decisions.len()));
        let condition = self.cond(2);
        let because = self.dice.one_in(2).then(|| "a reason".to_owned());
        self.policy.properties.push(Property { claim, decision, condition, because, span: Span::default() });
    }

    fn test(&mut self) {
        let mut given = Vec::new();
        for (id, field) in self.policy.fields.iter() {
            if self.dice.one_in(3) {
                let dated = matches!(field.ty, Type::Date | Type::DateTime);
                given.push(match self.dice.roll(3) {
                    0 => (id, Given::Value(Some(value(&mut self.dice, &field.ty)))),
                    1 if dated => (id, Given::Relative(Shift { count: -3, unit: Unit::Day })),
                    _ => (id, Given::Value(None)),
                });
            }
        }
        let expected = Expectation::Decision(DecisionId(0), self.dice.one_in(2).then_some(policyc::ir::RuleId(0)));
        let condition = Expectation::Condition(self.cond(1));
        self.policy.tests.push(Test {
            title: "a test".to_owned(),
            given,
            as_of: Some(if self.dice.one_in(2) {
                TestTime::Day("2026-10-15".parse().unwrap())
            } else {
                TestTime::Instant(as_of())
            }),
            expect: vec![(expected, Span::default()), (condition, Span::default())],
            span: Span::default(),
        });
    }

    /// A condition, nested at most so deep.
    fn cond(&mut self, depth: usize) -> Cond {
        let leaf = depth == 0 || self.dice.roll(2) == 0;
        let kind = if leaf { self.leaf() } else { self.compound(depth - 1) };
        Cond { kind, span: Span::default() }
    }

    fn compound(&mut self, depth: usize) -> CondKind {
        match self.dice.roll(5) {
            0 => CondKind::Not(Box::new(self.cond(depth))),
            1 => CondKind::IsUnknown(Box::new(self.cond(depth))),
            2 => {
                let parts = self.parts(depth);
                CondKind::AtLeast(u32::try_from(1 + self.dice.roll(parts.len())).unwrap(), parts)
            }
            3 => {
                let parts = self.parts(depth).into_iter().filter(|c| !matches!(c.kind, CondKind::All(_))).collect();
                CondKind::All(parts)
            }
            _ => {
                let parts = self.parts(depth).into_iter().filter(|c| !matches!(c.kind, CondKind::Any(_))).collect();
                CondKind::Any(parts)
            }
        }
    }

    fn parts(&mut self, depth: usize) -> Vec<Cond> {
        (0..2 + self.dice.roll(2)).map(|_| self.cond(depth)).collect()
    }

    fn leaf(&mut self) -> CondKind {
        match self.dice.roll(11) {
            0 => self.comparison(),
            1 => CondKind::Const(self.dice.pick(&[Truth::True, Truth::Unknown, Truth::False])),
            2 => {
                let ty = self.some_type();
                CondKind::Known(self.expr(&ty, 1))
            }
            3 => {
                let ty = self.ordered_type();
                CondKind::Between { value: self.expr(&ty, 1), low: self.expr(&ty, 0), high: self.expr(&ty, 0) }
            }
            4 => self.membership(),
            5 => {
                let (field, _) = self.policy.fields.iter().last().unwrap();
                let all = self.dice.one_in(2);
                let members = members(&mut self.dice, 3);
                let name = || format!("list_of{}", members.iter().map(|m| format!("_{m}")).collect::<String>());
                let list = self.dice.one_in(3).then(name);
                CondKind::Has { value: Expr::Field(field), all, members, list }
            }
            6 => {
                let test = self.dice.pick(&[
                    TextTest::Contains,
                    TextTest::StartsWith,
                    TextTest::EndsWith,
                    TextTest::ContainsWord,
                    TextTest::Whole,
                ]);
                let (name, needle) =
                    self.dice.pick(&[("a", "a"), ("b", "b-c"), ("gmail", "gmail.com"), ("ann", "ann")]);
                let list = self.dice.one_in(3).then(|| format!("list_of_{name}"));
                CondKind::Text { test, value: self.expr(&Type::Text, 1), needles: vec![needle.to_owned()], list }
            }
            7 => match self.policy.scores.len() {
                0 => self.comparison(),
                n => CondKind::IsIncomplete(ScoreId::from_position(self.dice.roll(n))),
            },
            8 => {
                let conditions: Vec<_> =
                    self.policy.defines.iter().filter(|(_, d)| matches!(d.body, Body::Condition(_))).collect();
                let ids: Vec<DefineId> = conditions.into_iter().map(|(id, _)| id).collect();
                if ids.is_empty() { self.comparison() } else { CondKind::Define(self.dice.pick(&ids)) }
            }
            9 => match self.policy.stages.len() {
                0 => self.comparison(),
                n => CondKind::Reached(StageId::from_position(self.dice.roll(n))),
            },
            _ => self.comparison(),
        }
    }

    fn comparison(&mut self) -> CondKind {
        let equalities = [CompareOp::Eq, CompareOp::Ne];
        let all = [CompareOp::Ge, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Eq, CompareOp::Ne];
        match self.dice.roll(6) {
            0 if !self.policy.grades.is_empty() => {
                let grade = GradeId::from_position(self.dice.roll(self.policy.grades.len()));
                let right = Expr::Const(Value::Choice(self.dice.roll(self.policy.grades[grade].scale.values.len())));
                CondKind::Compare { op: self.dice.pick(&all), left: Expr::Grade(grade), right }
            }
            1 if self.stages_done => {
                let right = Expr::Const(Value::Choice(self.dice.roll(self.policy.stages.len() + 1)));
                CondKind::Compare { op: self.dice.pick(&all), left: Expr::Stage, right }
            }
            2 => {
                let ty = self.some_type();
                CondKind::Compare { op: self.dice.pick(&equalities), left: self.expr(&ty, 1), right: self.expr(&ty, 0) }
            }
            _ => {
                let ty = self.ordered_type();
                CondKind::Compare { op: self.dice.pick(&all), left: self.expr(&ty, 2), right: self.expr(&ty, 1) }
            }
        }
    }

    fn membership(&mut self) -> CondKind {
        let field = FieldId::from_position(1 + self.dice.roll(self.policy.fields.len() - 2));
        let ty = self.policy.fields[field].ty.clone();
        let mut values = Vec::new();
        for _ in 0..1 + self.dice.roll(3) {
            let value = value(&mut self.dice, &ty);
            if !values.contains(&value) && !matches!(value, Value::Other(_)) {
                values.push(value);
            }
        }
        let list = self.dice.one_in(2).then(|| format!("list_{}", self.policy.sets.len()));
        let other = matches!(&ty, Type::Choice(choices) if choices.other) && self.dice.one_in(3);
        let set: SetId = self.policy.sets.push(ValueSet { list, values, other });
        CondKind::In { value: self.expr(&ty, 1), set }
    }

    fn some_type(&mut self) -> Type {
        let field = FieldId::from_position(self.dice.roll(self.policy.fields.len() - 1));
        self.policy.fields[field].ty.clone()
    }

    fn ordered_type(&mut self) -> Type {
        let names = ["need", "budget", "last_touch", "title", "passed_at", "factor"];
        let name = self.dice.pick(&names);
        self.policy.fields.iter().find(|(_, f)| f.name == name).unwrap().1.ty.clone()
    }

    /// A value of a type, nested at most so deep.
    fn expr(&mut self, ty: &Type, depth: usize) -> Expr {
        match self.dice.roll(4) {
            0 => Expr::Const(value(&mut self.dice, ty)),
            1 | 2 if depth > 0 => self.made(ty, depth - 1),
            _ => self.named(ty),
        }
    }

    /// A field or a definition of the type.
    fn named(&mut self, ty: &Type) -> Expr {
        let fields = self.policy.fields.iter().filter(|(_, f)| f.ty == *ty).map(|(id, _)| Expr::Field(id));
        let defines = self.policy.defines.iter().filter_map(|(id, d)| match &d.body {
            Body::Value(_, of) if of == ty => Some(Expr::Define(id)),
            Body::Value(..) | Body::Condition(_) => None,
        });
        let named: Vec<_> = fields.chain(defines).collect();
        self.dice.pick(&named)
    }

    /// A value worked out from others.
    fn made(&mut self, ty: &Type, depth: usize) -> Expr {
        match ty {
            Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => match self.dice.roll(5) {
                0 if !self.policy.scores.is_empty() => {
                    Expr::Score(ScoreId::from_position(self.dice.roll(self.policy.scores.len())))
                }
                1 => Expr::Negative(Box::new(self.expr(ty, depth))),
                _ => {
                    let op = self.dice.pick(&[
                        ArithmeticOp::Add,
                        ArithmeticOp::Subtract,
                        ArithmeticOp::Multiply,
                        ArithmeticOp::Divide,
                    ]);
                    Expr::Arithmetic(op, Box::new(self.expr(ty, depth)), Box::new(self.expr(ty, depth)))
                }
            },
            Type::Text => {
                let inner = Box::new(self.expr(ty, depth));
                if self.dice.one_in(2) { Expr::DomainOf(inner) } else { Expr::Lowercase(inner) }
            }
            Type::Date => match self.dice.roll(2) {
                0 => Expr::AsOfDay(Shift {
                    count: self.dice.pick(&[0, -30, 7]),
                    unit: self.dice.pick(&[Unit::Day, Unit::Month]),
                }),
                _ => Expr::DayOf(Box::new(self.expr(&Type::DateTime, depth))),
            },
            Type::DateTime => Expr::AsOf(Shift { count: self.dice.pick(&[0, -24, 12]), unit: Unit::Hour }),
            Type::YesNo | Type::Choice(_) | Type::Set(_) => self.named(ty),
        }
    }
}
