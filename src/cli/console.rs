//! Standard output and standard error: what goes where, in which colours, and what happens when nobody reads any more.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use policyc::render::terminal::{Tone, clean, wrap};
use policyc::render::{Look, github};

use super::disk::io_words;

/// When something is done that depends on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

/// Why a command stopped before its end.
#[derive(Debug)]
pub(super) enum Stop {
    /// Whoever read the output has gone: a quiet end.
    NobodyReads,
    /// It could not work; the words say why.
    Failed(String),
    /// It could not work, and why is among the findings already.
    Told,
}

impl Stop {
    /// It could not work.
    pub(super) fn because(message: impl Into<String>) -> Stop {
        Stop::Failed(message.into())
    }

    /// Writing to `what` failed.
    pub(super) fn writing(what: &str, error: &io::Error) -> Stop {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Stop::NobodyReads,
            _ => Stop::Failed(format!("cannot write {what}: {}", io_words(error))),
        }
    }

    /// That nobody reads what was written changes nothing of what was found.
    pub(super) fn unless_unread(self) -> Result<(), Stop> {
        match self {
            Stop::NobodyReads => Ok(()),
            Stop::Failed(_) | Stop::Told => Err(self),
        }
    }
}

/// The two outputs of a process.
#[derive(Debug)]
pub(super) struct Console {
    /// How standard output looks.
    pub(super) out: Look,
    /// How standard error looks.
    pub(super) err: Look,
    quiet: bool,
    /// Whether somebody looks at standard error.
    watched: bool,
    /// Whether a runner of GitHub reads both outputs, which takes what looks like a command for one, wherever it stands in a line: nothing goes to
    /// standard error then, and what there is to say is a command itself, whose words are none.
    commands: bool,
}

impl Console {
    /// Looks at where the outputs go.
    pub(super) fn new(color: When, quiet: bool, commands: bool) -> Console {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let columns = |size: Option<(terminal_size::Width, terminal_size::Height)>| {
            size.map_or(Look::PLAIN.width, |(width, _)| usize::from(width.0).clamp(40, 120))
        };
        let look = |terminal: bool, width: usize| Look {
            color: match color {
                When::Auto => terminal && !no_color,
                When::Always => true,
                When::Never => false,
            },
            width,
        };
        Console {
            out: look(io::stdout().is_terminal(), columns(terminal_size::terminal_size_of(io::stdout()))),
            err: look(io::stderr().is_terminal(), columns(terminal_size::terminal_size_of(io::stderr()))),
            quiet,
            watched: io::stderr().is_terminal(),
            commands,
        }
    }

    /// Whether summaries and notes are left out.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether it makes sense to show how far a command is.
    pub(super) fn shows_progress(&self) -> bool {
        self.watched && !self.quiet
    }

    /// Writes to standard output. Where nobody reads it any more, how the command ends says still what it found.
    pub(super) fn print(&self, text: &str) -> Result<(), Stop> {
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        written.map_err(|e| Stop::writing("to standard output", &e)).or_else(Stop::unless_unread)
    }

    /// Writes the summary of what was printed to standard output, unless it is to be quiet.
    pub(super) fn sum_up(&self, line: &str) -> Result<(), Stop> {
        if self.quiet { Ok(()) } else { self.print(&format!("{line}\n")) }
    }

    /// Writes to standard error what a reader has to know. That nobody reads it is no failure.
    pub(super) fn tell(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Writes a summary to standard error, unless it is to be quiet.
    pub(super) fn summary(&self, text: &str) {
        if !self.quiet {
            self.tell(text);
        }
    }

    /// Writes a note to standard error, unless it is to be quiet.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.lines("note", Tone::Accent, text, github::notice);
        }
    }

    /// Says on standard error why the command could not work.
    pub(super) fn complain(&self, message: &str) {
        self.lines("policyc", Tone::Bad, message, github::error);
    }

    /// `head: text`, wrapped, on standard error; to a runner, as a command.
    fn lines(&self, head: &str, tone: Tone, text: &str, command: impl FnOnce(&str) -> String) {
        if self.commands {
            // That nobody reads it is no failure here either.
            let _ = self.print(&command(text));
            return;
        }
        let indent = head.len() + 2;
        let lines = wrap(&clean(text), self.err.width.saturating_sub(indent));
        let body = lines.join(&format!("\n{:indent$}", ""));
        self.tell(&format!("{} {body}\n", self.err.paint(tone, &format!("{head}:"))));
    }
}
