//! Writing the lines of one run.

use serde::Serialize;

use super::asked::{Asked, Count, Test};
use super::value::Kept;
use super::{SUM, VERSION};
use crate::digest;
use crate::eval::{Evaluator, Session};
use crate::ir::Policy;

/// Where the policy of a run comes from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// Its path in its repository; as it was called, when it is in none.
    pub policy: String,
    /// The revision of the repository; none when there is none.
    pub revision: Option<String>,
    /// Whether the policy's files are those of the revision.
    pub clean: Option<bool>,
    /// The version of the program.
    pub policyc: String,
}

/// Writes a line for each lead that a policy decides.
#[derive(Debug)]
pub struct Lines<'p> {
    policy: &'p Policy,
    asked: Asked<'p>,
    /// What stands in the line of each rule behind its lead, and is the same for every lead of the rule.
    rules: Vec<String>,
    /// The names of the fields, as JSON.
    fields: Vec<String>,
    /// What stands before the truth of each test.
    tests: Vec<String>,
    /// What stands before the points of each line that is counted.
    counts: Vec<String>,
}

impl<'p> Lines<'p> {
    /// Prepares the lines of a run.
    #[must_use]
    pub fn new(evaluator: &Evaluator<'p>, origin: &Origin) -> Lines<'p> {
        let policy = evaluator.policy();
        let Origin { policy: path, revision, clean, policyc } = origin;
        let listed =
            |(name, digest): (String, String)| format!("{{\"name\":{},\"digest\":{}}}", json(&name), json(&digest));
        let lists: Vec<String> = digest::lists(policy).into_iter().map(listed).collect();
        let same = [
            ("as_of", json(&evaluator.as_of().to_string())),
            ("policy", json(path)),
            ("digest", json(&digest::policy(policy))),
            ("lists", format!("[{}]", lists.join(","))),
            ("revision", json(revision)),
            ("clean", json(clean)),
            ("policyc", json(policyc)),
        ];
        let same: String = same.iter().map(|(key, value)| format!(",\"{key}\":{value}")).collect();
        let rules = policy.rules.iter().map(|(_, rule)| {
            let (decision, reason) = (&policy.decisions[rule.decision].phrase, &rule.because);
            let own = [("decision", json(decision)), ("rule", json(&rule.name)), ("reason", json(reason))];
            let own: String = own.iter().map(|(key, value)| format!(",\"{key}\":{value}")).collect();
            own + &same
        });
        let fields = policy.fields.iter().map(|(_, field)| json(&field.name)).collect();
        let asked = Asked::of(policy);
        let test = |test: &Test<'_>| format!("{{\"id\":\"{}\",\"test\":{},\"is\":", test.id, json(&test.words));
        let count =
            |count: &Count<'_>| format!("{{\"id\":\"{}\",\"line\":{},\"points\":", count.id, json(&count.words));
        let (tests, counts) = (asked.tests.iter().map(test).collect(), asked.counts.iter().map(count).collect());
        Lines { policy, rules: rules.collect(), fields, tests, counts, asked }
    }

    /// Adds the line of a lead.
    pub fn push(&self, out: &mut Vec<u8>, row: u64, name: &str, session: &Session<'_>) {
        let start = out.len();
        let rule = session.outcome().rule.0 as usize;
        let same = self.rules.get(rule).map_or("", String::as_str);
        put(out, &[&format!("{{\"log\":{VERSION},\"lead\":")]);
        put_json(out, name);
        put(out, &[",\"row\":", &row.to_string(), same, ",\"fields\":{"]);
        self.fields(session, out);
        put(out, &["}"]);
        let mut tests = List::new(out, "tests");
        for (test, head) in self.asked.tests.iter().zip(&self.tests) {
            let Some(place) = test.places.first() else { continue };
            tests.item(head);
            put_json(tests.out, &session.truth(place));
            put(tests.out, &["}"]);
        }
        tests.end();
        // Where it is not asked for what is counted, nothing is told of it.
        let asked = |count: &&Count<'_>| count.when.is_none_or(|when| session.truth(when).is_true());
        let mut points = List::new(out, "points");
        for (count, head) in self.asked.counts.iter().zip(&self.counts).filter(|(count, _)| asked(count)) {
            let total = session.line(count.line);
            points.item(head);
            put_json(points.out, &(!total.incomplete).then(|| total.points.to_string()));
            put(points.out, &["}"]);
        }
        points.end();
        let sum = digest::short_of(out.get(start..).unwrap_or_default());
        put(out, &[SUM, &sum, "\"}\n"]);
    }

    fn fields(&self, session: &Session<'_>, out: &mut Vec<u8>) {
        let mut comma = "";
        for ((id, field), name) in self.policy.fields.iter().zip(&self.fields) {
            put(out, &[comma, name, ":"]);
            match session.lead().get(id) {
                Some(_) if field.personal => put(out, &["{\"personal\":\"known\"}"]),
                None if field.personal => put(out, &["{\"personal\":\"missing\"}"]),
                Some(value) => put_json(out, &Kept::of(field, value)),
                None => put(out, &["null"]),
            }
            comma = ",";
        }
    }
}

/// A list that is told of only when there is something in it.
struct List<'o> {
    out: &'o mut Vec<u8>,
    key: &'static str,
    is_empty: bool,
}

impl<'o> List<'o> {
    fn new(out: &'o mut Vec<u8>, key: &'static str) -> List<'o> {
        List { out, key, is_empty: true }
    }

    /// Begins an item.
    fn item(&mut self, head: &str) {
        if self.is_empty {
            put(self.out, &[",\"", self.key, "\":["]);
        } else {
            put(self.out, &[","]);
        }
        put(self.out, &[head]);
        self.is_empty = false;
    }

    fn end(self) {
        if !self.is_empty {
            put(self.out, &["]"]);
        }
    }
}

fn put(out: &mut Vec<u8>, parts: &[&str]) {
    parts.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
}

/// Adds a value as JSON, on one line.
fn put_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    let start = out.len();
    // Only maps whose keys are no texts cannot be written, and there are none here.
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.truncate(start);
    }
}

/// A value as JSON.
fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
