//! Leads in and decisions out: formats, cells, rejects, uniqueness, writers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod by_hand;
mod cells;
mod crm;
mod formats;
mod noise;
mod packed;
mod parquet;
mod rows;
mod writing;
