//! The pages of the codes of lead data: what is wrong gives exactly the code, what is right gives nothing.

use policyc::diagnostic::Code;
use policyc::eval::Evaluator;
use policyc::leads::{Format, Reader, Row};

use crate::crm::check;

/// The policy and the leads of a section of a page.
fn blocks(page: &str, section: &str) -> (String, String, Format) {
    let section = page.split(section).nth(1).expect(section).split("\n## ").next().unwrap();
    let mut policy = None;
    let mut leads = None;
    let mut rest = section;
    while let Some((_, block)) = rest.split_once("\n```") {
        let (info, block) = block.split_once('\n').unwrap();
        // An empty block ends on its first line.
        let (text, after) = block.split_once("```").unwrap();
        match info.split_once(' ') {
            None => policy = Some(text.to_owned()),
            Some((_, file)) => leads = Some((text.to_owned(), Format::from_path(file.as_ref()).unwrap())),
        }
        rest = after;
    }
    let (leads, format) = leads.unwrap();
    (policy.unwrap(), leads, format)
}

/// The codes that reading gives.
fn codes(policy: &str, leads: &str, format: Format, code: Code) -> Vec<Code> {
    let policy = check(policy).unwrap_or_else(|said| panic!("{}: {said}", code.name()));
    let evaluator = Evaluator::new(&policy, jiff::Timestamp::UNIX_EPOCH);
    let reader = match Reader::open(&evaluator, Box::new(leads.as_bytes()), format, false) {
        Ok(reader) => reader,
        Err(faults) => return faults.iter().map(|f| f.code).collect(),
    };
    let reader = if policy.id_field().is_some() || code == Code::P0623 { reader.unique() } else { Ok(reader) };
    let reader = match reader {
        Ok(reader) => reader,
        Err(fault) => return vec![fault.code],
    };
    let codes = reader.flat_map(|row| match row {
        Ok(Row::Lead { .. }) => Vec::new(),
        Ok(Row::Rejected(reject)) => reject.problems.iter().map(|p| p.code).collect(),
        Err(fault) => vec![fault.code],
    });
    codes.collect()
}

#[test]
fn the_pages_of_lead_data_tell_the_truth() {
    let pages = Code::ALL.iter().filter(|code| code.name().starts_with("P06"));
    let mut seen = 0;
    for code in pages {
        let (policy, leads, format) = blocks(code.page(), "\n## Wrong\n");
        assert_eq!(codes(&policy, &leads, format, *code), [*code], "wrong of {}", code.name());
        let (policy, leads, format) = blocks(code.page(), "\n## Right\n");
        assert_eq!(codes(&policy, &leads, format, *code), [], "right of {}", code.name());
        seen += 1;
    }
    assert!(seen > 15);
}
