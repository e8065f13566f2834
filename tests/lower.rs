//! What each condition of tests/cases/lower becomes when the sugar is taken out: its text, and the nodes of the checked policy.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;
use std::fmt::Write;

use policyc::lower::{Checked, check};
use serde_json::Value;

/// Takes out where things stand; a condition is then no more than its kind.
fn without_places(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("span");
            members.values_mut().for_each(without_places);
            if members.len() == 1
                && let Some(kind) = members.remove("kind")
            {
                *value = kind;
            }
        }
        Value::Array(parts) => parts.iter_mut().for_each(without_places),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn nodes(of: &impl serde::Serialize) -> String {
    let mut value = serde_json::to_value(of).unwrap();
    without_places(&mut value);
    value.to_string()
}

#[test]
fn cases() {
    insta::glob!("cases/lower/*.policy", |path| {
        let (folder, stem) = (path.parent().unwrap(), path.file_stem().unwrap().to_str().unwrap());
        let text = std::fs::read_to_string(path).unwrap();
        let Checked { sources, policy, diagnostics, .. } =
            check(stem, &HashMap::from([(stem.to_owned(), text.clone())]));
        assert!(diagnostics.is_empty(), "{stem}: {diagnostics:?}");
        let policy = policy.unwrap();
        let mut out = text + "\n~~~~\n\n";
        for (id, set) in policy.sets.iter() {
            writeln!(out, "set {}\n  {}", id.0, nodes(set)).unwrap();
        }
        for (_, define) in policy.defines.iter() {
            writeln!(out, "define {}\n  {}", define.name, nodes(&define.body)).unwrap();
        }
        for (_, score) in policy.scores.iter() {
            let range = nodes(&(&score.min, &score.max));
            writeln!(out, "score {} {range}", score.name).unwrap();
            score.lines.iter().for_each(|line| writeln!(out, "  {}", nodes(&line.gain)).unwrap());
        }
        for (_, grade) in policy.grades.iter() {
            writeln!(out, "grade {} {:?}, otherwise {}", grade.name, grade.scale.values, grade.otherwise).unwrap();
            grade.lines.iter().for_each(|line| writeln!(out, "  {} {}", line.label, nodes(&line.when)).unwrap());
        }
        for (_, stage) in policy.stages.iter() {
            writeln!(out, "stage {}\n  {}", stage.name, nodes(&stage.when)).unwrap();
        }
        for when in policy.rules.iter().filter_map(|(_, rule)| rule.when.as_ref()) {
            writeln!(out, "{}\n  {}", sources.slice(when.span), nodes(when)).unwrap();
        }
        for property in &policy.properties {
            let decision = &policy.decisions[property.decision].phrase;
            let (claim, condition) = (property.claim, nodes(&property.condition));
            writeln!(out, "{}\n  {claim:?} {decision} {condition}", sources.slice(property.span)).unwrap();
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.remove_snapshot_suffix();
        settings.bind(|| insta::assert_snapshot!(stem, out));
    });
}
