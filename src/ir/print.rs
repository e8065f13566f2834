//! The policy's own words for its parts: conditions, values and whole policies as text.
