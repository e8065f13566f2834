//! Which class a step has: steps are cut into classes, and the class is how many cuts are not above a step.
//!
//! Equally wide drawers are laid over the cuts. Most hold no more than a few of them, so that all that is to be known of a step is known
//! from its drawer and as few comparisons; for a step in a drawer with more, the cuts are searched.

use super::UNSURE;

/// The most drawers: so few that they stay close to the processor.
const MAX_DRAWERS: i64 = 256;

/// The most cuts in a drawer.
const FEW: usize = 4;

/// Up to so many cuts, all of them are compared with many steps side by side.
const SIDE_BY_SIDE: usize = 12;

/// Where each class but the first begins, in order. A step below all cuts has class 1.
#[derive(Debug)]
pub(super) struct Steps {
    cuts: Vec<i64>,
    drawers: Vec<Drawer>,
    /// The width of a drawer, as a power of two.
    shift: u32,
    /// The lowest cut.
    first: i64,
}

/// What is known of the steps in a drawer.
#[derive(Debug, Clone, Copy)]
struct Drawer {
    /// How many cuts are in the drawers before it; [`CROWDED`] when too many are in this one.
    below: u16,
    /// The cuts in it; [`i64::MAX`] where there are fewer.
    cuts: [i64; FEW],
}

/// More cuts than there can be.
const CROWDED: u16 = u16::MAX;

impl Steps {
    pub(super) fn new(cuts: Vec<i64>) -> Steps {
        let (first, last) = (cuts.first().copied().unwrap_or(0), cuts.last().copied().unwrap_or(0));
        let width = last.saturating_sub(first) / MAX_DRAWERS + 1;
        let shift = width.unsigned_abs().next_power_of_two().trailing_zeros();
        let held_until = |end: i64| cuts.partition_point(|cut| (cut - first) >> shift < end);
        let drawers = (0..=last.saturating_sub(first) >> shift).map(|at| {
            let (from, to) = (held_until(at), held_until(at + 1));
            let cut = |place: usize| cuts.get(from + place).copied().filter(|_| from + place < to).unwrap_or(i64::MAX);
            let below = u16::try_from(from).ok().filter(|_| to - from <= FEW).unwrap_or(CROWDED);
            Drawer { below, cuts: std::array::from_fn(cut) }
        });
        Steps { drawers: drawers.collect(), shift, first, cuts }
    }

    /// The class of a step below [`i64::MAX`].
    #[inline(always)]
    pub(super) fn class(&self, step: i64) -> u16 {
        let at = (step.saturating_sub(self.first).max(0) >> self.shift) as usize;
        let below = match self.drawers.get(at.min(self.drawers.len().wrapping_sub(1))) {
            Some(Drawer { below, cuts }) if *below != CROWDED => {
                cuts.iter().fold(*below, |below, cut| below + u16::from(*cut <= step))
            }
            Some(_) | None => self.search(step),
        };
        below + 1
    }

    /// The class of each step.
    #[inline(always)]
    pub(super) fn classes(&self, steps: &[i64], classes: &mut [u16]) {
        if self.cuts.len() > SIDE_BY_SIDE {
            steps.iter().zip(classes).for_each(|(step, class)| *class = self.class(*step));
            return;
        }
        classes.fill(1);
        for cut in &self.cuts {
            for (step, class) in steps.iter().zip(&mut *classes) {
                *class += u16::from(cut <= step);
            }
        }
    }

    /// How many cuts are not above a step.
    #[cold]
    #[inline(never)]
    fn search(&self, step: i64) -> u16 {
        u16::try_from(self.cuts.partition_point(|cut| *cut <= step)).unwrap_or(UNSURE - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Steps;

    #[test]
    fn drawers_say_what_a_search_says() {
        let apart: Vec<i64> = (0..40).flat_map(|n| [n * 500, n * 500 + 1]).collect();
        let uneven = vec![-7, -6, 0, 1, 1 << 40, (1 << 40) + 1, 1 << 60];
        let many: Vec<i64> = (0..2000).map(|n| n * n).collect();
        for cuts in [vec![], vec![5], vec![-3, -2, 8, 9], apart, uneven, many] {
            let steps = Steps::new(cuts.clone());
            let around = cuts.iter().flat_map(|cut| [cut - 1, *cut, cut + 1, cut + 250]);
            for step in around.chain([i64::MIN, -1, 0, 1, i64::MAX - 1]) {
                let naive = cuts.iter().filter(|cut| **cut <= step).count();
                assert_eq!(usize::from(steps.class(step)), naive + 1, "{step} in {cuts:?}");
                let mut classes = [0];
                steps.classes(&[step], &mut classes);
                assert_eq!(usize::from(classes[0]), naive + 1, "{step} in {cuts:?}");
            }
        }
    }
}
