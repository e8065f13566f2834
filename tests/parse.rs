//! Every file below `tests/cases/parse` is parsed; its errors and its tree are in the snapshot beside it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::fmt::Write as _;

use policyc::diagnostic::Diagnostic;
use policyc::source::{SourceFile, SourceId, Span};
use policyc::syntax;

#[test]
fn cases() {
    insta::glob!("cases/parse/**/*.policy", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let file = SourceFile::new(SourceId(0), "case.policy", text.as_str());
        let parsed = syntax::parse(&file);
        let mut out = format!("{text}\n");
        parsed.diagnostics.iter().for_each(|d| show(&mut out, &file, d));
        if parsed.diagnostics.is_empty() || path.file_stem().unwrap() == "recovery" {
            writeln!(out, "{}", tree(&format!("{:#?}", parsed.file))).unwrap();
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(path.parent().unwrap());
        settings.set_prepend_module_to_snapshot(false);
        settings.remove_snapshot_suffix();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), out));
    });
}

fn show(out: &mut String, file: &SourceFile, d: &Diagnostic) {
    let place = |span: Span| {
        let (line, column) = file.line_column(span.start as usize);
        format!("{line}:{column} {:?}", file.slice(span))
    };
    writeln!(out, "{} {}", d.code.name(), d.message).unwrap();
    d.labels.iter().for_each(|l| writeln!(out, "    at {}: {}", place(l.span), l.text).unwrap());
    d.help.iter().for_each(|help| writeln!(out, "    help: {help}").unwrap());
    d.fix.iter().for_each(|fix| writeln!(out, "    fix: {} -> {:?}", place(fix.span), fix.replacement).unwrap());
}

/// A line of a tree's debug output, with the lines that are indented below it and the one that closes it.
struct Node {
    line: String,
    below: Vec<Node>,
    close: String,
}

/// The debug output of a tree without places and empty notes, small things on one line.
fn tree(debug: &str) -> String {
    let mut lines = debug.lines().peekable();
    let mut out = String::new();
    while lines.peek().is_some() {
        if let Some(node) = shorten(read(&mut lines)) {
            print(&node, 0, &mut out);
        }
    }
    out
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn read<'a>(lines: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> Node {
    let line = lines.next().unwrap();
    let mut node = Node { line: line.trim().to_owned(), below: Vec::new(), close: String::new() };
    if !line.ends_with(['(', '{', '[']) {
        return node;
    }
    while lines.peek().is_some_and(|next| indent(next) > indent(line)) {
        node.below.push(read(lines));
    }
    node.close = lines.next().unwrap().trim().to_owned();
    node
}

/// Leaves out what says nothing.
fn shorten(mut node: Node) -> Option<Node> {
    const EMPTY: [&str; 10] = [
        "before: [],",
        "below: [],",
        "after: None,",
        "blank_before: false,",
        "is: false,",
        "not: false,",
        "negative: false,",
        "label: None,",
        "because: None,",
        "owners: None,",
    ];
    let place = node.line == "loc: Loc(" || node.line == "value: Number(";
    if place || EMPTY.contains(&node.line.as_str()) {
        return None;
    }
    node.below = node.below.into_iter().filter_map(shorten).collect();
    if node.line == "notes: Notes {" && node.below.is_empty() {
        return None;
    }
    let wraps = node.line.ends_with("Noted {") || node.line.ends_with("Expr {") || node.line.ends_with("Literal {");
    if let [only] = node.below.as_slice()
        && wraps
        && let Some(inner) = only.line.strip_prefix("node: ").or(only.line.strip_prefix("kind: "))
    {
        let name = node.line.rsplit_once(' ').unwrap().0;
        let field = name.rsplit_once(' ').map_or("", |(field, _)| field);
        let line = if field.is_empty() { inner.to_owned() } else { format!("{field} {inner}") };
        let only = node.below.pop().unwrap();
        return Some(Node { line, ..only });
    }
    Some(node)
}

fn flat(node: &Node) -> String {
    let below: Vec<String> = node.below.iter().map(flat).collect();
    let below = below.join(" ");
    let blank = if node.line.ends_with('{') { " " } else { "" };
    let below = below.strip_suffix(',').unwrap_or(&below);
    format!("{}{blank}{below}{blank}{}", node.line, node.close)
}

fn print(node: &Node, depth: usize, out: &mut String) {
    let one_line = flat(node);
    let margin = "  ".repeat(depth);
    if one_line.len() + margin.len() <= 130 || node.below.is_empty() {
        writeln!(out, "{margin}{one_line}").unwrap();
        return;
    }
    writeln!(out, "{margin}{}", node.line).unwrap();
    node.below.iter().for_each(|inner| print(inner, depth + 1, out));
    writeln!(out, "{margin}{}", node.close).unwrap();
}
