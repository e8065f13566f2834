//! The decisions on one lead in a log: all of them in short, and the one that is asked for.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::str::FromStr;

use memchr::memmem;
use policyc::diagnostic::did_you_mean;
use policyc::leads::{MAX_ROW, Packing};
use policyc::log::{Entry, Fault};
use policyc::render::terminal::count;
use serde::Deserialize;

use crate::cli::console::{Console, Stop};
use crate::cli::disk::io_words;
use crate::cli::log::{MARK, is_like_a_log};

/// Which of several decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum At {
    /// The last one in the log.
    Latest,
    /// By its number, counted from 1.
    Number(usize),
}

impl FromStr for At {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<At, Self::Err> {
        match text.parse() {
            _ if text == "latest" => Ok(At::Latest),
            Ok(number @ 1..) => Ok(At::Number(number)),
            Ok(0) | Err(_) => Err("type `latest`, or which of the decisions on the lead: 1 is the first"),
        }
    }
}

/// Escapes that this program does not write where a letter does.
const ESCAPES: [&[u8]; 2] = [b"\\u", b"\\/"];

/// How many decisions on one lead are listed.
pub(super) const LISTED: usize = 5;

/// A decision on the lead, in short.
#[derive(Debug)]
pub(super) struct Short {
    /// Which of them, counted from 1.
    pub(super) number: usize,
    pub(super) line: u64,
    pub(super) decision: String,
    pub(super) policy: String,
    pub(super) as_of: jiff::Timestamp,
}

/// What a log has of a lead.
#[derive(Debug)]
pub(super) struct Found {
    /// How many decisions there are.
    pub(super) decisions: usize,
    /// The last few of them, in the order of the log.
    pub(super) last: VecDeque<Short>,
    /// Which of them is asked for, counted from 1.
    pub(super) number: usize,
    /// Its line.
    pub(super) line: u64,
    /// The decision that is asked for.
    pub(super) entry: Entry,
}

/// Looks for the decisions on a lead. Of several the latest is one of those by a policy that is `meant`, when there are any.
pub(super) fn find(
    log: &Path,
    lead: &str,
    at: At,
    meant: impl Fn(&Entry) -> bool,
    console: &Console,
) -> Result<Found, Stop> {
    let mut lines = Lines::open(log)?;
    let (mut decisions, mut last) = (0, VecDeque::new());
    let mut chosen = None;
    let mut is_meant = false;
    let mut left_out: Option<(u64, Fault)> = None;
    let mut left_out_lines: u64 = 0;
    let mut torn_below = None;
    let quoted = serde_json::to_string(lead).unwrap_or_default();
    let finder = memmem::Finder::new(&quoted);
    while let Some((number, line)) = lines.next()? {
        // A whole line in which the name does not stand need not be read; but other programs may write it with escapes.
        let names_it = finder.find(line).is_some() || ESCAPES.iter().any(|escape| memmem::find(line, escape).is_some());
        if !names_it && line.trim_ascii_end().ends_with(b"}") {
            continue;
        }
        let fault = match Entry::read(line) {
            Ok(entry) if entry.lead == lead => {
                decisions += 1;
                if last.len() == LISTED {
                    last.pop_front();
                }
                let (decision, policy, as_of) = (entry.decision.clone(), entry.policy.clone(), entry.as_of);
                last.push_back(Short { number: decisions, line: number, decision, policy, as_of });
                let takes = match at {
                    At::Latest => meant(&entry) || !is_meant,
                    At::Number(number) => number == decisions,
                };
                if takes {
                    is_meant = meant(&entry);
                    chosen = Some((decisions, number, entry));
                    torn_below = None;
                }
                continue;
            }
            Ok(_) => continue,
            Err(fault) => fault,
        };
        left_out_lines += 1;
        if fault == Fault::Torn && chosen.is_some() {
            torn_below.get_or_insert(number);
        }
        left_out.get_or_insert((number, fault));
    }
    let unknown = if decisions == 0 { Some(unknown(log, lead)?) } else { None };
    if let Some((line, fault)) = left_out {
        let more = match left_out_lines - 1 {
            0 => String::new(),
            more => format!("; so are {}", count(more, "other line")),
        };
        console.note(&format!("line {line} of `{}` is left out: {fault}{more}", log.display()));
    }
    if let Some((number, line, entry)) = chosen {
        if let Some(torn) = torn_below
            && is_one_run(log, line, &entry, torn)?
        {
            console.note(&format!(
                "the run of this decision seems to have been stopped while it was logged, at line {torn}: then no decision of it went out"
            ));
        }
        return Ok(Found { decisions, last, number, line, entry });
    }
    if let Some(unknown) = unknown {
        return Err(unknown);
    }
    Err(Stop::because(format!(
        "there are {} on `{lead}` in `{}`: choose one by `--at 1` to `--at {decisions}`",
        count(decisions as u64, "decision"),
        log.display(),
    )))
}

/// Whether all lines from an entry's to another one go on as one run does: decided by the same policy as of the same time, row by row.
fn is_one_run(log: &Path, first: u64, entry: &Entry, last: u64) -> Result<bool, Stop> {
    let mut lines = Lines::open(log)?;
    let mut row = entry.row;
    while let Some((number, line)) = lines.next()? {
        if number <= first {
            continue;
        }
        if number >= last {
            return Ok(true);
        }
        match Entry::read(line) {
            Ok(next) if next.row > row && next.as_of == entry.as_of && next.digest == entry.digest => row = next.row,
            Ok(_) | Err(_) => break,
        }
    }
    // Nor is it where the lines are gone, as those of a pipe are that has been read.
    Ok(false)
}

/// That there is no decision on a lead, and which lead may be meant. What is no log at all stops at once.
fn unknown(log: &Path, lead: &str) -> Result<Stop, Stop> {
    #[derive(Deserialize)]
    struct Named {
        lead: String,
    }
    let mut lines = Lines::open(log)?;
    let (mut near, mut decisions): (Option<String>, u64) = (None, 0);
    let mut is_log = true;
    while let Some((number, line)) = lines.next()? {
        is_log &= number > 1 || is_like_a_log(line);
        if let Ok(Named { lead: name }) = serde_json::from_slice(line) {
            decisions += 1;
            if name == lead {
                return Ok(Stop::because(format!(
                    "line {number} of `{}` is about `{lead}`, and cannot be used",
                    log.display()
                )));
            }
            near = did_you_mean(lead, near.as_deref().into_iter().chain([name.as_str()])).map(str::to_owned);
        }
    }
    if decisions == 0 && !is_log {
        return Err(Stop::because(format!(
            "`{}` is no log of decisions: `policyc decide POLICY LEADS --log FILE` writes one",
            log.display()
        )));
    }
    let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    let has = count(decisions, "decision");
    Ok(Stop::because(format!("no lead is called `{lead}` in `{}`, which has {has}{near}", log.display())))
}

/// The lines of a log.
struct Lines<'p> {
    path: &'p Path,
    log: BufReader<File>,
    number: u64,
    line: Vec<u8>,
    /// Whether it begins as a log does.
    is_log: bool,
}

impl<'p> Lines<'p> {
    fn open(path: &'p Path) -> Result<Lines<'p>, Stop> {
        let failed = |e: io::Error| Stop::because(format!("cannot read `{}`: {}", path.display(), io_words(&e)));
        if path.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let mut log = BufReader::with_capacity(1 << 16, File::open(path).map_err(failed)?);
        let head = log.fill_buf().map_err(failed)?;
        if Packing::of(head.get(..4).unwrap_or(head)).is_some() {
            return Err(Stop::because(format!("`{}` is packed: unpack it first", path.display())));
        }
        if head.starts_with(MARK) {
            log.consume(MARK.len());
        }
        let is_log = is_like_a_log(log.fill_buf().map_err(failed)?);
        Ok(Lines { path, log, number: 0, line: Vec::new(), is_log })
    }

    /// The next line that is not empty, and its number.
    fn next(&mut self) -> Result<Option<(u64, &[u8])>, Stop> {
        loop {
            self.line.clear();
            let limit = MAX_ROW as u64 + 1;
            let read = self.log.by_ref().take(limit).read_until(b'\n', &mut self.line);
            let name = self.path.display();
            let failed = |e: io::Error| Stop::because(format!("cannot read `{name}`: {}", io_words(&e)));
            match read.map_err(failed)? {
                0 => return Ok(None),
                read if read as u64 == limit && self.line.last() != Some(&b'\n') && self.is_log => {
                    // A line that broke off, whatever has come below it: its beginning shows that it is none.
                    self.log.skip_until(b'\n').map_err(failed)?;
                    self.number += 1;
                }
                read if read as u64 == limit && self.line.last() != Some(&b'\n') => {
                    return Err(Stop::because(format!(
                        "line {} of `{name}` is longer than {} MiB: this is no log of decisions",
                        self.number + 1,
                        MAX_ROW >> 20
                    )));
                }
                _ => self.number += 1,
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some((self.number, &self.line)));
            }
        }
    }
}
