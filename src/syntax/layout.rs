//! Layout: which lines belong together. A statement starts in the first column; the indented lines below are its items, or they
//! continue its sentence. Everything here is counted in tokens of a [`Scan`].

use std::ops::Range;

use super::scan::{Scan, TokenKind};
use crate::diagnostic::did_you_mean;

/// Which statement it is, by its first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Policy,
    Use,
    RulesFrom,
    Lead,
    Decisions,
    List,
    Define,
    Score,
    Grade,
    Stage,
    Section,
    Rule,
    Otherwise,
    Never,
    Always,
    Test,
    /// A statement that later releases have: its first word says which.
    Later,
}

/// The words that start a statement, with the statement; `rules` does so only before `from`.
pub(super) const STATEMENT_WORDS: [(&str, Kind); 22] = [
    ("policy", Kind::Policy),
    ("use", Kind::Use),
    ("rules", Kind::RulesFrom),
    ("lead", Kind::Lead),
    ("decisions", Kind::Decisions),
    ("list", Kind::List),
    ("define", Kind::Define),
    ("score", Kind::Score),
    ("grade", Kind::Grade),
    ("stage", Kind::Stage),
    ("section", Kind::Section),
    ("otherwise", Kind::Otherwise),
    ("never", Kind::Never),
    ("always", Kind::Always),
    ("test", Kind::Test),
    ("event", Kind::Later),
    ("table", Kind::Later),
    ("promise", Kind::Later),
    ("calendar", Kind::Later),
    ("outcome", Kind::Later),
    ("goal", Kind::Later),
    ("guess", Kind::Later),
];

impl Kind {
    /// Whether the indented lines below are items, each by itself.
    pub(super) fn is_block(self) -> bool {
        match self {
            Kind::Policy | Kind::Lead | Kind::Decisions | Kind::Score | Kind::Grade | Kind::Test => true,
            Kind::Use | Kind::RulesFrom | Kind::List | Kind::Define | Kind::Stage | Kind::Section => false,
            Kind::Rule | Kind::Otherwise | Kind::Never | Kind::Always | Kind::Later => false,
        }
    }
}

/// A statement, cut into its parts.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// The statement word that its first word was probably meant to be.
    pub(super) meant: Option<&'static str>,
    /// Its sentence or its heading.
    pub(super) head: Range<usize>,
    /// The items of a block; `because`, `owned by` and `otherwise` below a sentence.
    pub(super) items: Vec<Range<usize>>,
}

/// A line that stands too far left or right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misplaced {
    /// Indented, with no statement above.
    NoStatement,
    /// Less indented than the items above it.
    Shallow,
    /// In the first column, but it goes on with the sentence above.
    Outdented,
}

/// A text, cut into statements.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) blocks: Vec<Block>,
    /// The first tokens of lines with a wrong indentation.
    pub(super) misplaced: Vec<(usize, Misplaced)>,
}

impl Layout {
    /// Cuts a text.
    pub(super) fn new(scan: &Scan<'_>) -> Layout {
        let mut layout = Layout::default();
        let starts = layout.statements(scan);
        let ends = starts.iter().skip(1).copied().chain([scan.tokens.len()]);
        for (start, end) in starts.iter().copied().zip(ends) {
            let block = layout.block(scan, start..end);
            layout.blocks.push(block);
        }
        layout
    }

    /// The first token of each statement. In a text that is indented as a whole the first line's depth counts as the first column.
    fn statements(&mut self, scan: &Scan<'_>) -> Vec<usize> {
        let mut starts = Vec::new();
        let mut first_column = 0;
        // What stands above: its kind, and whether it waits for a `when` or an `unless`.
        let (mut above, mut waits) = (Kind::Later, false);
        for i in line_starts(scan, 0..scan.tokens.len()) {
            let indent = scan.indent(i);
            if indent == 0 && !closes(scan, i) {
                first_column = 0;
                if !starts.is_empty() && !above.is_block() && goes_on(scan, i, waits) {
                    self.misplaced.push((i, Misplaced::Outdented));
                } else {
                    let line = i..line_end(scan, i);
                    above = classify(scan, &line).0;
                    waits = !line.clone().any(|i| matches!(scan.at(i), "when" | "unless" | "if"));
                    starts.push(i);
                }
            } else if starts.is_empty() {
                if indent > 0 {
                    self.misplaced.push((i, Misplaced::NoStatement));
                }
                first_column = indent;
                starts.push(i);
            } else if indent > 0 && indent <= first_column && !closes(scan, i) {
                starts.push(i);
            }
        }
        starts
    }

    fn block(&mut self, scan: &Scan<'_>, range: Range<usize>) -> Block {
        let (kind, meant) = classify(scan, &range);
        let mut item_starts: Vec<usize> = Vec::new();
        if kind.is_block() {
            let mut depth = None;
            for i in line_starts(scan, range.start + 1..range.end) {
                let indent = scan.indent(i);
                let depth = *depth.get_or_insert(indent);
                if closes(scan, i) || indent > depth {
                    continue;
                }
                if indent < depth {
                    self.misplaced.push((i, Misplaced::Shallow));
                }
                item_starts.push(i);
            }
        } else {
            let below = line_starts(scan, range.start + 1..range.end);
            item_starts = below.filter(|i| clause(scan, *i, kind).is_some()).collect();
        }
        let head = range.start..item_starts.first().copied().unwrap_or(range.end);
        Block { kind, meant, head, items: ranges(&item_starts, range.end) }
    }
}

/// From each start to the next one.
fn ranges(starts: &[usize], end: usize) -> Vec<Range<usize>> {
    let ends = starts.iter().skip(1).copied().chain([end]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// The tokens of a range that are the first on their lines.
fn line_starts<'a>(scan: &'a Scan<'_>, range: Range<usize>) -> impl Iterator<Item = usize> + 'a {
    range.filter(|i| scan.starts_line(*i))
}

/// Whether a line begins with a closing bracket: it continues the line above, wherever it stands.
fn closes(scan: &Scan<'_>, i: usize) -> bool {
    matches!(scan.at(i), ")" | "]")
}

/// Whether a line in the first column starts with a word that can only go on with the sentence above.
fn goes_on(scan: &Scan<'_>, i: usize, waits: bool) -> bool {
    let next = scan.at(i + 1);
    let goes_on = match scan.at(i) {
        "and" | "or" | "because" => true,
        "when" | "unless" => waits,
        "owned" => next == "by",
        _ => false,
    };
    goes_on && next != ":"
}

/// The token after the last one on a line.
fn line_end(scan: &Scan<'_>, start: usize) -> usize {
    (start + 1..scan.tokens.len()).find(|i| scan.starts_line(*i)).unwrap_or(scan.tokens.len())
}

/// Which item of a sentence a line below it is, also when its first word is misspelt.
pub(super) fn clause(scan: &Scan<'_>, i: usize, kind: Kind) -> Option<&'static str> {
    let word = scan.at(i);
    let near = |meant: &str| word == meant || did_you_mean(word, [meant]).is_some();
    let next = scan.tokens.get(i + 1).filter(|_| !scan.starts_line(i + 1));
    let followed_by = |kind: TokenKind| next.is_some_and(|n| n.kind == kind);
    let texts = followed_by(TokenKind::Text) || followed_by(TokenKind::OddText) || followed_by(TokenKind::OpenText);
    let in_section = kind == Kind::Section;
    let is_value = matches!(scan.at(i + 1), "," | "]");
    if is_value {
        None
    } else if word == "because" || (near("because") && texts) {
        Some("because")
    } else if near("owned") && next.is_some_and(|n| scan.say(*n) == "by") {
        Some("owned")
    } else if in_section && (word == "otherwise" || (near("otherwise") && followed_by(TokenKind::Word))) {
        Some("otherwise")
    } else {
        None
    }
}

/// Which statement it is, and which word was meant when its first word is misspelt.
fn classify(scan: &Scan<'_>, range: &Range<usize>) -> (Kind, Option<&'static str>) {
    let word = scan.at(range.start);
    let next = scan.at(range.start + 1);
    let known = STATEMENT_WORDS.iter().find(|(w, _)| *w == word).map(|(_, kind)| *kind);
    let heading_with_colon = known.is_some_and(Kind::is_block) && scan.starts_line(range.start + 2);
    if (next == ":" && !heading_with_colon) || (next == "(" && scan.at(range.start + 2) == "was") {
        return (Kind::Rule, None);
    }
    if let Some(kind) = known {
        let rule = kind == Kind::RulesFrom && next != "from";
        return (if rule { Kind::Rule } else { kind }, None);
    }
    let first_line = range.clone().take_while(|i| *i == range.start || !scan.starts_line(*i));
    let has_when = first_line.map(|i| scan.at(i)).any(|w| w == "when")
        || line_starts(scan, range.clone()).any(|i| scan.at(i) == "when");
    let titled = scan.tokens.get(range.start + 1).is_some_and(|t| t.kind == TokenKind::Text);
    let is_word = scan.tokens.get(range.start).is_some_and(|t| t.kind == TokenKind::Word);
    if !is_word || (has_when && !titled) {
        return (Kind::Rule, None);
    }
    let meant = did_you_mean(word, STATEMENT_WORDS.iter().map(|(w, _)| *w));
    STATEMENT_WORDS.iter().find(|(w, _)| Some(*w) == meant).map_or((Kind::Rule, None), |(w, kind)| (*kind, Some(*w)))
}

/// A sentence whose conditions stand below it, one a line.
#[derive(Debug)]
pub(super) struct Vertical {
    /// Up to `all of`, `any of` or `at least 2 of`.
    pub(super) head: Range<usize>,
    /// The conditions.
    pub(super) conditions: Vec<Range<usize>>,
    /// The first token of a line after them, less indented than they are.
    pub(super) shallow: Option<usize>,
}

/// Cuts a sentence at a line that ends in `all of`, `any of` or `at least 2 of`; the lines below are its conditions, unless they
/// begin with the bracket of an ordinary list.
pub(super) fn vertical(scan: &Scan<'_>, range: &Range<usize>) -> Option<Vertical> {
    let mut depth = 0_i64;
    let mut first = None;
    for i in range.clone() {
        if i > range.start && depth == 0 && scan.starts_line(i) && ends_in_quantifier(scan, range.start, i) {
            first = Some(i).filter(|i| scan.at(*i) != "[" && !is_list(scan, *i..range.end));
            if first.is_some() {
                break;
            }
        }
        match scan.at(i) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            _ => {}
        }
    }
    let first = first?;
    let depth = scan.indent(first);
    let below = || line_starts(scan, first..range.end).filter(|i| !closes(scan, *i));
    let shallow = below().find(|i| scan.indent(*i) < depth);
    let end = shallow.unwrap_or(range.end);
    let starts: Vec<usize> = below().filter(|i| *i < end && scan.indent(*i) == depth).collect();
    Some(Vertical { head: range.start..first, conditions: ranges(&starts, end), shallow })
}

/// Whether the tokens before `end` are `all of`, `any of` or `at least 2 of` (but not `has any of`).
fn ends_in_quantifier(scan: &Scan<'_>, start: usize, end: usize) -> bool {
    let back = |n: usize| end.checked_sub(n).filter(|i| *i >= start).map_or("", |i| scan.at(i));
    match (back(4), back(3), back(2), back(1)) {
        (_, before, "all" | "any", "of") => before != "has",
        ("at", "least", _, "of") => true,
        _ => false,
    }
}

/// Whether tokens begin with parentheses that hold a comma of their own: `(a, b)`, but not `(a or b)`.
fn is_list(scan: &Scan<'_>, range: Range<usize>) -> bool {
    let mut depth = 0_i64;
    for i in range {
        match scan.at(i) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "," if depth == 1 => return true,
            _ => {}
        }
        if depth == 0 {
            return false;
        }
    }
    false
}
