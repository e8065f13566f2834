//! Findings as SARIF 2.1.0, the form in which services that show code keep them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::findings::brought_in;
use super::{Batch, Look, json, page, words};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{SourceFile, Sources, Span};
use crate::triage::{Mark, marks};

/// The findings of a run as one SARIF log.
#[must_use]
pub fn log(batches: &[&Batch]) -> String {
    let codes: BTreeSet<Code> = batches.iter().flat_map(|batch| &batch.diagnostics).map(|d| d.code).collect();
    let rules: Vec<Code> = codes.into_iter().collect();
    let mut seen = BTreeMap::new();
    let mut results = Vec::new();
    for batch in batches {
        for (diagnostic, Mark { fingerprint, .. }) in batch.diagnostics.iter().zip(marks(batch)) {
            let rule = rules.iter().position(|code| *code == diagnostic.code);
            let same = seen.entry((home(batch, diagnostic), fingerprint.clone())).or_insert(0);
            *same += 1;
            results.push(result(&batch.sources, diagnostic, rule, format!("{fingerprint}:{same}")));
        }
    }
    json::text(&Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "policyc",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.into_iter().map(rule).collect(),
                },
            },
            original_uri_base_ids: BTreeMap::from([(
                ROOT,
                BaseId { description: Message::new("the folder of the repository") },
            )]),
            column_kind: "utf16CodeUnits",
            results,
        }],
    })
}

/// What paths are relative to.
const ROOT: &str = "%SRCROOT%";

/// The file that a finding stands in.
fn home(batch: &Batch, diagnostic: &Diagnostic) -> Option<String> {
    diagnostic.span().and_then(|span| batch.sources.get(span.source)).map(|file| file.home.clone())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    original_uri_base_ids: BTreeMap<&'static str, BaseId>,
    column_kind: &'static str,
    results: Vec<Finding>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct BaseId {
    description: Message,
}

/// Text for people, without placeholders and links: what looks like one is somebody's words.
#[derive(Serialize)]
struct Message {
    text: String,
}

impl Message {
    fn new(text: &str) -> Message {
        Message { text: text.replace('{', "{{").replace('}', "}}").replace("](", "] (") }
    }
}

/// What a code means.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: Severity,
}

fn rule(code: Code) -> Rule {
    let page = code.page();
    let paragraph = page.split("\n\n").nth(1).unwrap_or_default().replace('\n', " ");
    Rule {
        id: code.name(),
        short_description: Message::new(code.title()),
        full_description: Message::new(&paragraph),
        help: Help { text: page::human(page, Look::PLAIN), markdown: page },
        default_configuration: Configuration { level: code.severity() },
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: Severity,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
}

fn result(sources: &Sources, diagnostic: &Diagnostic, rule: Option<usize>, fingerprint: String) -> Finding {
    let mut labels = diagnostic.labels.iter();
    let main = labels.next();
    let ways_in = diagnostic.span().into_iter().flat_map(|span| brought_in(sources, span.source));
    let related = labels
        .map(|label| (label.span, label.text.as_str()))
        .chain(ways_in.map(|span| (span, "this brings the file in")))
        .filter_map(|(span, words)| {
            let message = Some(words).filter(|words| !words.is_empty()).map(Message::new);
            Some(Location { id: None, physical_location: physical(sources, span)?, message })
        });
    Finding {
        rule_id: diagnostic.code.name(),
        rule_index: rule,
        level: diagnostic.severity,
        message: Message::new(&words(diagnostic)),
        locations: main
            .and_then(|label| physical(sources, label.span))
            .map(|physical_location| Location { id: None, physical_location, message: None })
            .into_iter()
            .collect(),
        related_locations: related.enumerate().map(|(id, at)| Location { id: Some(id), ..at }).collect(),
        partial_fingerprints: BTreeMap::from([("statement/v1", fingerprint)]),
        fixes: diagnostic.fix.iter().filter_map(|fix| mend(sources, diagnostic, fix)).collect(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

/// Lines and columns count from 1, columns count UTF-16 units, the end is exclusive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

fn physical(sources: &Sources, span: Span) -> Option<Physical> {
    let file = sources.get(span.source)?;
    Some(Physical { artifact_location: artifact(file), region: region(file, span) })
}

fn region(file: &SourceFile, span: Span) -> Region {
    let (start_line, start_column) = file.line_column_utf16(span.start as usize);
    let (end_line, end_column) = file.line_column_utf16(span.end as usize);
    Region { start_line, start_column, end_line, end_column }
}

/// A file as a URI: relative to the repository, unless it is only known by where it lies on the disk.
fn artifact(file: &SourceFile) -> Artifact {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(byte);
    let escaped = |byte: u8| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let uri: String = file.home.bytes().map(escaped).collect();
    if file.home.starts_with('/') {
        Artifact { uri: format!("file://{uri}"), uri_base_id: None }
    } else {
        Artifact { uri, uri_base_id: Some(ROOT) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Message,
    artifact_changes: [Change; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: [Replacement; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Content,
}

#[derive(Serialize)]
struct Content {
    text: String,
}

fn mend(sources: &Sources, diagnostic: &Diagnostic, fix: &crate::diagnostic::Fix) -> Option<Fix> {
    let file = sources.get(fix.span.source)?;
    let what = diagnostic.help.as_deref().unwrap_or("change the text");
    let replacement = Replacement {
        deleted_region: region(file, fix.span),
        inserted_content: Content { text: fix.replacement.clone() },
    };
    Some(Fix {
        description: Message::new(what),
        artifact_changes: [Change { artifact_location: artifact(file), replacements: [replacement] }],
    })
}
