//! How findings are written: for people, for programs, and for CI.

use clap::ValueEnum;
use policyc::diagnostic::{Code, Diagnostic};
use policyc::render::junit::{self, Suite};
use policyc::render::{Batch, findings, github, sarif};
use policyc::source::Sources;

use super::console::{Console, Stop};
use super::output::Output;
use super::settings::Settings;

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Human,
    Json,
    Sarif,
    Github,
    Junit,
}

impl Format {
    /// The configuration. What is wrong with it is told, in the command's own form of `json`.
    pub(super) fn settings(self, json: impl Fn(&Batch) -> String + Copy, console: &Console) -> Result<Settings, Stop> {
        let mut is_told = false;
        let found = Settings::or_told(|faulty| {
            is_told = true;
            self.tell(faulty, json, console)
        });
        if is_told { found.map_err(|stop| self.once(stop)) } else { self.or_told(found, json, console) }
    }

    /// What was read. Why it could not be is told to programs where they look for findings; to people, whoever ends the command says it.
    pub(super) fn or_told<T>(
        self,
        read: Result<T, Stop>,
        json: impl FnOnce(&Batch) -> String,
        console: &Console,
    ) -> Result<T, Stop> {
        if let Err(Stop::Failed(why)) = &read
            && self != Format::Human
        {
            let found = Diagnostic::new(Code::P0200, why.clone());
            self.tell(&Batch { sources: Sources::default(), diagnostics: vec![found] }, json, console)?;
        }
        read.map_err(|stop| self.once(stop))
    }

    /// The end of a command that has told why: people look for it in the log as well, a runner has both in one place.
    fn once(self, stop: Stop) -> Stop {
        match (self, stop) {
            (Format::Github, Stop::Failed(_)) => Stop::Told,
            (_, stop) => stop,
        }
    }

    /// Writes what is wrong with something without which a command cannot begin: for programs where they look for findings, in the command's own
    /// form of `json`.
    pub(super) fn tell(
        self,
        batch: &Batch,
        json: impl FnOnce(&Batch) -> String,
        console: &Console,
    ) -> Result<(), Stop> {
        match self {
            Format::Human => {
                console.tell(&format!("{}\n", findings::human(&[batch], console.err)));
                Ok(())
            }
            Format::Json => Output::whole(None, &json(batch)),
            Format::Sarif => write_sarif(&[batch]),
            Format::Github => write_github(&[batch], console),
            Format::Junit => Output::whole(None, &junit::report(&[Suite::of_findings(batch)])),
        }
    }
}

/// Writes findings as SARIF.
pub(super) fn write_sarif(batches: &[&Batch]) -> Result<(), Stop> {
    Output::whole(None, &sarif::log(batches))
}

/// Writes findings as workflow commands of GitHub.
pub(super) fn write_github(batches: &[&Batch], console: &Console) -> Result<(), Stop> {
    console.print(&github::annotations(batches))
}
