//! The README keeps its word: each `console` block is run, and what it shows is what comes out.
//!
//! A line `...` in a block stands for lines that the page leaves out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::process::Command;

const PAGE: &str = include_str!("../README.md");

/// What stands before the arguments of policyc where the README runs it from the sources.
const RUN: &str = "cargo run --release --locked -- ";

#[test]
fn what_the_readme_shows_is_what_comes_out() {
    let mut shown = 0;
    for block in PAGE.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let (command, expected) = block.split_once('\n').unwrap();
        let command = command.strip_prefix("$ ").expect("a console block begins with a command");
        let Some(arguments) = command.strip_prefix(RUN).or_else(|| command.strip_prefix("policyc ")) else {
            panic!("`{command}` does not run policyc")
        };
        let output = Command::new(env!("CARGO_BIN_EXE_policyc")).args(arguments.split(' ')).output().unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        assert!(shows(expected, &output), "`{command}` prints\n{output}\nand not\n{expected}");
        shown += 1;
    }
    assert!(shown > 0, "the README shows no output any more");
}

/// Whether a page shows an output: its parts between `...` stand there in this order.
fn shows(expected: &str, output: &str) -> bool {
    let mut rest = output;
    expected.split("...\n").all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}
