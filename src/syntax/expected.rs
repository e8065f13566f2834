//! What could have stood where a sentence failed: the grammar's rules in the language's words.

use super::parse::Rule;

/// What follows a value.
const TEST: &str = "a test such as `>= 3` or `in [A, B]`";

/// The keyword of a rule `kw_...`.
pub(super) fn keyword(wanted: Rule) -> Option<String> {
    format!("{wanted:?}").strip_prefix("kw_").map(str::to_owned)
}

/// Whether a word is a keyword somewhere in the language.
pub(super) fn is_keyword(word: &str) -> bool {
    Rule::all_rules().iter().any(|r| keyword(*r).is_some_and(|k| k == word))
}

/// A rule in words, for "expected ..."; none for what is only worth naming when nothing else is.
fn words(wanted: Rule) -> Option<&'static str> {
    Some(match wanted {
        Rule::EOI => "the end of the sentence",
        Rule::name | Rule::free_name => "a name",
        Rule::text | Rule::text_body => "a text in quotes",
        Rule::open => "`[`",
        Rule::close => "`]`",
        Rule::left => "`(`",
        Rule::right => "`)`",
        Rule::comma => "`,`",
        Rule::colon => "`:`",
        Rule::lower_than => "`<`",
        Rule::plus => "`+`",
        Rule::minus_sign => "`-`",
        Rule::word => "a value",
        Rule::decision_rule => "the first word of a statement, or a decision",
        Rule::phrase | Rule::phrase_word | Rule::decision_item => "a decision",
        Rule::number | Rule::numeric => "a number",
        Rule::money | Rule::currency | Rule::dollar => "money such as `$10k` or `EUR 5000`",
        Rule::owned_by => "`owned by`",
        Rule::time_zone => "`time zone`",
        Rule::language => "`language`",
        Rule::in_force => "`in force from`",
        Rule::policy_item => "`owned by`, `in force from`, `time zone` or `language`",
        Rule::date => "a date such as `2026-10-01`",
        Rule::literal | Rule::values | Rule::relative | Rule::ago | Rule::ahead => "a value",
        Rule::quantity => "a number",
        Rule::unit => "`minutes`, `hours`, `days`, `weeks` or `months`",
        Rule::zone_name => "a time zone such as `Europe/Berlin`",
        Rule::field | Rule::lead_item => "a field",
        Rule::field_type => "a type such as `text`, `number`, `yes or no` or `one of [...]`",
        Rule::words => "values in brackets: `[A, B]`",
        Rule::field_option => "an option such as `required` or `from \"Column\"`",
        Rule::alias => "a text in quotes",
        Rule::list_values | Rule::list_file => "`is [...]` or `from \"file\"`",
        Rule::score_line => "`+` or `-` and points",
        Rule::grade_line => "a label and its condition",
        Rule::per => "`for each`",
        Rule::or_other => "`or other`",
        Rule::best_first => "`, best first`",
        Rule::state => "`known`, `missing`, `unknown` or `incomplete`",
        Rule::window | Rule::age => "a stretch of time such as `30 days`",
        Rule::quantifier => "a condition",
        Rule::points | Rule::other_score => "points or the name of a score",
        Rule::given_value => "a field and its value",
        Rule::expr | Rule::conjunction | Rule::negation | Rule::test_of | Rule::condition => "a condition",
        Rule::sum | Rule::product | Rule::negative | Rule::paren | Rule::domain_of | Rule::quantified => "a value",
        Rule::comparison | Rule::comparing_sign | Rule::amount | Rule::comparing_words | Rule::between | Rule::has => {
            TEST
        }
        Rule::is_test | Rule::not_test | Rule::window_or_set | Rule::text_test | Rule::text_kind | Rule::beside => TEST,
        Rule::conditions | Rule::below => "conditions in parentheses, or below, one a line",
        _ => return None,
    })
}

/// Rules that may follow nearly everywhere: naming them would hide what matters.
fn is_noise(wanted: Rule) -> bool {
    matches!(
        wanted,
        Rule::plus | Rule::minus_sign | Rule::times | Rule::divide | Rule::percent_sign | Rule::negative | Rule::dollar
    )
}

/// `` `when` ``, or `` `and`, `or` or the end of the sentence``: at most four, each once.
pub(super) fn list(wanted: &[Rule]) -> String {
    let mut names: Vec<String> = Vec::new();
    let quiet = wanted.iter().any(|w| !is_noise(*w));
    for rule in wanted.iter().filter(|w| !quiet || !is_noise(**w)) {
        let name = match (words(*rule), keyword(*rule)) {
            (Some(words), _) => words.to_owned(),
            (None, Some(keyword)) => format!("`{keyword}`"),
            (None, None) => continue,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let tests = [
        "`is`",
        "`not`",
        "`in`",
        "`between`",
        "`has`",
        "`contains`",
        "`starts`",
        "`ends`",
        "`before`",
        "`after`",
        "`at`",
    ];
    if names.iter().filter(|n| tests.contains(&n.as_str())).count() > 1 {
        names.retain(|n| !tests.contains(&n.as_str()));
        names.retain(|n| n != TEST);
        names.push(TEST.to_owned());
    }
    if names.iter().any(|n| n == "`and`") {
        names.retain(|n| !n.starts_with("`minutes`"));
    }
    let rank = |name: &String| (name.contains("end of"), !name.starts_with('`'));
    names.sort_by_key(rank);
    let values = ["a name", "a number", "money such as", "a date such as", "a text in quotes", "a value"];
    let is_value = |name: &String| values.iter().any(|v| name.starts_with(v));
    if names.iter().filter(|n| is_value(n)).count() > 2 {
        names.retain(|n| !is_value(n));
        names.push("a value".to_owned());
    }
    if names.iter().any(|n| n == "a condition") {
        names.retain(|n| n != "a value");
    }
    if names.len() > 4 {
        names.retain(|n| !n.contains("end of"));
        names.truncate(4);
    }
    match names.as_slice() {
        [] => "something else".to_owned(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The keywords with which what was expected may begin: what a misspelt word may have been meant to be.
pub(super) fn first_words(wanted: &[Rule]) -> Vec<String> {
    let mut found = Vec::new();
    for rule in wanted {
        let more: &[&str] = match rule {
            Rule::test_of => &[
                "is", "in", "not", "between", "has", "contains", "starts", "ends", "before", "after", "at", "more",
                "less",
            ],
            Rule::is_test => &["is"],
            Rule::not_test => &["not"],
            Rule::state => &["known", "missing", "unknown", "incomplete"],
            Rule::window_or_set => &["in"],
            Rule::window => &["the"],
            Rule::between => &["between"],
            Rule::has => &["has"],
            Rule::text_test => &["contains", "starts", "ends"],
            Rule::beside => &["before", "after"],
            Rule::amount | Rule::comparing_words => &["at", "more", "less"],
            Rule::expr | Rule::conjunction | Rule::negation | Rule::quantified => &["not", "all", "any", "at"],
            Rule::field_type => {
                &["id", "text", "number", "whole", "percent", "money", "yes", "date", "one", "ranked", "any"]
            }
            Rule::field_option => &[
                "from",
                "required",
                "blank",
                "missing",
                "else",
                "ignoring",
                "also",
                "separated",
                "written",
                "personal",
                "fixed",
            ],
            Rule::unit => &["minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months"],
            Rule::range => &["from", "to"],
            Rule::or_other => &["or"],
            Rule::list_values | Rule::list_file => &["is", "from"],
            Rule::policy_item => &["owned", "in", "time", "language"],
            Rule::owned_by => &["owned"],
            Rule::in_force => &["in"],
            Rule::time_zone => &["time"],
            Rule::language => &["language"],
            Rule::per => &["for"],
            Rule::points_when | Rule::section_when => &["when"],
            Rule::section_otherwise => &["otherwise"],
            Rule::score_label => &["as"],
            Rule::was => &["was"],
            Rule::text_kind => &["contains", "starts", "ends"],
            _ => &[],
        };
        found.extend(more.iter().map(|w| (*w).to_owned()));
        found.extend(keyword(*rule));
    }
    found
}
