//! `policyc init`: a first policy from real leads.

use std::path::PathBuf;

use clap::Args;
use policyc::diagnostic::any_error;
use policyc::format::format;
use policyc::init::Survey;
use policyc::leads::RawReader;
use policyc::source::{SourceFile, SourceId, Sources};
use policyc::syntax::parse;

use super::Exit;
use super::console::{Console, Stop};
use super::leads::Leads;
use super::output::Output;

/// Write a first policy from real leads: their fields, with types that fit every row, and comments on what to decide.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    leads: Leads,
    /// Where the policy goes: a file that is not there yet; standard output when absent.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What the policy is called; after the file of leads when absent.
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,
}

/// Looks at all leads and writes a policy for them.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    if let Some(there) = arguments.output.as_ref().filter(|path| path.exists()) {
        return Err(Stop::because(format!("`{}` is there already, and is not written over", there.display())));
    }
    let stop = |found| arguments.leads.stop(vec![found], Sources::default(), console);
    let (input, format) = arguments.leads.input()?;
    let mut rows = RawReader::open(input, format).map_err(stop)?;
    let survey = Survey::of(&mut rows).map_err(stop)?;
    let (stem, file) = arguments.leads.file_name();
    let text = survey.policy(arguments.title.as_deref().unwrap_or(&stem), &file);
    Output::whole(arguments.output.as_deref(), &canonical(text))?;
    rows.notices().iter().for_each(|note| console.note(note));
    Ok(Exit::Clean)
}

/// The text in canonical layout.
fn canonical(text: String) -> String {
    let parsed = parse(&SourceFile::new(SourceId(0), "", text.as_str()));
    if any_error(&parsed.diagnostics) { text } else { format(&parsed.file) }
}
