//! `policyc completions`: completions for a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Exit;
use super::console::{Console, Stop};

/// Write completions for a shell, e.g. `policyc completions bash > /etc/bash_completion.d/policyc`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Which shell.
    shell: Shell,
}

/// Writes the completions.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "policyc", &mut script);
    console.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}
