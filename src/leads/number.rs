//! Cells that are numbers: plain decimals, JSON numbers, and numbers grouped and dressed like an example.

use crate::ir::NumberForm;
use crate::types::{MAX_DIGITS, Number, NumberError};

/// A plain decimal: digits with at most one point, perhaps a sign; a side of the point may be empty.
pub(super) fn plain(text: &str) -> Result<Number, NumberError> {
    if let Ok(number) = Number::parse_decimal(text) {
        return Ok(number);
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let or_zero = |side: &str| if side.is_empty() { "0".to_owned() } else { side.to_owned() };
    if whole.is_empty() && fraction.is_empty() {
        return Err(NumberError::NotANumber);
    }
    Number::parse_decimal(&format!("{sign}{}.{}", or_zero(whole), or_zero(fraction)))
}

/// A JSON number, which may have an exponent.
pub(super) fn json(text: &str) -> Result<Number, NumberError> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return plain(text) };
    let number = plain(mantissa)?;
    let exponent: i32 = exponent.parse().map_err(|_| NumberError::TooManyDigits)?;
    let limit = i32::try_from(MAX_DIGITS).unwrap_or(i32::MAX) * 2;
    if number.is_zero() {
        return Ok(number);
    }
    if exponent.abs() > limit {
        return Err(NumberError::TooManyDigits);
    }
    let ten = Number::from(10);
    let scale = (0..exponent.abs()).fold(Number::from(1), |scale, _| &scale * &ten);
    let value = if exponent < 0 { number.checked_div(&scale) } else { Some(&number * &scale) };
    // Through the text again, so that the digits are counted where they ended up.
    Number::parse_decimal(&value.ok_or(NumberError::NotANumber)?.to_string())
}

/// A number grouped and dressed as `form` says. Prefix, suffix and grouping may be left out; groups have three digits.
pub(super) fn like(form: &NumberForm, text: &str) -> Result<Number, NumberError> {
    let text: String = text.chars().map(usual).collect();
    let dress = |part: &str| part.chars().map(usual).collect::<String>().trim().to_owned();
    let (prefix, suffix) = (dress(&form.prefix), dress(&form.suffix));
    let (negative, text) = sign(text.trim());
    let text = text.strip_prefix(prefix.as_str()).unwrap_or(text).trim_start();
    let text = text.strip_suffix(suffix.as_str()).unwrap_or(text).trim_end();
    let (inner, text) = if negative { (false, text) } else { sign(text) };
    let (whole, fraction) = text.split_once(form.point).map_or((text, None), |(w, f)| (w, Some(f)));
    let whole = match form.group.map(usual) {
        Some(group) if whole.contains(group) => ungrouped(whole, group).ok_or(NumberError::NotANumber)?,
        Some(_) | None => whole.to_owned(),
    };
    // Nothing else may separate: beside a decimal comma, `1.200` would be read a thousand times too small.
    if !whole.bytes().chain(fraction.unwrap_or("").bytes()).all(|b| b.is_ascii_digit()) {
        return Err(NumberError::NotANumber);
    }
    let number = plain(&fraction.map_or(whole.clone(), |fraction| format!("{whole}.{fraction}")))?;
    Ok(if negative || inner { -&number } else { number })
}

/// An example of a form, as one writes it in a policy.
pub(super) fn example(form: &NumberForm) -> String {
    let group = form.group.map_or(String::new(), String::from);
    format!("{}1{group}234{}56{}", form.prefix, form.point, form.suffix)
}

/// The sign in front of a text, and the rest.
fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Blanks and apostrophes come in several shapes that nobody can tell apart on a screen.
fn usual(c: char) -> char {
    match c {
        '\u{A0}' | '\u{2009}' | '\u{202F}' => ' ',
        '\u{2019}' => '\'',
        other => other,
    }
}

/// Digits in groups of three, the first one shorter perhaps, without what separates them.
fn ungrouped(text: &str, group: char) -> Option<String> {
    let mut groups = text.split(group);
    let first = groups.next()?;
    let fits = (1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3);
    fits.then(|| text.split(group).collect())
}
