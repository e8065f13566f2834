//! Explanations of random decisions: they can always be made and shown, fit their width, steer no terminal, and keep what
//! is personal to themselves.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support {
    pub(crate) mod ir_gen;
}

use std::collections::BTreeSet;

use policyc::eval::Evaluator;
use policyc::explain::{Explanation, View, Wanted, explain};
use policyc::ir::{DecisionId, Lead, Policy, RuleId};
use policyc::render::{Look, explanation};
use policyc::types::Value;
use proptest::prelude::*;
use support::ir_gen::{as_of, cases};
use unicode_width::UnicodeWidthStr;

fn explained(policy: &Policy, lead: &Lead, show_personal: bool) -> Explanation {
    let line_of = |rule: RuleId| Some(rule.0 as usize + 10);
    let (wanted, held) = (Wanted::Decision(DecisionId(0)), BTreeSet::new());
    let view = View { name: "L-1", show_personal, line_of: &line_of, wanted, held: &held, told: None };
    explain(&Evaluator::new(policy, as_of()), lead, &view)
}

/// The lead with this text in every text field.
fn with_text(policy: &Policy, lead: &Lead, text: &str, personal: bool) -> Lead {
    let mut lead = lead.clone();
    for (id, field) in policy.fields.iter() {
        if matches!(lead.get(id), Some(Value::Text(_) | Value::Other(_))) && field.personal == personal {
            lead.set(id, Some(Value::Text(text.to_owned())));
        }
    }
    lead
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn lines_fit_and_steer_nothing((policy, leads) in cases(), width in 40usize..120) {
        let hostile = format!("{}\u{1b}[2J\r\n\u{202e}@x", "endless".repeat(30));
        for lead in &leads {
            let explanation = explained(&policy, &with_text(&policy, lead, &hostile, false), true);
            let human = explanation::human(&explanation, Look { color: false, width });
            for line in human.lines() {
                prop_assert!(line.width() <= width, "{} columns:\n{line}", line.width());
            }
            let markdown = explanation::markdown(&explanation);
            for text in [&human, &markdown] {
                prop_assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
                prop_assert!(!text.contains('\u{202e}'), "an override of the direction");
            }
        }
    }

    #[test]
    fn personal_values_stay_hidden((policy, leads) in cases()) {
        for lead in &leads {
            let secret = with_text(&policy, lead, "Zaphod@Heart-of-Gold.example", true);
            let explanation = explained(&policy, &secret, false);
            let human = explanation::human(&explanation, Look { color: true, width: 100 });
            for text in [human, explanation::markdown(&explanation), explanation::json(&explanation)] {
                let text = text.to_lowercase();
                prop_assert!(!text.contains("zaphod") && !text.contains("heart-of-gold"), "{text}");
            }
        }
    }

    /// The points of a score's lines add up to it, and a line that is not true adds none.
    #[test]
    fn lines_add_up((policy, leads) in cases()) {
        for lead in &leads {
            for score in explained(&policy, lead, true).scores {
                let lines = score.lines.iter().map(|line| &line.points);
                let sum = lines.fold(policyc::types::Number::zero(), |sum, points| &sum + points);
                prop_assert_eq!(&sum, score.sum.as_ref().unwrap_or(&score.points));
            }
        }
    }
}
