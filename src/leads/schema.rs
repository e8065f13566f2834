//! Which column each field is read from.

use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::ir::{Field, FieldId, Policy, tidy};

/// The position of each field's column, in the order of the fields.
///
/// # Errors
/// When a field's column is missing or there twice: one error for each such field; one for all when the leads are others altogether.
pub(super) fn bind(policy: &Policy, header: &[String]) -> Result<Vec<usize>, Vec<Diagnostic>> {
    if let Some(fault) = strange(policy, header) {
        return Err(vec![fault]);
    }
    let mut faults = Vec::new();
    let mut columns = Vec::new();
    for (_, field) in policy.fields.iter() {
        let column = tidy(&field.column);
        let mut places = header.iter().enumerate().filter(|(_, name)| **name == column).map(|(i, _)| i);
        match (places.next(), places.next()) {
            (Some(column), None) => columns.push(column),
            (Some(first), Some(second)) => faults.push(twice(field, first, second)),
            (None, _) => faults.push(missing(policy, field, header)),
        }
    }
    if faults.is_empty() { Ok(columns) } else { Err(faults) }
}

/// Adds what the keys from `known` on, which no JSON object has shown before, say about the fields' columns.
pub(super) fn bind_keys(policy: &Policy, columns: &mut [Option<usize>], keys: &[String], known: usize) {
    for (position, key) in keys.iter().enumerate().skip(known) {
        for ((_, field), column) in policy.fields.iter().zip(columns.iter_mut()) {
            if tidy(&field.column) == *key {
                *column = Some(position);
            }
        }
    }
}

/// The notices about fields whose key no lead has had.
pub(super) fn unseen(policy: &Policy, keys: &[String], columns: &[Option<usize>]) -> Vec<String> {
    let fields = policy.fields.iter().zip(columns).filter(|(_, column)| column.is_none());
    let notice = |((_, field), _): ((FieldId, &Field), _)| {
        let near = near(policy, field, keys).map_or(String::new(), |near| format!("; did you mean `from \"{near}\"`?"));
        format!(
            "no lead has the key `{}`, which `{}` is read from: it is missing everywhere{near}",
            field.column, field.name
        )
    };
    fields.map(notice).collect()
}

fn twice(field: &Field, first: usize, second: usize) -> Diagnostic {
    let message =
        format!("the leads have the column `{}` twice (as columns {} and {})", field.column, first + 1, second + 1);
    Diagnostic::new(Code::P0603, message)
        .at(field.span, format!("`{}` is read from it", field.name))
        .help("which of them is meant? rename or remove the other one in the data")
}

/// That nothing in the header looks like a column of the policy, which has several.
fn strange(policy: &Policy, header: &[String]) -> Option<Diagnostic> {
    let mut fields = policy.fields.iter().map(|(_, field)| field);
    let known = |field: &Field| header.contains(&tidy(&field.column)) || near(policy, field, header).is_some();
    let first =
        fields.next().filter(|_| policy.fields.len() > 1 && !policy.fields.iter().any(|(_, field)| known(field)))?;
    let message = format!("the leads have none of the {} columns that the policy reads", policy.fields.len());
    let fault = Diagnostic::new(Code::P0602, message).at(first.span, format!("`{}` would be the first", first.column));
    Some(fault.help(format!("are these the leads of this policy? their columns are {}", listed(header))))
}

fn missing(policy: &Policy, field: &Field, header: &[String]) -> Diagnostic {
    let fault = Diagnostic::new(Code::P0602, format!("the leads have no column `{}`", field.column))
        .at(field.span, format!("`{}` is read from it", field.name));
    match near(policy, field, header) {
        Some(near) => fault.help(format!("did you mean `from \"{near}\"`?")),
        None => fault.help(format!("the columns are {}", listed(header))),
    }
}

/// The column that was probably meant: no other field is read from it, and its name is the same but for how it is
/// written, or nearly the same, or holds all words of the field's column as the only one.
fn near<'h>(policy: &Policy, field: &Field, header: &'h [String]) -> Option<&'h str> {
    let taken = |name: &str| policy.fields.iter().any(|(_, f)| f.column == name);
    let free: Vec<&str> = header.iter().map(String::as_str).filter(|name| !name.is_empty() && !taken(name)).collect();
    let wanted = words(&field.column);
    let same = free.iter().copied().find(|name| words(name).concat() == wanted.concat());
    let holds = |name: &&&str| {
        let words = words(name);
        !wanted.is_empty() && wanted.iter().all(|word| words.contains(word))
    };
    let only = || {
        let mut holding = free.iter().filter(holds);
        holding.next().filter(|_| holding.next().is_none()).copied()
    };
    same.or_else(|| did_you_mean(&field.column, free.iter().copied())).or_else(only)
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// The names of the columns, as many as one takes in.
fn listed(header: &[String]) -> String {
    const SHOWN: usize = 12;
    let names: Vec<String> = header.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = header.len().saturating_sub(SHOWN);
    if more > 0 { format!("{} and {more} more", names.join(", ")) } else { names.join(", ") }
}
