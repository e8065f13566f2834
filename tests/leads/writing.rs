//! What is written: tables in four formats, and cells that a spreadsheet does not run.

use policyc::ir::Field;
use policyc::leads::{Format, OutCell, OutColumn, REJECT_COLUMNS, RawCell, RawReader, TableWriter};
use policyc::types::{Number, Type};

use crate::by_hand::{field, id, policy, read};

fn table(format: Format, columns: &[&'static str], rows: &[&[OutCell<'_>]]) -> String {
    let columns: Vec<OutColumn> = columns.iter().map(|name| OutColumn::text(name)).collect();
    let mut writer = TableWriter::new(Vec::new(), format, &columns).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

#[test]
fn tables_in_four_formats() {
    let points = Number::parse_decimal("-12.50").unwrap();
    let rows: &[&[OutCell<'_>]] = &[
        &[OutCell::Text("L,1"), OutCell::Number(&points), OutCell::Text("say \"hi\"\n")],
        &[OutCell::Text("L2"), OutCell::Count(3), OutCell::Missing],
    ];
    let columns = ["lead", "fit", "reason"];
    assert_eq!(table(Format::Csv, &columns, rows), "lead,fit,reason\n\"L,1\",-12.5,\"say \"\"hi\"\"\n\"\nL2,3,\n");
    assert_eq!(table(Format::Tsv, &columns, rows), "lead\tfit\treason\nL,1\t-12.5\t\"say \"\"hi\"\"\n\"\nL2\t3\t\n");
    let (first, second) =
        (r#"{"lead":"L,1","fit":-12.5,"reason":"say \"hi\"\n"}"#, r#"{"lead":"L2","fit":3,"reason":null}"#);
    assert_eq!(table(Format::Ndjson, &columns, rows), format!("{first}\n{second}\n"));
    assert_eq!(table(Format::Json, &columns, rows), format!("[\n{first},\n{second}\n]\n"));
    assert_eq!(table(Format::Json, &columns, &[]), "[]\n");
    let third = Number::from(1).checked_div(&Number::from(3)).unwrap();
    assert_eq!(table(Format::Ndjson, &["x"], &[&[OutCell::Number(&third)]]), "{\"x\":\"1/3\"}\n");
}

#[test]
fn texts_that_a_spreadsheet_would_run_are_disarmed() {
    for text in ["=1+1", "+49 30", "-5", "@SUM(A1)", "\tx", "＝1+1"] {
        assert_eq!(table(Format::Csv, &["a"], &[&[OutCell::Text(text)]]), format!("a\n'{text}\n"));
    }
    assert_eq!(table(Format::Csv, &["a"], &[&[OutCell::Text("=A1,\"x\"")]]), "a\n\"'=A1,\"\"x\"\"\"\n");
    assert_eq!(table(Format::Csv, &["a"], &[&[OutCell::Text("\rx")]]), "a\n\"'\rx\"\n");
    assert_eq!(table(Format::Ndjson, &["a"], &[&[OutCell::Text("=1")]]), "{\"a\":\"=1\"}\n");
}

#[test]
fn formulas_behind_what_divides_cells_elsewhere_are_disarmed() {
    for (text, csv) in [
        ("x;=1+1;y", "x;'=1+1;y"),
        ("x;-5;+a;@b;＝1", "x;'-5;'+a;'@b;'＝1"),
        ("x\t=1", "x\t'=1"),
        ("x\n=1\r\n-2\r+3", "\"x\n'=1\r\n'-2\r'+3\""),
        (";=1", ";'=1"),
        ("=1;=2", "'=1;'=2"),
        ("x,;=1", "\"x,;'=1\""),
        // Where a cell is divided before it, what begins with a quote ends with the next one.
        ("x;\"=1;y", "\"x;\"\"'=1;y\""),
        ("x;\"\"=1;y", "\"x;\"\"\"\"'=1;y\""),
        // Neither is a formula: a blank before it, and a letter.
        ("x; =1;y=2", "x; =1;y=2"),
        ("a long text without any; but for one >= 3", "a long text without any; but for one >= 3"),
    ] {
        assert_eq!(table(Format::Csv, &["a"], &[&[OutCell::Text(text)]]), format!("a\n{csv}\n"));
        let json = serde_json::Value::from(text);
        assert_eq!(table(Format::Ndjson, &["a"], &[&[OutCell::Text(text)]]), format!("{{\"a\":{json}}}\n"));
    }
    assert_eq!(table(Format::Tsv, &["a"], &[&[OutCell::Text("x\t=1;=2")]]), "a\n\"x\t'=1;'=2\"\n");
}

#[test]
fn what_is_written_reads_back() {
    let texts = ["", "a;b\tc|d", "\"", "x\r\ny", " blank ends ", "é😀", "1,5"];
    for format in [Format::Csv, Format::Tsv, Format::Ndjson, Format::Json] {
        let rows: Vec<[OutCell<'_>; 1]> = texts.iter().map(|text| [OutCell::Text(text)]).collect();
        let rows: Vec<&[OutCell<'_>]> = rows.iter().map(<[_; 1]>::as_slice).collect();
        let written = table(format, &["a"], &rows);
        let back: Vec<String> = RawReader::open(Box::new(written.as_bytes()), format)
            .unwrap()
            .map(|row| match row.unwrap().cell(0) {
                RawCell::Text(text) => text.into_owned(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(back, texts, "{format:?}");
    }
}

#[test]
fn rejects_say_row_lead_column_value_and_problem() {
    let by = policy(vec![
        id("lead"),
        field("need", Type::WholeNumber),
        Field { personal: true, ..field("age", Type::Number) },
    ]);
    let leads = read(&by, Format::Csv, b"lead,need,age\nL1,=x,old\nL2\n");
    let mut writer = TableWriter::new(Vec::new(), Format::Csv, &REJECT_COLUMNS).unwrap();
    for reject in leads.rejects() {
        writer.reject(reject).unwrap();
    }
    assert_eq!(
        String::from_utf8(writer.finish().unwrap()).unwrap(),
        "row,lead,column,value,problem\n\
         1,L1,need,'=x,P0611: `=x` is not a whole number\n\
         1,L1,age,•••,P0611: `•••` is not a number\n\
         2,L2,,,\"P0604: the row has too few cells: 1 cell, where the header has 3\"\n"
    );
}
