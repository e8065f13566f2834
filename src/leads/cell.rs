//! From a cell to a value of its field's type, or to what is wrong with it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use jiff::tz::TimeZone;

use crate::diagnostic::{Code, did_you_mean};
use crate::ir::{Field, Written};
use crate::types::{Choices, Number, NumberError, Type, Value};

use super::moment::Moment;
use super::raw::RawCell;
use super::{hint, number};

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// Which kind of fault.
    pub(super) code: Code,
    /// The piece of the cell that it is about, when it is not the whole.
    pub(super) piece: Option<String>,
    /// What is wrong with it: `is not a whole number`.
    pub(super) says: String,
    /// What to do about it. It may give the cell away.
    pub(super) hint: Option<String>,
}

impl Flaw {
    fn new(code: Code, says: impl Into<String>) -> Flaw {
        Flaw { code, piece: None, says: says.into(), hint: None }
    }

    fn hint(self, hint: Option<String>) -> Flaw {
        Flaw { hint, ..self }
    }
}

/// What a word in a cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Missing,
    Value(usize),
}

/// Reads the cells of one field.
#[derive(Debug)]
pub(crate) struct CellReader<'p> {
    field: &'p Field,
    zone: TimeZone,
    /// Blanks and values, in lower case when case is ignored.
    words: HashMap<String, Word>,
    /// Further spellings, likewise.
    spellings: Vec<String>,
}

impl<'p> CellReader<'p> {
    /// Prepares a field of a policy whose days begin in `zone`.
    pub(crate) fn new(field: &'p Field, zone: &TimeZone) -> Self {
        let mut reader = CellReader { field, zone: zone.clone(), words: HashMap::new(), spellings: Vec::new() };
        let values = match &field.ty {
            Type::Choice(choices) => choices.values.as_slice(),
            Type::Set(values) => values.as_slice(),
            Type::Text
            | Type::Number
            | Type::WholeNumber
            | Type::Percent
            | Type::Money(_)
            | Type::YesNo
            | Type::Date
            | Type::DateTime => &[],
        };
        let blanks = field.cell.blanks.iter().map(|blank| (blank, Word::Missing));
        let values = values.iter().enumerate().map(|(i, value)| (value, Word::Value(i)));
        for (text, word) in blanks.chain(values) {
            let text = reader.folded(text.trim()).into_owned();
            reader.words.entry(text).or_insert(word);
        }
        reader.spellings = field.cell.aliases.iter().map(|alias| reader.folded(&alias.text).into_owned()).collect();
        reader
    }

    /// The value of a cell; none when it is missing.
    pub(crate) fn read(&self, cell: &RawCell<'_>) -> Result<Option<Value>, Flaw> {
        let text = match cell {
            RawCell::Missing => "",
            RawCell::Text(text) => text.trim(),
            RawCell::Number(digits) => digits,
            RawCell::Bool(true) => "true",
            RawCell::Bool(false) => "false",
            RawCell::List(items) => return self.list(items),
            RawCell::Nested => {
                return Err(Flaw::new(Code::P0608, "is an object, where a single value is expected"));
            }
            RawCell::Garbled => {
                let says = "is no text: it has half of a character (a `\\u` escape without its pair) or bytes that are not UTF-8";
                return Err(Flaw::new(Code::P0608, says));
            }
            RawCell::Repeated => {
                return Err(Flaw::new(Code::P0603, "stands there twice: its key is repeated in the JSON object"));
            }
        };
        if text.is_empty() {
            return Ok(self.nothing());
        }
        if self.word(text) == Some(Word::Missing) {
            return Ok(None);
        }
        match &self.field.ty {
            Type::Text => Ok(Some(Value::Text(text.to_owned()))),
            Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => {
                self.number(text, matches!(cell, RawCell::Number(_)))
            }
            Type::YesNo => yes_no(text).map(|yes| Some(Value::YesNo(yes))),
            Type::Date => self.day(text).map(Some),
            Type::DateTime => self.time(text).map(Some),
            Type::Choice(choices) => self.choice(text, choices).map(Some),
            Type::Set(values) => {
                let separator = self.field.cell.separator.as_deref().filter(|s| !s.is_empty()).unwrap_or(",");
                self.set(text.split(separator), values)
            }
        }
    }

    /// What an empty cell is.
    fn nothing(&self) -> Option<Value> {
        self.field.cell.blank_is_empty_set.then(|| Value::Set(BTreeSet::new()))
    }

    /// A text as it is compared.
    fn folded<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.field.cell.ignoring_case { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) }
    }

    fn word(&self, text: &str) -> Option<Word> {
        self.words.get(self.folded(text).as_ref()).copied()
    }

    /// The position of a value of a closed set, by its name or else by the first spelling that fits.
    fn position(&self, text: &str) -> Option<usize> {
        if let Some(Word::Value(position)) = self.word(text) {
            return Some(position);
        }
        let text = self.folded(text);
        let mut spellings = self.field.cell.aliases.iter().zip(&self.spellings);
        spellings.find(|(alias, spelling)| alias.test.holds(&text, spelling)).map(|(alias, _)| alias.value)
    }

    fn choice(&self, text: &str, choices: &Choices) -> Result<Value, Flaw> {
        match self.position(text) {
            Some(position) => Ok(Value::Choice(position)),
            None if choices.other => Ok(Value::Other(text.to_owned())),
            None => Err(self.not_a_value(text, &choices.values)),
        }
    }

    fn set<'t>(&self, items: impl Iterator<Item = &'t str>, values: &[String]) -> Result<Option<Value>, Flaw> {
        let mut members = BTreeSet::new();
        for item in items.map(str::trim).filter(|item| !item.is_empty()) {
            let flaw = || Flaw { piece: Some(item.to_owned()), ..self.not_a_value(item, values) };
            members.insert(self.position(item).ok_or_else(flaw)?);
        }
        Ok(if members.is_empty() { self.nothing() } else { Some(Value::Set(members)) })
    }

    fn list(&self, items: &[RawCell<'_>]) -> Result<Option<Value>, Flaw> {
        let Type::Set(values) = &self.field.ty else {
            return Err(Flaw::new(Code::P0608, "is a list, where a single value is expected")
                .hint(Some("only an `any of` field takes a list".to_owned())));
        };
        let mut texts = Vec::new();
        for item in items {
            match item {
                RawCell::Missing => {}
                RawCell::Text(text) => texts.push(text.as_ref()),
                RawCell::Number(digits) => texts.push(digits),
                RawCell::Bool(yes) => texts.push(if *yes { "true" } else { "false" }),
                RawCell::List(_) | RawCell::Nested | RawCell::Garbled | RawCell::Repeated => {
                    return Err(Flaw::new(Code::P0608, "is a list that holds more than single values"));
                }
            }
        }
        self.set(texts.into_iter(), values)
    }

    fn not_a_value(&self, text: &str, values: &[String]) -> Flaw {
        let flaw = Flaw::new(Code::P0614, format!("is not a value of `{}`", self.field.name));
        let same = values.iter().find(|value| value.to_lowercase() == text.to_lowercase());
        flaw.hint(match same {
            Some(same) => Some(format!("`{same}` is, but for upper and lower case: add `ignoring case`")),
            None => did_you_mean(text, values.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?")),
        })
    }

    fn number(&self, text: &str, json: bool) -> Result<Option<Value>, Flaw> {
        let (value, what) = match &self.field.ty {
            Type::WholeNumber => (self.digits(text, json), "a whole number"),
            Type::Percent => {
                let share = text.strip_suffix('%').map_or(text, str::trim_end);
                let hundredth = |n: Number| n.checked_div(&Number::from(100)).ok_or(NumberError::NotANumber);
                (self.digits(share, json).and_then(hundredth), "a percentage")
            }
            Type::Money(_) => (self.digits(text, json), "an amount of money"),
            Type::Number | Type::Text | Type::YesNo | Type::Date | Type::DateTime | Type::Choice(_) | Type::Set(_) => {
                (self.digits(text, json), "a number")
            }
        };
        let value = value.map_err(|error| match (error, &self.field.cell.written) {
            (NumberError::TooManyDigits, _) => {
                Flaw::new(Code::P0616, "has more than 18 digits before or behind the point")
            }
            (NumberError::NotANumber, Some(Written::Like(form))) => {
                Flaw::new(Code::P0611, format!("is not {what} written as `{}`", number::example(form)))
            }
            (NumberError::NotANumber, _) => {
                Flaw::new(Code::P0611, format!("is not {what}")).hint(hint::for_number(text))
            }
        })?;
        if self.field.cell.blank_numbers.contains(&value) {
            return Ok(None);
        }
        if self.field.ty == Type::WholeNumber && !value.is_whole() {
            return Err(Flaw::new(Code::P0611, "is not a whole number"));
        }
        self.in_range(value)
    }

    /// A number by the field's way of writing; JSON has its own.
    fn digits(&self, text: &str, json: bool) -> Result<Number, NumberError> {
        match &self.field.cell.written {
            _ if json => number::json(text),
            Some(Written::Like(form)) => number::like(form, text),
            Some(Written::Strftime(_) | Written::EpochSeconds | Written::EpochMilliseconds) | None => {
                number::plain(text)
            }
        }
    }

    fn in_range(&self, value: Number) -> Result<Option<Value>, Flaw> {
        let Field { name, min, max, .. } = self.field;
        let shown = |limit: &Number| match self.field.ty {
            Type::Percent => format!("{}%", limit * &Number::from(100)),
            Type::Money(currency) => format!("{currency} {limit}"),
            Type::Number
            | Type::WholeNumber
            | Type::Text
            | Type::YesNo
            | Type::Date
            | Type::DateTime
            | Type::Choice(_)
            | Type::Set(_) => limit.to_string(),
        };
        match (min, max) {
            (Some(min), _) if value < *min => {
                Err(Flaw::new(Code::P0615, format!("is below {}, the smallest value of `{name}`", shown(min))))
            }
            (_, Some(max)) if value > *max => {
                Err(Flaw::new(Code::P0615, format!("is above {}, the largest value of `{name}`", shown(max))))
            }
            _ => Ok(Some(Value::Number(value))),
        }
    }

    fn day(&self, text: &str) -> Result<Value, Flaw> {
        let moment = self.moment(text, "a date")?;
        moment.day().map(Value::Date).ok_or_else(|| {
            Flaw::new(Code::P0613, format!("has a time of day, but `{}` is a date", self.field.name))
                .hint(Some("declare it as `date and time`".to_owned()))
        })
    }

    fn time(&self, text: &str) -> Result<Value, Flaw> {
        let moment = self.moment(text, "a date and time")?;
        let beyond = || Flaw::new(Code::P0613, "is a time beyond all calendars");
        moment.instant(&self.zone).map(Value::DateTime).ok_or_else(beyond)
    }

    fn moment(&self, text: &str, what: &str) -> Result<Moment, Flaw> {
        let epoch = |per_second: i64| {
            let count = number::json(text).ok()?;
            Moment::epoch(&count.checked_div(&Number::from(per_second))?)
        };
        let (moment, how) = match &self.field.cell.written {
            Some(Written::Strftime(pattern)) => (Moment::strftime(pattern, text), format!(" written as `{pattern}`")),
            Some(Written::EpochSeconds) => (epoch(1), " written as epoch seconds".to_owned()),
            Some(Written::EpochMilliseconds) => (epoch(1000), " written as epoch milliseconds".to_owned()),
            Some(Written::Like(_)) | None => (Moment::iso(text), String::new()),
        };
        moment.ok_or_else(|| {
            let flaw = Flaw::new(Code::P0613, format!("is not {what}{how}"));
            if self.field.cell.written.is_some() { flaw } else { flaw.hint(hint::for_moment(text)) }
        })
    }
}

/// The words of CRMs for yes, in lower case.
pub(crate) const YES: [&str; 5] = ["yes", "true", "on", "1", "y"];

/// The words for no.
pub(crate) const NO: [&str; 5] = ["no", "false", "off", "0", "n"];

/// Yes or no in the spellings of CRMs, in any case.
fn yes_no(text: &str) -> Result<bool, Flaw> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match (is(&YES), is(&NO)) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        (false, false) => Err(Flaw::new(Code::P0612, "is neither yes nor no")
            .hint(Some("a cell may be yes, no, true, false, on, off, y, n, 1 or 0".to_owned()))),
    }
}
