//! From syntax trees to the checked policy: resolves names, checks types, takes the sugar out.

mod cond;
mod define;
mod literal;
mod scope;
mod time;
mod value;

use crate::diagnostic::Diagnostic;
use crate::ir::Policy;
use crate::source::{Files, Sources};

/// What became of a policy's text.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Every file that was read.
    pub sources: Sources,
    /// The policy, when nothing is wrong with it.
    pub policy: Option<Policy>,
    /// Whether the file is a library: it has no `policy` statement and is checked through the policies that use it.
    pub library: bool,
    /// Everything that was found in all its files, in the order of the files and their lines.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and checks the policy at `path`, with everything that it uses.
#[must_use]
pub fn check(path: &str, files: &dyn Files) -> Checked {
    let _ = (path, files);
    Checked::default()
}
