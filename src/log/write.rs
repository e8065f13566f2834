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
        Lines { policy, rules: rules.collect(), fields, tests: asked.tests.iter().map(test).collect(), asked }
    }

    /// Adds the line of a lead.
    pub fn push(&self, out: &mut Vec<u8>, row: u64, name: &str, session: &Session<'_>) {
        let rule = session.outcome().rule.0 as usize;
        let same = self.rules.get(rule).map_or("", String::as_str);
        let mut line = format!("{{\"log\":{VERSION},\"lead\":{},\"row\":{row}{same},\"fields\":{{", json(name));
        self.fields(session, &mut line);
        line.push('}');
        let tests = self.asked.tests.iter().zip(&self.tests);
        let tests =
            tests.filter_map(|(test, head)| Some(format!("{head}{}}}", json(&session.truth(test.places.first()?)))));
        list(&mut line, "tests", tests);
        // Where it is not asked for what is counted, nothing is told of it.
        let asked = |count: &&Count<'_>| count.when.is_none_or(|when| session.truth(when).is_true());
        let points = self.asked.counts.iter().filter(asked).map(|count| {
            let total = session.line(count.line);
            let points = (!total.incomplete).then(|| total.points.to_string());
            format!("{{\"id\":\"{}\",\"line\":{},\"points\":{}}}", count.id, json(&count.words), json(&points))
        });
        list(&mut line, "points", points);
        let sum = digest::short(&line);
        line.push_str(SUM);
        line.push_str(&sum);
        line.push_str("\"}\n");
        out.extend_from_slice(line.as_bytes());
    }

    fn fields(&self, session: &Session<'_>, line: &mut String) {
        let mut comma = "";
        for ((id, field), name) in self.policy.fields.iter().zip(&self.fields) {
            let value = session.lead().get(id);
            let kept = match value {
                Some(_) if field.personal => "{\"personal\":\"known\"}".to_owned(),
                None if field.personal => "{\"personal\":\"missing\"}".to_owned(),
                Some(value) => json(&Kept::of(field, value)),
                None => "null".to_owned(),
            };
            line.push_str(comma);
            line.push_str(name);
            line.push(':');
            line.push_str(&kept);
            comma = ",";
        }
    }
}

/// Adds a list, when there is something in it.
fn list(line: &mut String, key: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    if !items.is_empty() {
        line.push_str(&format!(",\"{key}\":[{}]", items.join(",")));
    }
}

/// A value as JSON, on one line.
fn json<T: Serialize + ?Sized>(value: &T) -> String {
    // Only maps whose keys are no texts cannot be written, and there are none here.
    serde_json::to_string(value).unwrap_or_default()
}
