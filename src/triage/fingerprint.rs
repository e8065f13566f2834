//! What a finding is recognised by when lines have moved and the layout has changed: its code, and the words of the statement or item that it
//! stands in, and what else it is about. The wording of its message, which may change with every release, has no part in it.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use crate::diagnostic::{Batch, Diagnostic};
use crate::source::SourceId;
use crate::syntax::Outline;

/// How much of what a finding is about is shown, in characters.
const SHOWN: usize = 100;

/// What a finding is recognised by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// 16 hexadecimal digits. Two findings with one fingerprint are of one kind and about the same words, such as those of two rules that are
    /// alike.
    pub fingerprint: String,
    /// The first words of what it is about, for people.
    pub about: String,
}

/// A mark for each finding of a batch, in their order.
#[must_use]
pub fn marks(batch: &Batch) -> Vec<Mark> {
    let mut texts = Texts { batch, outlines: BTreeMap::new() };
    batch.diagnostics.iter().map(|diagnostic| texts.mark(diagnostic)).collect()
}

/// The texts of a batch, each outlined once. A statement may be large and have many findings, so its words, too, are read once.
struct Texts<'b> {
    batch: &'b Batch,
    outlines: BTreeMap<SourceId, (Outline<'b>, HashMap<usize, Sha256>)>,
}

impl Texts<'_> {
    fn mark(&mut self, diagnostic: &Diagnostic) -> Mark {
        let place = diagnostic.span().and_then(|span| Some((span, self.batch.sources.get(span.source)?)));
        let (mut words, mut about) = (Sha256::new(), String::new());
        if let Some((span, file)) = place {
            let (outline, read) =
                self.outlines.entry(span.source).or_insert_with(|| (Outline::new(&file.text), HashMap::new()));
            if let Some(part) = outline.part_at(span.start as usize) {
                about = shortened(outline.words(part));
                words = read.entry(part).or_insert_with(|| written(Sha256::new(), outline.words(part))).clone();
            }
            words.update(b"\n");
            words = written(words, outline.words_between(span.range()));
        }
        if let Some(besides) = &diagnostic.besides {
            words = written(words, std::iter::once(&**besides));
        }
        words.update(diagnostic.code.name());
        Mark { fingerprint: words.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect(), about }
    }
}

/// The first words.
fn shortened<'t>(words: impl Iterator<Item = &'t str>) -> String {
    let mut text = String::new();
    for word in words {
        if text.chars().count() + word.chars().count() >= SHOWN {
            text.push_str(" …");
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// A digest with words written to it; no two ways of cutting a text into words are the same.
fn written<'t>(mut digest: Sha256, words: impl Iterator<Item = &'t str>) -> Sha256 {
    for word in words {
        digest.update(word);
        digest.update(b"\0");
    }
    digest
}
