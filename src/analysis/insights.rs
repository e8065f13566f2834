//! What `check` tells when it is asked: where the order of two rules decides, what hangs on missing values, which leads no rule takes.
//!
//! None of it is a fault. An [`Insight`] is data; [`notes`] says it to people.

mod gaps;
mod missing;
mod overlaps;
mod words;

use super::witness::Witness;
use crate::diagnostic::Code;
use crate::ir::{FieldId, Policy, RuleId};

pub use words::{Detail, notes};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Request {
    /// Which rules with different decisions meet in one lead.
    pub overlaps: bool,
    /// How many such leads are worked out and decided, besides one for each rule; a large policy has a hundred thousand pairs.
    pub leads: usize,
    /// What hangs on each value that may be missing.
    pub missing: bool,
    /// Which leads get to an `otherwise` with nothing missing.
    pub gaps: bool,
}

impl Request {
    /// The codes of what is not asked, so that it cannot be found.
    #[must_use]
    pub fn unasked(self) -> Vec<Code> {
        let asked = [(self.overlaps, Code::P0431), (self.missing, Code::P0432), (self.gaps, Code::P0435)];
        asked.into_iter().filter(|(asked, _)| !asked).map(|(_, code)| code).collect()
    }
}

/// Something that was proved of a policy because it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Insight {
    /// A rule decides leads that rules below it with other decisions would take, too: their order decides.
    Overlap {
        /// The rule.
        rule: RuleId,
        /// Leads that it decides, each with rules below that would take it; every such rule stands beside one lead.
        leads: Vec<(Witness, Vec<RuleId>)>,
        /// More such rules: that there is a lead is proved, but none was worked out.
        others: Vec<RuleId>,
    },
    /// How much is known of overlaps.
    Overlaps {
        /// How many pairs of rules with different decisions meet in some lead.
        pairs: usize,
        /// Of how many pairs it is not known.
        open: usize,
    },
    /// What hangs on the value of a field.
    Missing {
        /// The field.
        field: FieldId,
        /// The rules that would decide a lead with some value of it, and are unknown without one although nothing above decides.
        silent: Vec<RuleId>,
        /// For each decision that leads get without a value and not with some value, one of them: as it is with the value, and without.
        changes: Vec<Witness>,
        /// Whether nothing is missing here, so far as is known.
        complete: bool,
    },
    /// Whether leads with nothing missing get to an `otherwise`.
    Gap {
        /// The `otherwise`.
        rule: RuleId,
        /// Whether such leads do; none when that is not known.
        known: Option<bool>,
        /// One of them; where there is none, one with something missing.
        witness: Witness,
    },
    /// There was too much to look at: from here on, nothing was.
    Stopped {
        /// At what.
        at: Stop,
    },
}

/// Where a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The first rule whose overlaps were not looked at.
    Rule(RuleId),
    /// The first field that was not looked at.
    Field(FieldId),
}

/// The answers to what is asked of a policy.
#[must_use]
pub fn answers(policy: &Policy, request: Request) -> Vec<Insight> {
    let mut found = Vec::new();
    if request.overlaps {
        found.extend(overlaps::all(policy, request.leads));
    }
    if request.missing {
        found.extend(missing::all(policy));
    }
    if request.gaps {
        found.extend(gaps::all(policy));
    }
    found
}
