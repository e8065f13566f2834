//! What lowering knows while it works: the names that are declared, the tables being filled, the findings so far.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::diagnostic::Diagnostic;
use crate::ir::{self, DecisionId, DefineId, FieldId, GradeId, ScoreId, SetId, StageId};
use crate::source::Span;
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

/// The state of lowering one policy.
#[derive(Debug)]
pub(super) struct Scope {
    /// The policy being made. Tables of defines, scores, grades and stages hold placeholders until each is done.
    pub(super) policy: ir::Policy,
    /// The shared namespace: fields, definitions, lists, scores, grades, stages.
    pub(super) names: HashMap<String, Declared>,
    /// The decisions by phrase, a namespace of its own.
    pub(super) decisions: HashMap<String, DecisionId>,
    /// The lists.
    pub(super) lists: Vec<List>,
    /// The names that something used: for the warnings about unused ones.
    pub(super) used: HashSet<String>,
    /// The sets of the policy by what is in them, so that each is there once.
    pub(super) sets: BTreeMap<String, SetId>,
    /// The types of definitions that are done.
    pub(super) define_types: HashMap<DefineId, Ty>,
    /// The findings so far.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The currency of `$` is USD; the one money fields have, for messages.
    pub(super) currencies: HashSet<Currency>,
}

impl Scope {
    /// Reports a finding.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}
