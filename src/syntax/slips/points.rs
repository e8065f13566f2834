//! Points that part thousands, as in `10.000` and `EUR 1.234,50`: read as the fraction that they are, they would be wrong by a
//! factor of a thousand without a word.

use std::ops::Range;

use super::{Slips, currency_code};
use crate::diagnostic::Diagnostic;
use crate::syntax::errors;
use crate::syntax::scan::TokenKind;

/// What a number with points in it may be.
struct Reading {
    /// The last of its tokens.
    last: usize,
    /// With its points taken for those of thousands: `10_000`.
    thousands: String,
    /// As a number with a fraction, when that is just as likely: `10`.
    fraction: Option<String>,
}

/// Codes that people put behind an amount.
const BEHIND: [&str; 12] = ["EUR", "USD", "GBP", "CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "INR", "CAD"];

impl Slips<'_, '_> {
    /// Reports the amount whose digits or whose sign stand at `i` when its points may part thousands. True when it has.
    pub(super) fn points(&mut self, i: usize, place: &Range<usize>) -> bool {
        let done = self.edits.last().is_some_and(|(last, _)| last.end > place.start);
        if done {
            return true;
        }
        let digits = if self.is_number(i) { i } else { i + 1 };
        let Some(reading) = self.reading(digits) else { return false };
        let (currency, range) = self.currency_around(digits, reading.last);
        let write = |number: &str| match currency.as_deref() {
            Some("$") => format!("${number}"),
            Some(code) => format!("{code} {number}"),
            None => number.to_owned(),
        };
        let right = write(&reading.thousands);
        let span = self.span(range.start, range.end);
        let written = self.scan.text.get(range.clone()).unwrap_or("");
        let fault: Diagnostic = match &reading.fraction {
            Some(fraction) => errors::ambiguous_point(span, written, &right, &write(fraction)),
            None => errors::points_in_number(span, written, &right),
        };
        // What follows is told of the larger number, which is the likelier one.
        self.mended(fault, range, right);
        true
    }

    /// How the number at `i` may be read; none when its point is that of a fraction without doubt.
    fn reading(&self, i: usize) -> Option<Reading> {
        let text = self.say(i).to_owned();
        let mut groups = text.split('.');
        let whole = groups.next()?;
        let groups: Vec<&str> = groups.collect();
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let parted = (1..=3).contains(&whole.len())
            && digits(whole)
            && !whole.starts_with('0')
            && groups.iter().all(|g| g.len() == 3 && digits(g));
        let last_group = groups.last().filter(|_| parted && self.is_number(i))?;
        let thousands = text.replace('.', "_");
        let cents = self.say(i + 2);
        let has_cents = self.open.last() != Some(&"[")
            && self.say(i + 1) == ","
            && self.glued(i, i + 1)
            && self.glued(i + 1, i + 2)
            && (1..=2).contains(&cents.len())
            && digits(cents);
        if has_cents {
            let all_zero = cents.bytes().all(|b| b == b'0');
            let thousands = if all_zero { thousands } else { format!("{thousands}.{cents}") };
            return Some(Reading { last: i + 2, thousands, fraction: None });
        }
        if groups.len() > 1 {
            return Some(Reading { last: i, thousands, fraction: None });
        }
        let money = self.currency_around(i, i).0.is_some();
        let fraction = last_group.ends_with('0').then(|| text.trim_end_matches('0').trim_end_matches('.').to_owned());
        // No amount has thousandths.
        (money || fraction.is_some()).then_some(Reading { last: i, thousands, fraction })
    }

    /// The currency before the tokens of a number or behind them, and the bytes of all of it.
    fn currency_around(&self, first: usize, last: usize) -> (Option<String>, Range<usize>) {
        let start = self.get(first).map_or(0, |t| t.start);
        let end = self.get(last).map_or(start, |t| t.end);
        let is_code = |s: &str| s.len() == 3 && s.bytes().all(|b| b.is_ascii_uppercase());
        let before = self.get(first.wrapping_sub(1));
        let sign = before.map_or("", |t| self.scan.say(t));
        let code = match sign {
            "$" => Some("$"),
            code if is_code(code) => Some(code),
            sign => currency_code(sign),
        };
        if let (Some(code), Some(token)) = (code, before) {
            return (Some(code.to_owned()), token.start..end);
        }
        let behind = self.get(last + 1).filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Sign));
        let sign = behind.map_or("", |t| self.scan.say(t));
        let code = match sign {
            "$" | "dollars" => Some("$"),
            "euros" | "euro" => Some("EUR"),
            code if BEHIND.contains(&code) => Some(code),
            sign => currency_code(sign),
        };
        match (code, behind) {
            (Some(code), Some(token)) => (Some(code.to_owned()), start..token.end),
            (Some(_) | None, _) => (None, start..end),
        }
    }
}
