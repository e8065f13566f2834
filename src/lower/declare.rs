//! Declarations: what every name of the shared namespace stands for, before anything that uses a name is lowered.

use super::load::{Module, policy_statement};
use super::scope::{Declared, Named, Scope, ScoreBody, Waiting};
use super::{decisions, fields, lists};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::ir::{self, CondKind};
use crate::source::{Files, Span};
use crate::syntax::ast::{self, Statement};
use crate::types::{Choices, Truth};

/// Declares all names, and lowers what needs no other name for it: fields, lists, decisions.
pub(super) fn declare(scope: &mut Scope, statements: &[&ast::Noted<Statement>], files: &dyn Files) {
    let mut shelf = lists::Shelf::new(files);
    let mut decision_blocks = Vec::new();
    for statement in statements {
        match &statement.node {
            Statement::Lead { items } => lead(scope, items),
            Statement::Decisions { best_first, items } => {
                decision_blocks.push(decisions::Block { best_first: *best_first, items, span: statement.loc.0 });
            }
            Statement::List { name, values, owners: _ } => {
                let named = match lists::list(scope, name, values, &mut shelf) {
                    Some(list) => {
                        scope.lists.push(list);
                        Named::List(scope.lists.len() - 1)
                    }
                    None => Named::Broken,
                };
                claim(scope, name, named);
            }
            Statement::Define { name, body } => define(scope, name, body),
            Statement::Score { name, range, lines } => score(scope, name, range, lines),
            Statement::Grade { name, lines } => grade(scope, name, lines, statement.loc.0),
            Statement::Stage { name, when } => stage(scope, name, when),
            Statement::Broken { declares: Some(name) } => claim(scope, name, Named::Broken),
            Statement::Broken { declares: None }
            | Statement::Policy { .. }
            | Statement::Use { .. }
            | Statement::RulesFrom { .. }
            | Statement::Section { .. }
            | Statement::Rule { .. }
            | Statement::Otherwise(_)
            | Statement::Property { .. }
            | Statement::Test { .. } => {}
        }
    }
    decisions::declare(scope, &decision_blocks);
    keep_stage_free(scope);
}

/// Works out what may be declared that could not be read, so that its uses are no further errors, and reports when no file has
/// a `lead` block, or none a `decisions` block.
pub(super) fn require_blocks(scope: &mut Scope, root: &Module, statements: &[&ast::Noted<Statement>]) {
    let title = policy_statement(&root.file).filter(|_| !root.is_broken() && !scope.open);
    let blocks = |block: fn(&Statement) -> bool| statements.iter().filter(move |s| block(&s.node));
    let no_lead = blocks(|s| matches!(s, Statement::Lead { .. })).next().is_none();
    let mut decisions = blocks(|s| matches!(s, Statement::Decisions { .. })).peekable();
    let no_decisions = decisions.peek().is_none();
    scope.decisions_incomplete = scope.open
        || no_decisions
        || decisions.any(|s| scope.unread_within(s.loc.0))
        || statements.iter().any(|s| lost(scope, s, &["decisions", "use"]));
    scope.open |= no_lead || statements.iter().any(|s| lost(scope, s, DECLARING) || loses_field(&s.node));
    let Some(title) = title else { return };
    if no_lead {
        scope.report(
            Diagnostic::new(Code::P0215, "the policy does not say what is known of a lead").at(title, "").help(
                "add a `lead` block with the fields that the rules read, one a line, such as `employees  whole number`",
            ),
        );
    }
    if no_decisions {
        scope.report(
            Diagnostic::new(Code::P0216, "the policy does not say which decisions there are")
                .at(title, "")
                .help("add a `decisions` block with a decision a line, such as `pass to sales`"),
        );
    }
}

/// The words that begin statements which declare names.
const DECLARING: &[&str] = &["lead", "use", "list", "define", "score", "grade", "stage"];

/// Whether a statement that could not be read seems to begin with one of these words, and nobody knows what it declares.
fn lost(scope: &Scope, statement: &ast::Noted<Statement>, words: &[&str]) -> bool {
    let Statement::Broken { declares: None } = statement.node else { return false };
    let text = scope.sources.slice(statement.loc.0);
    let first = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    did_you_mean(first, words.iter().copied()).is_some()
}

/// Whether a `lead` block has an item that could not be read so far that its name is known.
fn loses_field(statement: &Statement) -> bool {
    let Statement::Lead { items } = statement else { return false };
    items.iter().any(|item| matches!(item.node, ast::LeadItem::Broken { declares: None }))
}

/// Gives a name of the shared namespace its meaning. A second declaration is reported; the first one counts, unless nobody can
/// tell what was meant.
pub(super) fn claim(scope: &mut Scope, name: &ast::Name, named: Named) {
    let span = name.loc.0;
    let Some(before) = scope.names.get(&name.text).cloned() else {
        scope.names.insert(name.text.clone(), Declared { named, span });
        return;
    };
    let help = if let (Named::Field(_), Named::Field(_)) = (&before.named, &named) {
        "the fields of all `lead` blocks are one set: keep one of the two"
    } else {
        "fields, definitions, lists, scores, grades and stages share one set of names: rename one of the two"
    };
    scope.report(
        Diagnostic::new(Code::P0213, format!("`{}` is declared twice", name.text))
            .at(span, kind(&named))
            .at(before.span, kind(&before.named))
            .help(help),
    );
    if !alike(scope, &before.named, &named) {
        scope.names.insert(name.text.clone(), Declared { named: Named::Broken, span: before.span });
    }
}

/// Whether two declarations of one name can be used in the same way.
fn alike(scope: &Scope, one: &Named, other: &Named) -> bool {
    if let (Named::Field(one), Named::Field(other)) = (one, other) {
        return scope.policy.fields[*one].ty == scope.policy.fields[*other].ty;
    }
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

fn kind(named: &Named) -> &'static str {
    match named {
        Named::Field(_) => "a field here",
        Named::Define(_) => "a definition here",
        Named::List(_) => "a list here",
        Named::Score(_) => "a score here",
        Named::Grade(_) => "a grade here",
        Named::Stage(_) => "a stage here",
        Named::Broken => "declared here",
    }
}

fn lead(scope: &mut Scope, items: &[ast::Noted<ast::LeadItem>]) {
    for item in items {
        match &item.node {
            ast::LeadItem::Field { name, ty, options } => {
                let named = match fields::field(scope, fields::Declaration { name, ty, options }) {
                    Some(field) => Named::Field(scope.policy.fields.push(field)),
                    None => Named::Broken,
                };
                claim(scope, name, named);
            }
            // Conditions wait until every name is declared.
            ast::LeadItem::Assume(_) => {}
            ast::LeadItem::Broken { declares: Some(name) } => claim(scope, name, Named::Broken),
            ast::LeadItem::Broken { declares: None } => {}
        }
    }
}

/// A condition that stands where the real one is not lowered yet.
fn placeholder(span: Span) -> ir::Cond {
    ir::Cond { kind: CondKind::Const(Truth::Unknown), span }
}

fn define(scope: &mut Scope, name: &ast::Name, body: &ast::Expr) {
    let span = name.loc.0;
    let id = scope.policy.defines.push(ir::Define {
        name: name.text.clone(),
        body: ir::Body::Condition(placeholder(span)),
        span,
    });
    scope.waiting.defines.push(Waiting::new(body.clone()));
    claim(scope, name, Named::Define(id));
}

fn score(scope: &mut Scope, name: &ast::Name, range: &ast::Range, lines: &[ast::Noted<ast::ScoreLine>]) {
    let id = scope.policy.scores.push(ir::Score {
        name: name.text.clone(),
        min: None,
        max: None,
        lines: Vec::new(),
        span: name.loc.0,
    });
    scope.waiting.scores.push(Waiting::new(ScoreBody { range: range.clone(), lines: lines.to_vec() }));
    claim(scope, name, Named::Score(id));
}

fn grade(scope: &mut Scope, name: &ast::Name, lines: &[ast::Noted<ast::GradeLine>], block: Span) {
    let id = scope.policy.grades.push(ir::Grade {
        name: name.text.clone(),
        scale: Choices { values: Vec::new(), ranked: true, other: false },
        lines: Vec::new(),
        otherwise: 0,
        span: name.loc.0,
    });
    scope.waiting.grades.push(Waiting::new(lines.to_vec()));
    // With a line that could not be read, its labels are not all known.
    claim(scope, name, if scope.unread_within(block) { Named::Broken } else { Named::Grade(id) });
}

fn stage(scope: &mut Scope, name: &ast::Name, when: &ast::Expr) {
    let span = name.loc.0;
    if name.text == "none" {
        scope.report(
            Diagnostic::new(Code::P0214, "a stage cannot be called `none`")
                .at(span, "")
                .help("`none` is the stage of a lead that has not reached the first one: choose another name"),
        );
    }
    let id = scope.policy.stages.push(ir::Stage { name: name.text.clone(), when: placeholder(span), span });
    scope.waiting.stages.push(Waiting::new(when.clone()));
    claim(scope, name, Named::Stage(id));
}

/// With stages, the word `stage` is the lead's stage and cannot be anything else.
fn keep_stage_free(scope: &mut Scope) {
    let first_stage = scope.policy.stages.iter().next().map(|(_, stage)| stage.span);
    if let (Some(first), Some(declared)) = (first_stage, scope.names.get("stage").cloned()) {
        let help = match declared.named {
            Named::Field(_) => "call the field otherwise and say where it is read: `crm_stage ..., from \"stage\"`",
            Named::Define(_) | Named::List(_) | Named::Score(_) | Named::Grade(_) | Named::Stage(_) | Named::Broken => {
                "choose another name"
            }
        };
        scope.report(
            Diagnostic::new(Code::P0214, "`stage` is the lead's stage in a policy with stages")
                .at(declared.span, "so nothing else can be called `stage`")
                .at(first, "the first stage")
                .help(help),
        );
    }
}
