//! `policyc code`: the page of a diagnostic code.

use clap::Args;
use policyc::diagnostic::{Code, did_you_mean};
use policyc::render::page;
use policyc::render::terminal::Tone;

use super::Exit;
use super::console::{Console, Stop};

/// Show what a code such as P0301 means, with an example and its cure; without a code, list all of them.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The code.
    code: Option<String>,
}

/// Shows a page or the list.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let Some(name) = &arguments.code else {
        let line = |code: &Code| format!("{}  {}\n", console.out.paint(Tone::Accent, code.name()), code.title());
        console.print(&Code::ALL.iter().map(line).collect::<String>())?;
        return Ok(Exit::Clean);
    };
    let code = Code::find(name).ok_or_else(|| {
        let near = did_you_mean(name, Code::ALL.iter().map(|c| c.name()));
        let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        Stop::because(format!("there is no code `{name}`: {near}`policyc code` lists them all"))
    })?;
    console.print(&page::human(code.page(), console.out))?;
    Ok(Exit::Clean)
}
