//! What differs between the texts of two policies, item by item: fields, definitions, lines of scores, rules and so on, wherever
//! they stand and however they are laid out.

use std::collections::BTreeMap;

use serde::Serialize;

use super::case::Case;
use crate::ir::RuleId;
use crate::source::Span;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Title, owners, time zone, days in force.
    Policy,
    /// A field of the lead.
    Field,
    /// An `assume`.
    Assumption,
    /// A decision.
    Decision,
    /// A `list`.
    List,
    /// A definition.
    Define,
    /// A score or a line of one.
    Score,
    /// A grade or a line of one.
    Grade,
    /// A stage of the funnel.
    Stage,
    /// A section.
    Section,
    /// A rule.
    Rule,
    /// A `never` or an `always`.
    Claim,
    /// A test.
    Test,
}

/// How an item differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Only the new policy has it.
    Added,
    /// Only the old policy has it.
    Removed,
    /// It says something else.
    Changed,
    /// It stands elsewhere, and that can matter.
    Moved,
    /// It says the same under another name.
    Renamed,
}

/// What one version says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The text, in the words of the language.
    pub text: String,
    /// Where it stands; the text alone does not know it of a list.
    pub span: Option<Span>,
}

/// An item that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What it is.
    pub kind: Kind,
    /// How it is called; a line of a score or a grade is called as that.
    pub name: String,
    /// How it was called, when it is called otherwise now.
    pub was: Option<String>,
    /// How it differs.
    pub what: What,
    /// What the old policy says.
    pub old: Option<Said>,
    /// What the new policy says.
    pub new: Option<Said>,
}

/// An item of one policy.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// How it is called; it is known by that first of all.
    pub(super) name: String,
    /// By what else it may be known, in order.
    pub(super) marks: Vec<String>,
    /// What decisions hang on.
    pub(super) body: String,
    /// What they do not hang on, and yet is agreed: owners, say.
    pub(super) agreed: String,
    /// Mere words.
    pub(super) wording: String,
    /// How cells are read.
    pub(super) reading: String,
    /// How it is shown.
    pub(super) text: String,
    pub(super) span: Option<Span>,
    /// Whether it holds words against a field for whose texts case has come to matter, or ceased to: what was typed is not known then.
    pub(super) is_cased: bool,
}

impl Item {
    /// An item that is shown as what it says.
    pub(super) fn new(name: &str, text: String, span: Span) -> Item {
        let body = text.clone();
        let (name, marks) = (name.to_owned(), vec![text.clone()]);
        let [agreed, wording, reading] = [const { String::new() }; 3];
        Item { name, marks, body, agreed, wording, reading, text, span: Some(span), is_cased: false }
    }

    pub(super) fn said(&self) -> Said {
        Said { text: self.text.clone(), span: self.span }
    }
}

/// That the cells of a field are read in another way.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) field: String,
    /// Whether only one of the policies reads them.
    pub(super) what: What,
}

/// What differs between the items of one kind.
#[derive(Debug, Default)]
pub(super) struct Differences {
    /// What decisions can hang on.
    pub(super) edits: Vec<Edit>,
    /// What they do not hang on, and yet is agreed.
    pub(super) agreement: Vec<Edit>,
    /// Words only.
    pub(super) wording: Vec<Edit>,
    /// What says the same, as far as is known: it holds words against texts whose case matters to one of the policies only.
    pub(super) cased: Vec<Edit>,
    /// The fields whose cells are read in another way.
    pub(super) reading: Vec<Reading>,
    /// Which rule of the old policy has become which one of the new, wherever they stand.
    pub(super) rules: Vec<[RuleId; 2]>,
    /// The fields whose case matters to one of the policies only.
    pub(super) case: Case,
}

impl Differences {
    /// Compares the items of one kind; `ordered` when their order matters. `name` is how the edits are called; each by its item when
    /// none.
    pub(super) fn compare(&mut self, kind: Kind, name: Option<&str>, old: &[Item], new: &[Item], ordered: bool) {
        let called = |item: &Item| name.unwrap_or(&item.name).to_owned();
        // What has a line more or less is another one by that, neither new nor gone.
        let is_line = name.is_some() && matches!(kind, Kind::Score | Kind::Grade);
        let of_all = |what| if is_line { What::Changed } else { what };
        let [old, new] = [old, new].map(|items| self.case.items(items.to_vec()));
        let pairs = paired(&old, &new);
        let still = if ordered { in_order(&pairs) } else { pairs.clone() };
        let mut taken = vec![false; new.len()];
        for ((item, pair), stays) in old.iter().zip(&pairs).zip(&still) {
            let Some((position, other)) = pair.and_then(|p| Some((p, new.get(p)?))) else {
                self.edits.push(Edit {
                    kind,
                    name: called(item),
                    was: None,
                    what: of_all(What::Removed),
                    old: Some(item.said()),
                    new: None,
                });
                continue;
            };
            taken.get_mut(position).into_iter().for_each(|taken| *taken = true);
            let was = Some(called(item)).filter(|was| *was != called(other));
            let (before, now) = (item.said(), other.said());
            let edit = |what| {
                let (was, old, new) = (was.clone(), Some(before.clone()), Some(now.clone()));
                Edit { kind, name: called(other), was, what, old, new }
            };
            if item.body != other.body {
                self.edits.push(edit(What::Changed));
            } else if stays.is_none() {
                self.edits.push(edit(of_all(What::Moved)));
            } else if item.name != other.name {
                self.wording.push(edit(What::Renamed));
            } else if item.wording != other.wording {
                self.wording.push(edit(What::Changed));
            }
            if item.body == other.body && item.is_cased {
                self.cased.push(edit(What::Changed));
            }
            if item.body == other.body && item.agreed != other.agreed {
                self.agreement.push(edit(What::Changed));
            }
            if item.reading != other.reading {
                self.reading.push(Reading { field: called(other), what: What::Changed });
            }
        }
        for (item, _) in new.iter().zip(taken).filter(|(_, taken)| !taken) {
            let new = Some(item.said());
            self.edits.push(Edit { kind, name: called(item), was: None, what: of_all(What::Added), old: None, new });
        }
    }
}

/// For each old item the position of the new one that it has become: known by its name, else by its marks.
pub(super) fn paired(old: &[Item], new: &[Item]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; old.len()];
    let mut free: Vec<bool> = vec![true; new.len()];
    let rounds = old.iter().map(|item| item.marks.len() + 1).max().unwrap_or(0);
    for round in 0..rounds {
        let key = |item: &Item| match round {
            0 => Some(item.name.clone()).filter(|name| !name.is_empty()),
            mark => item.marks.get(mark - 1).filter(|mark| !mark.is_empty()).cloned(),
        };
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (position, item) in new.iter().enumerate().rev() {
            if let (Some(true), Some(key)) = (free.get(position), key(item)) {
                by_key.entry(key).or_default().push(position);
            }
        }
        for (item, pair) in old.iter().zip(&mut pairs) {
            if let (None, Some(key)) = (*pair, key(item)) {
                *pair = by_key.get_mut(&key).and_then(Vec::pop);
                let slot = pair.and_then(|position| free.get_mut(position));
                slot.into_iter().for_each(|free| *free = false);
            }
        }
    }
    pairs
}

/// The pairs that keep their order: a longest ascending run of them, the others left out.
pub(super) fn in_order(pairs: &[Option<usize>]) -> Vec<Option<usize>> {
    // Patience sorting: the last position of the best run of each length, and what stands before each in its run.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; pairs.len()];
    for (at, pair) in pairs.iter().enumerate() {
        let Some(value) = pair else { continue };
        let length = ends.partition_point(|(end, _)| end < value);
        if let (Some(slot), Some((_, last))) = (before.get_mut(at), length.checked_sub(1).and_then(|l| ends.get(l))) {
            *slot = Some(*last);
        }
        match ends.get_mut(length) {
            Some(end) => *end = (*value, at),
            None => ends.push((*value, at)),
        }
    }
    let mut kept = vec![None; pairs.len()];
    let mut next = ends.last().map(|(_, at)| *at);
    while let Some(at) = next {
        kept.get_mut(at).into_iter().for_each(|slot| *slot = pairs.get(at).copied().flatten());
        next = before.get(at).copied().flatten();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn the_longest_ascending_run_is_kept() {
        let run = |pairs: &[usize]| -> Vec<usize> {
            let pairs: Vec<Option<usize>> = pairs.iter().map(|p| Some(*p)).collect();
            in_order(&pairs).into_iter().flatten().collect()
        };
        assert_eq!(run(&[0, 1, 2]), [0, 1, 2]);
        assert_eq!(run(&[3, 0, 1, 2]), [0, 1, 2]);
        assert_eq!(run(&[1, 2, 3, 0]), [1, 2, 3]);
        assert_eq!(run(&[2, 0, 4, 1, 3]), [0, 1, 3]);
        assert_eq!(in_order(&[None, Some(1), None, Some(0)]), [None, None, None, Some(0)]);
    }
}
