//! What can be wrong with a configuration, in words.

use super::key::{self, Key, LEVELS, WARNINGS};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::Span;

pub(super) fn unknown_key(place: Span, within: Option<&str>, name: &str) -> Diagnostic {
    let paths = || Key::ALL.iter().map(|key| key.path());
    let fault = Diagnostic::new(
        Code::P0712,
        match within {
            None => format!("there is no key `{name}`"),
            Some(table) => format!("there is no key `{name}` in the table `{table}`"),
        },
    )
    .at(place, "");
    let here = paths().chain(key::tables()).chain([LEVELS]).filter_map(|path| match within {
        None => Some(path),
        Some(table) => path.strip_prefix(table)?.strip_prefix('.'),
    });
    if let Some(near) = did_you_mean(name, here) {
        return fault.help(format!("did you mean `{near}`?")).fix(place, near);
    }
    // It may belong to another table.
    let last = |path: &'static str| path.rsplit_once('.').map_or(path, |(_, last)| last);
    let near = did_you_mean(name, paths().map(last)).and_then(|near| paths().find(|path| last(path) == near));
    match near.map(|path| (path, path.split_once('.'))) {
        Some((_, Some((table, key)))) => fault.help(format!("`{key}` belongs below a line `[{table}]`")),
        Some((path, None)) => fault.help(format!("`{path}` belongs above all lines such as `[test]`")),
        None => {
            let all: Vec<String> = paths().chain([LEVELS]).map(|path| format!("`{path}`")).collect();
            fault.help(format!("the keys are {}", all.join(", ")))
        }
    }
}

pub(super) fn no_table(place: Span, name: &str) -> Diagnostic {
    let example = Key::ALL.iter().find(|key| key.path().split_once('.').is_some_and(|(table, _)| table == name));
    let example = example.map_or("P0408 = \"deny\"", |key| key.example());
    Diagnostic::new(Code::P0713, format!("`{name}` is a table, and this is a value"))
        .at(place, "")
        .help(format!("type a line `[{name}]`, and below it a line such as `{example}`"))
}

pub(super) fn wrong_value(place: Span, key: Key, words: &str) -> Diagnostic {
    Diagnostic::new(Code::P0713, format!("`{}` wants {}; {words}", key.path(), key.wants()))
        .at(place, "")
        .help(format!("type it like this: `{}`", key.example()))
}

pub(super) fn unknown_code(place: Span, name: &str) -> Diagnostic {
    let fault = Diagnostic::new(Code::P0712, format!("there is no code `{name}`")).at(place, "");
    match did_you_mean(name, [WARNINGS]).or(Code::meant(name).map(Code::name)) {
        Some(near) => fault.help(format!("did you mean `{near}`? each finding shows its code")).fix(place, near),
        None => fault.help(
            "type a code as it is shown with its finding, such as `P0408`, or `warnings` for all that are warnings",
        ),
    }
}

pub(super) fn no_level(place: Span, name: &str) -> Diagnostic {
    let (levels, example) = match name {
        WARNINGS => ("`\"warn\"` or `\"deny\"`", "warnings = \"deny\"".to_owned()),
        code => ("`\"allow\"`, `\"warn\"` or `\"deny\"`", format!("{code} = \"deny\"")),
    };
    Diagnostic::new(Code::P0713, format!("the level of `{name}` is {levels}"))
        .at(place, "")
        .help(format!("type it like this: `{example}`"))
}

pub(super) fn again(place: Span, code: Code) -> Diagnostic {
    Diagnostic::new(Code::P0713, format!("`{}` stands there twice", code.name()))
        .at(place, "")
        .help("take one of the two lines out")
}

pub(super) fn an_error(place: Span, code: Code) -> Diagnostic {
    Diagnostic::new(Code::P0713, format!("`{}` is an error, and stays one", code.name()))
        .at(place, code.title())
        .help("take this line out: only warnings and notes have levels")
}
