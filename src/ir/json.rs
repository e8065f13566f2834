//! The JSON form of a policy: what `policyc compile` writes, versioned, with a published schema.

use serde::{Deserialize, Serialize};

use super::Policy;

/// The version of the form; it changes when a reader of the old form would misread the new one.
pub const VERSION: u32 = 1;

/// A policy in its JSON form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(title = "policyc IR")]
pub struct Document {
    /// The version of the form: 1.
    pub ir_version: u32,
    /// The checked policy.
    pub policy: Policy,
}
