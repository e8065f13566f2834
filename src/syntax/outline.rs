//! The outline of a text: its statements and their items by where they stand. It is there for what is *about* one of them without being a part
//! of the tree: a finding, or a comment that speaks of findings. It never fails, whatever the text.

use std::ops::Range;

use super::layout::Layout;
use super::scan::Scan;

/// The statements and items of a text.
#[derive(Debug)]
pub struct Outline<'t> {
    scan: Scan<'t>,
    /// In the order of the text; each token belongs to one.
    parts: Vec<Part>,
}

/// A sentence, a heading or an item.
#[derive(Debug, Clone)]
struct Part {
    /// Its tokens, without those of the items below it.
    own: Range<usize>,
    /// The first two tokens of its statement, when it is not the first part of that itself.
    heading: Range<usize>,
    /// From its first byte to its last, with what stands below it. What stands below a sentence (`because`, `owned by`) reaches as far as
    /// the sentence.
    reach: Range<usize>,
}

/// A comment, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark<'t> {
    /// What it says, without `#` and without blanks at its ends.
    pub text: &'t str,
    /// Where it stands, `#` included.
    pub bytes: Range<usize>,
    /// Whether nothing else stands on its line.
    pub own_line: bool,
    /// The bytes of the statement or item that it stands behind, or above when it has a line of its own; none below the last one.
    pub about: Option<Range<usize>>,
}

impl<'t> Outline<'t> {
    /// The outline of a text.
    #[must_use]
    pub fn new(text: &'t str) -> Outline<'t> {
        let scan = Scan::new(text);
        let bytes = |tokens: &Range<usize>| {
            let start = scan.tokens.get(tokens.start).map_or(0, |t| t.start);
            start..tokens.end.checked_sub(1).and_then(|last| scan.tokens.get(last)).map_or(start, |t| t.end)
        };
        let mut parts = Vec::new();
        for block in Layout::new(&scan).blocks {
            let heading = block.head.start..block.head.end.min(block.head.start + 2);
            let whole = block.head.start..block.items.last().map_or(block.head.end, |last| last.end);
            let items = block.items.iter().map(|item| {
                let reach = if block.kind.is_block() { item } else { &whole };
                Part { own: item.clone(), heading: heading.clone(), reach: bytes(reach) }
            });
            parts.push(Part { own: block.head.clone(), heading: 0..0, reach: bytes(&whole) });
            parts.extend(items);
        }
        Outline { scan, parts }
    }

    /// Which statement or item a byte stands in, by its number.
    #[must_use]
    pub fn part_at(&self, byte: usize) -> Option<usize> {
        self.part_of(self.scan.tokens.partition_point(|t| t.start <= byte).checked_sub(1)?)
    }

    fn part_of(&self, token: usize) -> Option<usize> {
        self.parts.partition_point(|part| part.own.start <= token).checked_sub(1)
    }

    /// The words of a statement or item however it is laid out: blanks, comments and commas make no difference. An item begins with the two
    /// first words of its statement.
    pub fn words(&self, part: usize) -> impl Iterator<Item = &'t str> {
        let (heading, own) = self.parts.get(part).map_or((0..0, 0..0), |p| (p.heading.clone(), p.own.clone()));
        heading.chain(own).map(|token| self.scan.at(token)).filter(|word| *word != ",")
    }

    /// The words between two bytes.
    pub fn words_between(&self, bytes: Range<usize>) -> impl Iterator<Item = &'t str> {
        let from = self.scan.tokens.partition_point(|t| t.start < bytes.start);
        let to = self.scan.tokens.partition_point(|t| t.start < bytes.end);
        (from..to).map(|token| self.scan.at(token)).filter(|word| *word != ",")
    }

    /// All comments of the text, in their order.
    pub fn remarks(&self) -> impl Iterator<Item = Remark<'t>> {
        self.scan.comments.iter().map(|comment| {
            let next = self.scan.tokens.partition_point(|t| t.start < comment.start);
            let token = if comment.own_line { Some(next) } else { next.checked_sub(1) };
            let token = token.filter(|token| *token < self.scan.tokens.len());
            let part = token.and_then(|token| self.parts.get(self.part_of(token)?));
            let text = self.scan.text.get(comment.start..comment.end).unwrap_or("");
            Remark {
                text: text.strip_prefix('#').unwrap_or(text).trim(),
                bytes: comment.start..comment.end,
                own_line: comment.own_line,
                about: part.map(|part| part.reach.clone()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Outline;

    const TEXT: &str = "\
# above a block
lead   # behind its heading
  # above an item
  need   whole number from 0 to 5
  title  text   # behind an item

hot:   pass to sales
    when need >= 3   # within a sentence
  because \"need\"   # behind its reason
# below all
";

    #[test]
    fn a_comment_is_about_what_it_stands_above_or_behind() {
        let outline = Outline::new(TEXT);
        let about: Vec<String> = outline
            .remarks()
            .map(|remark| {
                let about = remark.about.and_then(|bytes| TEXT.get(bytes)).map(|text| text.replace('\n', "⏎"));
                format!("{}: {}", remark.text, about.as_deref().unwrap_or("nothing"))
            })
            .collect();
        let block = "lead   # behind its heading⏎  # above an item⏎  need   whole number from 0 to 5⏎  title  text";
        let rule = "hot:   pass to sales⏎    when need >= 3   # within a sentence⏎  because \"need\"";
        assert_eq!(
            about,
            [
                format!("above a block: {block}"),
                format!("behind its heading: {block}"),
                "above an item: need   whole number from 0 to 5".to_owned(),
                "behind an item: title  text".to_owned(),
                format!("within a sentence: {rule}"),
                format!("behind its reason: {rule}"),
                "below all: nothing".to_owned(),
            ]
        );
    }

    #[test]
    fn words_do_not_hang_on_the_layout() {
        let outline = Outline::new(TEXT);
        let words = |text: &str| {
            let part = outline.part_at(TEXT.find(text).unwrap_or(0));
            part.map_or_else(String::new, |part| outline.words(part).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(words("title"), "lead title text");
        assert_eq!(words("need >= 3"), "hot : pass to sales when need >= 3");
        assert_eq!(words("because"), "hot : because \"need\"");
        assert_eq!(Outline::new("").part_at(0), None);
    }
}
