//! `init`: a first policy that accepts every lead it was made from, the same on every run.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::collections::HashMap;
use std::io::BufReader;

use policyc::eval::Evaluator;
use policyc::format::format;
use policyc::init::Survey;
use policyc::leads::{Format, RawReader, Reader, Row};
use policyc::lower::check;
use policyc::source::{SourceFile, SourceId};
use policyc::syntax::parse;

fn first_policy(leads: &[u8], as_format: Format) -> String {
    let mut reader = RawReader::open(Box::new(BufReader::new(leads)), as_format).unwrap();
    let text = Survey::of(&mut reader).unwrap().policy("Leads", "leads.csv");
    let parsed = parse(&SourceFile::new(SourceId::default(), "p.policy", text.clone()));
    assert!(parsed.diagnostics.is_empty(), "{text}\n{:#?}", parsed.diagnostics);
    format(&parsed.file)
}

/// How many leads were accepted and rejected under the policy that was made from them, which must have no finding.
fn accepted(policy: &str, leads: &[u8], as_format: Format) -> (u64, u64) {
    let files = HashMap::from([("p.policy".to_owned(), policy.to_owned())]);
    let checked = check("p.policy", &files);
    assert!(checked.diagnostics.is_empty(), "{policy}\n{:#?}", checked.diagnostics);
    let policy = checked.policy.unwrap();
    let evaluator = Evaluator::new(&policy, "2026-01-01T00:00:00Z".parse().unwrap());
    let reader = Reader::open(&evaluator, Box::new(leads), as_format, false).unwrap();
    let mut counts = (0, 0);
    for row in reader {
        match row.unwrap() {
            Row::Lead { .. } => counts.0 += 1,
            Row::Rejected(reject) => {
                println!("{reject:?}");
                counts.1 += 1;
            }
        }
    }
    counts
}

#[test]
fn the_sample_leads_get_a_policy_that_accepts_all_of_them() {
    let leads = include_bytes!("../policies/b2b/leads.csv");
    let policy = first_policy(leads, Format::Csv);
    assert_eq!(policy, first_policy(leads, Format::Csv));
    assert_eq!(accepted(&policy, leads, Format::Csv), (3000, 0));
    insta::assert_snapshot!(policy);
}

/// One column for everything that is told from what the cells look like.
const AWKWARD: &str = "\
Record ID,Full Name,E-Mail,Do Not Email,Deal Size,Umsatz,Last Seen,Created,Signed,Segment,Topics,Need (0-5),Zip,Seats,Region & Team,Seats,Share,Budget,Score 99,Stage,Empty
1,Ada Byte,ada@a.example,0,\"$1,200\",\"1.200,50 €\",31/12/2025,03/04/2026,1767225600000,<50,api;pricing,0,01234,1,\"North, A\",1,20%,1200,3,won,
2,Bob Bit,bob@b.example,1,\"$900.50\",\"12,00 €\",01/02/2026,05/06/2026,1767225600001,50-99,api,1,99999,2,\"North, A\",2,5%,n/a,99,lost,
3,Cy Nib,cy@c.example,0,,\"1.000 €\",28/02/2026,01/02/2026,1767225600002,100+,pricing;security,2,10115,x,South,3,7.5%,900,99,won,
4,Di Word,di@d.example,0,\"$2,000\",\"3,10 €\",28/02/2026,02/02/2026,1767225600003,<50,security,3,10117,4,South,4,,Select,1,open,
5,Ed Page,ed@e.example,0,\"$2,000\",\"3,10 €\",28/02/2026,02/02/2026,1767225600004,<50,api;security,4,10117,5,South,5,,300,2,open,
6,Flo Chip,flo@f.example,1,\"$2,000\",\"3,10 €\",28/02/2026,02/02/2026,1767225600005,100+,,5,10117,6,south,6,,400,2,open,
";

#[test]
fn words_among_numbers_and_dates_may_be_blanks() {
    let leads = "\
Customer #,MRR (USD),Budget,Start,Active,Flagged,Level
c1,100,\"$5,000\",31.12.2026,yes,0,high
c2,200.5,(none),01.02.2027,unknown,1,n/a
c3,300,\"$1,000.50\",k.A.,no,0,low
c4,,\"$7,500\",n/a,no,1,medium
";
    let policy = first_policy(leads.as_bytes(), Format::Csv);
    insta::assert_snapshot!(policy);
    assert_eq!(accepted(&policy, leads.as_bytes(), Format::Csv), (4, 0));
}

#[test]
fn everything_that_cells_show() {
    let policy = first_policy(AWKWARD.as_bytes(), Format::Csv);
    insta::assert_snapshot!(policy);
    assert_eq!(accepted(&policy, AWKWARD.as_bytes(), Format::Csv), (6, 0));
}

#[test]
fn json_lists_objects_and_keys_that_come_late() {
    let leads = r#"{"id": "a", "tags": ["x", "y"], "deep": {"n": 1}, "ok": true, "n": 1.50}
{"id": "b", "tags": ["y"], "deep": null, "ok": false, "n": 2, "late": "2026-01-31"}
"#;
    let policy = first_policy(leads.as_bytes(), Format::Ndjson);
    insta::assert_snapshot!(policy);
    assert_eq!(accepted(&policy, leads.as_bytes(), Format::Ndjson), (2, 0));
}

#[test]
fn headings_and_values_that_a_policy_cannot_hold() {
    let leads = b"a,,b\x1bc,d\n1,2,3,we\x1b[31m\n1,2,3,we\x1b[31m\n1,2,3,x\n1,2,3,x\n";
    let policy = first_policy(leads, Format::Csv);
    assert!(!policy.contains('\x1b') && policy.contains("# Column 2 has no heading"), "{policy}");
    assert_eq!(accepted(&policy, leads, Format::Csv), (4, 0));
}

#[test]
fn leads_without_rows_or_with_faulty_ones() {
    let policy = first_policy(b"a,b\n", Format::Csv);
    assert_eq!(accepted(&policy, b"a,b\n", Format::Csv), (0, 0));
    let ragged = b"a,b\n1,2\n1,2,3\n4,5\n";
    let policy = first_policy(ragged, Format::Csv);
    assert!(policy.contains("# 1 more row cannot be relied on"), "{policy}");
    assert_eq!(accepted(&policy, ragged, Format::Csv), (2, 1));
}

#[test]
fn no_value_of_a_column_that_looks_personal_stands_in_the_policy() {
    let rows: String =
        (0..20).map(|n| format!("{n},{}@corp.example,{}\n", if n % 2 == 0 { "ann" } else { "bob" }, n % 5)).collect();
    let leads = format!("Id,E-Mail,Need\n{rows}");
    let policy = first_policy(leads.as_bytes(), Format::Csv);
    assert!(policy.contains("text, personal") && !policy.contains("corp.example"), "{policy}");
    assert_eq!(accepted(&policy, leads.as_bytes(), Format::Csv), (20, 0));
}

#[test]
fn names_and_numbers_of_people_are_personal_however_their_columns_are_called() {
    let headers = [
        "Vorname",
        "Nachname",
        "First Name",
        "last_name",
        "LastName",
        "Full name",
        "Phone",
        "phone number",
        "Phonenumber",
        "Telefon",
        "Telefonnummer",
        "Tel.",
        "Mobile",
        "Mobilnummer",
        "Handy",
        "Handynummer",
        "LinkedIn URL",
        "Linkedin",
        "LINKEDIN_PROFILE",
        "Xing",
        "WhatsApp",
        "Geburtsdatum",
        "Straße",
        "Adresse",
        "E-Mail-Adresse",
        "Ansprechpartner",
    ];
    for header in headers {
        let rows: String = (0..20).map(|n| format!("{n},secret{},{}\n", n % 4, n % 5)).collect();
        let leads = format!("Id,{header},Need\n{rows}");
        let policy = first_policy(leads.as_bytes(), Format::Csv);
        assert!(policy.contains("text, personal") && !policy.contains("secret"), "{header}: {policy}");
    }
    // Neither what is told of them nor what sounds alike.
    for header in ["Phone type", "Email domain", "Segment", "Mobile clicks", "Name of the campaign", "Link", "Inbound"]
    {
        let rows: String = (0..20).map(|n| format!("{n},kind{},{}\n", n % 4, n % 5)).collect();
        let policy = first_policy(format!("Id,{header},Need\n{rows}").as_bytes(), Format::Csv);
        assert!(!policy.contains("personal"), "{header}: {policy}");
    }
}
