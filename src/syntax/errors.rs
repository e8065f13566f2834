//! What the errors of layout, of slips of the pen and of the tree's builders say.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A first word that is nearly the word of a statement.
pub(super) fn misspelt_statement(place: Span, word: &str, meant: &str) -> Diagnostic {
    Diagnostic::new(Code::P0101, format!("no statement starts with `{word}`"))
        .at(place, format!("did you mean `{meant}`?"))
        .fix(place, meant)
}

/// A word that is nearly a word of the language.
pub(super) fn misspelt(place: Span, word: &str, meant: &str) -> Diagnostic {
    Diagnostic::new(Code::P0103, format!("`{word}` cannot stand here"))
        .at(place, format!("did you mean `{meant}`?"))
        .fix(place, meant)
}

/// Lines that both sides of a merge have changed.
pub(super) fn conflict(ours: Span, theirs: Span) -> Diagnostic {
    Diagnostic::new(Code::P0127, "a merge has left both of its sides here")
        .at(ours, "from here on, the one side")
        .at(theirs, "from here on, the other")
        .help("keep what both teams agree on, and delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`")
}

/// An indented line at the start of a file.
pub(super) fn indented_without_statement(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0104, "this line is indented, but no statement stands above it that it could belong to")
        .at(place, "starts too far right")
        .help("a statement starts in the first column, without blanks before it")
}

/// An item that stands further left than the first item of its block.
pub(super) fn shallow(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0104, "this line is indented less than the lines above it")
        .at(place, "starts too far left")
        .help("the lines below a statement all start in the same column; a new statement starts in the first one")
}

/// A line below a list of conditions that is indented less than they are.
pub(super) fn after_conditions(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0104, "the list of conditions above ends its sentence, and this line goes on")
        .at(place, "starts further left than the conditions")
        .help("indent it like the other conditions, or write the list in parentheses: `all of (a, b) and c`")
}

/// An item that continues the one above because it is indented deeper.
pub(super) fn continues_item(place: Span, found: &str) -> Diagnostic {
    Diagnostic::new(Code::P0104, "this line is indented deeper than the one above, so it continues that one")
        .at(place, format!("{found} does not fit there"))
        .help("start it in the same column as the line above, if it is meant to be a line of its own")
}

/// A statement that is indented, below a sentence.
pub(super) fn indented_statement(place: Span, word: &str) -> Diagnostic {
    Diagnostic::new(Code::P0104, "this line is indented, so it continues the sentence above")
        .at(place, format!("`{word}` does not fit there"))
        .help("a statement starts in the first column, without blanks before it")
}

/// An item in the first column.
pub(super) fn outdented(place: Span, word: &str, block: &str) -> Diagnostic {
    Diagnostic::new(Code::P0104, format!("`{word}` belongs below a `{block}`"))
        .at(place, "starts too far left")
        .help("indent this line by two blanks")
}

/// A line in the first column that goes on with the sentence above.
pub(super) fn outdented_sentence(place: Span, word: &str) -> Diagnostic {
    Diagnostic::new(Code::P0104, format!("a line that starts with `{word}` belongs to the statement above"))
        .at(place, "starts too far left")
        .help("indent this line by two blanks")
}

/// A block without items.
pub(super) fn empty_block(place: Span, word: &str) -> Diagnostic {
    let (what, example) = match word {
        "lead" => ("fields", "email text"),
        "decisions" => ("decisions", "pass to sales"),
        "score" => ("lines", "+40 when senior"),
        "grade" => ("lines", "hot when fit >= 70"),
        _ => ("lines", "expect pass to sales"),
    };
    Diagnostic::new(Code::P0105, format!("this `{word}` has no {what}"))
        .at(place, "nothing indented stands below it")
        .help(format!("write them below it, indented by two blanks, such as `  {example}`"))
}

/// A quote that is not closed on its line.
pub(super) fn open_quote(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0106, "the quote that opens here is not closed on this line")
        .at(place, "opens here")
        .help("a text begins and ends with `\"`, on one line; a `\"` within it is written `\\\"`")
}

/// A closing bracket with no opening one.
pub(super) fn nothing_to_close(place: Span, bracket: &str) -> Diagnostic {
    Diagnostic::new(Code::P0107, format!("this `{bracket}` closes nothing")).at(place, "nothing is open here")
}

/// A closing bracket of the other kind.
pub(super) fn other_bracket(place: Span, bracket: &str, opening: Span, wanted: &str) -> Diagnostic {
    Diagnostic::new(Code::P0107, format!("this `{bracket}` does not match the bracket that it closes"))
        .at(place, format!("`{wanted}` is needed here"))
        .at(opening, "opens here")
}

/// An opening bracket that nothing closes.
pub(super) fn never_closed(place: Span, bracket: &str, wanted: &str) -> Diagnostic {
    Diagnostic::new(Code::P0107, format!("this `{bracket}` is never closed"))
        .at(place, format!("`{wanted}` is missing"))
}

/// A character that cannot be seen.
pub(super) fn invisible(place: Span, character: &str) -> Diagnostic {
    let number = character.chars().next().map_or(0, u32::from);
    Diagnostic::new(Code::P0108, format!("an invisible character (U+{number:04X}) stands here"))
        .at(place, "delete it")
        .help("such characters come along when text is copied from other programs, or when the file is not a text")
        .fix(place, "")
}

/// Curly or single quotes.
pub(super) fn odd_quotes(place: Span, straight: &str) -> Diagnostic {
    Diagnostic::new(Code::P0109, "texts stand in straight double quotes")
        .at(place, format!("type `{straight}`"))
        .fix(place, straight)
}

/// A sign that is written in another way here.
pub(super) fn sign(place: Span, sign: &str, instead: &str) -> Diagnostic {
    Diagnostic::new(Code::P0110, format!("`{sign}` is no sign of the policy language"))
        .at(place, format!("type `{instead}`"))
        .fix(place, instead)
}

/// A sign that nothing is written with.
pub(super) fn unknown_sign(place: Span, sign: &str) -> Diagnostic {
    let help = match sign {
        "{" | "}" => "conditions stand in `( )`, lists of values in `[ ]`",
        "@" => "teams are written without it: `owned by sales`; values with signs stand in double quotes",
        "'" | "`" => "texts stand in double quotes: `\"like this\"`",
        _ => "values with signs in them stand in double quotes: `\"like this\"`",
    };
    Diagnostic::new(Code::P0110, format!("`{sign}` is no sign of the policy language"))
        .at(place, "cannot stand here")
        .help(help)
}

/// `separated by ;`.
pub(super) fn separator(place: Span, quoted: &str) -> Diagnostic {
    Diagnostic::new(Code::P0121, "quotes are missing here").at(place, format!("type `{quoted}`")).fix(place, quoted)
}

/// `// a note`.
pub(super) fn comment_sign(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0110, "a comment starts with `#`").at(place, "type `#`").fix(place, "#")
}

/// `* pass to sales when ...`, `1. pass to sales when ...`.
pub(super) fn bullet(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0110, "a line starts with its first word, without a bullet or a number")
        .at(place, "leave this out")
        .fix(place, "")
}

/// A semicolon or a full stop at the end of a line.
pub(super) fn ends_by_itself(place: Span, sign: &str) -> Diagnostic {
    Diagnostic::new(Code::P0110, format!("a sentence ends with its line, without `{sign}`"))
        .at(place, "delete it")
        .fix(place, "")
}

/// A colon behind the first word of a block.
pub(super) fn no_colon(place: Span, word: &str) -> Diagnostic {
    Diagnostic::new(Code::P0110, format!("no `:` stands after `{word}`")).at(place, "delete it").fix(place, "")
}

/// `10,000` or `2,5`.
pub(super) fn comma_in_number(place: Span, right: &str) -> Diagnostic {
    let plain = right.replace('_', "");
    let or_plain = if plain == right { String::new() } else { format!(" or `{plain}`") };
    Diagnostic::new(Code::P0111, "a number has no comma in it: commas separate things")
        .at(place, format!("type `{right}`{or_plain}"))
        .fix(place, right)
}

/// `10.000`: of a fraction, or of thousands?
pub(super) fn ambiguous_point(place: Span, written: &str, thousands: &str, fraction: &str) -> Diagnostic {
    Diagnostic::new(Code::P0125, format!("the point in `{written}` can be read in two ways"))
        .at(place, format!("`{thousands}` or `{fraction}`?"))
        .help(format!("with thousands it is `{thousands}`; a point parts off a fraction, which would be `{fraction}`"))
}

/// `1.234,50` and `1.000.000`.
pub(super) fn points_in_number(place: Span, written: &str, right: &str) -> Diagnostic {
    Diagnostic::new(Code::P0111, format!("`{written}` is no number of the policy language"))
        .at(place, format!("type `{right}`"))
        .help("thousands are set apart with `_`, a fraction with a point")
        .fix(place, right)
}

/// `.5`.
pub(super) fn point_first(place: Span, right: &str) -> Diagnostic {
    Diagnostic::new(Code::P0111, "a number starts with a digit").at(place, format!("type `{right}`")).fix(place, right)
}

/// `€5000`.
pub(super) fn money(place: Span, right: &str) -> Diagnostic {
    Diagnostic::new(Code::P0111, "money is written with `$`, or with the three letters of its currency before it")
        .at(place, format!("type `{right}`"))
        .fix(place, right)
}

/// `01/10/2026`.
pub(super) fn date_written(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0111, "a date is written year, month, day")
        .at(place, "type it like `2026-10-01`")
        .help("other orders are read one way here and another way there")
}

/// A number of more digits than are exact.
pub(super) fn too_many_digits(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0111, "this number is too long").at(place, "at most 18 digits before and after the point")
}

/// `-2026-10-01`.
pub(super) fn negative_date(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0111, "a date has no sign before it").at(place, "delete the `-`")
}

/// `fit-interest`.
pub(super) fn minus_without_blanks(place: Span, before: bool, after: bool) -> Diagnostic {
    let text = format!("{}-{}", if before { " " } else { "" }, if after { " " } else { "" });
    Diagnostic::new(Code::P0111, "a minus between two values has blanks around it")
        .at(place, "type ` - `")
        .help("a value with a `-` in it stands in quotes: `\"C-level\"`")
        .fix(place, text)
}

/// A backslash before anything but a quote or a backslash.
pub(super) fn escape(place: Span, character: char) -> Diagnostic {
    Diagnostic::new(Code::P0117, format!("`\\{character}` means nothing in a text"))
        .at(place, "a backslash stands before `\"` or `\\` only")
        .help("for a backslash itself, type it twice: `\\\\`")
}

/// Conditions within conditions within conditions.
pub(super) fn too_deep(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0118, "conditions are nested too deep for anybody to follow")
        .at(place, "more than 64 levels")
        .help("give parts of it a name with `define`")
}

/// A sum of hundreds of parts.
pub(super) fn too_much_arithmetic(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0118, "there is too much arithmetic in one sentence")
        .at(place, "more than 256 signs")
        .help("give parts of it a name with `define`")
}

/// A file that is too large.
pub(super) fn too_large(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0118, "this file is larger than 4 MiB, which is more than a policy can be")
        .at(place, "nothing of it was read")
        .help("put long lists of values into a file of their own: `list NAME from \"file.csv\"`")
}

/// Where the list of errors was cut.
pub(super) fn more_errors(place: Span, count: usize) -> Diagnostic {
    let more = if count == 1 { "1 more error".to_owned() } else { format!("{count} more errors") };
    Diagnostic::new(Code::P0118, format!("{more} from here on"))
        .at(place, "the first of them")
        .help("they are shown when the ones above are mended")
}

/// A statement of a later release.
pub(super) fn later(place: Span, word: &str) -> Diagnostic {
    let meaning = match word {
        "event" => "declares what happens to leads: visits, webinars, calls",
        "table" => "holds rules as a table, a row a rule",
        "promise" => "is a service level, such as a first call within 24 hours",
        "calendar" => "declares working days, working hours and holidays",
        "outcome" => "says what became of a lead, for reports",
        "goal" => "is a figure to hold, such as a share of accepted leads",
        _ => "is a forecast with its tolerance",
    };
    Diagnostic::new(Code::P0119, format!("`{word}` comes with a later release"))
        .at(place, "not known yet")
        .help(format!("`{word}` {meaning}; a decision cannot start with this word"))
}

/// A condition on events.
pub(super) fn events(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0119, "conditions on events come with a later release")
        .at(place, "not known yet")
        .help("until then, use a field that counts them (`visits >= 3`) or holds the last one (`last_visit in the last 30 days`)")
}

/// `at least 2 of` with nothing to choose from.
pub(super) fn no_conditions_below(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0102, "the sentence stops too early")
        .at(place, "expected conditions after this")
        .help("list them in parentheses, `(a, b, c)`, or below this line, indented, one a line")
}

/// A clause that its statement does not have.
pub(super) fn misplaced_clause(place: Span, clause: &str) -> Diagnostic {
    let belongs = match clause {
        "because" => "below a rule or an `otherwise`",
        "otherwise" => "in the first column, or below a `section`",
        _ => "below `policy`, `use`, `rules from`, `list` or `section`",
    };
    Diagnostic::new(Code::P0122, format!("`{clause}` does not belong to this statement"))
        .at(place, format!("`{clause}` stands {belongs}"))
}

/// A clause that is there already.
pub(super) fn repeated_clause(place: Span, clause: &str, first: Span) -> Diagnostic {
    Diagnostic::new(Code::P0122, format!("`{clause}` is said twice"))
        .at(place, "the second one")
        .at(first, "the first one")
        .help("keep one of them")
}

/// A decision whose first word is that of a statement.
pub(super) fn decision_starts_statement(place: Span, word: &str) -> Diagnostic {
    Diagnostic::new(Code::P0123, format!("a decision cannot start with `{word}`"))
        .at(place, "a line that starts with this word is a statement")
}

/// A rule whose label has no colon.
pub(super) fn no_colon_after_label(place: Span, label: &str) -> Diagnostic {
    Diagnostic::new(Code::P0124, format!("a `:` is missing after the label `{label}`"))
        .at(place, format!("type `{label}:`"))
        .fix(place, format!("{label}:"))
}

/// A word for something that is said differently here.
pub(super) fn elsewhere(place: Span, word: &str, instead: &str) -> Diagnostic {
    Diagnostic::new(Code::P0116, format!("policies do not say `{word}`"))
        .at(place, format!("type `{instead}`"))
        .fix(place, instead)
}

/// `no_calls: never ...`.
pub(super) fn labelled_property(label: Span, word: &str, property: Span) -> Diagnostic {
    Diagnostic::new(Code::P0126, format!("only rules have labels, a sentence with `{word}` has none"))
        .at(label, "delete this")
        .fix(Span { end: property.start, ..label }, "")
        .help("outputs name it by what it says; type below it why it is so: `because \"...\"`")
}

/// `only pass to sales when ...`.
pub(super) fn only_when(place: Span, decision: &str) -> Diagnostic {
    Diagnostic::new(Code::P0116, "policies do not say `only`")
        .at(place, "is this a rule, or a claim about all rules?")
        .help(format!("for a rule, delete it; to have it proved of all rules, type `never {decision} unless ...`"))
}

/// A line of a test that is none of its three kinds.
pub(super) fn no_test_item(place: Span) -> Diagnostic {
    Diagnostic::new(Code::P0102, "a test has lines that start with `given`, `as of` or `expect`")
        .at(place, "starts with none of them")
        .help("type them like `given title VP, need 4` and `expect pass to sales`")
}
