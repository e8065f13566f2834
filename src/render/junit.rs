//! Test results, and findings, as JUnit XML: what CI servers count and show.

use std::fmt::Write;

use super::{Batch, Look, findings};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;
use crate::testing::Outcome;

/// The results of one policy.
#[derive(Debug)]
pub struct Suite {
    /// How its file is called.
    name: String,
    cases: Vec<Case>,
}

#[derive(Debug)]
struct Case {
    name: String,
    fault: Option<Fault>,
    /// What is told of it although nothing is wrong.
    told: Option<String>,
}

/// Why a case is not as it should be.
#[derive(Debug)]
struct Fault {
    /// A test that did not turn out as expected is a `failure`; what keeps a test from being run is an `error`.
    element: &'static str,
    kind: String,
    message: String,
    details: String,
}

impl Suite {
    /// The tests of a policy, a case each.
    #[must_use]
    pub fn of_tests(sources: &Sources, outcomes: &[Outcome]) -> Suite {
        let case = |outcome: &Outcome| Case {
            name: outcome.title.clone(),
            fault: outcome.findings.first().map(|first| Fault {
                element: "failure",
                kind: first.code.name().to_owned(),
                message: first.message.clone(),
                details: details(sources, &outcome.findings),
            }),
            told: None,
        };
        Suite { name: name(sources), cases: outcomes.iter().map(case).collect() }
    }

    /// What was found in a policy: a case for each error, and one that passes and tells all else.
    #[must_use]
    pub fn of_findings(batch: &Batch) -> Suite {
        let Batch { sources, diagnostics } = batch;
        let mut suite = Suite { name: name(sources), cases: Vec::new() };
        let (errors, others): (Vec<_>, Vec<_>) =
            diagnostics.iter().cloned().partition(|found| found.severity == Severity::Error);
        for error in &errors {
            let place = error.span().map(|span| format!(" at {}", sources.place(span))).unwrap_or_default();
            suite.cases.push(Case {
                name: format!("{}{place}", error.code.name()),
                fault: Some(Fault {
                    element: "error",
                    kind: error.code.name().to_owned(),
                    message: error.message.clone(),
                    details: details(sources, std::slice::from_ref(error)),
                }),
                told: None,
            });
        }
        if !others.is_empty() {
            let told = Some(details(sources, &others));
            suite.cases.push(Case { name: "warnings and notes".to_owned(), fault: None, told });
        } else if errors.is_empty() {
            suite.cases.push(Case { name: "nothing found".to_owned(), fault: None, told: None });
        }
        suite
    }

    /// The same, with a case for a share that is asked for: what falls short of it is said in `words`.
    #[must_use]
    pub fn with_share(mut self, asked: usize, words: Option<String>) -> Suite {
        let fault = words.map(|message| Fault {
            element: "failure",
            kind: "coverage".to_owned(),
            details: message.clone(),
            message,
        });
        self.cases.push(Case { name: format!("its tests show {asked}% of it"), fault, told: None });
        self
    }

    fn count(&self, element: &str) -> usize {
        self.cases.iter().filter(|case| case.fault.as_ref().is_some_and(|fault| fault.element == element)).count()
    }
}

fn name(sources: &Sources) -> String {
    sources.iter().next().map_or_else(String::new, |file| file.home.clone())
}

/// Findings as people read them.
fn details(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    findings::human(&[&Batch { sources: sources.clone(), diagnostics: diagnostics.to_vec() }], Look::PLAIN)
}

/// The results of a run.
#[must_use]
pub fn report(suites: &[Suite]) -> String {
    let sum = |element| suites.iter().map(|suite| suite.count(element)).sum();
    let cases = suites.iter().map(|suite| suite.cases.len()).sum();
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let counted = counted(cases, sum("failure"), sum("error"));
    // Writing to a `String` cannot fail.
    let _ = writeln!(xml, "<testsuites name=\"policyc\" {counted}>");
    for suite in suites {
        let _ = writeln!(xml, "  <testsuite name=\"{}\" {}>", attribute(&suite.name), suite.counted());
        suite.cases.iter().for_each(|case| case.write(&suite.name, &mut xml));
        let _ = writeln!(xml, "  </testsuite>");
    }
    let _ = writeln!(xml, "</testsuites>");
    xml
}

fn counted(tests: usize, failures: usize, errors: usize) -> String {
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
}

impl Suite {
    fn counted(&self) -> String {
        counted(self.cases.len(), self.count("failure"), self.count("error"))
    }
}

impl Case {
    fn write(&self, class: &str, xml: &mut String) {
        let head = format!("<testcase name=\"{}\" classname=\"{}\"", attribute(&self.name), attribute(class));
        let _ = match (&self.fault, &self.told) {
            (None, None) => writeln!(xml, "    {head}/>"),
            (None, Some(told)) => {
                writeln!(xml, "    {head}>\n      <system-out>{}</system-out>\n    </testcase>", escaped(told))
            }
            (Some(Fault { element, kind, message, details }), _) => writeln!(
                xml,
                "    {head}>\n      <{element} type=\"{}\" message=\"{}\">{}</{element}>\n    </testcase>",
                attribute(kind),
                attribute(message),
                escaped(details),
            ),
        };
    }
}

/// Text for an attribute, on one line: a reader would take its line breaks for blanks, and a runner of a workflow the next line for a command.
fn attribute(text: &str) -> String {
    escaped(text).replace('\n', "&#10;").replace('\t', "&#9;")
}

/// Text for an element. Of what no XML may hold there remains a `�`.
fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\r' => xml.push_str("&#13;"),
            '\n' | '\t' => xml.push(c),
            '\u{0}'..'\u{20}' | '\u{7f}'..'\u{a0}' | '\u{fffe}' | '\u{ffff}' => xml.push(char::REPLACEMENT_CHARACTER),
            other => xml.push(other),
        }
    }
    xml
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn xml_holds_any_text() {
        assert_eq!(
            escaped("a < b && \"c\"\u{1b}[2J\u{0}\n]]>\u{fffe}é"),
            "a &lt; b &amp;&amp; &quot;c&quot;�[2J�\n]]&gt;�é"
        );
    }
}
