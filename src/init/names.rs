//! Names of fields from headers: `Job Title` becomes `job_title`.

use std::collections::HashSet;

/// Words that would make a sentence hard to read (or not readable at all) where a field's name stands.
const AWKWARD: &[&str] = &[
    "a",
    "after",
    "ago",
    "all",
    "and",
    "any",
    "as",
    "assume",
    "at",
    "because",
    "before",
    "between",
    "by",
    "contains",
    "domain",
    "each",
    "ends",
    "for",
    "has",
    "in",
    "is",
    "known",
    "last",
    "less",
    "list",
    "missing",
    "more",
    "next",
    "no",
    "none",
    "not",
    "of",
    "or",
    "otherwise",
    "starts",
    "than",
    "the",
    "true",
    "false",
    "when",
    "where",
    "yes",
    "stage",
    "previous",
];

/// A name for each header, in order, all different.
pub(super) fn names(headers: &[String]) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut names = Vec::with_capacity(headers.len());
    for (position, header) in headers.iter().enumerate() {
        let base = name(header, position);
        let mut candidate = base.clone();
        let mut count = 2;
        while !taken.insert(candidate.clone()) {
            candidate = format!("{base}_{count}");
            count += 1;
        }
        names.push(candidate);
    }
    names
}

fn name(header: &str, position: usize) -> String {
    let mut name = String::new();
    for word in words(header) {
        if !name.is_empty() {
            name.push('_');
        }
        name.push_str(&word);
    }
    if name.is_empty() {
        return format!("column_{}", position + 1);
    }
    if name.starts_with(|c: char| !c.is_alphabetic()) || AWKWARD.contains(&name.as_str()) {
        return format!("lead_{name}");
    }
    name
}

/// The words of a header in lower case; `JobTitle` has two, `opted-out?` too, `URL` one.
pub(super) fn words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before: Option<char> = None;
    let mut chars = header.chars().peekable();
    while let Some(c) = chars.next() {
        let next_is_lower = chars.peek().is_some_and(|n| n.is_lowercase());
        let begins = match before {
            Some(b) if c.is_uppercase() => b.is_lowercase() || b.is_numeric() || (b.is_uppercase() && next_is_lower),
            _ => false,
        };
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        }
        before = Some(c);
    }
    words.retain(|w| !w.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(headers: &[&str]) -> Vec<String> {
        names(&headers.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn headers_become_names() {
        assert_eq!(
            named(&["Job Title", "emp.var.rate", "LeadSource", "E-Mail", "Visits & Forms"]),
            ["job_title", "emp_var_rate", "lead_source", "e_mail", "visits_forms"]
        );
    }

    #[test]
    fn names_differ_and_begin_with_a_letter() {
        assert_eq!(
            named(&["A B", "a-b", "", "2nd touch", "in", "URL", "Straße"]),
            ["a_b", "a_b_2", "column_3", "lead_2nd_touch", "lead_in", "url", "straße"]
        );
    }
}
