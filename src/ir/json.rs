//! The JSON form of a policy: what `policyc compile` writes, versioned, with a published schema (`docs/schemas/compile.json`).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Policy;
use super::validate::{self, Invalid};

/// The version of the form; it changes when a reader of the old form would misread the new one.
pub const VERSION: u32 = 1;

/// How deep the JSON itself may be nested: a text may nest to 64, each of which may be an `or` in an `and`, each of which
/// takes three levels; and a few around that.
const MAX_NESTING: usize = 500;

/// A policy in its JSON form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(title = "policyc IR")]
pub struct Document {
    /// The version of the form: 1.
    pub ir_version: u32,
    /// The checked policy.
    pub policy: Policy,
}

/// Why a text is not the JSON form of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is no JSON, or something is missing in it; in the words of the JSON reader.
    Json(String),
    /// It is nested deeper than any policy.
    TooDeep,
    /// It is of another version.
    Version(u32),
    /// The policy in it does not hold together.
    Invalid(Invalid),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Json(problem) => f.write_str(problem),
            Fault::TooDeep => f.write_str("it is nested too deep"),
            Fault::Version(version) => write!(f, "it is of version {version}; this program reads version {VERSION}"),
            Fault::Invalid(invalid) => invalid.fmt(f),
        }
    }
}

impl std::error::Error for Fault {}

/// The JSON form of a policy, indented, with a line break at the end.
#[must_use]
pub fn write(policy: &Policy) -> String {
    #[derive(Serialize)]
    struct Borrowed<'p> {
        ir_version: u32,
        policy: &'p Policy,
    }
    let document = Borrowed { ir_version: VERSION, policy };
    // Writing JSON into memory fails only for maps whose keys are no texts, and a policy has no map.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads the JSON form of a policy and checks that the policy holds together.
///
/// # Errors
/// When the text is not the JSON form of a policy that could be decided by.
pub fn read(text: &str) -> Result<Policy, Fault> {
    #[derive(Deserialize)]
    struct Version {
        ir_version: u32,
    }
    if nesting(text) > MAX_NESTING {
        return Err(Fault::TooDeep);
    }
    let json = |e: serde_json::Error| Fault::Json(e.to_string());
    let version: Version = parse(text).map_err(json)?;
    if version.ir_version != VERSION {
        return Err(Fault::Version(version.ir_version));
    }
    let Document { policy, .. } = parse(text).map_err(json)?;
    validate::validate(&policy).map_err(Fault::Invalid)?;
    Ok(policy)
}

/// The JSON Schema of the form.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Document)
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> serde_json::Result<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let value = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// How deep the brackets of a JSON text are nested.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
