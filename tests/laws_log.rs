//! The laws of the log: what a line keeps decides the same, and gives no personal value away.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod ir_gen;
}

use policyc::digest;
use policyc::eval::{Evaluator, Session};
use policyc::ir::{FieldId, Id, Policy, visit};
use policyc::log::replay::differences;
use policyc::log::{Entry, Fault, Held, Inputs, Kept, Lines, Origin};
use policyc::types::Truth;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use support::ir_gen::{as_of, cases};

/// Where the policies of these tests come from.
fn origin() -> Origin {
    Origin { policy: "a.policy".to_owned(), policyc: "0.1.0".to_owned(), ..Origin::default() }
}

/// Everything that is worked out of a lead and can hang on what the log keeps.
fn told(session: &Session<'_>) -> String {
    let policy = session.policy();
    let truths: Vec<Truth> = visit::reached(policy).map(|cond| session.truth(cond)).collect();
    let scores: Vec<_> = policy.scores.iter().map(|(id, _)| session.score(id)).collect();
    let grades: Vec<_> = policy.grades.iter().map(|(id, _)| session.grade(id)).collect();
    format!("{:?} {truths:?} {scores:?} {grades:?} {}", session.outcome(), session.stage())
}

/// The policy with some of its fields made personal.
fn with_personal(policy: &Policy, which: usize) -> Policy {
    let mut policy = policy.clone();
    for at in 0..policy.fields.len() {
        let field = policy.fields.get_mut(FieldId::from_position(at)).unwrap();
        field.personal = (which >> (at % 8)) & 1 == 1;
    }
    policy
}

#[test]
fn a_line_decides_as_the_lead_did() {
    let mut runner = TestRunner::deterministic();
    let (mut personal, mut points, mut unknown) = (0, 0, 0);
    for round in 0..600 {
        let (policy, leads) = cases().new_tree(&mut runner).unwrap().current();
        let policy = with_personal(&policy, if round % 3 == 0 { 0 } else { round });
        let evaluator = Evaluator::new(&policy, as_of());
        let lines = Lines::new(&evaluator, &origin());
        for (row, lead) in (1..).zip(&leads) {
            let session = evaluator.on(lead);
            let mut line = Vec::new();
            lines.push(&mut line, row, "L-1", &session);
            let text = String::from_utf8(line.clone()).unwrap();
            assert_eq!(text.matches('\n').count(), 1, "{text}");
            let entry = Entry::read(&line).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
            assert!(entry.intact, "{text}");
            assert_eq!((entry.row, entry.lead.as_str(), entry.as_of), (row, "L-1", as_of()));
            let (inputs, misfits) = Inputs::new(&policy, &entry);
            assert_eq!(misfits, [], "{text}");
            assert_eq!(told(&inputs.session(&evaluator)), told(&session), "{text}\n{policy:#?}");
            assert_eq!(differences(&evaluator, &entry, &inputs, &misfits, "0.1.0"), [], "{text}");
            for (id, field) in policy.fields.iter() {
                let held = &entry.fields[&field.name];
                match (lead.get(id), held) {
                    (None, None) => assert!(!field.personal),
                    (Some(value), Some(Held::Value(kept))) => {
                        assert!(!field.personal, "{text}");
                        assert_eq!(kept.value(field).as_ref(), Some(value), "{text}");
                    }
                    (_, Some(Held::Personal { .. })) => assert!(field.personal, "{text}"),
                    (_, held) => panic!("{held:?}\n{text}"),
                }
            }
            personal += entry.tests.len();
            points += entry.points.len();
            unknown += entry.tests.iter().filter(|test| test.is == Truth::Unknown).count();
        }
    }
    assert!(personal > 1_000 && points > 20 && unknown > 200, "{personal} {points} {unknown}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing that is done to the bytes of a line goes unnoticed.
    #[test]
    fn a_line_that_was_touched_is_not_intact((policy, leads) in cases(), at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let evaluator = Evaluator::new(&policy, as_of());
        let mut line = Vec::new();
        Lines::new(&evaluator, &origin()).push(&mut line, 1, "L-\"1\"\u{1b}", &evaluator.on(&leads[0]));
        let end = line.len() - 1;
        let at = at.index(end);
        let was = std::mem::replace(&mut line[at], to);
        if let Ok(entry) = Entry::read(&line) {
            prop_assert!(was == to || !entry.intact, "{at}: {}", String::from_utf8_lossy(&line));
            // Whatever it says now, it can be decided.
            let (inputs, misfits) = Inputs::new(&policy, &entry);
            let _ = differences(&evaluator, &entry, &inputs, &misfits, "0.1.0");
        }
        line[at] = was;
        prop_assert!(Entry::read(&line).unwrap().intact);
        // However short it breaks off, it is no entry.
        prop_assert_eq!(Entry::read(&line[..at]), Err(if at == 0 || line[at - 1] != b'}' { Fault::Torn } else { Entry::read(&line[..at]).unwrap_err() }));
    }
}

#[test]
fn a_personal_value_stands_nowhere_in_a_line() {
    let text = r#"policy "A"

lead
  email   text, personal
  phone   text, personal
  salary  money in EUR from 0, personal
  born    date, personal
  need    whole number from 0 to 5

decisions
  pass
  nurture

define per_month as salary / 12

score fit
  +2 for each 1000 salary, at most 20
  +5 when born before 2000-01-01

pass when domain of email in ["a.example", "b.example"] and per_month >= 2000 and fit >= 10
  because "a reason"

pass when email contains "vip" or need >= 4 and phone is known

otherwise nurture
"#;
    let files = std::collections::HashMap::from([("a.policy".to_owned(), text.to_owned())]);
    let policy = policyc::lower::check("a.policy", &files).policy.unwrap();
    let evaluator = Evaluator::new(&policy, as_of());
    let csv = "email,phone,salary,born,need\nann@a.example,0151-2345,54321,1987-06-05,3\n";
    let format = policyc::leads::Format::Csv;
    let mut rows = policyc::leads::Reader::open(&evaluator, Box::new(csv.as_bytes()), format, false).unwrap();
    let Some(Ok(policyc::leads::Row::Lead { row, name, lead })) = rows.next() else { panic!("it fits") };
    let mut line = Vec::new();
    Lines::new(&evaluator, &origin()).push(&mut line, row, &name, &evaluator.on(&lead));
    let text = String::from_utf8(line).unwrap();
    for value in ["ann@", "0151", "2345", "54321", "4526", "1987-06-05"] {
        assert!(!text.contains(value), "{value}: {text}");
    }
    assert!(text.contains(r#""email":{"personal":"known"},"phone":{"personal":"known"}"#), "{text}");
    assert!(text.contains(r#""need":"3""#), "{text}");
    assert!(text.contains(r#""test":"per_month >= EUR 2000","is":"true""#), "{text}");
    assert!(text.contains(r#""points":"20""#), "{text}");
    assert!(text.contains(r#""test":"born before 2000-01-01","is":"true""#), "{text}");
    assert_eq!(Entry::read(text.as_bytes()).unwrap().digest, digest::policy(&policy));
}

#[test]
fn values_are_kept_as_texts_that_people_read() {
    let (policy, _) = cases().new_tree(&mut TestRunner::deterministic()).unwrap().current();
    let field = |ty: policyc::types::Type| policyc::ir::Field { ty, ..policy.fields[FieldId(0)].clone() };
    let percent = field(policyc::types::Type::Percent);
    let share = policyc::types::Value::Number("0.125".parse().unwrap());
    assert_eq!(Kept::of(&percent, &share), Kept::Text("12.5%".to_owned()));
    assert_eq!(Kept::Text("12.5%".to_owned()).value(&percent), Some(share));
    for (ty, text) in [
        (policyc::types::Type::Percent, "12.5"),
        (policyc::types::Type::YesNo, "true"),
        (policyc::types::Type::Date, "yesterday"),
        (policyc::types::Type::Number, "many"),
    ] {
        assert_eq!(Kept::Text(text.to_owned()).value(&field(ty)), None, "{text}");
    }
}
