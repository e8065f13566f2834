//! Scores: how far they really go, and comparisons with points that no lead has.

use std::collections::HashMap;

use super::{Free, Verdict};
use crate::analysis::model::Model;
use crate::analysis::search::Answer;
use crate::analysis::witness::Witness;
use crate::eval::Evaluator;
use crate::ir::{CompareOp, Compared, Cond, Policy, Score, ScoreId, visit};
use crate::types::Number;

/// One end of what a score comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Whether it is the upper one.
    pub top: bool,
    /// The points there; no lead has more, or fewer.
    pub points: Number,
    /// A lead that has them.
    pub witness: Witness,
}

/// The real ends of scores, each looked for when it is first asked for.
struct Ends<'f, 'p> {
    policy: &'p Policy,
    free: &'f mut Free<'p>,
    found: HashMap<(ScoreId, bool), Option<End>>,
}

/// What is misleading about scores. The model must not know yet that rules do not fire.
pub(super) fn scan<'p>(policy: &'p Policy, model: &mut Model<'p>, free: &mut Free<'p>) -> Vec<Verdict> {
    let mut ends = Ends { policy, free, found: HashMap::new() };
    let mut verdicts = Vec::new();
    for cond in visit::deciding(policy) {
        cond.walk(&mut |part| verdicts.extend(beyond(policy, model, &mut ends, part)));
    }
    for (id, score) in policy.scores.iter() {
        for top in [true, false] {
            if short_of(model, id, score, top)
                && let Some(end) = ends.find(id, top)
                && is_misleading(score, &end)
            {
                verdicts.push(Verdict::Range { score: id, end });
            }
        }
    }
    verdicts
}

/// Whether a declared end is one that no lead gets to. A lower end of 0 is only there to hold a score back, so it need not be reached.
fn short_of(model: &mut Model<'_>, id: ScoreId, score: &Score, top: bool) -> bool {
    let end = if top { score.max.as_ref() } else { score.min.as_ref().filter(|min| !min.is_zero()) };
    let Some(end) = end else { return false };
    let there = if top {
        model.score_reaches(0, id, end, false)
    } else {
        model.score_reaches(0, id, end, true).map(|above| !above)
    };
    there.is_some_and(|there| model.is_refuted(&[there]))
}

/// Whether a tenth of the declared range, or more, lies behind the end that leads get to. Less is only a round number.
fn is_misleading(score: &Score, end: &End) -> bool {
    let or_zero = |end: &Option<Number>| end.clone().unwrap_or_else(Number::zero);
    let (low, high) = (or_zero(&score.min), or_zero(&score.max));
    let behind = if end.top { &high - &end.points } else { &end.points - &low };
    &behind * &Number::from(10) >= &high - &low
}

/// A comparison of a score with points that is always true or never, whatever stands beside it.
fn beyond(policy: &Policy, model: &mut Model<'_>, ends: &mut Ends<'_, '_>, cond: &Cond) -> Option<Verdict> {
    let compared = policy.compared(cond);
    let [Compared { score, op, points }] = *compared.as_slice() else { return None };
    let yes = model.condition(0, cond).yes;
    let always = model.is_refuted(&[!yes]);
    if !always && !model.is_refuted(&[yes]) {
        return None;
    }
    let end = match (op, always) {
        (CompareOp::Ge | CompareOp::Gt, false) | (CompareOp::Le | CompareOp::Lt, true) => ends.find(score, true),
        (CompareOp::Ge | CompareOp::Gt, true) | (CompareOp::Le | CompareOp::Lt, false) => ends.find(score, false),
        // Points that no lead has exactly may still be within what leads have.
        (CompareOp::Eq | CompareOp::Ne, _) => {
            let top = ends.find(score, true).filter(|end| end.points < *points);
            top.or_else(|| ends.find(score, false).filter(|end| end.points > *points))
        }
    };
    Some(Verdict::Beyond { part: cond.span, score, always, end })
}

impl Ends<'_, '_> {
    /// The largest (or the smallest) total that a lead has, with that lead; none when it is not known.
    fn find(&mut self, score: ScoreId, top: bool) -> Option<End> {
        if let Some(found) = self.found.get(&(score, top)) {
            return found.clone();
        }
        let found = self.look(score, top);
        self.found.insert((score, top), found.clone());
        found
    }

    fn look(&mut self, score: ScoreId, top: bool) -> Option<End> {
        let model = self.free.model();
        model.gates.note(|| format!("how far does {} go?", self.policy.scores[score].name));
        let (low, high, per_point) = model.extent(0, score)?;
        let points = |units: i128| Number::whole(units).checked_div(&per_point);
        // From the side on which there are leads (all of them at the outset) to the one on which there are none.
        let (mut with, mut none) = if top { (low, high.checked_add(1)?) } else { (high, low.checked_sub(1)?) };
        while with.abs_diff(none) > 1 {
            let middle = with.midpoint(none);
            let there = if top {
                model.score_reaches(0, score, &points(middle)?, false)?
            } else {
                !model.score_reaches(0, score, &points(middle)?, true)?
            };
            if matches!(model.ask(&[there]), Answer::No(_)) { none = middle } else { with = middle }
        }
        let there = if top {
            model.score_reaches(0, score, &points(with)?, false)?
        } else {
            !model.score_reaches(0, score, &points(with)?, true)?
        };
        let mut total = None;
        let answer = model.witness(&[there], &mut |witness| {
            let evaluator = Evaluator::new(self.policy, witness.as_of);
            let of_lead = witness.leads.first().map(|lead| evaluator.on(lead).score(score).points);
            let same = total.is_none() || total == of_lead;
            if same {
                total = of_lead;
            }
            same
        });
        let Answer::Yes(witness) = answer else { return None };
        let points = total?;
        let farther = if top {
            model.score_reaches(0, score, &points, true)?
        } else {
            !model.score_reaches(0, score, &points, false)?
        };
        matches!(model.ask(&[farther]), Answer::No(_)).then_some(End { top, points, witness })
    }
}
