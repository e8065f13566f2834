//! Real leads under both sides of a change: how many change hands.

use std::sync::mpsc::sync_channel;
use std::thread;

use jiff::Timestamp;
use policyc::columnar::{self, REJECTED, Settings, Stopped};
use policyc::diagnostic::{Diagnostic, did_you_mean};
use policyc::diff::Diff;
use policyc::diff::tally::{Counter, Moved, Row as Taken};
use policyc::eval::{Evaluator, Session};
use policyc::ir::{Policy, RuleId, tidy};
use policyc::leads::{RawCell, RawReader, Row};
use policyc::review::{Outcomes, is_won};
use policyc::source::Sources;

use super::as_of::{self, AsOf, Given, Moment};
use super::console::{Console, Stop};
use super::decide::processors;
use super::leads::Leads;

/// Leads that are decided under both policies of a difference.
#[derive(Debug)]
pub(super) struct Impact<'a, 'p> {
    /// The leads.
    pub(super) leads: &'a Leads,
    /// The policies.
    pub(super) difference: &'a Diff<'p>,
    /// Their texts.
    pub(super) sources: [&'a Sources; 2],
    /// When they are decided.
    pub(super) instant: Timestamp,
    /// The fields by whose values they are counted.
    pub(super) by: &'a [String],
    /// The column that says what became of deals.
    pub(super) outcome: Option<&'a str>,
    /// Whether values of personal fields may be shown.
    pub(super) show_personal: bool,
}

impl<'a, 'p> Impact<'a, 'p> {
    /// Decides the leads, and gives each row that changes hands to `moved`.
    pub(super) fn count(
        &self,
        console: &Console,
        mut moved: impl FnMut(&Row, &Moved) -> Result<(), Stop>,
    ) -> Result<(Counter<'a, 'p>, Option<Outcomes>), Stop> {
        let [before, now] = &self.difference.policies.map(|policy| Evaluator::new(policy, self.instant));
        let [old, new] = self.sources;
        let mut counter = Counter::new(self.difference, self.by);
        let mut outcomes = self.outcome.and_then(|column| Outcomes::new(column, self.difference.policies));
        let mut deals = outcomes.as_ref().map(|outcomes| Deals::open(self.leads, &outcomes.column)).transpose()?;
        if self.by.is_empty() {
            self.by_columns([before, now], console, (&mut counter, outcomes.as_mut().zip(deals.as_mut())), &mut moved)?;
            return Ok((counter, outcomes));
        }
        let olds = self.leads.open(before, self.show_personal, old, console)?;
        let news = self.leads.open(now, self.show_personal, new, console)?;
        // Both read the same file, so that their rows go together.
        for (one, other) in olds.zip(news) {
            let stop = |sources: &Sources, found| self.leads.stop(vec![found], sources.clone(), console);
            let one = one.map_err(|found| stop(old, found))?;
            let other = other.map_err(|found| stop(new, found))?;
            let (first, columns) = taken(&one, before);
            let (second, others) = taken(&other, now);
            if let (Some(outcomes), Some(deals)) = (&mut outcomes, &mut deals) {
                let decided = |session: &Option<Session<'_>>| {
                    let session = session.as_ref()?;
                    Some(session.policy().decisions[session.outcome().decision].phrase.clone())
                };
                let [one, other] = [decided(&first), decided(&second)];
                outcomes.take(deals.next(), [one.as_deref(), other.as_deref()]);
            }
            if let Some(found) = counter.take([row(first.as_ref(), &columns), row(second.as_ref(), &others)]) {
                moved(&other, &found)?;
            }
        }
        Ok((counter, outcomes))
    }

    /// The same by columns: which rule decides each lead is told under both policies, and only those that are not decided alike are looked at.
    fn by_columns(
        &self,
        evaluators: [&Evaluator<'_>; 2],
        console: &Console,
        (counter, mut deals): (&mut Counter<'_, '_>, Option<(&mut Outcomes, &mut Deals)>),
        moved: &mut dyn FnMut(&Row, &Moved) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let policies = self.difference.policies;
        let settings =
            Settings { threads: processors().div_ceil(2), show_personal: self.show_personal, ..Settings::default() };
        let stop = |side: usize, found| {
            let sources = self.sources.get(side).copied().cloned().unwrap_or_default();
            self.leads.stop(found, sources, console)
        };
        let [old, new] = evaluators;
        let (mut number, mut apart) = (0, Vec::new());
        let run = |evaluator| {
            let (input, format) = self.leads.input()?;
            Ok(move |sink: &mut Sink<'_, u32>| {
                columnar::rules(evaluator, input, format, settings, &mut |rules| sink(rules.to_vec()))
            })
        };
        beside([run(old)?, run(new)?], &stop, &mut |rules: [u32; 2]| {
            number += 1;
            let end = |side: usize| {
                let policy = policies.get(side)?;
                let rule = rules.get(side).filter(|rule| **rule != REJECTED)?;
                Some(policy.decisions[policy.rules[RuleId(*rule)].decision].phrase.as_str())
            };
            let ends = [end(0), end(1)];
            if let Some((outcomes, deals)) = &mut deals {
                outcomes.take(deals.next(), ends);
            }
            if ends[0] == ends[1] {
                counter.alike(ends[0].is_none())
            } else {
                apart.push(number)
            }
            Ok(())
        })?;
        let pick = |evaluator| {
            let (input, format) = self.leads.input()?;
            let apart = &apart;
            Ok(move |sink: &mut Sink<'_, Row>| {
                columnar::pick(evaluator, input, format, apart, settings, &mut |rows| sink(rows.to_vec()))
            })
        };
        beside([pick(old)?, pick(new)?], &stop, &mut |[one, other]: [Row; 2]| {
            let ((first, columns), (second, others)) = (taken(&one, old), taken(&other, new));
            match counter.take([row(first.as_ref(), &columns), row(second.as_ref(), &others)]) {
                Some(found) => moved(&other, &found),
                None => Ok(()),
            }
        })
    }
}

/// Takes what comes of some rows.
type Sink<'s, T> = dyn FnMut(Vec<T>) -> Result<(), ()> + 's;

/// How many stretches of rows one side may be ahead of the other.
const AHEAD: usize = 8;

/// Goes over the same leads on both sides at once, each on threads of its own, and gives what comes of each row to `take`, in order. What stops a side
/// is told by `stop`.
fn beside<T: Send>(
    runs: [impl FnOnce(&mut Sink<'_, T>) -> Result<(), Stopped<()>> + Send; 2],
    stop: &dyn Fn(usize, Vec<Diagnostic>) -> Stop,
    take: &mut dyn FnMut([T; 2]) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let (ends, taken) = thread::scope(|scope| {
        let sides = runs.map(|run| {
            let (done, results) = sync_channel::<Vec<T>>(AHEAD);
            let end = scope.spawn(move || run(&mut |rows| done.send(rows).map_err(drop)));
            (end, results)
        });
        let [(one, olds), (other, news)] = sides;
        // Both read the same file, so that their rows go together.
        let taken = olds.iter().flatten().zip(news.iter().flatten()).try_for_each(|(old, new)| take([old, new]));
        drop((olds, news));
        ([one.join(), other.join()], taken)
    });
    for (side, end) in ends.into_iter().enumerate() {
        match end {
            Ok(Err(Stopped::Leads(found))) => return Err(stop(side, found)),
            // The other side has stopped.
            Ok(Ok(()) | Err(Stopped::Sink(()))) => {}
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    taken
}

/// What became of the deals, row by row.
struct Deals {
    reader: RawReader<'static>,
    column: String,
    position: Option<usize>,
}

impl Deals {
    fn open(leads: &Leads, column: &str) -> Result<Deals, Stop> {
        let (input, format) = leads.input()?;
        let cannot = |found: Diagnostic| Stop::because(format!("{} cannot be read: {}", leads.name(), found.message));
        let reader = RawReader::open(input, format).map_err(cannot)?;
        let columns = reader.columns();
        let position = columns.iter().position(|name| name == column);
        if position.is_none() && reader.has_header() {
            let near = did_you_mean(column, columns.iter().map(String::as_str));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(Stop::because(format!("the leads in {} have no column `{column}`{near}", leads.name())));
        }
        Ok(Deals { reader, column: column.to_owned(), position })
    }

    /// Whether the next deal was won; none when it is neither won nor lost.
    fn next(&mut self) -> Option<bool> {
        let row = self.reader.next()?.ok()?;
        // The keys of JSON objects are known when they have been read.
        self.position = self.position.or_else(|| self.reader.columns().iter().position(|name| *name == self.column));
        match row.cell(self.position?) {
            RawCell::Text(text) => is_won(&text),
            RawCell::Number(digits) => is_won(digits),
            RawCell::Bool(yes) => Some(yes),
            RawCell::Missing | RawCell::Repeated | RawCell::Garbled | RawCell::List(_) | RawCell::Nested => None,
        }
    }
}

/// The time at which leads are decided. Nothing here reads the clock.
pub(super) fn moment(as_of: Option<Given>, policies: [&Policy; 2]) -> Result<Moment, Stop> {
    let [old, new] = policies;
    let given = match as_of {
        Some(given) => given,
        None if old.reads_time() || new.reads_time() => {
            return Err(as_of::missing("these leads"));
        }
        // It makes no difference which.
        None => Given::Instant(jiff::Timestamp::UNIX_EPOCH),
    };
    AsOf::from(given).moment(new)
}

fn row<'s, 'e>(session: Option<&'s Session<'e>>, columns: &'s [Option<String>]) -> Taken<'s, 'e> {
    session.map_or(Taken::SetAside(columns), Taken::Lead)
}

/// A row as a session, or the columns that it is set aside for.
fn taken<'e>(row: &'e Row, evaluator: &'e Evaluator<'e>) -> (Option<Session<'e>>, Vec<Option<String>>) {
    match row {
        Row::Lead { lead, .. } => (Some(evaluator.on(lead)), Vec::new()),
        Row::Rejected(reject) => (None, reject.problems.iter().map(|problem| problem.column.clone()).collect()),
    }
}

/// Checks that leads say what became of deals in a column.
pub(super) fn check_outcome(leads: &Leads, column: &str) -> Result<(), Stop> {
    Deals::open(leads, column).map(drop)
}

/// Checks that leads can be counted by a field. `show_personal` says whether values of personal fields may be shown, where there is a switch for it.
pub(super) fn check_field(name: &str, policies: [&Policy; 2], show_personal: Option<bool>) -> Result<(), Stop> {
    let named =
        |policy: &&Policy| policy.fields.iter().map(|(_, field)| field.clone()).find(|field| field.name == name);
    let found: Vec<_> = policies.iter().filter_map(named).collect();
    if found.is_empty() {
        let names: Vec<String> =
            policies.iter().flat_map(|policy| policy.fields.iter()).map(|(_, field)| field.name.clone()).collect();
        let near = did_you_mean(name, names.iter().map(String::as_str));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(Stop::because(format!("neither policy has a field `{name}`{near}")));
    }
    // A change may let another field read what is personal, or call it so no longer.
    let hidden = || policies.iter().flat_map(|policy| policy.fields.iter()).filter(|(_, field)| field.personal);
    let reads = |column: &str| found.iter().find(|field| tidy(&field.column) == tidy(column));
    let Some(field) = hidden().find_map(|(_, field)| reads(&field.column)) else { return Ok(()) };
    let column = format!("`{name}` is personal, as is all that is in the column `{}`", field.column);
    match show_personal {
        Some(true) => Ok(()),
        Some(false) => Err(Stop::because(format!("{column}: its values are shown with `--show-personal` only"))),
        None => Err(Stop::because(format!("{column}: its values are not shown"))),
    }
}
