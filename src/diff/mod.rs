//! What a change of a policy changes: for every possible lead, and on real ones.
//!
//! Both policies are looked at as one sequence of [slots](Slot). The first slot at which the two treat a lead differently depends on what
//! stands in the slot alone; so that the leads that change hands fall apart, exactly, by that slot (or by the edit behind it), by
//! where they went and by where they go now.

mod agreed;
mod align;
mod case;
mod cover;
mod edit;
mod items;
mod lists;
mod names;
mod notes;
mod pair;
mod phrase;
mod places;
mod plain;
mod potential;
mod ranked;
pub mod report;
mod scan;
mod subject;
pub mod tally;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::eval::Session;
use crate::ir::{Cond, Policy, RuleId};

pub use agreed::test_body;
pub use align::{Slot, Step};
pub use cover::{Clause, Cover};
pub use edit::{Edit, Kind, Said, What};
pub use pair::{How, Seen};
pub use potential::Potential;
pub use ranked::has_more_values;
pub use report::{Report, Texts};
pub use scan::{Change, Flow, Part};

/// What differs between two policies.
#[derive(Debug)]
pub struct Diff<'p> {
    /// The policies, the old one first.
    pub policies: [&'p Policy; 2],
    /// What the texts say differently that decisions can hang on.
    pub edits: Vec<Edit>,
    /// What they agree on besides: claims, days in force, owners, tests.
    pub agreement: Vec<Edit>,
    /// What they say in other words: reasons, labels, titles, notes.
    pub wording: Vec<Edit>,
    /// What says the same only because case matters to one of them and not to the other: what the authors have typed is not known.
    pub cased: Vec<Edit>,
    /// What says the same in words, and compares with values of a field that has others now, or has them in another order.
    pub ranked: Vec<Edit>,
    /// Fields whose cells the two may read in different ways, which is not compared.
    pub not_compared: Vec<String>,
    /// What the comparison leaves out, in words.
    pub notes: Vec<String>,
    /// What both do, step by step.
    pub slots: Vec<Slot>,
    /// Which rule of the old policy has become which one of the new, wherever they stand and whatever they are called.
    pub rules: Vec<[RuleId; 2]>,
    /// The leads that change hands, by what makes them.
    pub changes: Vec<Change>,
    /// The rules of the old policy some of whose leads are now decided by rules that not all of their owners own, whatever the decision; and
    /// those of which that is not known. Looked for [in depth](Diff::in_depth) only.
    pub handed_over: Vec<RuleId>,
    /// What comes to fewer leads, whether or not these can be. Looked for [in depth](Diff::in_depth) only.
    pub potential: Potential,
    fates: pair::Fates,
}

/// What can be said of two policies in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No lead changes hands: proved.
    Same,
    /// Some leads do.
    Changed,
    /// Neither is known: not proved, or something is not compared that it hangs on.
    NotKnown,
}

/// Which region of a diff a lead belongs to: the change and its part.
pub type Place = (usize, usize);

impl<'p> Diff<'p> {
    /// Compares two policies.
    #[must_use]
    pub fn new(old: &'p Policy, new: &'p Policy) -> Diff<'p> {
        scan::compare([old, new], false)
    }

    /// Compares two policies, and also finds every rule that loses leads, which takes longer.
    #[must_use]
    pub fn in_depth(old: &'p Policy, new: &'p Policy) -> Diff<'p> {
        scan::compare([old, new], true)
    }

    /// Whether any lead changes hands. Where cells are read in two ways, nothing is proved of every lead.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.by_rules() {
            Verdict::Same if !self.not_compared.is_empty() => Verdict::NotKnown,
            verdict @ (Verdict::Same | Verdict::Changed | Verdict::NotKnown) => verdict,
        }
    }

    /// Whether any lead changes hands of those that both read the same.
    #[must_use]
    pub fn by_rules(&self) -> Verdict {
        let parts = || self.changes.iter().flat_map(|change| &change.parts);
        if parts().any(|part| !part.flows.is_empty()) {
            Verdict::Changed
        } else if parts().all(|part| part.complete) {
            Verdict::Same
        } else {
            Verdict::NotKnown
        }
    }

    /// The old policy with the names of the new one, for what is called otherwise there.
    #[must_use]
    pub fn under_new_names(&self) -> Cow<'p, Policy> {
        let [old, _] = self.policies;
        names::under_new_names(old, &names::renamed(self.edits.iter().chain(&self.wording)))
    }

    /// What a step of one of the policies depends on beside itself: kinds and names.
    #[must_use]
    pub fn depends_on(policy: &Policy, step: Step) -> BTreeSet<(Kind, String)> {
        align::depends_on(policy, step)
    }

    /// What a condition of one of the policies depends on: kinds and names.
    #[must_use]
    pub fn behind(policy: &Policy, cond: &Cond) -> BTreeSet<(Kind, String)> {
        align::behind(policy, cond)
    }

    /// Looks at one lead, as each of the policies reads it.
    #[must_use]
    pub fn look(&self, old: &Session<'_>, new: &Session<'_>) -> Seen {
        pair::look(&self.slots, &self.fates, [old, new])
    }

    /// What becomes of a lead under the old policy and under the new one: a decision, or none when it is set aside.
    #[must_use]
    pub fn ends(&self, seen: &Seen) -> [Option<&str>; 2] {
        seen.fates.map(|fate| self.fates.word(fate))
    }

    /// The region of a lead that changes hands; none when no region has its flow.
    #[must_use]
    pub fn region(&self, seen: &Seen) -> Option<Place> {
        let at = seen.parts?;
        let [from, to] = seen.fates;
        if from == to {
            return None;
        }
        self.changes.iter().enumerate().find_map(|(change, of)| {
            let part = of.parts.iter().position(|part| part.has(at))?;
            Some((change, part))
        })
    }
}
