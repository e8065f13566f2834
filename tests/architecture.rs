//! ARCHITECTURE.md is true: no module imports what its table does not allow, and every path that it names is there.

#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What each module may import, from the table. `everything` stands for all modules.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = read(&root().join("ARCHITECTURE.md"));
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [module, _, imports] = cells.as_slice() else { return None };
        let module = module.strip_prefix('`')?.strip_suffix('`')?;
        Some((module.to_owned(), imports.split(", ").map(|name| name.trim_matches('`').to_owned()).collect()))
    });
    rows.collect()
}

/// The `.rs` files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

/// The modules of the library that a Rust text names: what follows `crate::` (`policyc::` in the binary), also in braces.
fn imports(text: &str, name: &str) -> BTreeSet<String> {
    let code: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect();
    let mut found = BTreeSet::new();
    for (at, path) in code.match_indices(&format!("{name}::")) {
        let whole_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = &code[at + path.len()..];
        let names = match rest.strip_prefix('{') {
            Some(group) => outermost(group),
            None => vec![rest],
        };
        if whole_word {
            let first_word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
            found.extend(names.into_iter().map(|n| first_word(n.trim_start())).filter(|n| !n.is_empty()));
        }
    }
    found
}

/// The parts of a braced group, whatever is in braces inside of them.
fn outermost(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (i, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..i]);
                start = i + 1;
            }
            '}' => {
                parts.push(&group[start..i]);
                break;
            }
            _ => {}
        }
    }
    parts
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let table = table();
    assert!(table.len() > 10, "the table was not found: {table:?}");
    let mut wrong = Vec::new();
    for file in sources(&root().join("src")) {
        let inside = file.strip_prefix(root().join("src")).unwrap();
        let module =
            inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        if module == "lib" || module == "main" {
            continue;
        }
        let Some(allowed) = table.get(&module) else {
            wrong.push(format!("`{module}` has no row"));
            continue;
        };
        let name = if module == "cli" { "policyc" } else { "crate" };
        for import in imports(&read(&file), name) {
            if import != module && !allowed.contains(&import) && !allowed.contains("everything") {
                wrong.push(format!("{} imports `{import}`", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "ARCHITECTURE.md does not allow:\n{}", wrong.join("\n"));
}

/// What stands in one place only, and where.
const ONLY: &[(&str, &str)] = &[
    ("pest", "syntax/"),
    ("miette", "render/findings.rs"),
    ("clap", "cli/"),
    ("toml", "config/"),
    ("println!", "cli/"),
    ("std::env", "cli/"),
    ("std::io::stdout", "cli/"),
    ("io::stdin", "cli/"),
    ("::now()", "cli/"),
    ("SystemTime", "cli/"),
    ("Command::new", "cli/install_hooks.rs cli/git_driver.rs"),
    ("std::fs", "cli/ leads/paged.rs leads/input.rs"),
    ("tempfile", "cli/ leads/paged.rs leads/input.rs"),
    ("arrow_array", "leads/parquet/"),
    ("arrow_schema", "leads/parquet/"),
    ("catch_unwind", "leads/parquet/"),
    ("gix", "cli/git/"),
    ("sha2", "digest/ triage/fingerprint.rs"),
    ("TimeZone::get", "nowhere"),
    ("tz::db", "nowhere"),
    ("in_tz", "nowhere"),
    ("f64", "nowhere"),
    ("f32", "nowhere"),
];

#[test]
fn what_is_absent_is_absent() {
    let src = root().join("src");
    let mut wrong = Vec::new();
    for file in sources(&src) {
        let inside = file.strip_prefix(&src).unwrap().to_str().unwrap().to_owned();
        let text = read(&file);
        let code = text.split("#[cfg(test)]").next().unwrap().lines().filter(|l| !l.trim_start().starts_with("//"));
        let code = code.collect::<Vec<_>>().join("\n");
        for (word, places) in ONLY {
            let allowed = places.split(' ').any(|place| inside.starts_with(place));
            let found = code.match_indices(word).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
            });
            if found && !allowed {
                wrong.push(format!("{inside} has `{word}`, which is for {places}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "// crate::comment\nuse crate::{a, b::{c, d}, e as f};\nuse crate::g::h;\nfn x(y: crate::i::J) { $crate::k!() } xcrate::no;";
    let found = imports(text, "crate");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a", "b", "e", "g", "i", "k"]);
}

#[test]
fn every_path_that_is_named_is_there() {
    let text = read(&root().join("ARCHITECTURE.md"));
    let named = text.split('`').skip(1).step_by(2).filter(|word| {
        let pathlike = word.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c));
        pathlike && (word.contains('/') || [".rs", ".md", ".pest"].iter().any(|ending| word.ends_with(ending)))
    });
    let named: Vec<&str> = named.collect();
    assert!(named.len() > 8, "hardly any path was found: {named:?}");
    let missing: Vec<_> = named.into_iter().filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names what is not there: {missing:?}");
}
