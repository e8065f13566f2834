//! How findings, explanations and results look: for people and for programs.
