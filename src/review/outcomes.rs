//! What became of deals, beside whether a policy would have passed them: the won ones that a change would have blocked, the lost ones that it
//! would still pass.

use serde::Serialize;

use crate::ir::Policy;

/// Deals by what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Outcomes {
    /// The column that says what became of them.
    pub column: String,
    /// The decisions that pass a lead: the best of the policy before, and of the policy now.
    pub pass: [String; 2],
    /// Those that were won.
    pub won: Passed,
    /// Those that were lost.
    pub lost: Passed,
    /// How many are neither, such as open ones.
    pub neither: u64,
}

/// How many deals pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, schemars::JsonSchema)]
pub struct Passed {
    /// All of them.
    pub rows: u64,
    /// Those that pass before and now.
    pub still: u64,
    /// Those that passed before, and do not now.
    pub no_longer: u64,
    /// Those that pass now, and did not before.
    pub newly: u64,
}

/// What a cell says of a deal: won, lost, or neither. `Closed Won`, `closed_won` and `closedwon` are the same.
#[must_use]
pub fn is_won(cell: &str) -> Option<bool> {
    let is_sign = |c: char| c.is_whitespace() || matches!(c, '_' | '-' | '/' | ':');
    let signs_count = !cell.contains(char::is_alphabetic);
    let word: String = cell.trim().chars().filter(|c| signs_count || !is_sign(*c)).collect();
    match word.to_lowercase().as_str() {
        "yes" | "true" | "on" | "1" | "y" | "won" | "closedwon" => Some(true),
        "no" | "false" | "off" | "0" | "n" | "lost" | "closedlost" => Some(false),
        _ => None,
    }
}

impl Outcomes {
    /// Whether some deal was won or lost.
    #[must_use]
    pub fn are_known(&self) -> bool {
        self.won.rows + self.lost.rows > 0
    }

    /// Nothing counted yet; none when a policy does not say which of its decisions is the best.
    #[must_use]
    pub fn new(column: &str, policies: [&Policy; 2]) -> Option<Outcomes> {
        let best = |policy: &Policy| {
            let first = policy.decisions.iter().next().filter(|_| policy.best_first);
            first.map(|(_, decision)| decision.phrase.clone())
        };
        let [old, new] = policies;
        Some(Outcomes {
            column: column.to_owned(),
            pass: [best(old)?, best(new)?],
            won: Passed::default(),
            lost: Passed::default(),
            neither: 0,
        })
    }

    /// Counts a deal: whether it was won, and what was decided before and now; nothing where it was set aside.
    pub fn take(&mut self, won: Option<bool>, decided: [Option<&str>; 2]) {
        let of = match won {
            Some(true) => &mut self.won,
            Some(false) => &mut self.lost,
            None => {
                self.neither += 1;
                return;
            }
        };
        let [before, now] = [0, 1].map(|side| {
            let pass = self.pass.get(side).map(String::as_str);
            decided.get(side).copied().flatten().is_some_and(|decision| Some(decision) == pass)
        });
        of.rows += 1;
        match (before, now) {
            (true, true) => of.still += 1,
            (true, false) => of.no_longer += 1,
            (false, true) => of.newly += 1,
            (false, false) => {}
        }
    }
}
