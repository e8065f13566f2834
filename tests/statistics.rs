//! A column of a Parquet file is not read where its statistics say all that the rules ask: not even damage is noticed there.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray,
};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, SerializedFileReader};
use policyc::columnar::{self, Decided, Settings, Stopped};
use policyc::eval::{Evaluator, end_of_day};
use policyc::leads::Format;
use policyc::lower::check;

/// All bytes of a column.
const ALL: usize = usize::MAX;

/// Decides leads of which the column `won` cannot be read, since so many of its last bytes are damaged: whether it was looked at, and how many leads were decided.
fn with_a_damaged_column(
    text: &str,
    columns: Vec<(&str, ArrayRef)>,
    statistics: EnabledStatistics,
    damaged: usize,
) -> Result<u64, String> {
    let checked = check("won.policy", &HashMap::from([("won.policy".to_owned(), text.to_owned())]));
    let policy = checked.policy.unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    let evaluator = Evaluator::new(&policy, end_of_day(&policy.zone, "2026-11-01".parse().unwrap()).unwrap());
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, values)| (name, values, true)))
            .unwrap();
    let properties = WriterProperties::builder().set_statistics_enabled(statistics).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    let mut file = writer.into_inner().unwrap();
    let reader = SerializedFileReader::new(bytes::Bytes::from(file.clone())).unwrap();
    let group = reader.metadata().row_group(0);
    let column = group.columns().iter().find(|column| column.column_path().string() == "won").unwrap();
    let (start, length) = column.byte_range();
    let end = (start + length) as usize;
    file[end - damaged.min(length as usize)..end].fill(0xFF);
    let settings = Settings { threads: 1, ..Settings::default() };
    let mut leads = 0;
    let mut take = |decided: &Decided| -> Result<(), ()> {
        leads += decided.decisions.iter().sum::<u64>();
        Ok(())
    };
    match columnar::decide(&evaluator, Box::new(file.as_slice()), Format::Parquet, settings, &mut take) {
        Ok(_) => Ok(leads),
        Err(Stopped::Leads(faults)) => Err(faults[0].message.clone()),
        Err(Stopped::Sink(())) => panic!("nothing goes wrong there"),
    }
}

#[test]
fn a_column_is_not_read_where_statistics_say_enough() {
    use EnabledStatistics::{Chunk, None as Off};
    let policy = |rules: &str| {
        format!(
            "policy \"Won\"\n\nlead\n  won whole number from 0 to 100\n  region one of [dach, uk]\n\n\
             decisions, best first\n  pass to sales\n  nurture\n\n{rules}otherwise nurture\n"
        )
    };
    let numbers = |values: Vec<Option<i64>>| -> ArrayRef { Arc::new(Int64Array::from(values)) };
    let regions = |values: Vec<Option<&str>>| -> ArrayRef { Arc::new(StringArray::from(values)) };
    let run = |rules: &str, won: Vec<Option<i64>>, region: Vec<Option<&str>>, statistics| {
        with_a_damaged_column(&policy(rules), vec![("won", numbers(won)), ("region", regions(region))], statistics, ALL)
    };
    let at_least = "hot : pass to sales when won >= 10\n";
    let mixed = vec![Some("dach"), Some("uk"), None];
    assert_eq!(run(at_least, vec![Some(10), Some(11), Some(90)], mixed.clone(), Chunk), Ok(3), "all are above");
    assert_eq!(run(at_least, vec![None, None, None], mixed.clone(), Chunk), Ok(3), "none has a value");
    let other = "hot : pass to sales when region is uk\n";
    assert_eq!(run(other, vec![Some(0), None, Some(90)], mixed.clone(), Chunk), Ok(3), "no rule asks for it");
    let first = "here : nurture when region is dach\nhot : pass to sales when won >= 10\n";
    let dach = vec![Some("dach"); 3];
    assert_eq!(run(first, vec![Some(0), None, Some(90)], dach.clone(), Chunk), Ok(3), "a rule above it decides all");
    let both = "hot : pass to sales when won >= 10 and region is uk\n";
    assert_eq!(run(both, vec![Some(0), None, Some(90)], dach.clone(), Chunk), Ok(3), "the rule fires for none");
    let is_read =
        |found: Result<u64, String>| assert!(found.as_ref().is_err_and(|fault| fault.contains("damaged")), "{found:?}");
    is_read(run(at_least, vec![Some(9), Some(11), Some(90)], mixed.clone(), Chunk));
    is_read(run(at_least, vec![Some(10), None, Some(90)], mixed.clone(), Chunk));
    is_read(run(at_least, vec![Some(10), Some(11), Some(90)], mixed.clone(), Off));
    is_read(run(other, vec![Some(0), None, Some(101)], mixed.clone(), Chunk));
    is_read(run(first, vec![Some(0), None, Some(90)], mixed, Chunk));
    is_read(run(first, vec![Some(0), None, Some(90)], vec![Some("dach"), None, Some("dach")], Chunk));
}

#[test]
fn statistics_of_other_types_say_enough_too() {
    let run = |ty: &str, rule: &str, won: ArrayRef| {
        let text = format!(
            "policy \"Won\"\n\nlead\n  won {ty}\n\ndecisions, best first\n  pass to sales\n  nurture\n\n\
             hot : pass to sales when {rule}\notherwise nurture\n"
        );
        with_a_damaged_column(&text, vec![("won", won)], EnabledStatistics::Chunk, ALL).ok()
    };
    let days = |days: &[i32]| -> ArrayRef { Arc::new(Date32Array::from(days.to_vec())) };
    assert_eq!(run("date", "won >= 2026-01-01", days(&[20_454, 20_500])), Some(2), "2026-01-01 is day 20454");
    assert_eq!(run("date", "won >= 2026-01-01", days(&[20_453, 20_500])), None);
    let truths = |truths: &[bool]| -> ArrayRef { Arc::new(BooleanArray::from(truths.to_vec())) };
    assert_eq!(run("yes or no", "won", truths(&[true, true])), Some(2));
    assert_eq!(run("yes or no", "won", truths(&[true, false])), None);
    let texts = |texts: &[&str]| -> ArrayRef { Arc::new(StringArray::from(texts.to_vec())) };
    assert_eq!(run("text", "won contains \"b\"", texts(&["abc", "abc"])), Some(2));
    assert_eq!(run("text", "won contains \"b\"", texts(&["abc", "abd"])), None);
    assert_eq!(run("one of [abc, abd]", "won is abc", texts(&["abc", "abc"])), Some(2));
    assert_eq!(run("one of [abd]", "won is abd", texts(&["abc", "abc"])), None, "not one of them");
    let cents = |cents: &[i128]| -> ArrayRef {
        Arc::new(Decimal128Array::from(cents.to_vec()).with_precision_and_scale(30, 2).unwrap())
    };
    assert_eq!(run("money in USD from 0", "won >= $10", cents(&[10_00, 99_99])), Some(2));
    assert_eq!(run("money in USD from 0", "won >= $10", cents(&[9_99, 99_99])), None);
    assert_eq!(run("whole number", "won >= -5", cents(&[10_00, 99_00])), None, "10.50 is between them");
}

#[test]
fn a_dictionary_says_that_texts_are_right() {
    let run = |rule: &str, won: &[Option<&str>], statistics| {
        let text = format!(
            "policy \"Won\"\n\nlead\n  won one of [abc, abd], required\n  region one of [dach, uk]\n\n\
             decisions, best first\n  pass to sales\n  nurture\n\nhot : pass to sales when {rule}\notherwise nurture\n"
        );
        let region: ArrayRef = Arc::new(StringArray::from(vec!["uk"; won.len()]));
        let won: ArrayRef = Arc::new(StringArray::from(won.to_vec()));
        // The width of the positions in the dictionary, and the positions.
        with_a_damaged_column(&text, vec![("won", won), ("region", region)], statistics, 3).ok()
    };
    use EnabledStatistics::{Chunk, None as Off};
    let right = [Some("abd"), Some("abc")];
    assert_eq!(run("region is uk or won is abc", &right, Chunk), Some(2));
    assert_eq!(run("region is uk or won is abc", &right, Off), None, "one might be missing");
    assert_eq!(run("region is uk and won is abc", &right, Chunk), None, "the rule hangs on it");
    assert_eq!(run("region is uk or won is abc", &[Some("abd"), Some("abx")], Chunk), None, "not one of them");
}

#[test]
fn a_row_that_must_be_looked_at_in_full_has_all_columns_read() {
    let run = |note: &[u8]| {
        let text = "policy \"Won\"\n\nlead\n  won whole number, required\n  note text\n\ndecisions, best first\n  pass to sales\n  \
                    nurture\n\nhot : pass to sales when won >= 10\notherwise nurture\n";
        let won: ArrayRef = Arc::new(Int64Array::from(vec![10, 11]));
        let note: ArrayRef = Arc::new(BinaryArray::from(vec![&b"a"[..], note]));
        with_a_damaged_column(text, vec![("won", won), ("note", note)], EnabledStatistics::Chunk, ALL).ok()
    };
    assert_eq!(run(b"b"), Some(2));
    assert_eq!(run(b"\xFF"), None, "bytes that are no text, in a field that no rule asks for");
}
