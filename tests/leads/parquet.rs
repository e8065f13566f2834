//! Parquet: values as cells, files of other writers, damaged files, and tables that go there.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::{ArrowPrimitiveType, Float16Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, FixedSizeBinaryArray,
    Float16Array, Float32Array, Float64Array, Int64Array, RecordBatch, StringArray, StructArray,
    Time64MicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray, UInt64Array,
};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use policyc::leads::{Format, Input, OutCell, OutColumn, OutKind, RawCell, RawReader, Stored, TableWriter};
use policyc::types::{Number, Type};

use crate::by_hand::{field, id, policy, read, try_read};

/// The columns as a Parquet file.
fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let fields = columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

/// A file on the disk, which is read where it stands.
fn stored(data: &[u8]) -> Stored {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(data).unwrap();
    Stored::new(file).unwrap()
}

fn shown(cell: &RawCell<'_>) -> String {
    match cell {
        RawCell::Text(text) => format!("{text:?}"),
        RawCell::Number(digits) => (*digits).to_owned(),
        RawCell::Bool(yes) => yes.to_string(),
        RawCell::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        RawCell::Missing | RawCell::Nested | RawCell::Garbled | RawCell::Repeated => format!("{cell:?}"),
    }
}

/// A line for each column: its name and its cells.
fn columns<'i>(input: impl Into<Input<'i>>) -> Result<Vec<String>, String> {
    let say = |fault: policyc::diagnostic::Diagnostic| format!("{} {}", fault.code.name(), fault.message);
    let mut reader = RawReader::open(input, Format::Parquet).map_err(say)?;
    let mut lines = reader.columns().to_vec();
    while let Some(row) = reader.next().transpose().map_err(say)? {
        assert_eq!((row.line, &row.fault), (row.row, &None));
        lines.iter_mut().enumerate().for_each(|(i, line)| *line += &format!(" | {}", shown(&row.cell(i))));
    }
    Ok(lines)
}

#[test]
fn values_are_cells() {
    let words: DictionaryArray<Int32Type> = [Some("web"), None, Some("fair")].into_iter().collect();
    let inner = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let nested = StructArray::from(vec![(Arc::new(Field::new("x", DataType::Int64, true)), inner as Arc<dyn Array>)]);
    let halves: Float16Array = [0.1, 65504.0, f32::NAN]
        .map(|float| Some(<Float16Type as ArrowPrimitiveType>::Native::from_f32(float)))
        .into_iter()
        .collect();
    let data = parquet(vec![
        ("text", Arc::new(StringArray::from(vec![Some(" a "), None, Some("")]))),
        ("words", Arc::new(words)),
        ("whole", Arc::new(Int64Array::from(vec![Some(i64::MIN), None, Some(9_007_199_254_740_993)]))),
        ("large", Arc::new(UInt64Array::from(vec![Some(u64::MAX), None, Some(0)]))),
        ("yes", Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]))),
        ("float", Arc::new(Float64Array::from(vec![Some(0.1), Some(f64::NAN), Some(-1e21)]))),
        ("half", Arc::new(halves)),
        ("short", Arc::new(Float32Array::from(vec![Some(0.1), None, Some(f32::NEG_INFINITY)]))),
        (
            "money",
            Arc::new(
                Decimal128Array::from(vec![Some(-5), None, Some(120_050)]).with_precision_and_scale(38, 4).unwrap(),
            ),
        ),
        ("day", Arc::new(Date32Array::from(vec![Some(-1), None, Some(i32::MAX)]))),
        (
            "instant",
            Arc::new(TimestampMillisecondArray::from(vec![Some(-1), None, Some(i64::MAX)]).with_timezone("UTC")),
        ),
        ("local", Arc::new(TimestampNanosecondArray::from(vec![Some(1), None, Some(1_000_000_000)]))),
        ("time", Arc::new(Time64MicrosecondArray::from(vec![Some(34_200_000_000), None, Some(1)]))),
        ("bytes", Arc::new(BinaryArray::from(vec![Some(b"ok".as_slice()), None, Some(b"\xFF")]))),
        ("nested", Arc::new(nested)),
        (
            "fixed",
            Arc::new(FixedSizeBinaryArray::try_from_iter([b"ab", b"\xC3\xA9", b"\xC3\xC3"].into_iter()).unwrap()),
        ),
    ]);
    let expected = [
        r#"text | " a " | Missing | """#,
        r#"words | "web" | Missing | "fair""#,
        "whole | -9223372036854775808 | Missing | 9007199254740993",
        "large | 18446744073709551615 | Missing | 0",
        "yes | true | Missing | false",
        r#"float | 0.1 | "NaN" | -1000000000000000000000"#,
        r#"half | 0.1 | 65504 | "NaN""#,
        r#"short | 0.1 | Missing | "-inf""#,
        "money | -0.0005 | Missing | 12.005",
        r#"day | "1969-12-31" | Missing | 2147483647"#,
        r#"instant | "1969-12-31T23:59:59.999Z" | Missing | 9223372036854775807"#,
        r#"local | "1970-01-01T00:00:00.000000001" | Missing | "1970-01-01T00:00:01""#,
        r#"time | "09:30:00" | Missing | "00:00:00.000001""#,
        r#"bytes | "ok" | Missing | Garbled"#,
        "nested | Nested | Nested | Nested",
        r#"fixed | "ab" | "é" | Garbled"#,
    ];
    assert_eq!(columns(stored(&data)).unwrap(), expected);
    // A stream is the same.
    assert_eq!(columns(Box::new(data.as_slice())).unwrap(), expected);
}

#[test]
fn the_last_days_of_the_calendar_are_days() {
    // 9999-12-31 stands for "never" in many databases.
    let midnight = 2_932_896 * 86_400_000;
    let data = parquet(vec![
        ("day", Arc::new(Date32Array::from(vec![2_932_896, 2_932_897]))),
        ("time", Arc::new(TimestampMillisecondArray::from(vec![midnight + 86_399_999, midnight + 86_400_000]))),
    ]);
    let expected = [r#"day | "9999-12-31" | 2932897"#, r#"time | "9999-12-31T23:59:59.999" | 253402300800000"#];
    assert_eq!(columns(stored(&data)).unwrap(), expected);
}

#[test]
fn three_other_writers_say_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parquet");
    for writer in ["pyarrow", "polars", "duckdb"] {
        let data = fs::read(folder.join(format!("{writer}.parquet"))).unwrap();
        let expected = [
            r#"lead | "L1" | "L2" | "Zoë \"Z\" \\ 😀" | "L4""#,
            r#"source | "web" | Missing | "web" | "fair""#,
            "need | 3 | Missing | -1 | 5",
            "size | 9007199254740993 | 0 | Missing | 7",
            "deal | 1200.5 | Missing | -0.05 | 3",
            r#"share | 0.1 | Missing | 0.0000001 | "NaN""#,
            "met | true | Missing | false | true",
            r#"day | "2026-10-01" | Missing | "1969-12-31" | "2024-02-29""#,
            r#"seen | "2026-10-01T09:30:00.25Z" | Missing | "1969-12-31T23:59:59Z" | "2024-02-29T00:00:00Z""#,
            r#"local | "2026-10-01T09:30:00" | Missing | "1969-12-31T23:59:59" | "2024-02-29T00:00:00""#,
            r#"tags | ["a", "b,c"] | Missing | [] | [Missing, "ü"]"#,
        ];
        assert_eq!(columns(stored(&data)).unwrap(), expected, "{writer}");
    }
}

#[test]
fn only_the_columns_that_are_wanted_are_read() {
    let ones: ArrayRef = Arc::new(Int64Array::from(vec![1; 3000]));
    let data = parquet(vec![("a", Arc::clone(&ones)), ("b", Arc::clone(&ones)), ("c", ones)]);
    let mut reader = RawReader::open(stored(&data), Format::Parquet).unwrap();
    reader.only(&[1]);
    let rows: Vec<_> = reader.by_ref().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3000);
    for row in rows {
        assert_eq!([0, 1, 2].map(|i| row.cell(i)), [RawCell::Missing, RawCell::Number("1"), RawCell::Missing]);
    }
}

#[test]
fn leads_are_called_by_their_rows() {
    let data = parquet(vec![("need", Arc::new(StringArray::from(vec!["1", "many"])))]);
    let lenient = policyc::ir::Field { else_missing: true, ..field("need", Type::WholeNumber) };
    let leads = read(&policy(vec![lenient]), Format::Parquet, &data);
    assert_eq!(leads.leads().iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(leads.notices, ["1 cell of `need` could not be read and counts as missing, on row 2"]);

    let data = parquet(vec![("lead", Arc::new(StringArray::from(vec!["x", "x"])))]);
    let leads = try_read(&policy(vec![id("lead")]), Format::Parquet, true, &data).unwrap();
    assert_eq!(leads.problems(), ["2 x P0622 lead x: `x` names the lead on row 1 already"]);
    let faults = try_read(&policy(vec![id("led")]), Format::Parquet, true, &data).unwrap_err();
    assert_eq!(faults[0].message, "the leads have no column `led`");
}

#[test]
fn a_row_without_end_is_none() {
    let long = "x".repeat(9 << 20);
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["", &long]));
    let data = parquet(vec![("a", Arc::clone(&texts)), ("b", texts)]);
    assert_eq!(columns(stored(&data)).unwrap_err(), "P0605 row 2 is longer than 16 MiB");
}

#[test]
fn a_file_with_columns_without_end_is_none() {
    let none: ArrayRef = Arc::new(BooleanArray::from(vec![None]));
    let names: Vec<String> = (0..10_001).map(|i| i.to_string()).collect();
    let data = parquet(names.iter().map(|name| (name.as_str(), Arc::clone(&none))).collect());
    assert_eq!(
        columns(stored(&data)).unwrap_err(),
        "P0601 the leads cannot be read: they have more than 10000 columns"
    );
}

/// Files that have a bit of everything.
fn samples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parquet");
    ["pyarrow", "polars", "duckdb"].map(|name| fs::read(folder.join(format!("{name}.parquet"))).unwrap()).to_vec()
}

#[test]
fn a_file_that_was_cut_off_is_never_read() {
    for data in samples() {
        for length in 0..data.len() {
            let said = columns(stored(&data[..length])).unwrap_err();
            let expected = if length < 4 { "the file is no Parquet file" } else { "it was cut off" };
            assert!(said.starts_with("P0601 ") && said.ends_with(expected), "{length}: {said}");
        }
    }
}

#[test]
fn what_a_file_claims_to_hold_is_held_against_what_can_be() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parquet/claims");
    let said = |name: &str| columns(stored(&fs::read(folder.join(format!("{name}.parquet"))).unwrap())).unwrap_err();
    let reading = "P0601 the leads cannot be read: the Parquet file";
    assert_eq!(said("page"), format!("{reading} has a page of 2147483647 bytes"));
    assert_eq!(said("width"), format!("{reading} has values of 2147483647 bytes"));
    assert_eq!(said("items"), format!("{reading} has lists of more than 134217728 items in a row group"));
    assert_eq!(said("children"), format!("{reading} is damaged"));
    assert_eq!(said("depth"), format!("{reading} is damaged"));
}

#[test]
fn a_damaged_file_is_read_or_said_to_be_damaged() {
    for data in samples() {
        for at in 0..data.len() {
            let mut damaged = data.clone();
            damaged[at] = [0, 0x7F, 0xFF, data[at] ^ 1][at % 4];
            if let Err(said) = columns(stored(&damaged)) {
                assert!(said.starts_with("P0601 "), "{at}: {said}");
            }
        }
    }
}

#[test]
fn tables_go_to_parquet() {
    let written = || {
        let number = |decimals| OutKind::Number { decimals };
        let column = |name: &'static str, kind| OutColumn { kind, ..OutColumn::text(name) };
        let columns = [
            OutColumn::text("lead"),
            OutColumn::count("row"),
            column("fit", number(0)),
            column("share", number(2)),
            column("fine", number(39)),
        ];
        let mut table = TableWriter::new(Vec::new(), Format::Parquet, &columns).unwrap();
        let numbers = ["-3", "0.25", "0.5"].map(|text| Number::parse_decimal(text).unwrap());
        let [fit, share, fine] = &numbers;
        for row in 1..=140_000 {
            let cells = [
                OutCell::Text("=A1"),
                OutCell::Count(row),
                OutCell::Number(fit),
                OutCell::Number(share),
                OutCell::Number(fine),
            ];
            table.row(&cells).unwrap();
        }
        table.row(&[OutCell::Missing; 5]).unwrap();
        table.finish().unwrap()
    };
    let data = written();
    assert_eq!(data, written());
    let lines = columns(stored(&data)).unwrap();
    let ends: Vec<&str> = lines.iter().map(|line| line.rsplit(" | ").nth(1).unwrap()).collect();
    assert_eq!(ends, [r#""=A1""#, "140000", "-3", "0.25", r#""0.5""#]);
    assert!(lines.iter().all(|line| line.ends_with(" | Missing")));

    let metadata =
        parquet::file::metadata::ParquetMetaDataReader::new().parse_and_finish(&bytes::Bytes::from(data)).unwrap();
    assert_eq!(metadata.num_row_groups(), 2);
    let file = metadata.file_metadata();
    assert_eq!(file.created_by(), Some(concat!("policyc version ", env!("CARGO_PKG_VERSION"))));
    assert_eq!(file.key_value_metadata(), None);

    let quarter = Number::parse_decimal("0.25").unwrap();
    let whole = [OutColumn { kind: OutKind::Number { decimals: 0 }, ..OutColumn::text("fit") }];
    let error = TableWriter::new(Vec::new(), Format::Parquet, &whole).unwrap().row(&[OutCell::Number(&quarter)]);
    assert!(error.unwrap_err().to_string().starts_with("0.25 has more digits than"));
}
