//! A change of policies as it stands before those who have to approve it: what it does, what is found in it anew, who must say yes, and why.
//!
//! Both sides come in as they were read, so that it does not matter where from. Whether it may be merged follows from the data alone.

mod allows;
mod approvals;
mod findings;
mod hanging;
mod outcomes;
mod ownership;
mod policy;
pub mod since;
mod tests;
mod unasked;
pub mod versions;

use serde::Serialize;

use crate::diff::{Report, Verdict};

pub use approvals::{Approval, Needed, Reason};
pub use findings::{Finding, new_findings};
pub use outcomes::{Outcomes, Passed, is_won};
pub use ownership::{Item, Owning, owning};
pub use policy::{Counted, Seen, Side, review};
pub use tests::{Failed, Shown, Tests};

/// The version of the JSON form; it changes when a reader of the old form would misread the new one.
pub const VERSION: u32 = 1;

/// A change of policies, for those who have to approve it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(title = "policyc review")]
pub struct Review {
    /// The version of this form: 1.
    pub version: u32,
    /// What the change is held against: the commit at which it parted from the base, so that what was merged there since is no part of it.
    pub base: Revision,
    /// What is reviewed.
    pub head: Revision,
    /// Whether any lead changes hands, all policies taken together.
    pub verdict: Verdict,
    /// The policies that changed, or that read something that did.
    pub policies: Vec<Reviewed>,
    /// How many others there are.
    pub unchanged: u64,
    /// What is found now and was not at the base, by the levels of the base's configuration.
    pub findings: Vec<Finding>,
    /// The files that rule what counts and were changed: the configuration and the baseline.
    pub rules_of_review: Vec<String>,
    /// The links that lead to other policies than before.
    pub links: Vec<Link>,
    /// Who must approve, and why.
    pub approvals: Vec<Approval>,
    /// Whether nothing stands in the way: no new error, no failing test, no claim that does not hold, and no approval missing of those
    /// that were counted.
    pub passes: bool,
    /// What stands in the way.
    pub obstacles: Vec<String>,
    /// What is to be known besides.
    pub notes: Vec<String>,
}

/// A link that leads to other policies than before, is new, or leads to none any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Link {
    /// Its path in the repository.
    pub path: String,
    /// Where it led before: a path in the repository; none when it was not there, or led out of it.
    pub was: Option<String>,
    /// Where it leads.
    pub now: Option<String>,
    /// Whether all policies that stood under it are compared with those that do now.
    pub compared: bool,
}

/// One side of a change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, schemars::JsonSchema)]
pub struct Revision {
    /// The revision, as it was given; none for the files of the work tree.
    pub revision: Option<String>,
    /// The commit that it came to.
    pub commit: Option<String>,
    /// As many digits of it as are needed.
    pub short: Option<String>,
}

/// What a change does to a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Reviewed {
    /// Its path in the repository.
    pub path: String,
    /// Its path before, when it is called otherwise now.
    pub was: Option<String>,
    /// For a new version of a policy: the path of the version that it follows and is compared with.
    pub follows: Option<String>,
    /// Its title.
    pub title: String,
    /// What became of it.
    pub fate: Fate,
    /// Whether any lead changes hands.
    pub verdict: Verdict,
    /// On which days it is in force, before and now, when these are others.
    pub in_force: Option<[String; 2]>,
    /// Why it decides no lead any more on the day as of which leads were counted, when it did before: it is not in force then.
    pub out_of_force: Option<String>,
    /// What changes, when both sides check.
    pub diff: Option<Report>,
    /// What became of deals that it would have passed or blocked, when that was asked for.
    pub outcomes: Option<Outcomes>,
    /// Its tests.
    pub tests: Tests,
    /// Whose things have passed to other teams.
    pub owners: Vec<String>,
    /// The comments that allow findings and were added or taken out.
    pub allows: Vec<String>,
}

/// What became of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It, or something that it reads, is another one.
    Changed,
    /// It does not check, so that nothing is known of it.
    DoesNotCheck,
    /// It did not check before, so that there is nothing to compare it with.
    DidNotCheck,
}

/// The JSON Schema of a review.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Review)
}

impl Review {
    /// Works out what follows from the parts: the verdict of all policies, and what stands in the way besides when these teams have
    /// approved; none when approvals are not counted.
    #[must_use]
    pub fn judged(mut self, approved_by: Option<&[String]>) -> Review {
        let verdicts = || self.policies.iter().map(|policy| policy.verdict);
        self.verdict = if verdicts().any(|verdict| verdict == Verdict::Changed) {
            Verdict::Changed
        } else if verdicts().any(|verdict| verdict == Verdict::NotKnown) || self.links.iter().any(|link| !link.compared)
        {
            Verdict::NotKnown
        } else {
            Verdict::Same
        };
        let mut obstacles = std::mem::take(&mut self.obstacles);
        obstacles.extend(self.findings.iter().filter(|found| found.stops).map(Finding::sentence));
        for policy in &self.policies {
            let failed = |test: &Failed| format!("`{}`: {}", policy.path, test.why);
            obstacles.extend(policy.tests.failed.iter().map(failed));
            let short = policy.tests.share.filter(|share| share.falls_short);
            obstacles.extend(short.map(|Shown { now, least, .. }| {
                format!("the tests of `{}` show {now}% of it, less than {least}%", policy.path)
            }));
        }
        // Errors that were there before are no new findings; but what a policy does must be known before anybody can agree to it.
        if !self.findings.iter().any(|found| found.stops) {
            let unknown = self.policies.iter().filter(|policy| policy.fate == Fate::DoesNotCheck);
            obstacles.extend(
                unknown.map(|policy| format!("`{}` does not check, so that what it does is not known", policy.path)),
            );
        }
        if let Some(approved) = approved_by {
            for approval in &mut self.approvals {
                approval.given = Some(approved.contains(&approval.team));
            }
            let missing = self.approvals.iter().filter(|approval| approval.given == Some(false));
            obstacles.extend(missing.map(Approval::missing));
        }
        self.passes = obstacles.is_empty();
        self.obstacles = obstacles;
        self
    }
}
