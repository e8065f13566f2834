//! How each condition of a decision turned out, asked of the evaluator itself.
