//! Deciding by columns is deciding row by row: the same bytes out, the same rejects, the same notices, for every policy and whatever
//! the leads look like, on any number of threads and wherever blocks are cut.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod ir_gen;
}

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array,
    RecordBatch, StringArray, TimestampMicrosecondArray, UInt8Array,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnPath;
use policyc::columnar::{self, Decided, Settings, Shown, Stopped};
use policyc::eval::Evaluator;
use policyc::ir::{Alias, Policy, TextTest, print};
use policyc::leads::{Format, OutCell, RawReader, Reader, Reject, Row, TableWriter};
use policyc::types::{Number, Type};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use support::ir_gen::{as_of, policies};

/// A random number generator whose numbers are the same in every run.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of some texts, mostly one of the first ones.
    fn mostly<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let usual = if self.one_in(15) { from.len() } else { from.len().div_ceil(2) };
        from[self.below(usual)]
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// What came out.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    table: String,
    rejects: Vec<Reject>,
    notices: Vec<String>,
    fault: Vec<String>,
}

/// A table as a text with a line for each row.
fn readable(table: Vec<u8>, format: Format) -> String {
    if format != Format::Parquet {
        return String::from_utf8(table).unwrap();
    }
    let mut reader = RawReader::open(Box::new(table.as_slice()), format).unwrap();
    let columns = reader.columns().to_vec();
    let mut text = format!("{columns:?}\n");
    for row in reader.by_ref() {
        let row = row.unwrap();
        let cells: Vec<_> = (0..columns.len()).map(|column| row.cell(column)).collect();
        text += &format!("{cells:?}\n");
    }
    text
}

/// Row by row.
fn by_rows(evaluator: &Evaluator<'_>, data: &[u8], format: Format, output: Format, shown: Shown) -> Outcome {
    let policy = evaluator.policy();
    let mut rejects = Vec::new();
    let mut table = TableWriter::new(Vec::new(), output, &shown.columns(policy)).unwrap();
    let mut fault = Vec::new();
    let mut reader = match Reader::open(evaluator, Box::new(data), format, false) {
        Ok(reader) => reader,
        Err(faults) => {
            let fault = faults.iter().map(|fault| format!("{fault:?}")).collect();
            return Outcome { table: String::new(), rejects, notices: Vec::new(), fault };
        }
    };
    for row in reader.by_ref() {
        match row {
            Err(diagnostic) => fault.push(format!("{diagnostic:?}")),
            Ok(Row::Rejected(reject)) => rejects.push(reject),
            Ok(Row::Lead { name, lead, .. }) => {
                let session = evaluator.on(&lead);
                let outcome = session.outcome();
                let rule = &policy.rules[outcome.rule];
                let scores: Vec<Number> = policy.scores.iter().map(|(id, _)| session.score(id).points).collect();
                let grades = policy.grades.iter().map(|(id, grade)| grade.scale.values[session.grade(id)].clone());
                let mut labels: Vec<String> = grades.collect();
                if !policy.stages.is_empty() {
                    labels.push(policy.stage_scale().values[session.stage()].clone());
                }
                let mut cells = vec![
                    OutCell::Text(&name),
                    OutCell::Text(&policy.decisions[outcome.decision].phrase),
                    OutCell::Text(&rule.name),
                    rule.because.as_deref().map_or(OutCell::Missing, OutCell::Text),
                ];
                if shown.scores {
                    cells.extend(scores.iter().map(OutCell::Number));
                    cells.extend(labels.iter().map(|label| OutCell::Text(label)));
                }
                table.row(&cells).unwrap();
            }
        }
    }
    let table = if fault.is_empty() { readable(table.finish().unwrap(), output) } else { String::new() };
    let notices = if fault.is_empty() { reader.notices() } else { Vec::new() };
    let rejects = if fault.is_empty() { rejects } else { Vec::new() };
    Outcome { table, rejects, notices, fault }
}

/// By columns.
fn by_columns(evaluator: &Evaluator<'_>, data: &[u8], format: Format, settings: Settings) -> Outcome {
    let mut rejects = Vec::new();
    let names = settings.shown.columns(evaluator.policy());
    let mut table = TableWriter::new(Vec::new(), settings.output, &names).unwrap();
    let mut take = |decided: &Decided| {
        rejects.extend(decided.rejects.iter().cloned());
        table.rows(&decided.text, decided.decisions.iter().sum()).and_then(|()| table.groups(&decided.groups))
    };
    match columnar::decide(evaluator, Box::new(data), format, settings, &mut take) {
        Ok(notices) => {
            let table = readable(table.finish().unwrap(), settings.output);
            Outcome { table, rejects, notices, fault: Vec::new() }
        }
        Err(Stopped::Leads(faults)) => {
            let fault = faults.iter().map(|fault| format!("{fault:?}")).collect();
            Outcome { table: String::new(), rejects: Vec::new(), notices: Vec::new(), fault }
        }
        Err(Stopped::Sink(error)) => panic!("{error}"),
    }
}

/// Makes fields stricter, or more lenient, in how their cells are read.
fn vary(policy: &mut Policy, rng: &mut Rng) {
    let ids: Vec<_> = policy.fields.iter().map(|(id, _)| id).collect();
    for id in ids {
        let field = policy.fields.get_mut(id).unwrap();
        let number = |text: &str| text.parse::<Number>().unwrap();
        field.required = rng.one_in(40);
        field.else_missing = rng.one_in(5);
        field.personal = rng.one_in(9);
        if rng.one_in(3) {
            field.cell.blanks = vec!["n/a".to_owned(), " - ".to_owned()];
        }
        field.cell.ignoring_case = rng.one_in(4);
        match &field.ty {
            Type::Number | Type::WholeNumber | Type::Percent | Type::Money(_) => {
                field.min = rng.one_in(4).then(|| number("0"));
                field.max = rng.one_in(4).then(|| number(if field.ty == Type::Percent { "1" } else { "9000" }));
                if rng.one_in(4) {
                    field.cell.blank_numbers = vec![number("0"), number("-1")];
                }
            }
            Type::Choice(choices) if rng.one_in(3) => {
                let test = [TextTest::Whole, TextTest::Contains, TextTest::StartsWith][rng.below(3)];
                let value = rng.below(choices.values.len());
                field.cell.aliases = vec![Alias { value, test, text: "Vice".to_owned() }];
            }
            Type::Set(_) if rng.one_in(3) => field.cell.blank_is_empty_set = true,
            _ => {}
        }
    }
}

/// A cell, mostly a good one.
fn cell(ty: &Type, rng: &mut Rng) -> String {
    let text = match ty {
        _ if rng.one_in(7) => "",
        _ if rng.one_in(150) => {
            rng.pick(&["n/a", "-", " - ", "N/A", "garbage", "\u{a0}", "ü", "1e3", "0x1", "\u{1F642}"])
        }
        Type::Text => rng.mostly(&[
            "a",
            "ann@Gmail.com",
            "bob@shop.de",
            "two@at@signs",
            "A b-c",
            "x@GMAIL.COM ",
            " a ",
            "=1+1",
            "ann@gmail.com",
            "a@",
            "ärger@bücher.de",
            "a text that is longer than sixteen bytes@and.its.domain.is.longer.too",
        ]),
        Type::Number | Type::Money(_) => rng.mostly(&[
            "0",
            "1",
            "-2.5",
            "3",
            "100",
            "99.99",
            "5000",
            "10000",
            "9999.999",
            "10000.0001",
            "5000.00",
            "4999.99",
            ".5",
            "5.",
            "+3",
            "007",
            "123456789012345678",
            "-0",
            "0.333333333333333333",
            "1.5.2",
            " 3 ",
            "12,5",
        ]),
        Type::WholeNumber => {
            rng.mostly(&["0", "1", "-2", "3", "100", "2", "4", "99", "101", "3.0", "3.5", "9001", "00000000000000001"])
        }
        Type::Percent => rng.mostly(&["0", "20", "20%", "100%", "20 %", "19.99%", "101", "%", "-1%"]),
        Type::YesNo => rng.mostly(&["yes", "no", "TRUE", "false", "Y", "0", "1", "tRuE", "perhaps"]),
        Type::Date => rng.mostly(&[
            "2026-10-15",
            "2026-10-14",
            "2026-09-15",
            "2026-09-14",
            "2026-10-22",
            "2026-02-30",
            "2026-10-15T00:00:00",
            "2024-02-29",
            "15.10.2026",
            "0000-01-01",
        ]),
        Type::DateTime => rng.mostly(&[
            "2026-10-15T10:00:00Z",
            "2026-10-14T10:00",
            "2026-10-14 11:00:00+02:00",
            "2026-09-15T10:00:00Z",
            "2026-10-15",
            "2026-10-25T02:30:00",
            "soon",
        ]),
        Type::Choice(choices) => {
            let value = &choices.values[rng.below(choices.values.len())];
            return match rng.below(12) {
                0 if rng.one_in(10) => value.to_lowercase(),
                1 => format!(" {value} "),
                2 if rng.one_in(10) => "Vice President".to_owned(),
                3 if rng.one_in(10) => "Intern".to_owned(),
                _ => value.clone(),
            };
        }
        Type::Set(_) => rng.mostly(&["pricing", "security,api", "api, pricing", "pricing,,", ",", "api;x", "nothing"]),
    };
    text.to_owned()
}

/// Leads as delimited text, with everything that goes wrong in such files.
fn delimited(policy: &Policy, rng: &mut Rng, rows: usize) -> Vec<u8> {
    let delimiter = *rng.pick(&[&b',', &b';', &b'\t']);
    let line_end = rng.pick(&["\n", "\n", "\n", "\r\n", "\r"]);
    let quoting = rng.below(4);
    let strange = rng.one_in(4);
    let mut out = Vec::new();
    if rng.one_in(8) {
        out.extend_from_slice("\u{feff}".as_bytes());
    }
    let put = |out: &mut Vec<u8>, text: &str, quote: bool| {
        let must = text.as_bytes().iter().any(|byte| *byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r'));
        if quote || must {
            out.extend_from_slice(format!("\"{}\"", text.replace('"', "\"\"")).as_bytes());
        } else {
            out.extend_from_slice(text.as_bytes());
        }
    };
    for (id, field) in policy.fields.iter() {
        if id.0 > 0 {
            out.push(delimiter);
        }
        put(&mut out, &field.column, quoting == 1);
    }
    out.extend_from_slice(line_end.as_bytes());
    for row in 0..rows {
        if strange && rng.one_in(40) {
            let odd: &[&[u8]] =
                &[b"", b"  ", b"just one cell", b"a,b;c\td", b"\"\"", b"\"a\"b,c", b"5\" pipe,x;y", b"\xE4\xF6"];
            out.extend_from_slice(rng.pick(odd));
            out.extend_from_slice(line_end.as_bytes());
            continue;
        }
        for (id, field) in policy.fields.iter() {
            if id.0 > 0 {
                out.push(delimiter);
            }
            let text = if field.is_id {
                format!("{}-{row}", rng.pick(&["L", "L", "=L", "l;,"]))
            } else {
                cell(&field.ty, rng)
            };
            let text = match rng.below(if strange { 60 } else { 100_000 }) {
                0 => format!("{text}\nsecond line"),
                1 => format!("say \"{text}\""),
                2 => format!("{text}\r"),
                _ => text,
            };
            put(&mut out, &text, quoting == 1 || (quoting == 2 && rng.one_in(3)));
            if strange && rng.one_in(300) {
                out.extend_from_slice(rng.pick::<[u8]>(&[b" ", b"\"", b"\xFF", b"\0"]));
            }
        }
        if row + 1 < rows || rng.one_in(2) {
            out.extend_from_slice(line_end.as_bytes());
        }
    }
    if strange && rng.one_in(3) {
        out.extend_from_slice(format!("{line_end}{line_end}Copyright{line_end}Confidential{line_end}").as_bytes());
    }
    if strange && rng.one_in(12) {
        out.extend_from_slice(b"\"never closed");
    }
    out
}

fn policy(runner: &mut TestRunner, rng: &mut Rng) -> Policy {
    let mut policy = policies().new_tree(runner).unwrap().current();
    vary(&mut policy, rng);
    policy
}

/// A JSON value, written in one of the ways in which programs write it.
fn json_value(ty: &Type, text: &str, strange: bool, rng: &mut Rng) -> String {
    let is_json =
        serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.is_number() || value.is_boolean());
    if strange && rng.one_in(60) {
        let odd = [
            "{}",
            "[]",
            "{\"a\": [1, {\"b\": \"}\"}]}",
            "[[1]]",
            "[\"x\", null, 3, true]",
            "1e2",
            "-0.5E-1",
            "2E+0",
            "1e400",
            "-0",
            "123456789012345678901234567890",
            "0.00000000000000000001",
            "01",
            "1.",
            "-",
            "+1",
            ".5",
            "1e",
            "tru",
            "nul",
            "TRUE",
            "\"\\ud83d\\ude42\"",
            "\"\\ud83d\"",
            "\"\\ude42\"",
            "\"\\ud83d\\u0041\"",
            "\"a\\nb\"",
            "\"\\u00e4\"",
            "\"\\u000\"",
            "\"\\x\"",
            "\"a\tb\"",
            "\"a",
            "'a'",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "[1}",
            "{1:2}",
            "\"\\\\\"",
            "\"\\\"\"",
            "\"\u{7f}\"",
            "\"ü\"",
            "{\"\\u0061\" : \"\\ud83d\"}",
            "[ 1 , \"x\\\"]\" ]",
            "true",
            "false",
            "null",
            "\"true\"",
            "\"null\"",
            "",
            " ",
            "NaN",
        ];
        return if rng.one_in(20) {
            "[".repeat(70) + &"]".repeat(70)
        } else {
            (*rng.pick(&odd.each_ref().map(|text| *text))).to_owned()
        };
    }
    if text.is_empty() {
        return rng.pick(&["null", "null", "\"\""]).to_owned();
    }
    if is_json && !rng.one_in(5) {
        return text.to_owned();
    }
    if matches!(ty, Type::Set(_)) && !rng.one_in(3) {
        let items: Vec<serde_json::Value> = text.split(',').map(|item| item.trim().into()).collect();
        return serde_json::Value::from(items).to_string();
    }
    let written = serde_json::Value::from(text).to_string();
    match rng.below(30) {
        // As some programs write what is not ASCII, and what is.
        0 => {
            text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).fold("\"".to_owned(), |all, unit| all + &unit)
                + "\""
        }
        1 => written.replace('a', "\\u0061").replace('/', "\\/"),
        _ => written,
    }
}

/// Leads as JSON objects, one a line, with everything that goes wrong in such files.
fn ndjson(policy: &Policy, rng: &mut Rng, rows: usize) -> Vec<u8> {
    let line_end = *rng.pick(&[&"\n", &"\n", &"\n", &"\r\n", &" \n"]);
    let (colon, comma) = *rng.pick(&[&(":", ","), &(":", ","), &(": ", ", "), &(" :\t", " ,")]);
    let strange = rng.one_in(2);
    let (shuffled, sparse, spelled) = (rng.one_in(4), rng.one_in(3), rng.one_in(8));
    let never = rng.below(30);
    let mut out = Vec::new();
    if rng.one_in(8) {
        out.extend_from_slice("\u{feff}".as_bytes());
    }
    for row in 0..rows {
        if strange && rng.one_in(40) {
            let odd: &[&[u8]] = &[
                b"",
                b"  ",
                b"\t\x0C",
                b"{}",
                b"{ }",
                b"[]",
                b"5",
                b"null",
                b"\"text\"",
                b"{",
                b"}",
                b"{\"a\":1}}",
                b"{\"a\":1} {}",
                b"{\"a\":1,}",
                b"{,}",
                b"{\"a\"}",
                b"{\"a\":}",
                b"\xE4\xF6",
                b"{\"\xE4\":\"\xF6\"}",
                b"\0",
                b"{\"a\":1}\x0C",
                b"id,title",
                b"{\"a\":1,\"a\":2}",
                b"{\"\\u0061\":1}",
                b"{\"\\ud83d\":1}",
                b"  {\"a\": \"b\"}  ",
                b"{\"a\":1}//",
                b"{\"a\":\"\xFF\"}",
            ];
            out.extend_from_slice(rng.pick(odd));
            out.extend_from_slice(line_end.as_bytes());
            continue;
        }
        let mut members: Vec<String> = Vec::new();
        for (at, (_, field)) in policy.fields.iter().enumerate() {
            let text =
                if field.is_id { format!("{}{row}", rng.pick(&["", "L-", "=L", "l;,"])) } else { cell(&field.ty, rng) };
            if at == never || text.is_empty() && (sparse || rng.one_in(20)) {
                continue;
            }
            let name = match rng.below(if strange { 150 } else { 100_000 }) {
                0 => format!(" {}  ", field.column),
                1 => field.column.to_uppercase(),
                _ => field.column.clone(),
            };
            let key = serde_json::Value::from(name).to_string();
            let key = if spelled && rng.one_in(20) { key.replace('e', "\\u0065") } else { key };
            let member = format!("{key}{colon}{}", json_value(&field.ty, &text, strange, rng));
            if strange && rng.one_in(300) {
                members.push(member.clone());
            }
            members.push(member);
        }
        if rng.one_in(6) {
            let extra = [
                "\"extra\":1",
                "\"x\":{\"y\":[1,{}],\"z\":\"}\"}",
                "\"Größe\":\"ü\"",
                "\"n\":null",
                "\"a very long key, longer than two words\":[]",
            ];
            members.push((*rng.pick(&extra.each_ref().map(|text| *text))).to_owned());
        }
        if strange && rng.one_in(50) {
            members.push(format!("\"key {}\":{}", rng.below(1000), rng.below(3)));
        }
        if shuffled && rng.one_in(2) {
            for at in (1..members.len()).rev() {
                members.swap(at, rng.below(at + 1));
            }
        }
        let mut line = format!("{{{}}}", members.join(comma)).into_bytes();
        if strange && rng.one_in(100) {
            let at = rng.below(line.len());
            line.insert(at, *rng.pick(&[&b' ', &b'"', &b'\\', &b',', &b'}', &0xFF, &0, &b'0', &b'\t', &0x0C]));
        }
        if strange && rng.one_in(100) {
            line.truncate(rng.below(line.len()));
        }
        out.extend_from_slice(&line);
        if row + 1 < rows || rng.one_in(2) {
            out.extend_from_slice(line_end.as_bytes());
        }
    }
    out
}

/// A column of a Parquet file, in one of the types that programs give it.
fn array(field: &policyc::ir::Field, texts: &[String], rng: &mut Rng) -> ArrayRef {
    let nulls = rng.pick(&[&0, &5, &20]);
    let texts: Vec<Option<&str>> =
        texts.iter().map(|text| Some(text.as_str()).filter(|_| *nulls == 0 || rng.below(20) >= *nulls)).collect();
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
fn parquet(policy: &Policy, rng: &mut Rng, rows: usize) -> Vec<u8> {
    let columns = policy.fields.iter().map(|(_, field)| {
        let text = |row: usize, rng: &mut Rng| match field.is_id {
            true => format!("{}{row}", rng.pick(&["", "", "=L", "l;,", " L"])),
            false => cell(&field.ty, rng),
        };
        let texts: Vec<String> = (0..rows).map(|row| text(row, rng)).collect();
        (field.column.clone(), array(field, &texts, rng), true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some([40, 300, 5000][rng.below(3)]))
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

/// Holds columns against rows on random policies and leads; how many rows were decided and rejected, and how many inputs were refused.
fn compare(format: Format, cases: usize, leads: fn(&Policy, &mut Rng, usize) -> Vec<u8>) -> (usize, usize, usize) {
    let mut runner = TestRunner::deterministic();
    let mut rng = Rng(1);
    let (mut decided, mut rejected, mut faults) = (0, 0, 0);
    for case in 0..cases {
        let policy = policy(&mut runner, &mut rng);
        let evaluator = Evaluator::new(&policy, as_of());
        let rows = [1, 7, 60, 200, 1100][rng.below(5)];
        let data = leads(&policy, &mut rng, rows);
        let outputs = [Format::Csv, Format::Csv, Format::Tsv, Format::Ndjson, Format::Json, Format::Parquet];
        let output = outputs[rng.below(outputs.len())];
        let shown = Shown { scores: rng.one_in(4), unknown: false };
        let expected = by_rows(&evaluator, &data, format, output, shown);
        decided += expected.table.lines().count();
        rejected += expected.rejects.len();
        faults += expected.fault.len();
        for (threads, block) in [(1, Settings::BLOCK), (2, 700), (7, 64)] {
            let settings = Settings { threads, block, shown, show_personal: false, output, unique: false };
            let found = by_columns(&evaluator, &data, format, settings);
            if found != expected {
                let at = found.table.lines().zip(expected.table.lines()).find(|(a, b)| a != b);
                std::fs::write("/tmp/laws_columnar.leads", &data).unwrap();
                panic!(
                    "case {case}, {threads} threads, blocks of {block}: {at:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{}",
                    found.rejects.iter().zip(&expected.rejects).find(|(a, b)| a != b),
                    (found.rejects.len(), expected.rejects.len()),
                    (found.notices, expected.notices),
                    (found.fault, expected.fault),
                    print::policy(&policy),
                );
            }
        }
    }
    (decided, rejected, faults)
}

#[test]
fn columns_and_rows_say_the_same_of_delimited_leads() {
    let (decided, rejected, faults) = compare(Format::Csv, 400, delimited);
    assert!(decided > 30_000 && rejected > 10_000 && faults > 5, "{decided} {rejected} {faults}");
}

#[test]
fn columns_and_rows_say_the_same_of_json_objects() {
    let (decided, rejected, _) = compare(Format::Ndjson, 400, ndjson);
    assert!(decided > 30_000 && rejected > 10_000, "{decided} {rejected}");
}

#[test]
fn columns_and_rows_say_the_same_of_parquet() {
    let (decided, rejected, faults) = compare(Format::Parquet, 400, parquet);
    assert!(decided > 30_000 && rejected > 10_000 && faults == 0, "{decided} {rejected} {faults}");
}

#[test]
fn row_groups_are_the_same_on_any_number_of_threads() {
    let mut runner = TestRunner::deterministic();
    let mut rng = Rng(3);
    let mut policy = policy(&mut runner, &mut rng);
    while policy.id_field().is_none() || policy.rules.len() < 3 {
        policy = self::policy(&mut runner, &mut rng);
    }
    let evaluator = Evaluator::new(&policy, as_of());
    let leads = parquet(&policy, &mut rng, 2_000);
    // One row group is not enough.
    let data = repeated(&leads, 100);
    let shown = Shown::default();
    let of = |threads, output| {
        let settings = Settings { threads, block: 5000, shown, show_personal: false, output, unique: false };
        let mut table = TableWriter::new(Vec::new(), output, &shown.columns(&policy)).unwrap();
        let mut take = |decided: &Decided| {
            table.rows(&decided.text, decided.decisions.iter().sum()).and_then(|()| table.groups(&decided.groups))
        };
        columnar::decide(&evaluator, Box::new(data.as_slice()), Format::Parquet, settings, &mut take).unwrap();
        table.finish().unwrap()
    };
    let one = of(1, Format::Parquet);
    assert!(one == of(2, Format::Parquet) && one == of(7, Format::Parquet));
    let groups = SerializedFileReader::new(bytes::Bytes::from(one.clone())).unwrap();
    assert!(groups.metadata().num_row_groups() > 1);
    let rows = readable(of(2, Format::Ndjson), Format::Ndjson);
    let texts = readable(one, Format::Parquet);
    assert_eq!(rows.lines().count() + 1, texts.lines().count());
    for (object, row) in rows.lines().zip(texts.lines().skip(1)) {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(object).unwrap();
        let cell = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => format!("Text({text:?})"),
            _ => "Missing".to_owned(),
        };
        let names = ["lead", "decision", "rule", "reason"];
        assert_eq!(format!("[{}]", names.map(|name| cell(&object[name])).join(", ")), row);
    }
}

/// The rows of a Parquet file, so many times.
fn repeated(file: &[u8], times: usize) -> Vec<u8> {
    let file = bytes::Bytes::copy_from_slice(file);
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let batches: Vec<RecordBatch> = reader.map(Result::unwrap).collect();
    let mut writer = ArrowWriter::try_new(Vec::new(), batches[0].schema(), None).unwrap();
    (0..times).flat_map(|_| &batches).for_each(|batch| writer.write(batch).unwrap());
    writer.into_inner().unwrap()
}

#[test]
fn too_many_keys_are_refused_wherever_blocks_are_cut() {
    let mut runner = TestRunner::deterministic();
    let mut rng = Rng(1);
    let policy = policy(&mut runner, &mut rng);
    let evaluator = Evaluator::new(&policy, as_of());
    for keys in [9_999, 10_000, 10_001] {
        // Two of them a row, and every third row the same again in a way that only the scalar reader reads.
        let keys: Vec<String> = (0..keys).map(|at| format!("key {at}")).collect();
        let mut data = String::new();
        for (row, two) in keys.chunks(2).enumerate() {
            let members: Vec<String> = two.iter().map(|key| format!("\"{key}\": [{row}]")).collect();
            let line = format!("{{{}}}\n", members.join(", "));
            data += &if row % 3 == 0 { line.replace('k', "\\u006b") } else { line };
        }
        let expected = by_rows(&evaluator, data.as_bytes(), Format::Ndjson, Format::Csv, Shown::default());
        assert_eq!(expected.fault.len(), usize::from(keys.len() > 10_000));
        for (threads, block) in [(1, Settings::BLOCK), (2, 700), (7, 64)] {
            let shown = Shown::default();
            let settings = Settings { threads, block, shown, show_personal: false, output: Format::Csv, unique: false };
            assert_eq!(by_columns(&evaluator, data.as_bytes(), Format::Ndjson, settings), expected);
        }
    }
}

#[test]
fn rows_of_any_length_are_read_or_refused() {
    let mut runner = TestRunner::deterministic();
    let mut rng = Rng(1);
    let policy = policy(&mut runner, &mut rng);
    let evaluator = Evaluator::new(&policy, as_of());
    const MIB: usize = 1 << 20;
    // The last one makes a block that is full to its last byte when it ends with a row.
    for (length, before) in [(16 * MIB, 0), (16 * MIB + 1, 0), (16 * MIB + 1, 3), (17 * MIB, 70), (10 * MIB, 6 * MIB)] {
        let row = |length: usize| format!("{{\"x\":\"{}\"}}\n", "y".repeat(length.saturating_sub(9)));
        let mut data = if before == 0 { String::new() } else { row(before) };
        data += &row(length);
        data += &row(length.min(10 * MIB));
        data += &row(50).repeat(30);
        let expected = by_rows(&evaluator, data.as_bytes(), Format::Ndjson, Format::Csv, Shown::default());
        assert_eq!(expected.fault.len(), usize::from(length > 16 * MIB));
        for (threads, block) in [(2, Settings::BLOCK), (1, 3 * MIB)] {
            let shown = Shown::default();
            let settings = Settings { threads, block, shown, show_personal: false, output: Format::Csv, unique: false };
            let found = by_columns(&evaluator, data.as_bytes(), Format::Ndjson, settings);
            assert_eq!(found.fault, expected.fault);
            assert_eq!((&found.rejects, &found.notices), (&expected.rejects, &expected.notices));
            assert!(found.table == expected.table, "{length} {before}");
        }
    }
}
