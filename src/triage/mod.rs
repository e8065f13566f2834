//! Which findings count, once all are found: those that a policy allows with a reason are left out, those of a code may have another
//! level, those that are known already stand in a baseline.

mod allow;
mod baseline;
mod fingerprint;
mod levels;

use std::collections::BTreeSet;

pub use allow::{Allowed, allow, allowed};
pub use baseline::{Baseline, Known, Struck, schema as baseline_schema};
pub use fingerprint::{Mark, marks};
pub use levels::{Level, Levels};

/// The files of which everything was looked for that can be found in them, by where they stand in the repository. A file that a policy with errors uses is none, for that
/// policy is not proved; nor is a library that was looked at only because a policy uses it, for other policies may use it, too.
pub type Settled = BTreeSet<String>;
