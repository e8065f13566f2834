//! Two small policies of which one is a random edit of the other, and leads that both can be asked about.

use std::collections::BTreeSet;

use jiff::Timestamp;
use policyc::diagnostic::any_error;
use policyc::eval::Evaluator;
use policyc::ir::{Field, Lead, Policy};
use policyc::lower;
use policyc::types::{Number, Type, Value};

use super::dice::Dice;
use super::leads;

/// The most leads of a pair.
pub(crate) const MOST: usize = 400;

/// A random edit of a policy's text that still checks, and what it was.
pub(crate) fn edited(text: &str, dice: &mut Dice) -> (&'static str, String, Policy) {
    loop {
        let (kind, changed) = edit(text, dice);
        if changed == text {
            continue;
        }
        let files =
            [("small.policy".to_owned(), changed.clone())].into_iter().collect::<std::collections::HashMap<_, _>>();
        let checked = lower::check("small.policy", &files);
        if let (false, Some(policy)) = (any_error(&checked.diagnostics), checked.policy) {
            return (kind, changed, policy);
        }
    }
}

fn edit(text: &str, dice: &mut Dice) -> (&'static str, String) {
    let mut blocks: Vec<String> = text.trim_end().split("\n\n").map(str::to_owned).collect();
    let rules: Vec<usize> = (0..blocks.len()).filter(|i| is_rule(&blocks[*i])).collect();
    let fields: Vec<String> = blocks[1].lines().skip(1).map(str::to_owned).collect();
    let kind = match dice.roll(17) {
        0 => {
            blocks.remove(rules[dice.roll(rules.len())]);
            "drop"
        }
        1 | 2 => {
            let (a, b) = (rules[dice.roll(rules.len())], rules[dice.roll(rules.len())]);
            blocks.swap(a, b);
            "swap"
        }
        3 => {
            let rule = blocks.remove(rules[dice.roll(rules.len())]);
            blocks.insert(rules[dice.roll(rules.len())], rule);
            "move"
        }
        4 => {
            let (from, at) = (rules[dice.roll(rules.len())], rules[dice.roll(rules.len())]);
            let decision = dice.pick(&super::DECISIONS);
            let when = blocks[from].split_once(" when ").unwrap().1.lines().next().unwrap().to_owned();
            blocks.insert(at, format!("{decision} when {when}"));
            "add"
        }
        5 => {
            let at = rules[dice.roll(rules.len())];
            let old = super::DECISIONS.into_iter().find(|d| blocks[at].contains(&format!("{d} when"))).unwrap();
            blocks[at] = blocks[at].replacen(old, dice.pick(&super::DECISIONS), 1);
            "decision"
        }
        6 => {
            let last = blocks.len() - 1;
            blocks[last] = format!("otherwise {}", dice.pick(&super::DECISIONS));
            "otherwise"
        }
        7..=9 => {
            let at = 3 + dice.roll(blocks.len() - 3);
            blocks[at] = number(&blocks[at], dice);
            "number"
        }
        10 => {
            let at = dice.roll(fields.len());
            let line = &fields[at];
            let options =
                [", required", ", blank when 0", ", missing means 1", ", missing means yes", ", else missing"];
            let option = dice.pick(&options);
            let new = if line.contains(option) { line.replace(option, "") } else { format!("{line}{option}") };
            blocks[1] = blocks[1].replace(line, &new);
            "option"
        }
        11 => {
            blocks[1] = number(&blocks[1], dice);
            "range"
        }
        12 => {
            let line = &fields[dice.roll(fields.len())];
            let new =
                [("Retail]", "Retail, Media]"), ("VP]", "VP < Founder]"), ("[pricing, api]", "[pricing, api, docs]")];
            let new = new.into_iter().fold(line.clone(), |line, (from, to)| line.replace(from, to));
            let new = if dice.one_in(2) { new.replace(" or other", "") } else { new };
            blocks[1] = blocks[1].replace(line, &new);
            "type"
        }
        13 => {
            let at = 3 + dice.roll(blocks.len() - 3);
            let words = [
                (">=", ">"),
                (" and ", " or "),
                ("+", "-"),
                (" is ", " is not "),
                ("any of", "all of"),
                ("VP", "Manager"),
            ];
            let there: Vec<_> = words.into_iter().filter(|(from, _)| blocks[at].contains(from)).collect();
            let (from, to) = if there.is_empty() { words[0] } else { there[dice.roll(there.len())] };
            blocks[at] = blocks[at].replacen(from, to, 1);
            "word"
        }
        14 => {
            let at = rules[dice.roll(rules.len())];
            let (head, rest) = blocks[at].split_once(" when ").unwrap();
            let (when, because) = rest.split_once('\n').map_or((rest, String::new()), |(w, b)| (w, format!("\n{b}")));
            blocks[at] = match dice.roll(3) {
                0 => format!("{head} when not (not ({when})){because}"),
                1 => format!("{head} when ({when}) or ({when}){because}"),
                _ => format!("{head} when all of ({when}, {when}){because}"),
            };
            "rewrite"
        }
        15 => {
            let at = rules[dice.roll(rules.len())];
            blocks[at] = if blocks[at].contains("because") {
                blocks[at].replace("reason", "other reason")
            } else {
                blocks[at].replace("rule_", "renamed_")
            };
            "words"
        }
        _ => {
            blocks[1] = format!("{}\n  extra  yes or no", blocks[1]);
            let at = rules[dice.roll(rules.len())];
            let (head, when) = blocks[at].split_once(" when ").unwrap();
            let (when, because) = when.split_once('\n').map_or((when, String::new()), |(w, b)| (w, format!("\n{b}")));
            blocks[at] = format!("{head} when ({when}) and extra{because}");
            "field"
        }
    };
    (kind, blocks.join("\n\n") + "\n")
}

fn is_rule(block: &str) -> bool {
    block.contains(" when ")
        && super::DECISIONS.into_iter().any(|d| block.starts_with(d) || block.contains(&format!(": {d} when")))
}

/// A number of the text, another one in its place.
fn number(text: &str, dice: &mut Dice) -> String {
    let starts: Vec<usize> = text
        .char_indices()
        .filter(|(i, c)| {
            c.is_ascii_digit() && !text[..*i].ends_with(|c: char| c.is_alphanumeric() || "._-".contains(c))
        })
        .map(|(i, _)| i)
        .collect();
    if starts.is_empty() {
        return text.to_owned();
    }
    let start = starts[dice.roll(starts.len())];
    let digits = text[start..].chars().take_while(char::is_ascii_digit).count();
    let other = dice.pick(&["0", "1", "2", "3", "4", "5", "6", "10", "15", "20", "30", "45", "50"]);
    format!("{}{other}{}", &text[..start], &text[start + digits..])
}

/// What a cell holds, whatever a policy makes of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Plain(Value),
    Word(String),
    Words(BTreeSet<String>),
}

/// Leads of both policies, each with a time: combinations of what either of them tells apart, some of them by chance when there are many.
pub(crate) fn leads(old: &Policy, new: &Policy, dice: &mut Dice) -> Vec<(Timestamp, [Lead; 2])> {
    let mut times: BTreeSet<Timestamp> = leads::times(old).into_iter().collect();
    times.extend(leads::times(new));
    let mut found = Vec::new();
    for as_of in &times {
        let mut rows: Vec<(String, BTreeSet<Option<Cell>>)> = Vec::new();
        for policy in [old, new] {
            let evaluator = Evaluator::new(policy, *as_of);
            for (id, values) in leads::values(&evaluator).0 {
                let field = &policy.fields[id];
                let cells = values.into_iter().map(|value| value.map(|value| cell(&field.ty, value)));
                match rows.iter_mut().find(|(name, _)| *name == field.name) {
                    Some((_, row)) => row.extend(cells),
                    None => rows.push((field.name.clone(), cells.collect())),
                }
            }
        }
        let rows: Vec<(String, Vec<Option<Cell>>)> =
            rows.into_iter().map(|(name, cells)| (name, between(cells.into_iter().chain([None]).collect()))).collect();
        let all: usize = rows.iter().map(|(_, cells)| cells.len()).product();
        for number in 0..all.min(MOST / times.len()) {
            let mut rest = number;
            let mut pair = [Lead::empty(old), Lead::empty(new)];
            for (name, cells) in &rows {
                let at = if all > MOST / times.len() { dice.roll(cells.len()) } else { rest % cells.len() };
                rest /= cells.len();
                for (lead, policy) in pair.iter_mut().zip([old, new]) {
                    if let Some((id, field)) = policy.fields.iter().find(|(_, field)| field.name == *name) {
                        lead.set(id, read(field, cells[at].as_ref()));
                    }
                }
            }
            found.push((*as_of, pair));
        }
    }
    found
}

fn cell(ty: &Type, value: Value) -> Cell {
    let name = |position: &usize| ty.closed_values().unwrap()[*position].clone();
    match value {
        Value::Choice(position) => Cell::Word(name(&position)),
        Value::Other(word) => Cell::Word(word),
        Value::Set(positions) => Cell::Words(positions.iter().map(name).collect()),
        plain => Cell::Plain(plain),
    }
}

/// The cells, and a number between each two that are neighbours.
fn between(cells: BTreeSet<Option<Cell>>) -> Vec<Option<Cell>> {
    let numbers: Vec<Number> = cells
        .iter()
        .filter_map(|cell| match cell {
            Some(Cell::Plain(Value::Number(number))) => Some(number.clone()),
            _ => None,
        })
        .collect();
    let half = |pair: &[Number]| (&pair[0] + &pair[1]).checked_div(&Number::from(2)).unwrap();
    let more = numbers.windows(2).map(half).filter(|n| numbers.iter().any(|m| !m.is_whole()) || n.is_whole());
    let more: Vec<Option<Cell>> =
        more.filter(|n| !n.to_string().contains('/')).map(|n| Some(Cell::Plain(Value::Number(n)))).collect();
    let mut all: Vec<Option<Cell>> = cells.into_iter().collect();
    all.extend(more);
    all.dedup();
    all
}

/// What a field reads from a cell.
fn read(field: &Field, cell: Option<&Cell>) -> Option<Value> {
    let nothing = field.cell.blank_is_empty_set.then(|| Value::Set(BTreeSet::new()));
    let Some(cell) = cell else { return nothing };
    let own = field.ty.closed_values().unwrap_or_default();
    let place = |word: &String| own.iter().position(|value| value == word);
    let fold = |text: &str| if field.cell.ignoring_case { text.to_lowercase() } else { text.to_owned() };
    let value = match cell {
        Cell::Plain(Value::Number(number)) if field.cell.blank_numbers.contains(number) => return None,
        Cell::Plain(Value::Text(text)) if field.cell.blanks.iter().any(|blank| fold(blank) == fold(text.trim())) => {
            return None;
        }
        Cell::Plain(value) => value.clone(),
        Cell::Word(word) => place(word).map_or_else(|| Value::Other(word.clone()), Value::Choice),
        Cell::Words(words) if words.is_empty() => return nothing,
        Cell::Words(words) => Value::Set(words.iter().map(|word| place(word).unwrap_or(own.len())).collect()),
    };
    (!field.else_missing || holds(field, &value)).then_some(value)
}

/// Whether the field's declaration allows a value.
pub(crate) fn holds(field: &Field, value: &Value) -> bool {
    match (&field.ty, value) {
        (ty, Value::Number(number)) => {
            field.min.as_ref().is_none_or(|min| number >= min)
                && field.max.as_ref().is_none_or(|max| number <= max)
                && (*ty != Type::WholeNumber || number.is_whole())
        }
        (Type::Choice(choices), Value::Other(_)) => choices.other,
        (Type::Set(values), Value::Set(members)) => members.iter().all(|member| *member < values.len()),
        _ => true,
    }
}
