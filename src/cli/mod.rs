//! The command line: one file a verb, and what the verbs share.
//!
//! Only this module prints, reads the clock, the environment and the disk.

mod as_of;
mod check;
mod code;
mod compile;
mod completions;
mod console;
mod decide;
mod diff;
mod disk;
mod explain;
mod fmt;
mod folder;
mod format;
mod git;
mod git_driver;
mod history;
mod impact;
mod in_force;
mod init;
mod install_hooks;
mod leads;
mod log;
mod new_file;
mod origin;
mod output;
mod owners;
mod personal;
mod place;
mod policies;
mod progress;
mod rejects;
mod replay;
mod review;
mod settings;
mod test;
mod triage;
mod way;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use policyc::diagnostic::did_you_mean;

use console::{Console, Stop, When};
use format::Format;

/// Lead-qualification agreements as text: checked, tested, decided on real leads, and explained.
#[derive(Debug, Parser)]
#[command(name = "policyc", version, max_term_width = 100, propagate_version = false, disable_help_subcommand = true)]
#[command(
    after_help = "Exit codes: 0 done; 1 something was found (an error in a policy, a failing test, an unformatted \
                        file, a rejected lead); 2 it could not work."
)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    /// Leave out summaries and notes.
    #[arg(long, short, global = true, display_order = 100)]
    quiet: bool,
    /// Use colours; auto: on a terminal, unless NO_COLOR is set.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", display_order = 101)]
    color: When,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Init(init::Arguments),
    Check(check::Arguments),
    Fmt(fmt::Arguments),
    Test(test::Arguments),
    Decide(decide::Arguments),
    Explain(explain::Arguments),
    Diff(diff::Arguments),
    History(history::Arguments),
    Review(review::Arguments),
    Owners(owners::Arguments),
    Compile(compile::Arguments),
    Code(code::Arguments),
    Completions(completions::Arguments),
    InstallHooks(install_hooks::Arguments),
    /// Show what a verb does: `policyc help review` is `policyc review --help`.
    #[command(hide = true)]
    Help {
        verb: Option<String>,
    },
    #[command(hide = true)]
    GitDiff(git_driver::DiffArguments),
    #[command(hide = true)]
    GitStaged(install_hooks::staged::Arguments),
    #[command(hide = true)]
    GitText(git_driver::TextArguments),
}

impl Verb {
    /// Whether a runner of GitHub reads what it says.
    fn speaks_to_a_runner(&self) -> bool {
        matches!(self, Verb::Check(check::Arguments { format: Format::Github, .. }))
            || matches!(self, Verb::Test(test::Arguments { format: Format::Github, .. }))
    }
}

/// How a command that could work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Nothing was found.
    Clean,
    /// Something was found.
    Found,
}

impl From<bool> for Exit {
    fn from(found: bool) -> Exit {
        if found { Exit::Found } else { Exit::Clean }
    }
}

/// Runs the command line that this process was given.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    // What is caught is told by whoever catches it.
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !policyc::leads::panics_are_caught() {
            usual(panic);
        }
    }));
    let console = Console::new(arguments.color, arguments.quiet, arguments.verb.speaks_to_a_runner());
    let ended = match arguments.verb {
        Verb::Init(verb) => init::run(&verb, &console),
        Verb::Check(verb) => check::run(&verb, &console),
        Verb::Fmt(verb) => fmt::run(&verb, &console),
        Verb::Test(verb) => test::run(&verb, &console),
        Verb::Decide(verb) => decide::run(&verb, &console),
        Verb::Explain(verb) => explain::run(&verb, &console),
        Verb::Diff(verb) => diff::run(&verb, &console),
        Verb::History(verb) => history::run(&verb, &console),
        Verb::Review(verb) => review::run(&verb, &console),
        Verb::Owners(verb) => owners::run(&verb, &console),
        Verb::Compile(verb) => compile::run(&verb, &console),
        Verb::Code(verb) => code::run(&verb, &console),
        Verb::Completions(verb) => completions::run(&verb, &console),
        Verb::InstallHooks(verb) => install_hooks::run(&verb, &console),
        Verb::Help { verb } => help(verb.as_deref(), &console),
        Verb::GitDiff(verb) => git_driver::diff(&verb, &console),
        Verb::GitStaged(verb) => install_hooks::staged::run(&verb, &console),
        Verb::GitText(verb) => git_driver::text(&verb),
    };
    match ended {
        Ok(Exit::Clean) | Err(Stop::NobodyReads) => ExitCode::SUCCESS,
        Ok(Exit::Found) => ExitCode::from(1),
        Err(Stop::Failed(message)) => {
            console.complain(&message);
            ExitCode::from(2)
        }
        Err(Stop::Told) => ExitCode::from(2),
    }
}

/// Shows the help of a verb, or of the whole command.
fn help(verb: Option<&str>, console: &Console) -> Result<Exit, Stop> {
    let mut command = Arguments::command();
    command.build();
    let Some(name) = verb else {
        console.print(&command.render_help().to_string())?;
        return Ok(Exit::Clean);
    };
    let verbs: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    let near = did_you_mean(name, verbs.iter().map(String::as_str));
    let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    let found = command.find_subcommand_mut(name);
    let unknown = || Stop::because(format!("there is no verb `{name}`: {near}`policyc --help` lists them all"));
    console.print(&found.ok_or_else(unknown)?.render_help().to_string())?;
    Ok(Exit::Clean)
}
