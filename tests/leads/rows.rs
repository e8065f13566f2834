//! Whole rows: names, all problems at once, what is personal, assumptions, repeated ids, what is counted.

use policyc::ir::{CompareOp, Cond, CondKind, Expr, Field, FieldId, Id};
use policyc::leads::Format;
use policyc::source::Span;
use policyc::types::{Number, Type};

use crate::by_hand::{field, id, one_of, policy, read, try_read};

fn names(data: &str, fields: Vec<Field>) -> Vec<String> {
    read(&policy(fields), Format::Csv, data.as_bytes()).leads().into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_lead_is_named_by_its_id_or_else_its_line() {
    let data = "lead,x\nL-1,a\n,\"b\nb\"\n L-3 ,c\n";
    assert_eq!(names(data, vec![id("lead"), field("x", Type::Text)]), ["L-1", "3", "L-3"]);
    assert_eq!(names(data, vec![field("x", Type::Text)]), ["2", "3", "5"]);
    assert_eq!(names(data, vec![Field { personal: true, ..id("lead") }]), ["2", "3", "5"]);
}

#[test]
fn everything_wrong_with_a_row_is_said_at_once() {
    let by = policy(vec![
        id("lead"),
        Field { required: true, ..field("product", one_of(&["Toner", "Carbon"], false)) },
        field("need", Type::WholeNumber),
        Field { personal: true, ..field("email", one_of(&["ann@corp.example"], false)) },
    ]);
    let leads = read(&by, Format::Csv, b"lead,product,need,email\nL1,,many,ann@corp.exampl\nL2,Toner,3,\nL3,Tonr,,\n");
    assert_eq!(
        leads.problems(),
        [
            "1 L1 P0617 product : `product` is required, but missing",
            "1 L1 P0611 need many: `many` is not a whole number",
            "1 L1 P0614 email •••: `•••` is not a value of `email`",
            "3 L3 P0614 product Tonr: `Tonr` is not a value of `product`; did you mean `Toner`?",
        ]
    );
    assert_eq!(leads.leads().len(), 1);
}

#[test]
fn long_cells_are_cut_in_words_but_not_in_the_value() {
    let by = policy(vec![field("need", Type::WholeNumber)]);
    let long = "é".repeat(500);
    let leads = read(&by, Format::Csv, format!("need\n{long}\n").as_bytes());
    let problem = &leads.rejects()[0].problems[0];
    assert_eq!(problem.value.as_deref(), Some(long.as_str()));
    assert_eq!(problem.message, format!("`{}…` is not a whole number", "é".repeat(60)));
}

#[test]
fn an_assumption_rejects_only_when_it_is_surely_false() {
    let mut by = policy(vec![id("lead"), field("passed", Type::Number), field("met", Type::Number)]);
    let at = |position| Expr::Field(FieldId::from_position(position));
    by.assumptions
        .push(Cond { kind: CondKind::Compare { op: CompareOp::Ge, left: at(2), right: at(1) }, span: Span::default() });
    let leads = read(&by, Format::Csv, b"lead,passed,met\nL1,1,2\nL2,2,1\nL3,2,\nL4,x,1\n");
    assert_eq!(
        leads.problems(),
        ["2 L2 P0621 - -: the lead breaks `assume met >= passed`", "4 L4 P0611 passed x: `x` is not a number"]
    );
}

#[test]
fn repeated_ids_are_rejected_when_asked_for() {
    let by = policy(vec![id("lead"), field("need", Type::WholeNumber)]);
    let data = b"lead,need\nL1,1\nL2,x\nL1,2\n,3\nL2,3\nL1,y\n,4\nl1,5\n";
    assert_eq!(read(&by, Format::Csv, data).problems().len(), 2);
    let leads = try_read(&by, Format::Csv, true, data).unwrap();
    assert_eq!(
        leads.problems(),
        [
            "2 L2 P0611 need x: `x` is not a whole number",
            "3 L1 P0622 lead L1: `L1` names the lead on line 2 already",
            "5 L2 P0622 lead L2: `L2` names the lead on line 3 already",
            "6 L1 P0611 need y: `y` is not a whole number",
            "6 L1 P0622 lead L1: `L1` names the lead on line 2 already",
        ]
    );
    let personal = policy(vec![Field { personal: true, ..id("lead") }]);
    let leads = try_read(&personal, Format::Csv, true, b"lead\nann\nann\n").unwrap();
    assert_eq!(leads.problems(), ["2 3 P0622 lead •••: `•••` names the lead on line 2 already"]);
    let no_id = policy(vec![field("need", Type::Number)]);
    assert_eq!(try_read(&no_id, Format::Csv, true, b"need\n1\n").unwrap_err()[0].code.name(), "P0623");
}

#[test]
fn cells_that_count_as_missing_are_counted() {
    let lenient = |name: &str| Field { else_missing: true, ..field(name, Type::Number) };
    let limited = Field { max: Some(Number::from(5)), ..lenient("b") };
    let leads = read(&policy(vec![lenient("a"), limited]), Format::Csv, b"a,b\n1,x\ny,2\nz,9\n");
    assert_eq!(leads.rejects().len(), 0);
    assert_eq!(
        leads.notices,
        [
            "2 cells of `a` could not be read and count as missing, the first on line 3",
            "2 cells of `b` could not be read and count as missing, the first on line 2",
        ]
    );
}

#[test]
fn rows_that_are_no_rows_go_on() {
    let by = policy(vec![id("lead")]);
    let leads = read(&by, Format::Ndjson, b"{\"lead\": 1}\nnot json\n[]\n{\"lead\": 1, \"lead\": 2}\n{\"lead\": 4}\n");
    assert_eq!(
        leads.problems(),
        [
            "2 2 P0607 - -: the row is not JSON: expected a value, on line 2 at byte 2",
            "3 3 P0607 - -: the row is not a JSON object, such as `{\"email\": \"ann@corp.example\"}`",
            "4 4 P0603 lead -: the cell stands there twice: its key is repeated in the JSON object",
        ]
    );
    assert_eq!(leads.rows.len(), 5);
}
