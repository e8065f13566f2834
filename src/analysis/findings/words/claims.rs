//! Claims that do not hold, say nothing, or of which that is not known, in words.

use super::{called, shown_rule};
use crate::analysis::example;
use crate::analysis::findings::Vacuous;
use crate::analysis::witness::Witness;
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::Evaluator;
use crate::ir::{Policy, print};

pub(super) fn refuted(policy: &Policy, property: usize, witness: &Witness) -> Diagnostic {
    let (Some(of), Some(lead)) = (policy.properties.get(property), witness.leads.first()) else {
        return unnamed(Code::P0421);
    };
    let outcome = Evaluator::new(policy, witness.as_of).decide(lead);
    let rule = &policy.rules[outcome.rule];
    let (never, when) = of.claim.words();
    let phrase = &policy.decisions[of.decision].phrase;
    let claim = format!("{never} {phrase} {when} {}", print::condition(policy, &of.condition));
    let got = &policy.decisions[outcome.decision].phrase;
    Diagnostic::new(Code::P0421, format!("this does not hold: a lead gets `{got}` by {}", called(rule)))
        .at(of.span, "claimed here")
        .at(shown_rule(rule), "this decides it")
        .help("change the rule or the claim; the lead below shows it, as a test to keep")
        .example(example::text(policy, lead, witness.as_of, &format!("against: {claim}"), outcome))
}

pub(super) fn unproved(policy: &Policy, property: usize) -> Diagnostic {
    let Some(of) = policy.properties.get(property) else { return unnamed(Code::P0422) };
    Diagnostic::new(Code::P0422, "neither proved nor refuted: whether this holds for every lead is not known")
        .at(of.span, "")
        .help("comparisons of products and quotients of fields are beyond what is proved exactly: ask in smaller steps")
}

pub(super) fn vacuous(policy: &Policy, property: usize, why: Vacuous) -> Diagnostic {
    let Some(of) = policy.properties.get(property) else { return unnamed(Code::P0434) };
    let phrase = &policy.decisions[of.decision].phrase;
    let (why, help) = match why {
        Vacuous::NoLeadMeets => (
            "no lead can meet its condition".to_owned(),
            "change the condition so that it speaks of leads that there can be, or drop the claim",
        ),
        Vacuous::EveryLeadMeets => (
            "every lead meets its condition".to_owned(),
            "change the condition so that it rules leads out, or drop the claim",
        ),
        Vacuous::NobodyGets => (
            format!("no lead at all gets `{phrase}`"),
            "look at the rules that should give the decision, or drop the claim",
        ),
    };
    Diagnostic::new(Code::P0434, format!("this claim holds, but says nothing: {why}")).at(of.span, "").help(help)
}

/// A verdict about something that the policy does not have; verdicts are made from the policy, so there is none.
fn unnamed(code: Code) -> Diagnostic {
    Diagnostic::new(code, "this does not hold for every lead")
}
