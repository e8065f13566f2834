//! What a finding is recognised by when lines have moved and the layout has changed: its code, and the words of the statement or item that it
//! stands in. The wording of its message, which may change with every release, has no part in it.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use crate::diagnostic::{Batch, Diagnostic};
use crate::source::SourceId;
use crate::syntax::Outline;

/// A fingerprint for each finding of a batch, in their order: 16 hexadecimal digits. Two findings with one fingerprint are of one kind and about the
/// same words, such as those of two rules that are alike.
#[must_use]
pub fn fingerprints(batch: &Batch) -> Vec<String> {
    let mut texts = Texts { batch, outlines: BTreeMap::new() };
    batch.diagnostics.iter().map(|diagnostic| texts.fingerprint(diagnostic)).collect()
}

/// The texts of a batch, each outlined once. A statement may be large and have many findings, so its words, too, are read once.
struct Texts<'b> {
    batch: &'b Batch,
    outlines: BTreeMap<SourceId, (Outline<'b>, HashMap<usize, Sha256>)>,
}

impl Texts<'_> {
    fn fingerprint(&mut self, diagnostic: &Diagnostic) -> String {
        let place = diagnostic.span().and_then(|span| Some((span, self.batch.sources.get(span.source)?)));
        let mut words = Sha256::new();
        if let Some((span, file)) = place {
            let (outline, read) =
                self.outlines.entry(span.source).or_insert_with(|| (Outline::new(&file.text), HashMap::new()));
            if let Some(part) = outline.part_at(span.start as usize) {
                words = read.entry(part).or_insert_with(|| written(Sha256::new(), outline.words(part))).clone();
            }
            words.update(b"\n");
            words = written(words, outline.words_between(span.range()));
        }
        words.update(diagnostic.code.name());
        words.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A digest with words written to it; no two ways of cutting a text into words are the same.
fn written<'t>(mut digest: Sha256, words: impl Iterator<Item = &'t str>) -> Sha256 {
    for word in words {
        digest.update(word);
        digest.update(b"\0");
    }
    digest
}
