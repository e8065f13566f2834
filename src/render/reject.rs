//! Why a row was rejected: for people, for a ticket, for programs.

use serde::Serialize;

use super::json;
use super::terminal::{Look, Tone, clean, grouped};
use crate::leads::{Problem, Reject};

/// What is wrong with a row, on one line.
#[must_use]
pub fn line(reject: &Reject) -> String {
    let problems: Vec<String> = reject.problems.iter().map(problem).collect();
    format!("{}: {}", name(reject), problems.join("; "))
}

/// For people.
#[must_use]
pub fn human(reject: &Reject, look: Look) -> String {
    let head = look.paint(Tone::Bad, &format!("{} does not fit the policy and is not decided", name(reject)));
    let problems =
        reject.problems.iter().map(|p| format!("  {} {}\n", look.paint(Tone::Faint, p.code.name()), problem(p)));
    format!("{head}\n{}", problems.collect::<String>())
}

/// For a ticket.
#[must_use]
pub fn markdown(reject: &Reject) -> String {
    let problems = reject.problems.iter().map(|p| format!("- {} {}\n", p.code.name(), problem(p)));
    format!("**{} does not fit the policy and is not decided**\n\n{}", name(reject), problems.collect::<String>())
}

/// A lead that was rejected, for programs.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(title = "policyc rejected lead")]
struct Form<'a> {
    /// The version of the form: 1.
    version: u32,
    /// How the lead is called.
    lead: &'a str,
    /// Its row, counted from 1.
    row: u64,
    /// What is wrong with it.
    rejected: Vec<Wrong<'a>>,
}

/// Something that is wrong with a lead.
#[derive(Serialize, schemars::JsonSchema)]
struct Wrong<'a> {
    /// The code.
    code: &'static str,
    /// The column that it stands in, when it is in one.
    column: Option<&'a str>,
    /// What stands there, unless it is personal.
    value: Option<&'a str>,
    /// What is wrong, in words.
    message: &'a str,
}

/// The JSON Schema of a rejected lead.
#[must_use]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Form<'static>)
}

/// For programs.
#[must_use]
pub fn json(reject: &Reject) -> String {
    let rejected = reject.problems.iter().map(|p| Wrong {
        code: p.code.name(),
        column: p.column.as_deref(),
        value: p.value.as_deref(),
        message: &p.message,
    });
    json::text(&Form { version: json::VERSION, lead: &reject.name, row: reject.row, rejected: rejected.collect() })
}

fn name(reject: &Reject) -> String {
    clean(&format!("row {}, lead {}", grouped(reject.row), reject.name)).into_owned()
}

fn problem(problem: &Problem) -> String {
    let column = problem.column.as_ref().map_or_else(String::new, |column| format!("`{column}`: "));
    clean(&format!("{column}{}", problem.message)).into_owned()
}
