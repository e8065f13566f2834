//! Which findings count, once all are found: those that a policy allows with a reason are left out, those of a code may have another
//! level, those that are known already stand in a baseline.

mod fingerprint;

pub use fingerprint::fingerprints;
