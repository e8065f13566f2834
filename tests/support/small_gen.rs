//! Random small policies as text, for tests that hold what is said of every possible lead against a look at all of them.
//!
//! A policy is a function of its seed. It has two to four fields and a few of everything that a policy can say, and speaks of
//! few enough values that [`leads`] can list every kind of lead that it tells apart. Its rules often overlap, repeat or shadow
//! each other.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "shared by several tests"
)]

pub(crate) mod cells;
#[path = "dice.rs"]
pub(crate) mod dice;
pub(crate) mod fields;
pub(crate) mod leads;
pub(crate) mod pairs;
mod survey;
pub(crate) mod texts;

use std::collections::HashMap;

use dice::Dice;
use fields::{Field, Kind};
use leads::Universe;
use policyc::diagnostic::any_error;
use policyc::ir::Policy;
use policyc::lower;

/// A small policy and its leads.
pub(crate) struct Small {
    pub(crate) text: String,
    pub(crate) policy: Policy,
    pub(crate) universe: Universe,
}

/// The small policy of a seed.
pub(crate) fn small(seed: u64) -> Small {
    let mut dice = Dice::new(seed);
    loop {
        let text = Writer::new(&mut dice).policy();
        let policy = checked(&text);
        if let Some(universe) = leads::universe(&policy) {
            return Small { text, policy, universe };
        }
    }
}

/// The policy that a text is; it must have no errors.
pub(crate) fn checked(text: &str) -> Policy {
    let files = HashMap::from([("small.policy".to_owned(), text.to_owned())]);
    let checked = lower::check("small.policy", &files);
    assert!(!any_error(&checked.diagnostics), "{text}\n{:#?}", checked.diagnostics);
    checked.policy.unwrap()
}

const DECISIONS: [&str; 3] = ["pass to sales", "nurture", "disqualify"];

/// A condition as text; `joined` when it is an `and` or an `or`, which need parentheses in another.
#[derive(Clone)]
struct Said {
    text: String,
    joined: bool,
}

impl Said {
    fn one(text: impl Into<String>) -> Said {
        Said { text: text.into(), joined: false }
    }

    /// As it may stand in an `and` or behind a `not`.
    fn inner(&self) -> String {
        if self.joined { format!("({})", self.text) } else { self.text.clone() }
    }

    fn and(&self, other: &Said) -> Said {
        Said { text: format!("{} and {}", self.inner(), other.inner()), joined: true }
    }
}

/// Writes one policy; what it has declared so far may be used by what it writes next.
struct Writer<'d> {
    dice: &'d mut Dice,
    fields: Vec<Field>,
    /// What has been declared with `define`: conditions and numbers.
    conditions: Vec<String>,
    numbers: Vec<String>,
    scores: Vec<&'static str>,
    has_grade: bool,
    stages: Vec<&'static str>,
    /// All stages are there, so that `stage` itself may be asked for.
    stages_done: bool,
    /// The conditions of the rules so far.
    rules: Vec<Said>,
    lines: Vec<String>,
}

impl<'d> Writer<'d> {
    fn new(dice: &'d mut Dice) -> Self {
        let fields = fields::fields(dice);
        Writer {
            dice,
            fields,
            conditions: Vec::new(),
            numbers: Vec::new(),
            scores: Vec::new(),
            has_grade: false,
            stages: Vec::new(),
            stages_done: false,
            rules: Vec::new(),
            lines: Vec::new(),
        }
    }

    fn policy(mut self) -> String {
        self.heading();
        for _ in 0..self.dice.roll(3) {
            self.define();
        }
        for name in ["fit", "interest"] {
            if self.dice.one_in(2) {
                self.score(name);
            }
        }
        if self.dice.one_in(3) {
            self.grade();
        }
        for name in ["mql", "sql"] {
            if self.dice.one_in(4) {
                let when = self.condition(1);
                self.statement(format!("stage {name} when {}", when.text));
                self.stages.push(name);
            }
        }
        self.stages_done = true;
        self.rules();
        self.lines.join("\n") + "\n"
    }

    /// Writes a statement with its items below.
    fn statement(&mut self, text: String) {
        self.lines.push(String::new());
        self.lines.push(text);
    }

    fn item(&mut self, text: &str) {
        self.lines.push(format!("  {text}"));
    }

    fn heading(&mut self) {
        self.lines.push("policy \"Small\"".to_owned());
        if self.dice.one_in(2) {
            self.item("time zone Europe/Berlin");
        }
        self.statement("lead".to_owned());
        let mut lines: Vec<String> = self.fields.iter().map(|f| f.line.clone()).collect();
        if self.dice.one_in(4) {
            let assumed = if self.dice.one_in(2) { self.two_fields() } else { None };
            let assumed = assumed.unwrap_or_else(|| self.condition(1).text);
            lines.push(format!("assume {assumed}"));
        }
        lines.iter().for_each(|line| self.item(line));
        self.statement("decisions, best first".to_owned());
        DECISIONS.iter().for_each(|phrase| self.item(phrase));
    }

    fn define(&mut self) {
        let field = self.dice.roll(self.fields.len());
        let number = if self.dice.one_in(3) { self.fields[field].worked_out(self.dice) } else { None };
        if let Some(number) = number {
            let name = format!("number_{}", self.numbers.len());
            self.statement(format!("define {name} as {number}"));
            self.numbers.push(name);
            return;
        }
        let name = format!("condition_{}", self.conditions.len());
        let when = self.condition(2);
        self.statement(format!("define {name} as {}", when.text));
        self.conditions.push(name);
    }

    fn score(&mut self, name: &'static str) {
        let range = self.dice.pick(&["", " from 0 to 40", " from 0", " to 30", " from -10 to 100"]);
        self.statement(format!("score {name}{range}"));
        for _ in 0..1 + self.dice.roll(4) {
            let line = self.score_line();
            self.item(&line);
        }
        self.scores.push(name);
    }

    fn score_line(&mut self) -> String {
        let sign = self.dice.pick(&["+", "+", "+", "-"]);
        if let (Some(other), true) = (self.scores.last(), self.dice.one_in(5)) {
            return format!("{sign}{other}");
        }
        let field = self.dice.roll(self.fields.len());
        if let (Some((counted, ends)), true) = (self.fields[field].counted(), self.dice.one_in(3)) {
            let points = self.dice.pick(&["5", "10", "2.5"]);
            let when = if self.dice.one_in(3) { format!(" when {}", self.condition(1).text) } else { String::new() };
            let cap =
                if !ends || self.dice.one_in(3) { self.dice.pick(&[", at most 20", ", at most 12.5"]) } else { "" };
            return format!("{sign}{points} for each {counted}{when}{cap}");
        }
        let points = self.dice.pick(&["5", "10", "20", "20", "25", "7.25"]);
        let label = if self.dice.one_in(3) { " as \"a label\"" } else { "" };
        format!("{sign}{points} when {}{label}", self.condition(1).text)
    }

    fn grade(&mut self) {
        self.statement("grade priority".to_owned());
        for label in ["hot", "warm"] {
            let when = self.condition(1);
            self.item(&format!("{label} when {}", when.text));
        }
        self.item("otherwise cold");
        self.has_grade = true;
    }

    /// The rules, perhaps in one or two sections behind the first of them.
    fn rules(&mut self) {
        let total = 2 + self.dice.roll(4);
        let sections = self.dice.roll(3);
        let mut conditional = false;
        for position in 0..total {
            let open = position * (sections + 1) / total;
            if position > 0 && open > (position - 1) * (sections + 1) / total {
                conditional |= self.section(open, conditional);
            }
            self.rule(position);
        }
        let decision = self.dice.pick(&DECISIONS);
        self.statement(format!("otherwise {decision}"));
    }

    /// Begins a section; whether it has a condition.
    fn section(&mut self, number: usize, below_conditional: bool) -> bool {
        let kind = self.dice.roll(4);
        let guard = match kind {
            0 => String::new(),
            1 if below_conditional => " otherwise".to_owned(),
            _ => format!(" when {}", self.condition(2).text),
        };
        self.statement(format!("section \"Section {number}\"{guard}"));
        if self.dice.one_in(3) {
            let decision = self.dice.pick(&DECISIONS);
            self.item(&format!("otherwise {decision}"));
        }
        guard.starts_with(" when")
    }

    fn rule(&mut self, position: usize) {
        let when = self.rule_condition();
        let decision = self.dice.pick(&DECISIONS);
        if self.dice.one_in(3) {
            self.statement(format!("{decision} when {}", when.text));
            self.item(&format!("because \"reason {position}\""));
        } else {
            self.statement(format!("rule_{position}: {decision} when {}", when.text));
        }
        self.rules.push(when);
    }

    /// The condition of a rule: often one that has to do with those of the rules above.
    fn rule_condition(&mut self) -> Said {
        let earlier =
            if self.rules.is_empty() { None } else { Some(self.rules[self.dice.roll(self.rules.len())].clone()) };
        match (self.dice.roll(24), earlier) {
            (0, Some(earlier)) => earlier,
            (1 | 2, Some(earlier)) => {
                let more = self.condition(1);
                if self.dice.one_in(2) { earlier.and(&more) } else { more.and(&earlier) }
            }
            (3, Some(earlier)) => Said::one(format!("not ({})", earlier.text)).and(&self.condition(1)),
            (4 | 5, _) => {
                let field = self.dice.roll(self.fields.len());
                match self.fields[field].narrowed(self.dice) {
                    Some((wide, narrow)) => Said::one(narrow).and(&Said::one(wide)),
                    None => self.condition(2),
                }
            }
            (6, _) => {
                let one = self.condition(1);
                Said { text: format!("{} or not {}", one.inner(), one.inner()), joined: true }
            }
            (7..=12, _) => self.condition(3),
            (13..=18, _) => Said { text: self.parts(1).join(" and "), joined: true },
            _ => Said { text: self.parts(2).join(" and "), joined: true },
        }
    }

    /// A condition, nested at most so deep.
    fn condition(&mut self, depth: usize) -> Said {
        if depth == 0 || self.dice.one_in(3) {
            return Said::one(self.test());
        }
        let joined = |text| Said { text, joined: true };
        match self.dice.roll(12) {
            0..=3 => joined(self.parts(depth).join(" and ")),
            4..=7 => joined(self.parts(depth).join(" or ")),
            8 | 9 => {
                let inner = self.condition(depth - 1);
                Said::one(if inner.joined { format!("not ({})", inner.text) } else { self.negated(&inner.text) })
            }
            10 => {
                let parts: Vec<String> = (0..3).map(|_| self.condition(depth - 1).text).collect();
                let how = self.dice.pick(&["at least 2 of", "at least 2 of", "any of", "all of"]);
                Said::one(format!("{how} ({})", parts.join(", ")))
            }
            _ => {
                let inner = self.condition(depth - 1);
                Said::one(format!("({}) is {}unknown", inner.text, self.dice.pick(&["", "not "])))
            }
        }
    }

    fn parts(&mut self, depth: usize) -> Vec<String> {
        (0..2 + usize::from(self.dice.one_in(4))).map(|_| self.condition(depth - 1).inner()).collect()
    }

    /// A test with a `not` before it, twice when it begins with one.
    fn negated(&mut self, test: &str) -> String {
        if self.dice.one_in(2) { format!("not {test}") } else { format!("not ({test})") }
    }

    /// One test.
    fn test(&mut self) -> String {
        let field = self.dice.roll(self.fields.len());
        match self.dice.roll(12) {
            0 | 1 if !self.scores.is_empty() => self.test_of_score(),
            2 if !self.conditions.is_empty() => self.conditions[self.dice.roll(self.conditions.len())].clone(),
            3 if !self.numbers.is_empty() => {
                let number = &self.numbers[self.dice.roll(self.numbers.len())];
                if self.dice.one_in(4) { format!("{number} is missing") } else { format!("{number} >= 2") }
            }
            4 if self.has_grade => format!(
                "priority {}",
                self.dice.pick(&[
                    "is hot",
                    ">= warm",
                    "is not cold",
                    "< hot",
                    "in [hot, cold]",
                    "between cold and warm"
                ])
            ),
            5 if !self.stages.is_empty() && self.stages_done => match self.dice.roll(3) {
                0 => self.dice.pick(&self.stages).to_owned(),
                1 => "stage is none".to_owned(),
                _ => format!("stage >= {}", self.dice.pick(&self.stages)),
            },
            6 | 7 => self.two_fields().unwrap_or_else(|| self.fields[field].test(self.dice)),
            _ => self.fields[field].test(self.dice),
        }
    }

    /// A comparison of two fields of the policy, when there are two that compare.
    fn two_fields(&mut self) -> Option<String> {
        let pairs = self.fields.iter().flat_map(|a| self.fields.iter().map(move |b| (a, b)));
        let comparisons: Vec<String> = pairs.filter_map(|(a, b)| a.beside(b, self.dice)).collect();
        (!comparisons.is_empty()).then(|| comparisons[self.dice.roll(comparisons.len())].clone())
    }

    fn test_of_score(&mut self) -> String {
        let score = self.dice.pick(&self.scores).to_owned();
        let scale = self.fields.iter().find(|f| f.kind == Kind::Scale).map(|f| f.name);
        match (self.dice.roll(10), scale) {
            (0, _) => format!("{score} is incomplete"),
            (1, _) => format!("{score} is not incomplete"),
            (2, _) => format!("{score} between 10 and 30"),
            (3, Some(scale)) => format!("{score} >= 5 * {scale}"),
            (4, _) if self.scores.len() > 1 => "fit > interest".to_owned(),
            (5, _) if self.scores.len() > 1 => "fit + interest >= 30".to_owned(),
            (6, _) => format!("{score} < {}", self.dice.pick(&["5", "10", "25"])),
            (7, _) => format!("{score} {} 0", self.dice.pick(&["is", "is not", "="])),
            _ => format!("{score} >= {}", self.dice.pick(&["5", "10", "10", "12.5", "20", "40"])),
        }
    }
}
