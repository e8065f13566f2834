//! Leads as Parquet files, in the types and encodings in which programs write them.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, reason = "shared by several tests")]

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array,
    RecordBatch, StringArray, TimestampMicrosecondArray, UInt8Array,
};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;
use policyc::ir::Policy;
use policyc::types::Type;

use super::messy_leads::{Rng, cell};

/// A column of a Parquet file, in one of the types that programs give it.
fn array(field: &policyc::ir::Field, texts: &[Option<String>], rng: &mut Rng) -> ArrayRef {
    let nulls = rng.pick(&[&0, &5, &20]);
    let texts: Vec<Option<&str>> =
        texts.iter().map(|text| text.as_deref().filter(|_| *nulls == 0 || rng.below(20) >= *nulls)).collect();
    let as_number = |text: &&str| text.trim_end_matches('%').trim().parse::<f64>().ok();
    let scaled = |scale: i32| {
        texts.iter().map(move |text| {
            let value = text.as_ref().and_then(as_number)? * 10f64.powi(scale);
            (value.abs() < 1e18).then_some(value as i128)
        })
    };
    let numbers = |rng: &mut Rng| -> ArrayRef {
        let scale = [0, 2, 5, 12][rng.below(4)];
        let decimals = |precision: u8| {
            let values: Decimal128Array = scaled(scale).collect();
            Arc::new(values.with_precision_and_scale(precision, scale as i8).unwrap()) as ArrayRef
        };
        match rng.below(6) {
            0 => Arc::new(scaled(0).map(|value| i32::try_from(value?).ok()).collect::<Int32Array>()),
            1 => Arc::new(scaled(0).map(|value| i64::try_from(value?).ok()).collect::<Int64Array>()),
            2 => Arc::new(texts.iter().map(|text| as_number(text.as_ref()?)).collect::<Float64Array>()),
            3 => Arc::new(scaled(0).map(|value| u8::try_from(value?).ok()).collect::<UInt8Array>()),
            _ => decimals(if scale == 2 { 18 } else { 38 }),
        }
    };
    let day = |text: &&str| text.get(..10)?.parse::<jiff::civil::Date>().ok();
    let since = |day: jiff::civil::Date| day.since(jiff::civil::date(1970, 1, 1)).unwrap().get_days();
    match (&field.ty, rng.below(4)) {
        (Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_), 0..=2) => numbers(rng),
        (Type::Date, 0..=1) => {
            let strange = [-719_163, -719_162, 2_932_889, 2_932_890, 2_932_896, i32::MAX, i32::MIN];
            let days = texts.iter().map(|text| match rng.below(60) {
                0 => Some(*rng.pick(&strange.each_ref())),
                _ => text.as_ref().and_then(day).map(since),
            });
            Arc::new(days.collect::<Date32Array>())
        }
        (Type::Date | Type::DateTime, 2) => {
            let at = |text: &Option<&str>| Some(i64::from(since(text.as_ref().and_then(day)?)) * 86_400_000_000);
            let odd = i64::from(rng.one_in(2)) * 3_600_000_000;
            let times: TimestampMicrosecondArray = texts.iter().map(|text| at(text).map(|time| time + odd)).collect();
            Arc::new(if rng.one_in(2) { times.with_timezone("UTC") } else { times })
        }
        (Type::YesNo, 0..=2) => {
            let truth = |text: &str| matches!(text, "yes" | "1" | "Y" | "TRUE");
            Arc::new(texts.iter().map(|text| text.map(truth)).collect::<BooleanArray>())
        }
        (Type::Set(_), 0..=1) => {
            let mut list = ListBuilder::new(StringBuilder::new());
            for text in &texts {
                match text {
                    Some(text) => list.append_value(text.split(',').map(|item| (!item.is_empty()).then_some(item))),
                    None => list.append_null(),
                }
            }
            Arc::new(list.finish())
        }
        (Type::Text, 0) if rng.one_in(2) => numbers(rng),
        (_, 3) if rng.one_in(4) => {
            let bytes =
                texts.iter().map(|text| if rng.one_in(50) { Some(&b"\xFF"[..]) } else { text.map(str::as_bytes) });
            Arc::new(bytes.collect::<BinaryArray>())
        }
        (_, 3) if rng.one_in(8) => numbers(rng),
        _ => Arc::new(StringArray::from(texts)),
    }
}

/// Leads as a Parquet file of several row groups.
pub(crate) fn parquet(policy: &Policy, rng: &mut Rng, rows: usize) -> Vec<u8> {
    let group = [40, 300, 5000][rng.below(3)];
    file(policy, rng, rows, group, |texts, _| texts.into_iter().map(Some).collect())
}

/// The same, with columns that in some row groups have few values, or none: what is sorted by them looks like that.
pub(crate) fn sorted_parquet(policy: &Policy, rng: &mut Rng, rows: usize) -> Vec<u8> {
    let group = [9, 40, 300][rng.below(3)];
    file(policy, rng, rows, group, |texts, rng| {
        let sorted = rng.below(3);
        let mut narrow = |texts: &[String]| -> Vec<Option<String>> {
            let kinds = if rng.below(3) < sorted { rng.below(4) } else { 4 };
            let two = [rng.below(texts.len()), rng.below(texts.len())].map(|at| Some(texts[at].clone()));
            let value = |text: &String, rng: &mut Rng| match kinds {
                0 => None,
                1 => two[0].clone(),
                2 => two[rng.below(2)].clone(),
                3 => two[0].clone().filter(|_| rng.one_in(2)),
                _ => Some(text.clone()),
            };
            texts.iter().map(|text| value(text, rng)).collect()
        };
        texts.chunks(group).flat_map(&mut narrow).collect()
    })
}

/// Leads as a Parquet file of row groups with so many rows, once `change` has changed the texts of each column but the id.
fn file(
    policy: &Policy,
    rng: &mut Rng,
    rows: usize,
    group: usize,
    change: impl Fn(Vec<String>, &mut Rng) -> Vec<Option<String>>,
) -> Vec<u8> {
    let columns = policy.fields.iter().map(|(_, field)| {
        let texts = if field.is_id {
            (0..rows).map(|row| Some(format!("{}{row}", rng.pick(&["", "", "=L", "l;,", " L"])))).collect()
        } else {
            let texts = (0..rows).map(|_| cell(&field.ty, rng)).collect();
            change(texts, rng)
        };
        (field.column.clone(), array(field, &texts, rng), true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(group))
        .set_dictionary_page_size_limit([100, 100_000][rng.below(2)])
        .set_data_page_row_count_limit([20, 20_000][rng.below(2)])
        .set_write_batch_size(16)
        .set_writer_version([WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0][rng.below(2)]);
    for (_, field) in policy.fields.iter() {
        let path = ColumnPath::new(vec![field.column.clone()]);
        properties = properties.set_column_dictionary_enabled(path, !rng.one_in(3));
    }
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties.build())).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}
