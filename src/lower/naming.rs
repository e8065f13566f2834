//! Names and lists of names in words: what a rule is called when it has no label, and what a message lists.

/// Lower case, letters of any script and digits kept, everything else one `-`: `Pass to sales, now!` is `pass-to-sales-now`.
pub(super) fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// The most names that a message lists.
const MAX_LISTED: usize = 8;

/// `` `a`, `b` and `c` ``; a long list ends in how many more there are.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<&str> = names.into_iter().collect();
    let mut shown: Vec<String> = all.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
    if all.len() > MAX_LISTED {
        shown.push(format!("{} more", all.len() - MAX_LISTED));
    }
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{listed, slug};

    #[test]
    fn slugs_keep_letters_of_any_script() {
        assert_eq!(slug("Nurture: went quiet!"), "nurture-went-quiet");
        assert_eq!(slug("Übergabe an Vertrieb – 2026-Q3"), "übergabe-an-vertrieb-2026-q3");
        assert_eq!(slug("..."), "");
    }

    #[test]
    fn lists_read_as_a_sentence() {
        assert_eq!(listed([]), "");
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(
            listed(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]),
            "`1`, `2`, `3`, `4`, `5`, `6`, `7`, `8` and 2 more"
        );
    }
}
