//! Values of Arrow arrays as cells: texts as they are, everything else as JSON writes it.

use std::fmt::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType,
    Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::super::raw::Place;

/// A JSON text that is none: it holds half of a character. Bytes that are no text are told so.
const NO_TEXT: &str = r#""\ud800""#;

/// A value that has no single cell.
const NESTED: &str = "{}";

/// A float of 16 bits.
type Half = <Float16Type as ArrowPrimitiveType>::Native;

const DAY: i64 = 24 * 60 * 60;

/// What is known of a column besides the type of its array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Plain,
    /// Its sixteen bytes are a UUID.
    Uuid,
}

/// How a value is written.
enum Form {
    Missing,
    Text,
    Json,
}

/// Adds the value of a row to the text of the row; says where it is there.
pub(super) fn put(array: &ArrayRef, row: usize, kind: Kind, text: &mut String) -> Place {
    let start = text.len();
    match value(array, row, kind, text) {
        Form::Missing => Place::Nowhere,
        Form::Text => Place::Text(start..text.len()),
        Form::Json => Place::Json(start..text.len()),
    }
}

/// Adds a value. A `String` takes everything, so that what `write!` returns says nothing.
fn value(array: &ArrayRef, row: usize, kind: Kind, text: &mut String) -> Form {
    if row >= array.len() || array.is_null(row) {
        return Form::Missing;
    }
    macro_rules! number {
        ($type:ty) => {{
            let _ = write!(text, "{}", array.as_primitive::<$type>().value(row));
            Form::Json
        }};
    }
    macro_rules! float {
        ($type:ty) => {{
            let float = array.as_primitive::<$type>().value(row);
            let _ = write!(text, "{float}");
            // Neither `NaN` nor `inf` is a number: as texts they are set aside, or are blanks where a policy says so.
            return if float.is_finite() { Form::Json } else { Form::Text };
        }};
    }
    macro_rules! decimal {
        ($type:ty) => {{
            let digits = array.as_primitive::<$type>().value_as_string(row);
            let short = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { &digits };
            text.push_str(short);
            return Form::Json;
        }};
    }
    match array.data_type() {
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Null => Form::Missing,
        DataType::Boolean => {
            let _ = write!(text, "{}", array.as_boolean().value(row));
            Form::Json
        }
        DataType::Float16 => half(array.as_primitive::<Float16Type>().value(row), text),
        DataType::Float32 => float!(Float32Type),
        DataType::Float64 => float!(Float64Type),
        DataType::Decimal32(..) => decimal!(Decimal32Type),
        DataType::Decimal64(..) => decimal!(Decimal64Type),
        DataType::Decimal128(..) => decimal!(Decimal128Type),
        DataType::Decimal256(..) => decimal!(Decimal256Type),
        DataType::Date32 => {
            let days = i64::from(array.as_primitive::<Date32Type>().value(row));
            day(days, moment(days * DAY, TimeUnit::Second), text)
        }
        DataType::Date64 => {
            let milliseconds = array.as_primitive::<Date64Type>().value(row);
            day(milliseconds, moment(milliseconds, TimeUnit::Millisecond), text)
        }
        DataType::Timestamp(unit, zone) => {
            let count = match unit {
                TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value(row),
                TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value(row),
                TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().value(row),
                TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().value(row),
            };
            let Some(moment) = moment(count, *unit) else { return beyond(count, text) };
            let zone = if zone.is_some() { "Z" } else { "" };
            let _ = write!(text, "{moment}{zone}");
            Form::Text
        }
        DataType::Time32(_) => {
            time(i64::from(array.as_primitive::<Time32MillisecondType>().value(row)), TimeUnit::Millisecond, text)
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            time(array.as_primitive::<Time64MicrosecondType>().value(row), TimeUnit::Microsecond, text)
        }
        DataType::Time64(_) => {
            time(array.as_primitive::<Time64NanosecondType>().value(row), TimeUnit::Nanosecond, text)
        }
        DataType::Utf8 => {
            text.push_str(array.as_string::<i32>().value(row));
            Form::Text
        }
        DataType::Utf8View => {
            text.push_str(array.as_string_view().value(row));
            Form::Text
        }
        DataType::Binary => bytes(array.as_binary::<i32>().value(row), text),
        DataType::FixedSizeBinary(_) => {
            let value = array.as_fixed_size_binary().value(row);
            if kind == Kind::Uuid { uuid(value, text) } else { bytes(value, text) }
        }
        DataType::Dictionary(..) => match array.as_dictionary_opt::<Int32Type>() {
            Some(dictionary) => match dictionary.key(row) {
                Some(key) => value(dictionary.values(), key, kind, text),
                None => Form::Missing,
            },
            None => json(NESTED, text),
        },
        DataType::List(_) => list(&array.as_list::<i32>().value(row), text),
        _ => json(NESTED, text),
    }
}

/// No value of an array has a longer text than this.
pub(super) fn longest(array: &ArrayRef) -> usize {
    let of_offsets = |offsets: &[i32]| {
        let lengths = offsets.windows(2).filter_map(|pair| pair.last()?.checked_sub(*pair.first()?));
        lengths.max().and_then(|length| usize::try_from(length).ok()).unwrap_or(0)
    };
    match array.data_type() {
        DataType::Utf8 => of_offsets(array.as_string::<i32>().value_offsets()),
        DataType::Binary => of_offsets(array.as_binary::<i32>().value_offsets()),
        DataType::Utf8View => array.as_string_view().lengths().max().map_or(0, |length| length as usize),
        DataType::FixedSizeBinary(width) => usize::try_from(*width).unwrap_or(0).max(36),
        DataType::Dictionary(..) => array.as_any_dictionary_opt().map_or(0, |dictionary| longest(dictionary.values())),
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            // Each byte may be written as `\u0000`, in quotes and with a comma behind it.
            let item = longest(list.values()).saturating_mul(6).saturating_add(3);
            of_offsets(list.value_offsets()).saturating_mul(item).saturating_add(2)
        }
        // Numbers of all kinds, and times.
        _ => 512,
    }
}

fn json(value: &str, text: &mut String) -> Form {
    text.push_str(value);
    Form::Json
}

/// A list of values, as JSON.
fn list(items: &ArrayRef, text: &mut String) -> Form {
    text.push('[');
    for row in 0..items.len() {
        if row > 0 {
            text.push(',');
        }
        let mut item = String::new();
        match value(items, row, Kind::Plain, &mut item) {
            Form::Missing => text.push_str("null"),
            Form::Text => text.push_str(&serde_json::Value::from(item).to_string()),
            Form::Json => text.push_str(&item),
        }
    }
    text.push(']');
    Form::Json
}

fn bytes(bytes: &[u8], text: &mut String) -> Form {
    match std::str::from_utf8(bytes) {
        Ok(bytes) => {
            text.push_str(bytes);
            Form::Text
        }
        Err(_) => json(NO_TEXT, text),
    }
}

/// A float of 16 bits: itself when it is whole, else the shortest of the decimals that are rounded to it.
fn half(float: Half, text: &mut String) -> Form {
    let wide = float.to_f32();
    let mut shorter =
        (0..5).filter(|_| wide.fract() != 0.0).filter_map(|digits| format!("{wide:.digits$e}").parse().ok());
    let short = shorter.find(|short| Half::from_f32(*short) == float).unwrap_or(wide);
    let _ = write!(text, "{short}");
    if short.is_finite() { Form::Json } else { Form::Text }
}

fn uuid(bytes: &[u8], text: &mut String) -> Form {
    for (position, byte) in bytes.iter().enumerate() {
        if matches!(position, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    Form::Text
}

fn day(count: i64, moment: Option<DateTime>, text: &mut String) -> Form {
    let Some(moment) = moment else { return beyond(count, text) };
    let _ = write!(text, "{}", moment.date());
    Form::Text
}

/// A time of day, counted from midnight.
fn time(count: i64, unit: TimeUnit, text: &mut String) -> Form {
    let Some(moment) = moment(count, unit) else { return beyond(count, text) };
    let _ = write!(text, "{}", moment.time());
    Form::Text
}

/// A day or a time that no calendar has stays the number that it is, and is set aside.
fn beyond(count: i64, text: &mut String) -> Form {
    let _ = write!(text, "{count}");
    Form::Json
}

/// The day and the time so long after 1970 began; none when no calendar has it. (As instants, the last days of 9999 would be beyond all
/// time zones; as the days that stand for "never", they are in many files.)
fn moment(count: i64, unit: TimeUnit) -> Option<DateTime> {
    let since = match unit {
        TimeUnit::Second => SignedDuration::from_secs(count),
        TimeUnit::Millisecond => SignedDuration::from_millis(count),
        TimeUnit::Microsecond => SignedDuration::from_micros(count),
        TimeUnit::Nanosecond => SignedDuration::from_nanos(count),
    };
    DateTime::constant(1970, 1, 1, 0, 0, 0, 0).checked_add(since).ok()
}
