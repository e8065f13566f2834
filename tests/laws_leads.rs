//! What is said of the leads that run into something, against a look at all of them: small random policies, each with every kind of
//! lead that it can tell apart, decided by the evaluator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod small_gen;
}

use std::collections::BTreeSet;
use std::fmt::Debug;

use policyc::analysis::{self, Insight, Model, Over, Request, Vacuous, Verdict, Where, Witness};
use policyc::eval::{Evaluator, Session};
use policyc::ir::reach::Reach;
use policyc::ir::{
    Body, Claim, CompareOp, Cond, CondKind, DecisionId, Expr, FieldId, Gain, Guard, Lead, Policy, Property, RuleId,
    SectionId, visit,
};
use policyc::source::Span;
use policyc::types::Truth;
use support::small_gen::dice::Dice;
use support::small_gen::leads::{Universe, can_be_missing, is_possible, universe};
use support::small_gen::{Small, checked, small};

/// How many policies the laws are tried on.
const POLICIES: u64 = 5_000;

/// What was said of some policies, so that a law that is never put to the test is noticed.
#[derive(Debug, Default)]
struct Said {
    overlaps: usize,
    only_proved: usize,
    no_overlaps: usize,
    silent: usize,
    changes: usize,
    no_changes: usize,
    gaps: usize,
    no_gaps: usize,
    falls: usize,
    no_falls: usize,
    low: usize,
    low_for_sure: usize,
    not_low: usize,
    vacuous: usize,
    refuted: usize,
    open: usize,
}

#[test]
fn what_is_said_of_leads_holds() {
    hold(0);
}

#[test]
fn what_is_said_of_other_leads_holds() {
    hold(1);
}

/// Policies with little else than low tests, so that most of them are told of, or rightly not.
#[test]
fn what_is_said_of_low_tests_holds() {
    let mut dice = Dice::new(7);
    let mut said = Said::default();
    let lines = ["+20 when need >= 3", "+10 when vip", "-10 when seats < 2", "+5 for each seats", "-20 when not vip"];
    let asked = ["need >= 2", "vip", "seats is 1", "need < 4"];
    for number in 0..400 {
        let mut text =
            "policy \"Low\"\n\nlead\n  need   whole number from 0 to 5\n  seats  whole number from 0 to 2\n  vip    \
                        yes or no\n\ndecisions\n  go\n  stop\n\nscore fit from 0 to 40\n"
                .to_owned();
        (0..1 + dice.roll(3)).for_each(|_| text.push_str(&format!("  {}\n", dice.pick(&lines))));
        for rule in 0..1 + dice.roll(3) {
            let limit = dice.pick(&["5", "10", "20", "30"]);
            text.push_str(&format!(
                "\nr{rule}: {} when {} and fit < {limit}\n",
                dice.pick(&["go", "stop"]),
                dice.pick(&asked)
            ));
        }
        text.push_str("\notherwise stop\n");
        let policy = checked(&text);
        let Some(universe) = universe(&policy) else { continue };
        let about = About { policy: &policy, all: &universe, what: format!("low {number}\n{text}") };
        about.verdicts(&analysis::verdicts(&policy), &mut said);
    }
    assert!(said.low > 100 && said.low_for_sure > 100 && said.not_low > 50, "{said:?}");
}

/// Tries every second policy, so that two processors share them.
fn hold(first: u64) {
    let mut said = Said::default();
    for seed in (first..POLICIES).step_by(2) {
        let Small { mut policy, universe, text } = small(20_000 + seed);
        claim_something(&mut policy);
        let about = About { policy: &policy, all: &universe, what: format!("seed {seed}\n{text}") };
        about.verdicts(&analysis::verdicts(&policy), &mut said);
        // What takes longer is tried on fewer.
        let all = seed % 8 < 2;
        let leads = if seed % 4 < 2 { 0 } else { 1_000 };
        let insights = analysis::answers(&policy, Request { overlaps: true, leads, missing: all, gaps: all });
        about.overlaps(&insights, &mut said);
        if all {
            about.missing(&insights, &mut said);
            about.gaps(&insights, &mut said);
        }
    }
    let Said { overlaps, only_proved, no_overlaps, silent, changes, no_changes, gaps, no_gaps, .. } = said;
    assert!(overlaps > 400 && only_proved > 30 && no_overlaps > 500 && gaps > 80 && no_gaps > 20, "{said:?}");
    assert!(silent > 150 && changes > 150 && no_changes > 400, "{said:?}");
    let Said { falls, no_falls, low, low_for_sure, not_low, vacuous, refuted, open, .. } = said;
    assert!(falls > 8 && no_falls > 30 && vacuous > 200 && refuted > 400, "{said:?}");
    assert!(low > 20 && low_for_sure + not_low > 0, "{said:?}");
    assert!(open * 8 < overlaps + changes, "{said:?}");
}

/// Claims of each kind, about conditions of the rules.
fn claim_something(policy: &mut Policy) {
    let rules: Vec<(DecisionId, Cond)> =
        policy.rules.iter().filter_map(|(_, rule)| Some((rule.decision, rule.when.clone()?))).collect();
    let decisions = policy.decisions.iter().map(|(id, _)| id);
    for (at, (decision, claim)) in decisions.zip([Claim::NeverWhen, Claim::NeverUnless, Claim::AlwaysWhen]).enumerate()
    {
        let (_, condition) = rules[at % rules.len()].clone();
        policy.properties.push(Property { claim, decision, condition, because: None, span: Span::default() });
    }
}

/// A policy and all its leads.
struct About<'a> {
    policy: &'a Policy,
    all: &'a Universe,
    what: String,
}

impl About<'_> {
    /// Whether what no lead of the universe shows cannot be. Of fields that are compared with each other it shows every order, but not
    /// every one beside what is worked out from them.
    fn is_all(&self) -> bool {
        let mut twins = false;
        visit::deciding(self.policy).for_each(|cond| {
            cond.walk(&mut |inner| {
                twins |= inner.operands().into_iter().filter(|value| !matches!(value, Expr::Const(_))).count() > 1;
            });
        });
        self.all.exhaustive && !self.policy.reads_time() && !twins
    }

    /// Whether some lead is like that.
    fn any(&self, mut like: impl FnMut(&Session<'_>) -> bool) -> bool {
        let mut found = false;
        self.all.each(self.policy, |_, session| found = found || like(session));
        found
    }

    fn on(&self, witness: &Witness, like: impl FnOnce(&Session<'_>) -> bool) {
        self.on_lead(witness, &witness.leads[0], like);
    }

    fn on_lead(&self, witness: &Witness, lead: &Lead, like: impl FnOnce(&Session<'_>) -> bool) {
        let evaluator = Evaluator::new(self.policy, witness.as_of);
        let session = evaluator.on(lead);
        assert!(is_possible(&session) && like(&session), "{lead:?}\n{}", self.what);
    }

    /// What was said agrees with what the leads show, as far as they are all.
    fn agree(&self, said: bool, shown: bool, of: &dyn Debug) {
        assert!(said || !shown, "there is a lead: {of:?}\n{}", self.what);
        assert!(!said || shown || !self.is_all(), "there is no lead: {of:?}\n{}", self.what);
    }

    fn overlaps(&self, insights: &[Insight], said: &mut Said) {
        let (mut pairs, mut counted, mut unknown) = (BTreeSet::new(), 0, 0);
        for insight in insights {
            if let Insight::Overlap { rule, leads, others } = insight {
                assert!(!leads.is_empty(), "{}", self.what);
                said.only_proved += others.len();
                for other in others {
                    assert!(pairs.insert((*rule, *other)), "said twice: {}", self.what);
                }
                for (witness, below) in leads {
                    assert!(!below.is_empty(), "{}", self.what);
                    for other in below {
                        assert!(pairs.insert((*rule, *other)), "said twice: {}", self.what);
                        self.on(witness, |session| session.outcome().rule == *rule && takes(session, *other));
                    }
                }
            }
            if let Insight::Overlaps { pairs, open } = insight {
                (counted, unknown) = (*pairs, *open);
            }
        }
        assert_eq!(counted, pairs.len(), "{}", self.what);
        said.open += unknown;
        for (above, rule) in self.policy.rules.iter() {
            for (below, other) in self.policy.rules.iter().filter(|(below, _)| above < *below) {
                let meets = |s: &Session<'_>| s.outcome().rule == above && takes(s, below);
                let same = rule.decision == other.decision || rule.when.is_none() || other.when.is_none();
                let claimed = pairs.contains(&(above, below));
                if same {
                    assert!(!claimed, "{}", self.what);
                } else if claimed || unknown == 0 {
                    self.agree(claimed, self.any(meets), &(above, below));
                    *(if claimed { &mut said.overlaps } else { &mut said.no_overlaps }) += 1;
                }
            }
        }
    }

    /// The rule and the decision of each lead with a value of a field, and of the same lead without.
    fn without(&self, field: FieldId, mut look: impl FnMut(&Session<'_>, &Session<'_>)) {
        self.all.each(self.policy, |as_of, session| {
            if session.lead().get(field).is_some() {
                let mut lead = session.lead().clone();
                lead.set(field, None);
                let evaluator = Evaluator::new(self.policy, as_of);
                let without = evaluator.on(&lead);
                if is_possible(&without) {
                    look(session, &without);
                }
            }
        });
    }

    fn missing(&self, insights: &[Insight], said: &mut Said) {
        let mut reach = Reach::new(self.policy);
        visit::deciding(self.policy).for_each(|cond| reach.cond(cond));
        for (field, declared) in self.policy.fields.iter() {
            let insight = insights.iter().find_map(|insight| match insight {
                Insight::Missing { field: of, silent, changes, complete } if *of == field => {
                    Some((silent.clone(), changes.clone(), *complete))
                }
                _ => None,
            });
            let hangs = can_be_missing(declared) && declared.default.is_none() && reach.fields.contains(&field);
            assert!(hangs || insight.is_none(), "{}", self.what);
            if !hangs {
                continue;
            }
            let (silent, changes, complete) = insight.unwrap_or((Vec::new(), Vec::new(), true));
            let mut changed = BTreeSet::new();
            for witness in &changes {
                let [with, without] = witness.leads.as_slice() else { panic!("{}", self.what) };
                let mut same = with.clone();
                same.set(field, None);
                assert!(same == *without && with.get(field).is_some(), "{witness:?}\n{}", self.what);
                let gets = |lead| Evaluator::new(self.policy, witness.as_of).decide(lead).decision;
                assert!(gets(with) != gets(without) && changed.insert(gets(without)), "{witness:?}\n{}", self.what);
                self.on_lead(witness, with, |_| true);
                self.on_lead(witness, without, |_| true);
            }
            let (mut silenced, mut differs) = (BTreeSet::new(), BTreeSet::new());
            self.without(field, |with, without| {
                let (before, after) = (with.outcome(), without.outcome());
                if after.rule > before.rule && self.is_unknown(without, before.rule) {
                    silenced.insert(before.rule);
                }
                differs.extend((before.decision != after.decision).then_some(after.decision));
            });
            said.open += usize::from(!complete);
            if complete {
                for (rule, declared) in self.policy.rules.iter().filter(|(_, rule)| rule.when.is_some()) {
                    self.agree(silent.contains(&rule), silenced.contains(&rule), &(field, rule, declared));
                }
                for (decision, _) in self.policy.decisions.iter() {
                    self.agree(changed.contains(&decision), differs.contains(&decision), &(field, decision));
                }
            }
            said.silent += silent.len();
            said.changes += changes.len();
            said.no_changes += self.policy.decisions.len() - changed.len();
        }
    }

    fn is_unknown(&self, session: &Session<'_>, rule: RuleId) -> bool {
        let rule = &self.policy.rules[rule];
        let guard = rule.section.map_or(Truth::True, |section| session.section(section));
        guard.and(rule.when.as_ref().map_or(Truth::True, |when| session.truth(when))) == Truth::Unknown
    }

    fn gaps(&self, insights: &[Insight], said: &mut Said) {
        let mut reach = Reach::new(self.policy);
        visit::deciding(self.policy).for_each(|cond| reach.cond(cond));
        let fields: Vec<FieldId> = reach.fields.union(&reach.asked).copied().collect();
        for (rule, _) in self.policy.rules.iter().filter(|(_, rule)| rule.when.is_none()) {
            let complete = |s: &Session<'_>| fields.iter().all(|field| s.lead().get(*field).is_some());
            let gap = insights.iter().find_map(|insight| match insight {
                Insight::Gap { rule: of, known, witness } if *of == rule => Some((*known, witness)),
                _ => None,
            });
            let shown = |known: bool| self.any(|s| s.outcome().rule == rule && (!known || complete(s)));
            match gap {
                Some((Some(known), witness)) => {
                    self.on(witness, |s| s.outcome().rule == rule && complete(s) == known);
                    self.agree(known, shown(true), &rule);
                    *(if known { &mut said.gaps } else { &mut said.no_gaps }) += 1;
                }
                Some((None, witness)) => {
                    self.on(witness, |s| s.outcome().rule == rule);
                    said.open += 1;
                }
                None => said.open += usize::from(shown(false)),
            }
        }
    }

    fn verdicts(&self, verdicts: &[Verdict], said: &mut Said) {
        let mut falling = BTreeSet::new();
        let mut low = BTreeSet::new();
        for verdict in verdicts {
            match verdict {
                Verdict::Falls { section, rule, witness } => {
                    self.on(witness, |s| s.section(*section).is_true() && s.outcome().rule == *rule);
                    assert!(self.goes_on(*section).contains(rule), "{}", self.what);
                    falling.insert(*section);
                }
                Verdict::Low { place, test, witness, with, .. } => {
                    said.low += 1;
                    self.passes_unknown(*place, *test, witness, with);
                    if let Where::Rule(rule) = place {
                        low.insert((*rule, *test));
                    }
                }
                Verdict::Vacuous { property, why } => {
                    said.vacuous += 1;
                    let of = &self.policy.properties[*property];
                    let shows = |s: &Session<'_>| match why {
                        Vacuous::NoLeadMeets => s.truth(&of.condition).is_true(),
                        Vacuous::EveryLeadMeets => !s.truth(&of.condition).is_true(),
                        Vacuous::NobodyGets => s.outcome().decision == of.decision,
                    };
                    assert!(!self.any(shows), "{verdict:?}\n{}", self.what);
                }
                Verdict::Refuted { .. } => said.refuted += 1,
                _ => {}
            }
        }
        for (section, _) in self.policy.sections.iter() {
            let rules = self.goes_on(section);
            if !rules.is_empty() {
                let falls = |s: &Session<'_>| s.section(section).is_true() && rules.contains(&s.outcome().rule);
                self.agree(falling.contains(&section), self.any(falls), &section);
                *(if falling.contains(&section) { &mut said.falls } else { &mut said.no_falls }) += 1;
            }
        }
        self.not_low(&low, said);
        self.claims(verdicts);
    }

    /// The rules of later sections with a condition, for a section with one.
    fn goes_on(&self, section: SectionId) -> BTreeSet<RuleId> {
        let conditional = |section: SectionId| !matches!(self.policy.sections[section].guard, Guard::Always);
        let rules = self.policy.rules.iter().filter_map(|(id, rule)| Some((id, rule.section?)));
        let later = rules.filter(|(_, of)| conditional(section) && *of > section && conditional(*of));
        later.map(|(id, _)| id).collect()
    }

    /// A claim that is neither refuted nor called empty is about some lead.
    fn claims(&self, verdicts: &[Verdict]) {
        // Where no lead is accepted, that is all that is said.
        if verdicts.contains(&Verdict::NoLead) {
            return;
        }
        let mut model = Model::new(&[self.policy], Over::InForce, false);
        self.policy.rules.iter().for_each(|(rule, _)| {
            model.fires(0, rule);
        });
        for (at, of) in self.policy.properties.iter().enumerate() {
            let told = verdicts.iter().any(|verdict| {
                matches!(verdict, Verdict::Refuted { property, .. } | Verdict::Unproved { property }
                    | Verdict::Vacuous { property, .. } if *property == at)
            });
            if told
                || !self.is_all()
                || !model.is_exact()
                || !self.policy.rules.iter().any(|(_, rule)| rule.decision == of.decision)
            {
                continue;
            }
            let meets = self.any(|s| s.truth(&of.condition).is_true());
            let fails = self.any(|s| !s.truth(&of.condition).is_true());
            let gets = self.any(|s| s.outcome().decision == of.decision);
            let says = match of.claim {
                Claim::NeverWhen => meets && gets,
                Claim::NeverUnless => fails && gets,
                Claim::AlwaysWhen => meets,
            };
            assert!(says, "claim {at} is empty\n{}", self.what);
        }
    }

    /// A lead that passes a test for want of values passes it, and not with the values.
    fn passes_unknown(&self, place: Where, test: Span, witness: &Witness, with: &Lead) {
        let lead = &witness.leads[0];
        let fields = self.policy.fields.iter().map(|(id, _)| id);
        let more: Vec<FieldId> = fields.filter(|id| lead.get(*id) != with.get(*id)).collect();
        assert!(!more.is_empty() && more.iter().all(|id| lead.get(*id).is_none()), "{}", self.what);
        let (rule, cond) = match place {
            Where::Rule(rule) => (Some(rule), self.policy.rules[rule].when.as_ref().unwrap()),
            Where::Section(section) => match &self.policy.sections[section].guard {
                Guard::When(guard) => (None, guard),
                Guard::Always | Guard::NoneOf(_) => panic!("{}", self.what),
            },
        };
        let mut part = None;
        cond.walk(&mut |inner| part = part.or((inner.span == test).then_some(inner)));
        let part = part.unwrap();
        let (mut before, mut after) = (Truth::Unknown, Truth::Unknown);
        self.on(witness, |s| {
            before = s.truth(part);
            s.truth(cond).is_true() && rule.is_none_or(|rule| s.outcome().rule == rule)
        });
        self.on_lead(witness, with, |s| {
            after = s.truth(part);
            !s.truth(cond).is_true()
        });
        assert!(before != Truth::Unknown && after == before.not(), "{}", self.what);
    }

    /// Of the simplest tests, where nothing asks whether something is missing: one is told of just when some lead passes it and does
    /// not when all is known.
    fn not_low(&self, told: &BTreeSet<(RuleId, Span)>, said: &mut Said) {
        if !self.is_all() {
            return;
        }
        for (rule, when) in self.policy.rules.iter().filter_map(|(id, rule)| Some((id, rule.when.as_ref()?))) {
            let parts = match &when.kind {
                CondKind::All(parts) => parts.as_slice(),
                _ => std::slice::from_ref(when),
            };
            for (at, part) in parts.iter().enumerate().filter(|(_, part)| is_low(self.policy, part)) {
                let others: Vec<&Cond> = parts.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect();
                let (mut unknown, mut known) = (Vec::new(), Vec::new());
                self.all.each(self.policy, |as_of, s| {
                    let rest = others.iter().all(|cond| s.truth(cond).is_true());
                    if s.outcome().rule == rule {
                        unknown.push((as_of, s.lead().clone()));
                    } else if rest && s.truth(part) == Truth::False && is_complete(self.policy, s.lead()) {
                        known.push((as_of, s.lead().clone()));
                    }
                });
                let shown = unknown
                    .iter()
                    .any(|(time, lead)| known.iter().any(|(at, with)| time == at && extends(self.policy, lead, with)));
                let is_told = told.contains(&(rule, part.span));
                assert_eq!(is_told, shown, "{rule:?} {part:?}\n{}", self.what);
                *(if shown { &mut said.low_for_sure } else { &mut said.not_low }) += 1;
            }
        }
    }
}

/// Whether a condition that is known stays as it is when more is known.
fn grows(policy: &Policy, kind: &CondKind) -> bool {
    match kind {
        CondKind::Known(_) | CondKind::IsUnknown(_) | CondKind::IsIncomplete(_) => false,
        // What is `other`, or has no domain, is unknown however much is known.
        CondKind::Compare { left, right, .. } => [left, right].into_iter().all(|value| is_plain(policy, value)),
        CondKind::Between { value, low, high } => [value, low, high].into_iter().all(|value| is_plain(policy, value)),
        CondKind::In { value, .. } | CondKind::Has { value, .. } | CondKind::Text { value, .. } => {
            is_plain(policy, value)
        }
        CondKind::Const(_)
        | CondKind::Define(_)
        | CondKind::Reached(_)
        | CondKind::Not(_)
        | CondKind::All(_)
        | CondKind::Any(_)
        | CondKind::AtLeast(..) => true,
    }
}

fn is_plain(policy: &Policy, value: &Expr) -> bool {
    use policyc::types::Type;
    match value {
        // A value in the place of a default may turn a test round.
        Expr::Field(field) => {
            let field = &policy.fields[*field];
            let other = matches!(&field.ty, Type::Choice(choices) if choices.other);
            field.default.is_none() && !field.cell.blank_is_empty_set && !other
        }
        Expr::Const(_) | Expr::Score(_) | Expr::Grade(_) | Expr::Stage => true,
        _ => false,
    }
}

/// `fit < 30`, where more values settle more of the score.
fn is_low(policy: &Policy, part: &Cond) -> bool {
    let CondKind::Compare { op: CompareOp::Lt | CompareOp::Le, left: Expr::Score(score), right: Expr::Const(_) } =
        &part.kind
    else {
        return false;
    };
    let mut reach = Reach::new(policy);
    reach.score(*score);
    let mut conditions = Vec::new();
    for line in reach.scores.iter().flat_map(|score| &policy.scores[*score].lines) {
        match &line.gain {
            Gain::Points { per: Some(per), .. } if !is_plain(policy, &per.amount) => return false,
            Gain::Points { when, .. } => conditions.extend(when),
            Gain::Score { .. } => {}
        }
    }
    for define in &reach.defines {
        match &policy.defines[*define].body {
            Body::Condition(body) => conditions.push(body),
            Body::Value(..) => return false,
        }
    }
    conditions.extend(reach.grades.iter().flat_map(|grade| &policy.grades[*grade].lines).map(|line| &line.when));
    conditions.extend(reach.stages.iter().map(|stage| &policy.stages[*stage].when));
    let mut grow = true;
    conditions.into_iter().for_each(|cond| cond.walk(&mut |inner| grow &= grows(policy, &inner.kind)));
    grow
}

fn is_complete(policy: &Policy, lead: &Lead) -> bool {
    policy.fields.iter().all(|(id, _)| lead.get(id).is_some())
}

/// Whether one lead is another one with more values.
fn extends(policy: &Policy, lead: &Lead, with: &Lead) -> bool {
    lead != with && policy.fields.iter().all(|(id, _)| lead.get(id).is_none() || lead.get(id) == with.get(id))
}

/// Whether a rule would decide a lead if it came first.
fn takes(session: &Session<'_>, rule: RuleId) -> bool {
    let rule = &session.policy().rules[rule];
    rule.section.is_none_or(|section| session.section(section).is_true())
        && rule.when.as_ref().is_some_and(|when| session.truth(when).is_true())
}
