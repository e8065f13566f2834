//! Rules in the order in which they are tried: those of the policy's file with its sections, and those that `rules from`
//! puts between them.

use std::collections::HashMap;

use super::load::{Loaded, policy_statement};
use super::scope::Scope;
use super::{cond, decisions, header, naming};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Guard, Rule, Section, SectionId};
use crate::source::{SourceId, Span};
use crate::syntax::ast::{self, Statement};

/// Lowers sections and rules.
pub(super) fn rules(scope: &mut Scope, loaded: &Loaded) {
    let mut order = Order {
        scope,
        loaded,
        section: None,
        conditional: Vec::new(),
        excluded: 0,
        titles: HashMap::new(),
        brought_in: HashMap::new(),
        otherwise: None,
        after_otherwise: false,
        last: None,
        called: Vec::new(),
    };
    let Some(module) = loaded.module(SourceId(0)) else { return };
    for (position, statement) in module.file.statements.iter().enumerate() {
        order.statement(position, statement);
    }
    order.end_section();
    order.end();
    let called = order.called;
    one_name_each(scope, &called);
}

/// The most sections that all `otherwise` sections together may stand below: each remembers those above it.
const MAX_EXCLUDED: usize = 100_000;

/// A section while its rules are lowered.
struct Open<'a> {
    id: SectionId,
    title: &'a ast::Text,
    otherwise: Option<&'a ast::Noted<ast::Otherwise>>,
}

/// The rules so far, and where the next one stands.
struct Order<'a, 's> {
    scope: &'s mut Scope,
    loaded: &'a Loaded,
    section: Option<Open<'a>>,
    /// The sections with a condition so far.
    conditional: Vec<SectionId>,
    /// How many sections all `otherwise` sections together stand below.
    excluded: usize,
    /// Where each section's title stands, by its slug.
    titles: HashMap<String, Span>,
    /// Where the rules of a file were brought in.
    brought_in: HashMap<SourceId, Span>,
    /// The policy's own `otherwise`.
    otherwise: Option<&'a ast::Otherwise>,
    /// Whether the first rule behind `otherwise` has been reported.
    after_otherwise: bool,
    /// The last place at which a rule stands.
    last: Option<Span>,
    /// What every rule is called, broken ones too.
    called: Vec<Called>,
}

impl<'a> Order<'a, '_> {
    fn statement(&mut self, position: usize, statement: &'a ast::Noted<Statement>) {
        match &statement.node {
            Statement::Section { title, guard, owners, otherwise } => {
                self.behind_otherwise(title.loc.0);
                self.end_section();
                self.begin_section(title, guard, owners.as_ref(), otherwise.as_ref());
            }
            Statement::Rule { decision, .. } => {
                self.behind_otherwise(decision.loc.0);
                self.rule(statement, &[]);
                self.last = Some(decision.loc.0);
            }
            Statement::RulesFrom { path, owners } => {
                self.behind_otherwise(path.loc.0);
                if let Some(id) = self.loaded.module(SourceId(0)).and_then(|m| m.links.get(&position)) {
                    let owners = owners.as_ref().map(|by| header::owners(&by.node)).unwrap_or_default();
                    self.rules_from(*id, path, &owners);
                }
                self.last = Some(path.loc.0);
            }
            Statement::Otherwise(otherwise) => self.policy_otherwise(otherwise),
            Statement::Policy { .. }
            | Statement::Use { .. }
            | Statement::Lead { .. }
            | Statement::Decisions { .. }
            | Statement::List { .. }
            | Statement::Define { .. }
            | Statement::Score { .. }
            | Statement::Grade { .. }
            | Statement::Stage { .. }
            | Statement::Property { .. }
            | Statement::Test { .. }
            | Statement::Broken { .. } => {}
        }
    }

    /// Reports the first rule or section that stands behind the policy's `otherwise`.
    fn behind_otherwise(&mut self, place: Span) {
        let Some(otherwise) = self.otherwise else { return };
        if !std::mem::replace(&mut self.after_otherwise, true) {
            self.scope.report(
                Diagnostic::new(Code::P0224, "nothing below the `otherwise` of the policy is ever tried")
                    .at(place, "this stands below it")
                    .at(otherwise.decision.loc.0, "this takes every lead")
                    .help(
                        "move the `otherwise` to the end; one that is for a section only is indented below the section",
                    ),
            );
        }
    }

    fn begin_section(
        &mut self,
        title: &'a ast::Text,
        guard: &ast::SectionGuard,
        owners: Option<&ast::Noted<ast::Owners>>,
        otherwise: Option<&'a ast::Noted<ast::Otherwise>>,
    ) {
        let span = title.loc.0;
        self.tell_apart(title);
        let lowered = match guard {
            ast::SectionGuard::Always => Guard::Always,
            ast::SectionGuard::When(when) => match cond::condition(self.scope, when) {
                Some(when) => Guard::When(when),
                // Something is wrong with the condition, which is reported: no policy comes of this.
                None => Guard::Always,
            },
            ast::SectionGuard::Otherwise => self.none_above(span),
        };
        let id = self.scope.policy.sections.push(Section {
            title: title.value.clone(),
            guard: lowered,
            owners: owners.map(|by| header::owners(&by.node)).unwrap_or_default(),
            span,
        });
        if matches!(guard, ast::SectionGuard::When(_)) {
            self.conditional.push(id);
        }
        self.section = Some(Open { id, title, otherwise });
    }

    /// Reports a title that another section has, or that says nothing.
    fn tell_apart(&mut self, title: &ast::Text) {
        let (span, slug) = (title.loc.0, naming::slug(&title.value));
        let fault = if !slug.is_empty() {
            self.titles.insert(slug, span).map(|before| {
                Diagnostic::new(Code::P0228, "two sections have this title")
                    .at(span, "the second one")
                    .at(before, "the first one")
                    .help("give one of them another title, so that outputs can tell them apart")
            })
        } else if self.scope.unread_within(span) {
            None
        } else {
            Some(
                Diagnostic::new(Code::P0228, "this title says nothing")
                    .at(span, "")
                    .help("outputs tell sections apart by their titles: type some words"),
            )
        };
        if let Some(fault) = fault {
            self.scope.report(fault);
        }
    }

    /// The guard of an `otherwise` section.
    fn none_above(&mut self, title: Span) -> Guard {
        if self.conditional.is_empty() {
            self.scope.report(
                Diagnostic::new(Code::P0227, "no section with a condition stands above this one")
                    .at(title, "`otherwise` is for the leads that no section above is for")
                    .help("type `when` and a condition, or leave `otherwise` out"),
            );
        }
        let before = self.excluded;
        self.excluded += self.conditional.len();
        if self.excluded <= MAX_EXCLUDED {
            return Guard::NoneOf(self.conditional.clone());
        }
        if before <= MAX_EXCLUDED {
            self.scope.report(
                Diagnostic::new(Code::P0227, "too many sections stand above this one")
                    .at(title, "`otherwise` remembers each of them")
                    .help("cut the policy into several, or give this section a condition"),
            );
        }
        Guard::NoneOf(Vec::new())
    }

    /// Closes the section at hand: its own `otherwise` is its last rule.
    fn end_section(&mut self) {
        let Some(Open { id, title, otherwise: Some(otherwise) }) = self.section.take() else { return };
        let name = naming::slug(&format!("otherwise {}", title.value));
        self.catch_all(&otherwise.node, name, Some(id));
        self.last = Some(otherwise.node.decision.loc.0);
    }

    fn policy_otherwise(&mut self, otherwise: &'a ast::Otherwise) {
        if let Some(before) = self.otherwise {
            // When rules stand between the two, it is the first one that is out of its place.
            if self.after_otherwise {
                return;
            }
            self.scope.report(
                Diagnostic::new(Code::P0223, "a second `otherwise`")
                    .at(otherwise.decision.loc.0, "no lead is left for this one")
                    .at(before.decision.loc.0, "the first one takes all")
                    .help("keep one; an `otherwise` that is for a section only is indented below the section"),
            );
            return;
        }
        self.otherwise = Some(otherwise);
    }

    /// Adds the policy's `otherwise` as the last rule, and reports when there is none.
    fn end(&mut self) {
        match self.otherwise {
            Some(otherwise) => self.catch_all(otherwise, "otherwise".to_owned(), None),
            None => self.missing_otherwise(),
        }
    }

    fn missing_otherwise(&mut self) {
        let Some(module) = self.loaded.module(SourceId(0)).filter(|module| !module.is_broken()) else { return };
        let Some(place) = self.last.or_else(|| policy_statement(&module.file)) else { return };
        let decision = self.scope.policy.decisions.iter().next_back().map(|(_, d)| d.phrase.clone());
        let example = decision.unwrap_or_else(|| "nurture".to_owned());
        self.scope.report(
            Diagnostic::new(Code::P0222, "the policy does not say what happens to all other leads")
                .at(place, "nothing comes after this")
                .help(format!("end the rules with `otherwise` and a decision, such as `otherwise {example}`")),
        );
    }

    fn catch_all(&mut self, otherwise: &ast::Otherwise, name: String, section: Option<SectionId>) {
        let place = otherwise.decision.loc.0;
        self.called.push(Called { name: name.clone(), place, labelled: false, catches_all: true, was: Vec::new() });
        self.scope.rule_names.insert(name.clone(), None);
        let Some(decision) = decisions::decision(self.scope, &otherwise.decision) else { return };
        let id = self.scope.policy.rules.push(Rule {
            name: name.clone(),
            labelled: false,
            was: Vec::new(),
            decision,
            section,
            when: None,
            because: otherwise.because.as_ref().map(|text| text.node.value.clone()),
            owners: Vec::new(),
            span: place,
        });
        self.scope.rule_names.insert(name, Some(id));
    }

    fn rule(&mut self, statement: &ast::Noted<Statement>, owners: &[String]) {
        let Statement::Rule { label, was, decision, when, because } = &statement.node else { return };
        let because = because.as_ref().map(|text| text.node.value.clone());
        let name = match label {
            Some(label) => label.text.clone(),
            None => naming::slug(&format!("{} {}", decision.text, because.as_deref().unwrap_or_default())),
        };
        self.called.push(Called {
            name: name.clone(),
            place: label.as_ref().map_or(decision.loc.0, |label| label.loc.0),
            labelled: label.is_some(),
            catches_all: false,
            was: was.iter().map(|name| (name.text.clone(), name.loc.0)).collect(),
        });
        self.scope.rule_names.insert(name.clone(), None);
        let lowered = (decisions::decision(self.scope, decision), cond::condition(self.scope, when));
        let (Some(decision), Some(when)) = lowered else { return };
        let id = self.scope.policy.rules.push(Rule {
            name: name.clone(),
            labelled: label.is_some(),
            was: was.iter().map(|name| name.text.clone()).collect(),
            decision,
            section: self.section.as_ref().map(|open| open.id),
            when: Some(when),
            because,
            owners: owners.to_vec(),
            span: statement.loc.0,
        });
        self.scope.rule_names.insert(name, Some(id));
    }

    /// Puts the rules of a library here, in their order.
    fn rules_from(&mut self, id: SourceId, path: &ast::Text, owners: &[String]) {
        let before = *self.brought_in.entry(id).or_insert(path.loc.0);
        if before != path.loc.0 {
            self.scope.report(
                Diagnostic::new(Code::P0207, "the rules of this file are here already")
                    .at(path.loc.0, "the second time")
                    .at(before, "the first time")
                    .help("keep one of the two: a rule has one place in the order"),
            );
            return;
        }
        let Some(module) = self.loaded.module(id) else { return };
        for (position, statement) in module.file.statements.iter().enumerate() {
            self.rule(statement, owners);
            if let Statement::RulesFrom { path, owners: own } = &statement.node
                && let Some(inner) = module.links.get(&position)
            {
                let own = own.as_ref().map(|by| header::owners(&by.node));
                self.rules_from(*inner, path, own.as_deref().unwrap_or(owners));
            }
        }
    }
}

/// What a rule is called, and where that is said.
struct Called {
    name: String,
    place: Span,
    labelled: bool,
    /// Whether it is an `otherwise`, which takes no label.
    catches_all: bool,
    /// The earlier names, with their places.
    was: Vec<(String, Span)>,
}

/// Reports rules of one name, and earlier names that are not free.
fn one_name_each(scope: &mut Scope, called: &[Called]) {
    let mut named: HashMap<&str, &Called> = HashMap::new();
    for rule in called {
        match named.get(rule.name.as_str()) {
            // Two sections of one title, which are reported, have two `otherwise` of one name.
            Some(before) if before.catches_all && rule.catches_all => {}
            Some(before) => scope.report(one_name(rule, before)),
            None => {
                named.insert(&rule.name, rule);
            }
        }
    }
    let mut earlier: HashMap<&str, Span> = HashMap::new();
    for (was, place) in called.iter().flat_map(|rule| &rule.was) {
        if let Some(today) = named.get(was.as_str()) {
            scope.report(
                Diagnostic::new(Code::P0226, format!("`{was}` is the name of a rule today"))
                    .at(*place, "so it cannot be an earlier name")
                    .at(today.place, "the rule of that name")
                    .help(format!("take `was {was}` out, or give the other rule a new name")),
            );
        } else if let Some(before) = earlier.insert(was, *place) {
            scope.report(
                Diagnostic::new(Code::P0226, format!("`{was}` is given as an earlier name twice"))
                    .at(*place, "the second time")
                    .at(before, "the first time")
                    .help("one rule continues the history of another: keep it in one place"),
            );
        }
    }
}

fn one_name(rule: &Called, before: &Called) -> Diagnostic {
    let help = match (rule.catches_all, rule.labelled && before.labelled) {
        (true, _) => "give the other rule another label, or this section another title",
        (false, true) => "tests and outputs tell rules apart by their labels: give one of them another label",
        (false, false) => "put a label of its own before one of them, such as `big_deal: pass to sales when ...`",
    };
    Diagnostic::new(Code::P0225, format!("two rules are called `{}`", rule.name))
        .at(rule.place, "the second one")
        .at(before.place, "the first one")
        .help(help)
}
