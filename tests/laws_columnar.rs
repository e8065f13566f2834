//! Deciding by columns is deciding row by row: the same bytes out, the same rejects, the same notices, for every policy and whatever
//! the leads look like, on any number of threads and wherever blocks are cut.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support {
    pub(crate) mod ir_gen;
    pub(crate) mod messy_leads;
    pub(crate) mod parquet_leads;
}

use std::collections::HashMap;

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};
use policyc::columnar::{self, CompiledPolicy, Decided, Settings, Shown, Stopped};
use policyc::eval::Evaluator;
use policyc::explain::Compact;
use policyc::ir::{Alias, CompareOp, Cond, CondKind, DecisionId, Expr, FieldId, Id, Policy, Rule, TextTest, print};
use policyc::leads::{Format, OutCell, RawReader, Reader, Reject, Row, TableWriter};
use policyc::source::Span;
use policyc::types::{Number, Type};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use support::ir_gen::{Dice, as_of, cases, policies, value};
use support::messy_leads::{Rng, delimited, ndjson};
use support::parquet_leads::{parquet, sorted_parquet};

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
    let compact = Compact::new(policy, false);
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
                let why = compact.of(&session);
                cells.extend(shown.explain.then_some(OutCell::Text(&why)));
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
fn by_columns(evaluator: &Evaluator<'_>, data: &[u8], format: Format, settings: Settings<'_>) -> Outcome {
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
    let long = rng.one_in(6);
    for id in ids {
        let field = policy.fields.get_mut(id).unwrap();
        if long {
            field.column = format!("a column whose name has more than thirty bytes, number {:02}", id.0);
        }
        let number = |text: &str| text.parse::<Number>().unwrap();
        field.required = rng.one_in(40);
        field.else_missing = rng.one_in(5);
        field.personal = rng.one_in(9);
        if rng.one_in(3) {
            // The second kind could be values, too.
            let blanks = rng.pick::<[&str]>(&[&["n/a", " - "], &["0", "100", "20%", "2026-10-15"]]);
            field.cell.blanks = blanks.iter().map(|blank| (*blank).to_owned()).collect();
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

fn policy(runner: &mut TestRunner, rng: &mut Rng) -> Policy {
    let mut policy = policies().new_tree(runner).unwrap().current();
    vary(&mut policy, rng);
    if rng.one_in(2) {
        sharpen(&mut policy, rng);
    }
    policy
}

/// Puts rules before all others that hang on one value of one field: a value that is taken for its neighbour is noticed.
fn sharpen(policy: &mut Policy, rng: &mut Rng) {
    let mut rules: Vec<Rule> = policy.rules.iter().map(|(_, rule)| rule.clone()).collect();
    for at in 0..2 {
        let field = FieldId::from_position(rng.below(policy.fields.len()));
        let constant =
            value(&mut Dice::new((0..8).map(|_| rng.below(1000) as u16).collect()), &policy.fields[field].ty);
        let op = [CompareOp::Eq, CompareOp::Ge, CompareOp::Lt][rng.below(3)];
        let kind = CondKind::Compare { op, left: Expr::Field(field), right: Expr::Const(constant) };
        let decision = DecisionId::from_position(rng.below(policy.decisions.len()));
        let when = Some(Cond { kind, span: Span::default() });
        let last = rules.last().unwrap().clone();
        rules.insert(0, Rule { name: format!("sharp_{at}"), decision, section: None, when, ..last });
    }
    policy.rules = rules.into_iter().collect();
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
        let shown = Shown { scores: rng.one_in(4), unknown: false, explain: rng.one_in(3) };
        let expected = by_rows(&evaluator, &data, format, output, shown);
        decided += expected.table.lines().count();
        rejected += expected.rejects.len();
        faults += expected.fault.len();
        for (threads, block) in [(1, Settings::BLOCK), (2, 700), (7, 64)] {
            let settings = Settings { threads, block, shown, show_personal: false, output, unique: false, log: None };
            let found = by_columns(&evaluator, &data, format, settings);
            if found != expected {
                let at = found.table.lines().zip(expected.table.lines()).find(|(a, b)| a != b);
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
fn a_list_of_json_objects_is_decided_as_row_by_row() {
    let list = |policy: &Policy, rng: &mut Rng, rows: usize| {
        let lines = ndjson(policy, rng, rows);
        let lines: Vec<&[u8]> = lines.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"{")).collect();
        [b"[", lines.join(&b",\n"[..]).as_slice(), b"]"].concat()
    };
    let (decided, rejected, faults) = compare(Format::Json, 60, list);
    assert!(decided > 3_000 && rejected > 1_000 && faults > 5, "{decided} {rejected} {faults}");
}

#[test]
fn rows_without_cells_are_decided_however_many_there_are() {
    let mut runner = TestRunner::deterministic();
    let mut rng = Rng(1);
    let policy = policy(&mut runner, &mut rng);
    let evaluator = Evaluator::new(&policy, as_of());
    let data = [&b"{}\n".repeat(27_000), &b"\n".repeat(100_000)[..], b"{}"].concat();
    let shown = Shown::default();
    let expected = by_rows(&evaluator, &data, Format::Ndjson, Format::Csv, shown);
    // A block with so many cells that not all of them are kept, and blocks of blank lines.
    let settings = Settings {
        threads: 2,
        block: 80_000,
        shown,
        show_personal: false,
        output: Format::Csv,
        unique: false,
        log: None,
    };
    assert!(by_columns(&evaluator, &data, Format::Ndjson, settings) == expected);
}

#[test]
fn columns_and_rows_say_the_same_of_parquet() {
    let (decided, rejected, faults) = compare(Format::Parquet, 400, parquet);
    assert!(decided > 30_000 && rejected > 10_000 && faults == 0, "{decided} {rejected} {faults}");
}

#[test]
fn what_statistics_make_needless_to_read_changes_nothing() {
    let (decided, rejected, faults) = compare(Format::Parquet, 400, sorted_parquet);
    assert!(decided > 30_000 && rejected > 10_000 && faults == 0, "{decided} {rejected} {faults}");
}

#[test]
fn row_groups_are_the_same_on_any_number_of_threads() {
    let mut runner = TestRunner::deterministic();
    let mut rng = Rng(4);
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
        let settings = Settings { threads, block: 5000, shown, show_personal: false, output, unique: false, log: None };
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
        // Twenty of them a row, and every third row written in a way that only the scalar reader reads.
        let keys: Vec<String> = (0..keys).map(|at| format!("key {at}")).collect();
        let mut data = String::new();
        for (row, some) in keys.chunks(20).enumerate() {
            let members: Vec<String> = some.iter().map(|key| format!("\"{key}\": [{row}]")).collect();
            let line = format!("{{{}}}\n", members.join(", "));
            data += &if row % 3 == 0 { line.replace('k', "\\u006b") } else { line };
        }
        let expected = by_rows(&evaluator, data.as_bytes(), Format::Ndjson, Format::Csv, Shown::default());
        assert_eq!(expected.fault.len(), usize::from(keys.len() > 10_000));
        for (threads, block) in [(1, Settings::BLOCK), (2, 700), (7, 64)] {
            let shown = Shown::default();
            let settings =
                Settings { threads, block, shown, show_personal: false, output: Format::Csv, unique: false, log: None };
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
    // The last one makes a block of 24 MiB that is full to its last byte when a row ends there.
    for (length, before) in [(16 * MIB, 0), (16 * MIB + 1, 11), (11 * MIB, 13 * MIB)] {
        let row = |length: usize| format!("{{\"x\":\"{}\"}}\n", "y".repeat(length.saturating_sub(9)));
        let mut data = if before == 0 { String::new() } else { row(before) };
        data += &row(length);
        data += &row(50).repeat(30);
        let expected = by_rows(&evaluator, data.as_bytes(), Format::Ndjson, Format::Csv, Shown::default());
        assert_eq!(expected.fault.len(), usize::from(length > 16 * MIB));
        for (threads, block) in [(2, Settings::BLOCK), (1, 3 * MIB)] {
            let shown = Shown::default();
            let settings =
                Settings { threads, block, shown, show_personal: false, output: Format::Csv, unique: false, log: None };
            let found = by_columns(&evaluator, data.as_bytes(), Format::Ndjson, settings);
            assert_eq!(found.fault, expected.fault);
            assert_eq!((&found.rejects, &found.notices), (&expected.rejects, &expected.notices));
            assert!(found.table == expected.table, "{length} {before}");
        }
    }
}

#[test]
fn files_out_of_the_ordinary_are_read_as_row_by_row() {
    const POLICY: &str = "policy \"Odd\"\n\nlead\n  name  id\n  need  whole number from 0 to 5\n  note  text\n\ndecisions\n  call\n  wait\n\n\
                          call when need >= 3 and not (note contains \"x\")\n\notherwise wait\n";
    let policy = policyc::lower::check("odd.policy", &HashMap::from([("odd.policy".to_owned(), POLICY.to_owned())]));
    let policy = policy.policy.unwrap();
    let evaluator = Evaluator::new(&policy, as_of());
    let head = "name,need,note\n";
    let many: Vec<String> = (0..9_997).map(|n| format!("c{n}")).collect();
    let wide = format!("{},name,need,note\n{}a,4,\n{}b,1,y", many.join(","), ",".repeat(9_997), ",".repeat(9_997));
    let long = "y".repeat(1 << 20);
    let rows = "a,4,\nb,1,y\n".repeat(100);
    let mut files: Vec<Vec<u8>> = [
        String::new(),
        head.to_owned(),
        "name,need,note".to_owned(),
        "name\na\nb".to_owned(),
        format!("{head}a,4,"),
        format!("\u{feff}{head}{rows}"),
        format!("{head}{rows}").replace('\n', "\r\n"),
        format!("{head}{rows}").replace('\n', "\r"),
        format!("{head}{rows}\0,4,\0\n{rows}a\0b,3,n\n"),
        format!("{head}a,5,{long}\nb,4,\"{long}\n{long}\"\n{long},4,x\n{rows}"),
        format!("{head}{rows}\n\n  \n{rows}a,4\nb,4,5,6\n{rows}\"a\"b,3,\n{rows}end of the list\n"),
        format!("{head}{rows}a,4,\"never closed\n{rows}"),
        wide.clone(),
        wide.replacen("c0", "d,c0", 1),
    ]
    .map(String::into_bytes)
    .to_vec();
    // Bytes that are no UTF-8 in the header, in the middle, and a character that is cut off at the end.
    files.push([b"name,need,note,f\xfcr\n", rows.replace('\n', ",\n").as_bytes()].concat());
    files.push([head.as_bytes(), rows.as_bytes(), b"M\xfcller,4,\xff\xfe\n", rows.as_bytes(), b"c,4,\xc3"].concat());
    let mut decided = 0;
    for (at, file) in files.iter().enumerate() {
        let expected = by_rows(&evaluator, file, Format::Csv, Format::Csv, Shown::default());
        decided += expected.table.len();
        for (threads, block) in [(1, Settings::BLOCK), (2, 700), (7, 64), (2, 1 << 20)] {
            let shown = Shown::default();
            let settings =
                Settings { threads, block, shown, show_personal: false, output: Format::Csv, unique: false, log: None };
            let found = by_columns(&evaluator, file, Format::Csv, settings);
            assert!(found == expected, "file {at}, {threads} threads, blocks of {block}");
        }
    }
    assert!(decided > 10_000, "{decided}");
}

#[test]
fn one_lead_is_decided_as_the_evaluator_does() {
    let mut runner = TestRunner::deterministic();
    let mut rng = Rng(5);
    let mut decided = [0; 3];
    for case in 0..1_500 {
        let (mut policy, leads) = cases().new_tree(&mut runner).unwrap().current();
        if rng.one_in(2) {
            vary(&mut policy, &mut rng);
        }
        let evaluator = Evaluator::new(&policy, as_of());
        let compiled = CompiledPolicy::new(&evaluator);
        for lead in &leads {
            let expected = evaluator.decide(lead);
            assert_eq!(compiled.decide(lead), expected, "case {case}: {lead:?}\n{}", print::policy(&policy));
            decided[expected.decision.0 as usize] += 1;
        }
    }
    assert!(decided.iter().all(|count| *count > 300), "{decided:?}");
}
