//! policyc: lead-qualification agreements as text, checked, decided on real leads, and explained.

pub mod diagnostic;
pub mod eval;
pub mod explain;
pub mod format;
pub mod init;
pub mod ir;
pub mod leads;
pub mod lower;
pub mod render;
pub mod source;
pub mod syntax;
pub mod testing;
pub mod types;
