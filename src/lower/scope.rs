//! What lowering knows while it works: the names that are declared, the tables being filled, the findings so far.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::growth::Sizes;
use super::references::References;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::ir::{self, DecisionId, DefineId, FieldId, GradeId, RuleId, ScoreId, SetId, StageId};
use crate::source::{Sources, Span};
use crate::syntax::ast;
use crate::types::{Choices, Currency, Type};

/// What a name of the shared namespace stands for.
#[derive(Debug, Clone)]
pub(super) enum Named {
    /// A field of the lead; its type is in [`Scope::policy`].
    Field(FieldId),
    /// A definition. Its body is lowered when it is first needed, so that order does not matter and cycles are seen.
    Define(DefineId),
    /// A list; its values are typed where it is used.
    List(usize),
    /// A score.
    Score(ScoreId),
    /// A grade.
    Grade(GradeId),
    /// A stage.
    Stage(StageId),
    /// Declared, but its declaration is broken: a use of it is no further error.
    Broken,
}

/// A declared name.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    /// What it stands for.
    pub(super) named: Named,
    /// Where it is declared.
    pub(super) span: Span,
}

/// The type of a value while it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ty {
    /// A type that fields have too. Closed sets compare by their [`Choices`]; a choice remembers whose it is for messages.
    Is(Type),
    /// The label of this grade: a ranked choice.
    Grade(GradeId, Choices),
    /// The stage: a ranked choice that begins with `none`.
    Stage(Choices),
    /// Something was wrong with it already: fits everything, so that one fault is one error.
    Broken,
}

/// A list of a policy, its values not yet typed.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// Its name.
    pub(super) name: String,
    /// Its values, as written or as read from its file.
    pub(super) values: Vec<ast::Literal>,
    /// Whether the values are the texts of a file's cells, to be read as whatever they are compared with.
    pub(super) from_file: bool,
    /// Where it is declared.
    pub(super) span: Span,
}

/// How far a declaration has come that is lowered on first use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Not begun.
    Waiting,
    /// Under way: meeting it again is a cycle.
    Working,
    /// Done.
    Done,
}

/// A body that waits to be lowered, and how far it has come.
#[derive(Debug, Clone)]
pub(super) struct Waiting<T> {
    /// What was written.
    pub(super) body: Rc<T>,
    /// How far it has come.
    pub(super) progress: Progress,
}

/// What was written for a score.
#[derive(Debug, Clone)]
pub(super) struct ScoreBody {
    /// The declared range.
    pub(super) range: ast::Range,
    /// Its lines.
    pub(super) lines: Vec<ast::Noted<ast::ScoreLine>>,
}

/// The bodies of all declarations that are lowered on first use; each stands at the position of its id.
#[derive(Debug, Clone, Default)]
pub(super) struct Bodies {
    /// Of the definitions.
    pub(super) defines: Vec<Waiting<ast::Expr>>,
    /// Of the scores.
    pub(super) scores: Vec<Waiting<ScoreBody>>,
    /// Of the grades: their lines.
    pub(super) grades: Vec<Waiting<Vec<ast::Noted<ast::GradeLine>>>>,
    /// Of the stages: when each is reached.
    pub(super) stages: Vec<Waiting<ast::Expr>>,
}

impl<T> Waiting<T> {
    /// A body that nothing has asked for yet.
    pub(super) fn new(body: T) -> Self {
        Waiting { body: Rc::new(body), progress: Progress::Waiting }
    }
}

/// The state of lowering one policy.
#[derive(Debug)]
pub(super) struct Scope {
    /// The files that were read: fixes quote them.
    pub(super) sources: Sources,
    /// The policy being made. Tables of defines, scores, grades and stages hold placeholders until each is done.
    pub(super) policy: ir::Policy,
    /// The shared namespace: fields, definitions, lists, scores, grades, stages.
    pub(super) names: HashMap<String, Declared>,
    /// The decisions by phrase, a namespace of its own.
    pub(super) decisions: HashMap<String, DecisionId>,
    /// Whether decisions may be declared that could not be read: then an unknown one is no further error.
    pub(super) decisions_incomplete: bool,
    /// The rules by name; none for one that is broken.
    pub(super) rule_names: HashMap<String, Option<RuleId>>,
    /// The bodies of definitions, scores, grades and stages, which are lowered when they are first needed.
    pub(super) waiting: Bodies,
    /// The lists.
    pub(super) lists: Vec<List>,
    /// The names that something used: for the warnings about unused ones.
    pub(super) used: HashSet<String>,
    /// The sets of the policy by what is in them, so that each is there once.
    pub(super) sets: BTreeMap<String, SetId>,
    /// The sets that lists have become, by what they were compared with: a long list is typed once for all its uses.
    pub(super) typed_lists: HashMap<(usize, bool, String), SetId>,
    /// The types of definitions that are done.
    pub(super) define_types: HashMap<DefineId, Ty>,
    /// Which of them are under way, and how deep they go.
    pub(super) references: References,
    /// How large their numbers can get.
    pub(super) sizes: Sizes,
    /// The findings so far.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether a file or a statement could not be read that may declare names: then an unknown name is no further error.
    pub(super) open: bool,
    /// Where the syntax errors are: what stands around them is not complete.
    pub(super) unread: Vec<Span>,
    /// The currency of `$` is USD; the one money fields have, for messages.
    pub(super) currencies: HashSet<Currency>,
}

impl Scope {
    /// A scope in which nothing is declared.
    pub(super) fn new() -> Self {
        Scope {
            sources: Sources::default(),
            policy: ir::Policy {
                language: 1,
                title: String::new(),
                owners: Vec::new(),
                ownership: Vec::new(),
                in_force: None,
                zone: "UTC".to_owned(),
                sources: Vec::new(),
                fields: ir::Table::default(),
                assumptions: Vec::new(),
                decisions: ir::Table::default(),
                best_first: false,
                sets: ir::Table::default(),
                defines: ir::Table::default(),
                scores: ir::Table::default(),
                grades: ir::Table::default(),
                stages: ir::Table::default(),
                sections: ir::Table::default(),
                rules: ir::Table::default(),
                properties: Vec::new(),
                tests: Vec::new(),
            },
            names: HashMap::new(),
            decisions: HashMap::new(),
            decisions_incomplete: false,
            rule_names: HashMap::new(),
            waiting: Bodies::default(),
            lists: Vec::new(),
            used: HashSet::new(),
            sets: BTreeMap::new(),
            typed_lists: HashMap::new(),
            define_types: HashMap::new(),
            references: References::default(),
            sizes: Sizes::default(),
            diagnostics: Vec::new(),
            open: false,
            unread: Vec::new(),
            currencies: HashSet::new(),
        }
    }

    /// Reports a finding.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The name that a word was probably meant to be. Behind many findings nobody needs that any more, and looking through all
    /// names for each of them would take long.
    pub(super) fn near<'a>(&self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        const MANY: usize = 100;
        if self.diagnostics.len() > MANY { None } else { did_you_mean(word, candidates) }
    }

    /// Takes back the syntax errors at a place that turned out to be meant otherwise, which the caller reports.
    pub(super) fn withdraw_unread(&mut self, place: Span) {
        let inside = |s: Span| s.source == place.source && place.start <= s.start && s.end <= place.end;
        let unread = &self.unread;
        self.diagnostics.retain(|d| d.span().is_none_or(|s| !(inside(s) && unread.contains(&s))));
    }

    /// Whether part of what stands here could not be read, so that what seems to be absent may only be broken.
    pub(super) fn unread_within(&self, place: Span) -> bool {
        let inside = |s: &Span| s.source == place.source && place.start <= s.start && s.start <= place.end;
        self.unread.iter().any(inside)
    }
}
