//! policyc: lead-qualification agreements as text, checked, decided on real leads, and explained.
//!
//! ```text
//! text ──syntax──▶ Ast ──lower──▶ ir::Policy ──┬─▶ eval      decides; the semantics
//!                   │                          ├─▶ columnar  decides millions, as `eval` would
//!                   │                          ├─▶ explain   why, in words
//!                   └──format──▶ text          ├─▶ testing   the policy's own tests
//!                                              ├─▶ analysis  proofs for every possible lead
//!                                              ├─▶ diff      what a change of it changes
//!                                              ├─▶ digest    a name for what it does
//!                                              ├─▶ log       decisions that can be made again
//!                                              └─▶ leads     cells to values, rows to leads
//! ```
//!
//! The library prints nothing, and reads no clock and no environment: a policy comes in through [`source::Files`], leads through
//! any [`BufRead`](std::io::BufRead), and the as-of time is given. The command line is around it, in the binary.
//!
//! ```
//! use std::collections::HashMap;
//! use policyc::{eval, leads, lower};
//!
//! let text = r#"
//! policy "Demo requests"
//!
//! lead
//!   need   whole number from 0 to 5
//!   title  one of [Clerk, Director, VP]
//!
//! decisions
//!   pass to sales
//!   nurture
//!
//! pass to sales when need>=3 and title in [VP, Director]
//!   because "need and authority"
//!
//! otherwise nurture
//! "#;
//! let files = HashMap::from([("demo.policy".to_owned(), text.to_owned())]);
//! let checked = lower::check("demo.policy", &files);
//! assert!(checked.diagnostics.is_empty());
//! let policy = checked.policy.ok_or("it checks")?;
//!
//! let as_of = eval::end_of_day(&policy.zone, "2026-10-05".parse()?).ok_or("there is such a day")?;
//! let evaluator = eval::Evaluator::new(&policy, as_of);
//! let csv = "need,title\n4,VP\n4,\n";
//! let rows = leads::Reader::open(&evaluator, Box::new(csv.as_bytes()), leads::Format::Csv, false);
//! let decisions: Vec<&str> = rows
//!     .map_err(|_| "the columns fit")?
//!     .filter_map(|row| match row {
//!         Ok(leads::Row::Lead { lead, .. }) => Some(evaluator.decide(&lead).decision),
//!         Ok(leads::Row::Rejected(_)) | Err(_) => None,
//!     })
//!     .map(|decision| policy.decisions[decision].phrase.as_str())
//!     .collect();
//! // Nobody knows the title of the second one: unknown fires no rule.
//! assert_eq!(decisions, ["pass to sales", "nurture"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod analysis;

pub mod columnar;
pub mod config;
pub mod diagnostic;
pub mod diff;
pub mod digest;
pub mod eval;
pub mod explain;
pub mod format;
pub mod init;
pub mod ir;
pub mod leads;
pub mod log;
pub mod lower;
pub mod render;
pub mod review;
pub mod source;
pub mod syntax;
pub mod testing;
pub mod triage;
pub mod types;
pub mod versions;
pub mod whynot;
