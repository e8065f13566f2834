//! `policyc compile`: the checked policy for other programs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use policyc::digest;
use policyc::ir::{json, print};
use policyc::render::json::text;

use super::Exit;
use super::console::{Console, Stop};
use super::output::{Output, refuse_overwriting};
use super::policies::Read;

/// Write the checked policy, with everything that it uses, for other programs.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The policy: a file, or `REV:PATH`, one of a git revision; not needed for the schema.
    #[arg(value_name = "POLICY")]
    policy: Option<PathBuf>,
    /// What is written: the policy as JSON, the JSON Schema of that form, the policy as one text, with all sugar gone, its digest (a name
    /// for what it does), or the text that the digest is made of.
    #[arg(long, value_name = "FORM", default_value = "json")]
    to: Form,
    /// Where to; standard output when absent.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What a policy is compiled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Json,
    Schema,
    Text,
    Digest,
    Canonical,
}

/// Compiles a policy.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let checked = |policy: &PathBuf| {
        let (read, policy) = Read::policy(policy, console)?;
        refuse_overwriting(&read.files, &arguments.output)?;
        Ok(policy)
    };
    let compiled = match (arguments.to, &arguments.policy) {
        (Form::Schema, _) => text(&json::schema()),
        (Form::Json, Some(policy)) => json::write(&checked(policy)?),
        (Form::Text, Some(policy)) => print::policy(&checked(policy)?),
        (Form::Digest, Some(policy)) => format!("{}\n", digest::policy(&checked(policy)?)),
        (Form::Canonical, Some(policy)) => digest::canonical(&checked(policy)?),
        (Form::Json | Form::Text | Form::Digest | Form::Canonical, None) => {
            return Err(Stop::because("which policy? `policyc compile POLICY`"));
        }
    };
    Output::whole(arguments.output.as_deref(), &compiled)?;
    Ok(Exit::Clean)
}
