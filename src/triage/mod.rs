//! Which findings count, once all are found: those that a policy allows with a reason are left out, those of a code may have another
//! level, those that are known already stand in a baseline.

mod allow;
mod baseline;
mod fingerprint;
mod levels;

use std::collections::BTreeSet;

pub use allow::allow;
pub use baseline::{Baseline, Known, Struck, schema as baseline_schema};
pub use fingerprint::{Mark, marks};
pub use levels::{Level, Levels};

use crate::diagnostic::Batch;

/// What was found in a policy or a library.
#[derive(Debug)]
pub struct Looked<'b> {
    /// The findings.
    pub batch: &'b mut Batch,
    /// Whether everything was looked for: a policy with errors is not proved.
    pub whole: bool,
}

/// The files of which everything is known that can be found in them, by where they stand in the repository.
fn settled(looked: &[Looked<'_>]) -> BTreeSet<String> {
    let files = |whole: bool| {
        let some = looked.iter().filter(move |found| found.whole == whole);
        some.flat_map(|found| found.batch.sources.iter()).map(|file| file.home.clone())
    };
    let open: BTreeSet<String> = files(false).collect();
    files(true).filter(|file| !open.contains(file)).collect()
}
