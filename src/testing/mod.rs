//! Runs the `test` blocks of a policy.
