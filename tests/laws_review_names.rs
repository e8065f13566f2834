//! What is only called otherwise, or laid out otherwise, needs nobody's approval: random agreements, and other names for what is in them.
//!
//! `POLICYC_CASES` has more of them tried, `POLICYC_FROM` others.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod agreement;
}

use std::collections::{BTreeMap, BTreeSet};

use support::agreement::covers::rename;
use support::agreement::dice::Dice;
use support::agreement::held::{Checked, Said, rows};
use support::agreement::{Agreement, Body, Id, number};

#[test]
fn names_and_layout_are_nobodys_business() {
    let rows = rows();
    let (from, cases) = (number("POLICYC_FROM", 0), number("POLICYC_CASES", 400));
    let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in from..from + cases / 2 {
        let mut dice = Dice::new(seed);
        let base = loop {
            let mut base = Agreement::of(&mut dice);
            // A comment that allows a finding does so under this name only.
            base.rules_mut().into_iter().for_each(|rule| rule.allowed = false);
            // What a list is that nothing asks for is not known.
            let named: BTreeSet<Id> =
                base.things.iter().map(|thing| thing.id).filter(|id| base.is_named(*id)).collect();
            base.things.retain(|thing| !matches!(thing.body, Body::List(..)) || named.contains(&thing.id));
            if let Some(base) = Checked::new(base, &rows) {
                break base;
            }
        };
        // Of two rules that say the same, either may be the one that is called otherwise.
        let said: Vec<String> =
            base.agreement.statements().into_values().filter(|text| text.starts_with("rule")).collect();
        if said.iter().collect::<BTreeSet<_>>().len() < said.len() {
            continue;
        }
        let mut head = base.agreement.clone();
        let renames: Vec<&str> = (0..1 + dice.roll(4)).filter_map(|_| rename(&mut head, &mut dice)).collect();
        head.layout = u64::try_from(dice.roll(3)).unwrap();
        let Some(head) = Checked::new(head, &rows) else { continue };
        let review = Said::of(&base, &head);
        renames.iter().for_each(|what| *tried.entry(what).or_default() += 1);
        let texts = [&base, &head].map(|side| side.agreement.files());
        assert!(review.asked.is_empty(), "{seed} {renames:?}\n{}\n{texts:#?}", review.why);
    }
    assert!(cases < 400 || tried.len() == 5 && tried.values().all(|count| *count >= 8), "{tried:?}");
}
