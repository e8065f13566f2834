//! What a policy asks of personal fields: each test once, under a name that is the same in every policy of its digest.

use crate::digest::Names;
use crate::ir::personal::Personal;
use crate::ir::{Cond, Gain, Policy, ScoreLine, print, visit};

/// A test of a personal field.
#[derive(Debug)]
pub(super) struct Test<'p> {
    pub(super) id: String,
    /// In the words of the policy.
    pub(super) words: String,
    /// Wherever it stands.
    pub(super) places: Vec<&'p Cond>,
}

/// A line of a score that counts something personal.
#[derive(Debug)]
pub(super) struct Count<'p> {
    pub(super) id: String,
    pub(super) words: String,
    pub(super) line: &'p ScoreLine,
    pub(super) when: Option<&'p Cond>,
}

/// Everything that is asked of personal fields, in the order of the policy.
#[derive(Debug)]
pub(super) struct Asked<'p> {
    pub(super) tests: Vec<Test<'p>>,
    pub(super) counts: Vec<Count<'p>>,
}

impl<'p> Asked<'p> {
    pub(super) fn of(policy: &'p Policy) -> Asked<'p> {
        let (personal, names) = (Personal::new(policy), Names::new(policy));
        let mut tests: Vec<Test<'p>> = Vec::new();
        let mut note = |cond: &'p Cond| {
            if personal.is_tested(cond) {
                let id = names.condition(cond);
                match tests.iter_mut().find(|test| test.id == id) {
                    Some(test) => test.places.push(cond),
                    None => tests.push(Test { id, words: print::condition(policy, cond), places: vec![cond] }),
                }
            }
        };
        visit::reached(policy).for_each(|cond| cond.walk(&mut note));
        let mut counts = Vec::new();
        for (_, score) in policy.scores.iter() {
            for line in &score.lines {
                if let Gain::Points { per: Some(per), when, .. } = &line.gain
                    && personal.is(&per.amount)
                {
                    let (id, words) = (names.line(&score.name, line), print::score_line(policy, line));
                    counts.push(Count { id, words: format!("{}: {words}", score.name), line, when: when.as_ref() });
                }
            }
        }
        Asked { tests, counts }
    }
}
