//! No bytes make the readers panic, hang, or lose a row.

use policyc::ir::{Cell, Field, NumberForm, TextTest, Written};
use policyc::leads::{Format, RawReader, TableWriter};
use policyc::leads::{OutCell, OutColumn, RawCell};
use policyc::types::{Currency, Type};
use proptest::prelude::*;

use crate::by_hand::{alias, any_of, cell, field, id, json_cell, one_of, policy, try_read};

const FORMATS: [Format; 5] = [Format::Csv, Format::Tsv, Format::Ndjson, Format::Json, Format::Parquet];

/// A field of every type and way of writing.
fn fields() -> Vec<Field> {
    let written = |ty, written| Field { cell: Cell { written: Some(written), ..Cell::default() }, ..field("a", ty) };
    let form = NumberForm { prefix: "$".into(), suffix: " %".into(), group: Some('.'), point: ',' };
    let spelled = Cell {
        ignoring_case: true,
        blanks: vec!["-".into()],
        aliases: vec![alias(0, TextTest::ContainsWord, "x"), alias(1, TextTest::EndsWith, "é")],
        ..Cell::default()
    };
    vec![
        id("a"),
        field("a", Type::Number),
        field("a", Type::WholeNumber),
        field("a", Type::Percent),
        field("a", Type::Money(Currency::USD)),
        field("a", Type::YesNo),
        field("a", Type::Date),
        field("a", Type::DateTime),
        field("a", any_of(&["x", "y"])),
        Field { cell: spelled, ..field("a", one_of(&["x", "y"], false)) },
        written(Type::Percent, Written::Like(form)),
        written(Type::Date, Written::Strftime("%d/%m/%y".into())),
        written(Type::DateTime, Written::Strftime("%a %d %B %Y %I:%M:%S.%f %p %z".into())),
        written(Type::DateTime, Written::EpochMilliseconds),
        written(Type::Date, Written::EpochSeconds),
    ]
}

/// Bytes that are likely to get somewhere: pieces of CSV and JSON, good and bad, among others.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&[u8]> = vec![
        b"a",
        b"b",
        b",",
        b";",
        b"\t",
        b"|",
        b"\"",
        b"\"\"",
        b"\n",
        b"\r\n",
        b"\r",
        b" ",
        b"\0",
        b"\xff",
        b"\xc3\xa9",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"{\"a\":",
        b"{\"a\":1}",
        b"}",
        b"[",
        b"]",
        b":",
        b"1",
        b"-1.5e3",
        b"null",
        b"true",
        b"\\u",
        b"\\ud83d",
        b"2026-10-01",
        b"sep=;\n",
        b"a,b\n",
    ];
    let piece = prop_oneof![
        8 => proptest::sample::select(pieces).prop_map(<[u8]>::to_vec),
        1 => proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_rows_or_said_to_be_none(data in bytes()) {
        let by = policy(fields().into_iter().take(3).collect());
        for format in FORMATS {
            if let Ok(read) = try_read(&by, format, true, &data) {
                prop_assert!(read.rows.len() <= data.len());
                let mut reader = RawReader::open(Box::new(data.as_slice()), format).unwrap();
                let rows = reader.by_ref().filter(Result::is_ok).count();
                prop_assert_eq!(read.rows.len(), rows);
            }
        }
    }

    #[test]
    fn any_text_is_a_value_or_a_problem(text in prop_oneof![".{0,20}", "[-+$]?[0-9., ']{0,24}[%e€]?[0-9]{0,3}", "[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}[T ]?[0-9:.]{0,8}[Z+]?[0-9:]{0,5}"]) {
        for field in fields() {
            prop_assert!(!cell(&field, &text).is_empty());
            let json = serde_json::Value::from(text.as_str()).to_string();
            // A JSON text is read as the same text in a CSV cell.
            prop_assert_eq!(cell(&field, &text), json_cell(&field, &json));
        }
    }

    #[test]
    fn any_texts_read_back_as_they_were_written(
        rows in proptest::collection::vec(proptest::collection::vec("[a,;|\t\"\r\n é]{0,5}", 3), 1..6)
    ) {
        for format in FORMATS {
            let mut writer = TableWriter::new(Vec::new(), format, &["x", "y", "z"].map(OutColumn::text)).unwrap();
            for row in &rows {
                // Behind a letter no text looks like a formula.
                let cells: Vec<String> = row.iter().map(|text| format!("v{text}")).collect();
                let cells: Vec<OutCell<'_>> = cells.iter().map(|text| OutCell::Text(text)).collect();
                writer.row(&cells).unwrap();
            }
            let data = writer.finish().unwrap();
            let read = RawReader::open(Box::new(data.as_slice()), format).unwrap().map(|row| {
                let row = row.unwrap();
                (0..3).map(|column| match row.cell(column) {
                    RawCell::Text(text) => text.strip_prefix('v').unwrap().to_owned(),
                    other => panic!("{other:?}"),
                }).collect::<Vec<String>>()
            });
            prop_assert_eq!(read.collect::<Vec<_>>(), rows.clone());
        }
    }
}
