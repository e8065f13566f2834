//! What holds for every lead that a policy can meet: proved, or refuted by a lead.

#[allow(dead_code, reason = "the solver that asks it comes next")]
mod linear;
