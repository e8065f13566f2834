//! Decisions: the closed list of what can become of a lead, and finding a decision by its phrase.

use std::collections::HashMap;

use super::naming::listed;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, DecisionId};
use crate::source::Span;
use crate::syntax::ast;

/// A `decisions` block.
pub(super) struct Block<'a> {
    /// `, best first`.
    pub(super) best_first: bool,
    /// The decisions.
    pub(super) items: &'a [ast::Noted<ast::DecisionItem>],
    /// Where it stands.
    pub(super) span: Span,
}

/// Declares the decisions of the one block that there should be.
pub(super) fn declare(scope: &mut Scope, blocks: &[Block<'_>]) {
    let Some((first, others)) = blocks.split_first() else { return };
    scope.policy.best_first = first.best_first;
    let mut seen = HashMap::new();
    for item in first.items {
        declare_one(scope, &item.node, &mut seen);
    }
    for other in others {
        scope.report(
            Diagnostic::new(Code::P0217, "a second `decisions` block")
                .at(first_line(other), "")
                .at(first_line(first), "the first one")
                .help("the decisions of a policy are one closed list: put all of them into one block"),
        );
        // Their decisions count as declared, so that rules that use them are not reported too.
        for item in other.items {
            let phrase = &item.node.phrase.text;
            if !scope.decisions.contains_key(phrase) {
                declare_one(scope, &item.node, &mut HashMap::new());
            }
        }
    }
}

/// The heading of a block: `decisions`.
fn first_line(block: &Block<'_>) -> Span {
    let word = u32::try_from("decisions".len()).unwrap_or_default();
    Span { end: block.span.end.min(block.span.start + word), ..block.span }
}

fn declare_one(scope: &mut Scope, item: &ast::DecisionItem, seen: &mut HashMap<String, Span>) {
    let span = item.phrase.loc.0;
    let phrase = &item.phrase.text;
    // Two that differ in their capital letters only would be one for every reader.
    if let Some(before) = seen.insert(phrase.to_lowercase(), span) {
        scope.report(
            Diagnostic::new(Code::P0218, format!("the decision `{phrase}` is listed twice"))
                .at(span, "the second time")
                .at(before, "the first time")
                .help("take one of them out"),
        );
    }
    if scope.decisions.contains_key(phrase) {
        return;
    }
    let note = item.note.as_ref().map(|note| note.value.clone());
    let id = scope.policy.decisions.push(ir::Decision { phrase: phrase.clone(), note, span });
    scope.decisions.insert(phrase.clone(), id);
}

/// The decision of a phrase; none when there is no such decision, which is reported.
pub(super) fn decision(scope: &mut Scope, phrase: &ast::Phrase) -> Option<DecisionId> {
    if let Some(id) = scope.decisions.get(&phrase.text) {
        return Some(*id);
    }
    if !scope.decisions_incomplete {
        let fault = unknown(scope, phrase);
        scope.report(fault);
    }
    None
}

fn unknown(scope: &Scope, phrase: &ast::Phrase) -> Diagnostic {
    let place = phrase.loc.0;
    let fault = Diagnostic::new(Code::P0219, format!("there is no decision `{}`", phrase.text)).at(place, "");
    let decisions = |joint| phrase.text.split(joint).all(|part| scope.decisions.contains_key(part));
    if decisions(" or ") || decisions(" and ") {
        return fault.help("a sentence has one decision: write one for each of them");
    }
    let phrases = || scope.policy.decisions.iter().map(|(_, d)| d.phrase.as_str());
    match scope.near(&phrase.text, phrases()) {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")).fix(place, meant),
        None => fault.help(format!("the decisions of this policy are {}", listed(phrases()))),
    }
}
