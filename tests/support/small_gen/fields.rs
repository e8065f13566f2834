//! The fields of small random policies: how they are declared, and the tests that a condition may make of them.

use super::dice::Dice;

/// A declared field.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Its line in the `lead` block.
    pub(super) line: String,
    /// The values that this policy compares it with, the lowest first; for a text, the tests that it makes.
    said: Vec<String>,
    /// Whether it may hold what its closed set does not list.
    other: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole number from 0 to 5.
    Scale,
    /// A whole number from 0.
    Count,
    Number,
    Money,
    Percent,
    OneOf,
    Ranked,
    YesNo,
    Set,
    Email,
    Text,
    Date,
    DateTime,
}

/// Each field beside one of its kind with which it may be compared.
const TWINS: [[(&str, Kind); 2]; 12] = [
    [("need", Kind::Scale), ("stars", Kind::Scale)],
    [("employees", Kind::Count), ("seats", Kind::Count)],
    [("rating", Kind::Number), ("growth", Kind::Number)],
    [("budget", Kind::Money), ("deal_size", Kind::Money)],
    [("discount", Kind::Percent), ("margin", Kind::Percent)],
    [("industry", Kind::OneOf), ("segment", Kind::OneOf)],
    [("title", Kind::Ranked), ("sponsor", Kind::Ranked)],
    [("opted_out", Kind::YesNo), ("customer", Kind::YesNo)],
    [("interests", Kind::Set), ("need", Kind::Scale)],
    [("email", Kind::Email), ("message", Kind::Text)],
    [("last_touch", Kind::Date), ("renewal", Kind::Date)],
    [("passed_at", Kind::DateTime), ("contacted_at", Kind::DateTime)],
];

const ORDER: [&str; 8] = [">=", "<", ">", "<=", "at least", "less than", "is at most", "more than"];

/// What is asked of a text that is an address, and of any other.
pub(crate) const OF_EMAIL: [&str; 8] = [
    "{} is \"ann@gmail.com\"",
    "{} not in [\"ann@gmail.com\", \"bob@Rival.example\"]",
    "domain of {} in [\"gmail.com\", \"rival.example\"]",
    "domain of {} is \"rival.example\"",
    "domain of {} is missing",
    "domain of {} ends with \".example\"",
    "{} ends with [\".com\", \".example\"]",
    "{} starts with \"ann\"",
];
pub(crate) const OF_TEXT: [&str; 8] = [
    "{} is \"api\"",
    "{} in [\"API\", \"api key\"]",
    "{} contains \"api\"",
    "{} contains \"pia\"",
    "{} contains word \"api\"",
    "{} contains [\"API\", \"key\"]",
    "{} starts with \"api\"",
    "{} ends with [\"key\", \"api\"]",
];

/// Two to four different fields, often two of one kind.
pub(super) fn fields(dice: &mut Dice) -> Vec<Field> {
    let wanted = 2 + dice.roll(3);
    let mut fields: Vec<Field> = Vec::new();
    while fields.len() < wanted {
        let twins = TWINS[dice.roll(TWINS.len())];
        let first = dice.roll(2);
        let both = 1 + usize::from(dice.one_in(3));
        for (name, kind) in [twins[first], twins[1 - first]].into_iter().take(both) {
            if fields.len() < wanted && fields.iter().all(|f| f.name != name) {
                fields.push(Field::declare(dice, name, kind));
            }
        }
    }
    fields
}

impl Field {
    fn declare(dice: &mut Dice, name: &'static str, kind: Kind) -> Field {
        let other = dice.one_in(2);
        let or_other = if other { " or other" } else { "" };
        let ty = match kind {
            Kind::Scale => "whole number from 0 to 5",
            Kind::Count => "whole number from 0",
            Kind::Number => dice.pick(&["number from 0 to 10", "number from -2.5 to 7.5", "number"]),
            Kind::Money => dice.pick(&["money in USD", "money in USD from 0"]),
            Kind::Percent => dice.pick(&["percent", "percent from 0% to 100%"]),
            Kind::OneOf => "one of [Software, Banking, Retail]",
            Kind::Ranked => "ranked [Staff < Manager < VP]",
            Kind::YesNo => "yes or no",
            Kind::Set => "any of [pricing, api]",
            Kind::Email | Kind::Text => "text",
            Kind::Date => "date",
            Kind::DateTime => "date and time",
        };
        let mut line = format!("{name}  {ty}");
        if matches!(kind, Kind::OneOf | Kind::Ranked) {
            line += or_other;
        }
        if matches!(kind, Kind::Email | Kind::Text | Kind::OneOf | Kind::Ranked) && dice.one_in(3) {
            line += ", ignoring case";
        }
        let values = values(kind);
        let most = if matches!(kind, Kind::Scale) { 3 } else { 2 };
        let said = dice.some(most, &[values, stretches(kind)].concat());
        if matches!(kind, Kind::Set) && dice.one_in(2) {
            line += ", blank means none";
        }
        match dice.roll(8) {
            0 => line += ", required",
            1 if !matches!(kind, Kind::Set) => line += &format!(", missing means {}", dice.pick(values)),
            2 | 3 if is_number(kind) => line += ", blank when 0",
            2 if matches!(kind, Kind::Email | Kind::Text) => line += ", blank when [\"n/a\", \"api\"]",
            _ => {}
        }
        let said = said.into_iter().map(str::to_owned).collect();
        let mut field = Field { name, kind, line, said, other };
        if matches!(kind, Kind::Email | Kind::Text) {
            field.said = (0..2).map(|_| field.test_of_text(dice)).collect();
        }
        field
    }

    /// A test of this field alone.
    pub(super) fn test(&self, dice: &mut Dice) -> String {
        let name = self.name;
        if dice.one_in(10) {
            return format!("{name} is {}", dice.pick(&["known", "missing"]));
        }
        match self.kind {
            Kind::Scale | Kind::Count | Kind::Number | Kind::Money | Kind::Percent => self.test_of_number(dice),
            Kind::OneOf => self.test_of_choice(dice),
            Kind::Ranked => match dice.roll(3) {
                0 => self.test_of_choice(dice),
                1 => format!("{name} between Staff and Manager"),
                _ => format!("{name} {} {}", dice.pick(&ORDER), self.value(dice)),
            },
            Kind::YesNo => dice.pick(&["{}", "not {}", "{} is no", "{} is not no"]).replace("{}", name),
            Kind::Set => {
                let how = dice.pick(&["any", "all", "none"]);
                format!("{name} has {how} of {}", dice.pick(&["[pricing]", "[api]", "[pricing, api]"]))
            }
            Kind::Email | Kind::Text => self.value(dice),
            Kind::Date | Kind::DateTime => self.test_of_time(dice),
        }
    }

    /// A test that is true for fewer leads than one with the lowest of this field's values, or for none, beside that one.
    pub(super) fn narrowed(&self, dice: &mut Dice) -> Option<(String, String)> {
        let (name, low, high) = (self.name, self.said.first()?, self.said.last()?);
        let ordered = matches!(self.kind, Kind::Ranked) || is_number(self.kind);
        let above = dice.pick(&[">=", ">", "<"]);
        ordered.then(|| (format!("{name} >= {low}"), format!("{name} {above} {high}")))
    }

    /// A comparison with another field.
    pub(super) fn beside(&self, other: &Field, dice: &mut Dice) -> Option<String> {
        let (a, b) = (self.name, other.name);
        if a == b {
            return None;
        }
        let op = dice.pick(&[">=", "<", "is", "is not", ">", "<="]);
        let plain = format!("{a} {op} {b}");
        let numbers = |kind| matches!(kind, Kind::Scale | Kind::Count | Kind::Number);
        match (self.kind, other.kind) {
            (one, two) if numbers(one) && numbers(two) => Some(match dice.roll(5) {
                0 => format!("{a} {op} 2 * {b}"),
                1 => format!("{a} + {b} {op} 6"),
                2 => format!("{a} - {b} > 1"),
                3 => format!("{a} / {b} {op} 2"),
                _ => plain,
            }),
            (Kind::Money, Kind::Money) | (Kind::Percent, Kind::Percent) => {
                Some(if dice.one_in(3) { format!("{a} {op} {b} / 2") } else { plain })
            }
            (Kind::Ranked, Kind::Ranked) | (Kind::Date | Kind::DateTime, Kind::Date | Kind::DateTime) => Some(plain),
            (Kind::OneOf, Kind::OneOf) | (Kind::YesNo, Kind::YesNo) | (Kind::Text, Kind::Email) => {
                Some(format!("{a} {} {b}", dice.pick(&["is", "is not"])))
            }
            _ => None,
        }
    }

    /// What a line of a score may count, and how much of it is one unit; whether there is always an end to it.
    pub(super) fn counted(&self) -> Option<(String, bool)> {
        let name = self.name;
        match self.kind {
            Kind::Scale => Some((name.to_owned(), true)),
            Kind::Count => Some((format!("50 {name}"), false)),
            Kind::Number => Some((format!("2.5 {name}"), false)),
            Kind::Money => Some((format!("$5k {name}"), false)),
            Kind::Percent => Some((format!("25% {name}"), false)),
            Kind::OneOf | Kind::Ranked | Kind::YesNo | Kind::Set => None,
            Kind::Email | Kind::Text | Kind::Date | Kind::DateTime => None,
        }
    }

    /// A value worked out from this field alone, for a definition.
    pub(super) fn worked_out(&self, dice: &mut Dice) -> Option<String> {
        let name = self.name;
        match self.kind {
            Kind::Scale | Kind::Count | Kind::Number => Some(match dice.roll(3) {
                0 => name.to_owned(),
                1 => format!("2 * {name} - 1"),
                _ => format!("10 - {name}"),
            }),
            Kind::Money => Some(format!("{name} / 2000")),
            Kind::Percent | Kind::OneOf | Kind::Ranked | Kind::YesNo | Kind::Set => None,
            Kind::Email | Kind::Text | Kind::Date | Kind::DateTime => None,
        }
    }

    /// One of the values that the policy compares it with.
    pub(super) fn value(&self, dice: &mut Dice) -> String {
        self.said[dice.roll(self.said.len())].clone()
    }

    fn test_of_number(&self, dice: &mut Dice) -> String {
        let (name, value) = (self.name, self.value(dice));
        let (low, high) = (&self.said[0], &self.said[self.said.len() - 1]);
        let op = dice.pick(&ORDER);
        match dice.roll(9) {
            0 => format!("{name} between {low} and {high}"),
            1 => format!("{name} not between {low} and {high}"),
            2 => format!("{name} {} [{low}, {high}]", dice.pick(&["in", "not in"])),
            3 => format!("{name} {} {value}", dice.pick(&["is", "is not", "="])),
            4 => match self.kind {
                Kind::Scale => {
                    dice.pick(&["{} * {} > 5", "10 / {} >= 3", "(10 / {}) is known", "-{} <= -2"]).replace("{}", name)
                }
                Kind::Count | Kind::Number => format!("3 * {name} - 1 {op} {value}"),
                Kind::Money => format!("{name} * 30% {op} {value}"),
                _ => format!("{name} / 2 {op} {value}"),
            },
            _ => format!("{name} {op} {value}"),
        }
    }

    fn test_of_choice(&self, dice: &mut Dice) -> String {
        let (name, value) = (self.name, self.value(dice));
        let other = self.other && dice.one_in(3);
        match (dice.roll(2), other) {
            (0, true) => format!("{name} {} other", dice.pick(&["is", "is not"])),
            (0, false) => format!("{name} {} {value}", dice.pick(&["is", "is not"])),
            (_, other) => {
                let (in_, and_other) = (dice.pick(&["in", "not in"]), if other { ", other" } else { "" });
                format!("{name} {in_} [{value}{and_other}]")
            }
        }
    }

    fn test_of_text(&self, dice: &mut Dice) -> String {
        let name = self.name;
        dice.pick(if self.kind == Kind::Email { &OF_EMAIL } else { &OF_TEXT }).replace("{}", name)
    }

    fn test_of_time(&self, dice: &mut Dice) -> String {
        let name = self.name;
        let value = self.value(dice);
        if value.starts_with("20") {
            let how = dice.pick(&["before", "after", ">=", "is", "is at most"]);
            return format!("{name} {how} {value}");
        }
        match dice.roll(4) {
            0 => format!("{name} in the last {value}"),
            1 => format!("{name} in the next {value}"),
            _ => format!("{name} {} {value} ago", dice.pick(&["more than", "less than", "is at least", "at most"])),
        }
    }
}

/// What a policy may compare fields of a kind with, the lowest first.
fn values(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Scale => &["1", "2", "3", "4", "5"],
        Kind::Count => &["1", "10", "50", "200"],
        Kind::Number => &["0", "2.5", "5", "7.25"],
        Kind::Money => &["0", "$500", "9_999.50", "$10k"],
        Kind::Percent => &["10%", "12.5%", "50%"],
        Kind::OneOf => &["Software", "Banking", "Retail"],
        Kind::Ranked => &["Staff", "Manager", "VP"],
        Kind::YesNo => &["yes", "no"],
        Kind::Set => &["pricing", "api"],
        Kind::Email => &["\"ann@gmail.com\""],
        Kind::Text => &["\"api key\""],
        Kind::Date => &["2026-03-01", "2026-10-25"],
        Kind::DateTime => &["2026-03-29", "2026-10-25 02:30"],
    }
}

/// How far back or ahead a policy may look for a time.
fn stretches(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Date => &["1 day", "30 days", "2 weeks", "1 month"],
        Kind::DateTime => &["90 minutes", "24 hours", "2 days", "1 month"],
        _ => &[],
    }
}

fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::Scale | Kind::Count | Kind::Number | Kind::Money | Kind::Percent)
}
