//! A policy of as many rules as wanted over the lead of `w1.policy`, a function of a seed alone.
//!
//! Its conditions are of the kinds that stand there. A rule asks for several of them, so that it takes one lead in some
//! hundreds: most leads go past most rules, and each decision is given.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, reason = "the dice are those of the tests")]

#[path = "../../tests/support/dice.rs"]
mod dice;

use dice::Dice;

/// What rules ask, by subject; a rule asks at most one of each.
const ASKED: [&[&str]; 12] = [
    &[
        "title in [CEO, CFO, CTO, VP]",
        "title not in [Student, Intern, Other]",
        "title in [Director, Manager]",
        "title is Engineer",
    ],
    &["need >= 4", "need >= 2", "not (need < 2)", "need between 1 and 3", "need is missing"],
    &[
        "budget >= 50000.00",
        "budget > 24999.99",
        "budget between 2499.95 and 10000.00",
        "not (budget >= 5000.00)",
        "budget is missing",
    ],
    &["region is \"NA\"", "region in [EMEA, ANZ]", "not (region in [APAC, LATAM])", "region in [APAC, LATAM, MEA]"],
    &[
        "industry in [banking, insurance, healthcare, government]",
        "industry in [software, telecom, media]",
        "industry not in [education, nonprofit, agriculture]",
        "industry in [retail, logistics, travel, energy, manufacturing]",
    ],
    &["company_size >= 1000", "company_size between 50 and 999", "not (company_size > 49)", "company_size >= 200"],
    &["email is known", "email not in [\"test@test.example\", \"info@acme.example\"]"],
    &[
        "source in [partner, referral]",
        "not (source is partner)",
        "source in [web, ads]",
        "source in [event, webinar, outbound]",
    ],
    &["webinars >= 2", "webinars >= 1", "not (webinars > 0)"],
    &["page_views > 40", "page_views >= 12", "page_views between 5 and 20"],
    &[
        "last_activity in the last 14 days",
        "last_activity in the last 60 days",
        "not (last_activity in the last 90 days)",
    ],
    &["product is enterprise", "product in [team, business]", "product is not starter"],
];
const DECISIONS: [&str; 8] = ["fast_track", "book_call", "assign", "review", "enrich", "nurture", "archive", "reject"];

/// The policy as text.
pub(crate) fn policy(rules: usize, seed: u64) -> String {
    let (_, lead) = include_str!("w1.policy").split_once("\nlead\n").unwrap_or_default();
    let (lead, _) = lead.split_once("no_consent:").unwrap_or_default();
    let mut text = format!("policy \"Benchmark of {rules} rules\"\n\nlead\n{lead}");
    let mut dice = Dice::new(seed);
    for (number, decision) in (1..=rules).zip(DECISIONS.iter().cycle()) {
        text.push_str(&format!("rule_{number}: {decision} when {}\n\n", condition(&mut dice)));
    }
    text.push_str("otherwise nurture\n");
    text
}

/// Six or seven things together, one of them an `or` of two.
fn condition(dice: &mut Dice) -> String {
    let count = 7 + dice.roll(2);
    let mut asked: Vec<&str> = dice.some(count, &ASKED).into_iter().map(|tests| dice.pick(tests)).collect();
    let (other, one) = (asked.pop().unwrap_or_default(), asked.pop().unwrap_or_default());
    format!("{} and ({one} or {other})", asked.join(" and "))
}
