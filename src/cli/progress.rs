//! How far a long run is, on a terminal: rows, rows a second, the share of the file, the time left.

use std::fmt::Write;
use std::time::{Duration, Instant};

use policyc::render::terminal::grouped;

use super::console::Console;

/// How long a run may take before anything is shown, and how long what is shown stays.
const PATIENCE: Duration = Duration::from_millis(700);
const STEP: Duration = Duration::from_millis(200);

/// Shows how far a run is, unless nobody looks.
#[derive(Debug)]
pub(super) struct Progress<'c> {
    console: &'c Console,
    began: Instant,
    next: Duration,
    rows: u64,
    bytes: u64,
    /// How many bytes there are, where that is known.
    of: Option<u64>,
    shown: bool,
}

impl<'c> Progress<'c> {
    /// A run over so many bytes.
    pub(super) fn new(console: &'c Console, of: Option<u64>) -> Progress<'c> {
        let of = of.filter(|bytes| *bytes > 0);
        Progress { console, began: Instant::now(), next: PATIENCE, rows: 0, bytes: 0, of, shown: false }
    }

    /// So many more rows are done, of so many bytes.
    pub(super) fn advance(&mut self, rows: u64, bytes: u64) {
        self.rows += rows;
        self.bytes += bytes;
        let passed = self.began.elapsed();
        if passed >= self.next && self.console.shows_progress() {
            self.next = passed + STEP;
            self.shown = true;
            let share = self.of.filter(|_| self.bytes > 0).map(|of| (self.bytes.min(of), of));
            self.console.tell(&format!("\r\u{1b}[2K{}", line(self.rows, passed, share)));
        }
    }

    /// Takes away what is shown, and says how long the run took.
    pub(super) fn finish(&self) -> Option<String> {
        if self.shown {
            self.console.tell("\r\u{1b}[2K");
        }
        let passed = self.began.elapsed();
        let shows = self.console.shows_progress() && passed >= PATIENCE;
        shows.then(|| format!("in {}, {} rows a second", time(passed), grouped(a_second(self.rows, passed))))
    }
}

/// `12,345,678 rows, 4,100,000 a second, 34%, 6 s left`.
fn line(rows: u64, passed: Duration, share: Option<(u64, u64)>) -> String {
    let mut text = format!("{} rows, {} a second", grouped(rows), grouped(a_second(rows, passed)));
    if let Some((done, of)) = share {
        let percent = u128::from(done) * 100 / u128::from(of).max(1);
        let left = passed.as_millis() * u128::from(of - done) / u128::from(done).max(1);
        let left = Duration::from_millis(u64::try_from(left).unwrap_or(u64::MAX));
        let _ = write!(text, ", {percent}%, {} left", time(left));
    }
    text
}

fn a_second(rows: u64, passed: Duration) -> u64 {
    let rate = u128::from(rows) * 1000 / passed.as_millis().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// `0.8 s`, `12 s`, `3 min 20 s`.
fn time(span: Duration) -> String {
    match span.as_secs() {
        0..10 => format!("{}.{} s", span.as_secs(), span.subsec_millis() / 100),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{line, time};

    #[test]
    fn a_run_says_how_far_it_is() {
        let half = line(3_000_000, Duration::from_secs(2), Some((50, 200)));
        assert_eq!(half, "3,000,000 rows, 1,500,000 a second, 25%, 6.0 s left");
        assert_eq!(line(10, Duration::from_millis(0), None), "10 rows, 10,000 a second");
        assert_eq!([800, 12_900, 200_000].map(|ms| time(Duration::from_millis(ms))), ["0.8 s", "12 s", "3 min 20 s"]);
    }
}
