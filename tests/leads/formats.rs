//! The formats: delimiters, quotes, line ends, encodings, footers, JSON, and data that cannot be read.

use std::io::Write;

use policyc::leads::{Format, RawCell, RawReader, Stored};
use policyc::types::Type;

use crate::by_hand::{any_of, field, id, policy, read, try_read, value};

/// The columns, then the rows with their line numbers, then the notices, then why reading stopped.
fn raw(format: Format, data: &[u8]) -> String {
    let mut reader = match RawReader::open(Box::new(data), format) {
        Ok(reader) => reader,
        Err(fault) => return format!("{} {}", fault.code.name(), fault.message),
    };
    let mut lines = Vec::new();
    while let Some(row) = reader.next() {
        match row {
            Err(fault) => lines.push(format!("{} {}", fault.code.name(), fault.message)),
            Ok(row) => {
                let cells = (0..reader.columns().len()).map(|column| match row.cell(column) {
                    RawCell::Text(text) => text.into_owned(),
                    other => format!("{other:?}"),
                });
                let cells: Vec<String> = cells.collect();
                let fault = row.fault.as_ref().map_or(String::new(), |fault| format!(" {fault:?}"));
                lines.push(format!("{}@{} {}{fault}", row.row, row.line, cells.join("·")));
            }
        }
    }
    lines.insert(0, reader.columns().join("·"));
    lines.extend(reader.notices());
    lines.join("\n")
}

fn csv(data: &str) -> String {
    raw(Format::Csv, data.as_bytes())
}

#[test]
fn delimiters_are_found() {
    assert_eq!(csv("a,b\n1,2\n"), "a·b\n1@2 1·2");
    assert_eq!(csv("a;b\n1,5;2,5\n"), "a·b\n1@2 1,5·2,5");
    assert_eq!(csv("a\tb\n1\t2"), "a·b\n1@2 1·2");
    assert_eq!(csv("a|b\n1|2"), "a·b\n1@2 1·2");
    assert_eq!(csv("a\n1\n2"), "a\n1@2 1\n2@3 2");
    // More commas than semicolons in the header, but they do not divide the rows alike.
    assert_eq!(
        csv("Name;Revenue, net, in EUR, rounded\nAnn;5,5\nBob;7\n"),
        "Name·Revenue, net, in EUR, rounded\n1@2 Ann·5,5\n2@3 Bob·7"
    );
    assert_eq!(csv("\"a;x\",\"b;y\",\"c;z\"\n1,2,3\n"), "a;x·b;y·c;z\n1@2 1·2·3");
    assert_eq!(csv("sep=;\r\na,x;b\r\n1;2\r\n"), "a,x·b\n1@3 1·2");
    assert_eq!(raw(Format::Tsv, b"a,b\tc\n1\t2,3"), "a,b·c\n1@2 1·2,3");
}

#[test]
fn lines_end_in_three_ways() {
    assert_eq!(csv("a,b\r\n1,2\r\n3,4\r\n"), "a·b\n1@2 1·2\n2@3 3·4");
    assert_eq!(csv("a,b\r1,2\r3,4"), "a·b\n1@2 1·2\n2@3 3·4");
    assert_eq!(csv("a,b\n1,\n,4\n,"), "a·b\n1@2 1·\n2@3 ·4\n3@4 ·");
}

#[test]
fn quotes() {
    assert_eq!(csv("a,b\n\"x\r\ny\",2\n3,4\n"), "a·b\n1@2 x\r\ny·2\n2@4 3·4");
    assert_eq!(csv("a,b\n\"say \"\"hi\"\", Ann\",\"\"\n"), "a·b\n1@2 say \"hi\", Ann·");
    assert_eq!(csv("a,b\n5\" pipe,Jane \"JJ\" Doe\n"), "a·b\n1@2 5\" pipe·Jane \"JJ\" Doe");
    assert_eq!(csv("a,b\n\"x\" ,2\n"), "a·b\n1@2 x·2");
    assert_eq!(csv("a,b\n\"x\"y,2\n3,4\n"), "a·b\n1@2 x·2 Quote\n2@3 3·4");
    assert_eq!(csv("a,b\n1,2\n3,\"4\n5,6\n"), "a·b\n1@2 1·2\nP0605 the quote that opens on line 3 is never closed");
    assert_eq!(csv("a\n\"\"\n"), "a\n1@2 ");
}

#[test]
fn ragged_rows_are_kept_apart() {
    assert_eq!(
        csv("a,b\n1\n1,2,3\n4,5\n"),
        "a·b\n1@2 1·Missing Width { found: 1, expected: 2 }\n2@3 1·2 Width { found: 3, expected: 2 }\n3@4 4·5"
    );
    let leads =
        read(&policy(vec![field("a", Type::Text), field("b", Type::Text)]), Format::Csv, b"a,b\n1\n1,2,3\n4,5\n");
    assert_eq!(
        leads.problems(),
        [
            "1 2 P0604 - -: the row has too few cells: 1 cell, where the header has 2",
            "2 3 P0604 - -: the row has too many cells: 3 cells, where the header has 2",
        ]
    );
    assert_eq!(leads.rows.len(), 3);
}

#[test]
fn blank_lines_and_footers() {
    assert_eq!(csv("\na,b\n\n1,2\n  \n3,4\n\n\n"), "a·b\n1@4 1·2\n2@6 3·4\n3 blank lines were skipped");
    let footer = "\n\n\"Report Name\"\n\"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\"\n\n\"Confidential\"\n";
    assert_eq!(
        csv(&format!("a,b\n1,2\n{footer}")),
        "a·b\n1@2 1·2\n3 lines from line 5, behind a blank line at the end, were skipped as the footer of a report"
    );
    // Something follows, or no blank line comes before: not a footer.
    assert_eq!(
        csv("a,b\n1,2\n\nx\n3,4\n"),
        "a·b\n1@2 1·2\n2@4 x·Missing Width { found: 1, expected: 2 }\n3@5 3·4\n1 blank line was skipped"
    );
    assert_eq!(csv("a,b\n1,2\nx\n"), "a·b\n1@2 1·2\n2@3 x·Missing Width { found: 1, expected: 2 }");
    // In a file of one column every row has one cell.
    assert_eq!(csv("a\n1\n\n2\n"), "a\n1@2 1\n2@4 2\n1 blank line was skipped");
}

#[test]
fn encodings() {
    assert_eq!(raw(Format::Csv, b"\xEF\xBB\xBFa,b\n1,2\n"), "a·b\n1@2 1·2");
    assert_eq!(
        raw(Format::Csv, b"a,b\nZo\xC3\xAB,1\nJ\xFCrgen,\x80 5\nM\xFCller,\x93x\x94\n"),
        "a·b\n1@2 Zoë·1\n2@3 Jürgen·€ 5\n3@4 Müller·“x”\n2 rows are not UTF-8 and were read as Windows-1252, the first on line 3"
    );
    // Together the bytes would be UTF-8, but not cell by cell.
    assert_eq!(raw(Format::Csv, b"a,b\n\xC3,\xAB\n"), "a·b\n1@2 Ã·«\nline 2 is not UTF-8 and was read as Windows-1252");
    let utf16 = |big: bool, text: &str| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    for big in [false, true] {
        assert_eq!(raw(Format::Csv, &utf16(big, "a\tb\nZoë\t😀\n")), "a·b\n1@2 Zoë·😀");
    }
    let smile = utf16(false, "a\n😀");
    for cut in [1, 2, 3] {
        let answer = raw(Format::Csv, &smile[..smile.len() - cut]);
        assert!(answer.ends_with("the file ends in the middle: it was cut off"), "{answer}");
    }
    let long = format!("a\n{}\n", "😀é".repeat(20_000));
    assert_eq!(raw(Format::Csv, &utf16(false, &long)), format!("a\n1@2 {}", "😀é".repeat(20_000)));
    assert_eq!(csv("a,b\nx\0y,2\n"), "a·b\n1@2 x\0y·2");
}

#[test]
fn what_is_no_text_is_said() {
    assert_eq!(csv(""), "P0601 the leads are empty: there is not even a header");
    assert_eq!(csv("\n \n"), "P0601 the leads are empty: there is not even a header");
    assert_eq!(
        raw(Format::Csv, b"PK\x03\x04rest"),
        "P0601 the leads cannot be read: the file is an Excel workbook or another zip archive"
    );
    assert_eq!(raw(Format::Csv, b"PAR1rest"), "P0601 the leads cannot be read: the file is a Parquet file");
    assert_eq!(raw(Format::Csv, b"\xFD7zXZ\0"), "P0601 the leads cannot be read: the file is packed with xz or 7-Zip");
    assert_eq!(raw(Format::Parquet, b"a,b\n1,2\n"), "P0601 the leads cannot be read: the file is no Parquet file");
    assert_eq!(raw(Format::Parquet, b""), "P0601 the leads cannot be read: the file is no Parquet file");
}

#[test]
fn rows_without_end() {
    let long = format!("a,b\n1,2\n{}", "x".repeat(17 * 1024 * 1024));
    assert_eq!(csv(&long), "a·b\n1@2 1·2\nP0605 the row that begins on line 3 is longer than 16 MiB");
    let commas = format!("a,b\n1,2\n{}", ",".repeat(17 * 1024 * 1024));
    assert_eq!(csv(&commas), "a·b\n1@2 1·2\nP0605 the row that begins on line 3 is longer than 16 MiB");
    let quote = format!("a,b\n1,2\n3,\"{}", "x\n".repeat(9 * 1024 * 1024));
    assert_eq!(csv(&quote), "a·b\n1@2 1·2\nP0605 the quote that opens on line 3 is never closed");
    let json = format!("{{\"a\": \"{}", "x".repeat(17 * 1024 * 1024));
    for (format, data) in [(Format::Ndjson, json.clone()), (Format::Json, format!("[{json}"))] {
        assert_eq!(raw(format, data.as_bytes()), "\nP0605 the row that begins on line 1 is longer than 16 MiB");
    }
}

#[test]
fn json_a_lead_a_line() {
    assert_eq!(
        raw(Format::Ndjson, b"{\"a\": 1, \"b\": \"x\"}\r\n\n{\"b\": null, \"c\": [true, \"y\"]}\n"),
        "a·b·c\n1@1 Number(\"1\")·x\n2@3 Missing·Missing·List([Bool(true), Text(\"y\")])"
    );
    assert_eq!(
        raw(Format::Ndjson, b"{\"a\": 1}\n{\"a\": \n[1]\n{\"a\": {\"b\": 2}, \"a\": 3}\n{} x\n"),
        "a\n1@1 Number(\"1\")\n\
         2@2 Missing NotJson(\"the end comes inside of a value, on line 2 at byte 5\")\n\
         3@3 Missing NotAnObject\n\
         4@4 Repeated\n\
         5@5 Missing NotJson(\"trailing characters, on line 5 at byte 4\")"
    );
    let deep = format!("{{\"a\": {}1{}, \"b\": 2}}\n", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(raw(Format::Ndjson, deep.as_bytes()), "a·b\n1@1 List([Nested])·Number(\"2\")");
}

#[test]
fn json_in_one_list() {
    assert_eq!(raw(Format::Json, b" [ ] "), "");
    assert_eq!(
        raw(Format::Json, b"[\n {\"a\": \"]},[{\\\"\"},\n {\"a\": [1, 2]}\n, 5, \"x\", nul, {\"a\" 1}\n]\n"),
        "a\n1@2 ]},[{\"\n2@3 List([Number(\"1\"), Number(\"2\")])\n\
         3@4 Missing NotAnObject\n4@4 Missing NotAnObject\n\
         5@4 Missing NotJson(\"the end comes inside of a value, on line 4 at byte 3\")\n\
         6@4 Missing NotJson(\"expected `:`, on line 4 at byte 6\")"
    );
    assert_eq!(
        raw(Format::Json, b"{\"a\": 1}\n"),
        "\nP0601 the leads cannot be read: expected `[` on line 1, found `{`"
    );
}

#[test]
fn json_keys_that_never_come_are_said() {
    let by = policy(vec![id("lead"), field("job_title", Type::Text), field("interests", any_of(&["api"]))]);
    let leads = read(
        &by,
        Format::Ndjson,
        b"{\"lead\": 7, \"Job Title\": \"VP\"}\n{\"interests\": \"api\", \"lead\": \"L8\"}\n",
    );
    let shown: Vec<String> = leads
        .leads()
        .iter()
        .map(|(name, cells)| format!("{name} {:?}", cells.iter().map(|c| c.as_ref().map(value)).collect::<Vec<_>>()))
        .collect();
    assert_eq!(shown, ["7 [Some(\"\\\"7\\\"\"), None, None]", "L8 [Some(\"\\\"L8\\\"\"), None, Some(\"{0}\")]"]);
    assert_eq!(
        leads.notices,
        [
            "no lead has the key `job_title`, which `job_title` is read from: it is missing everywhere; did you mean `from \"Job Title\"`?"
        ]
    );
}

#[test]
fn columns_must_fit_the_policy() {
    let by = policy(vec![
        id("lead_number"),
        field("title", Type::Text),
        field("city", Type::Text),
        field("zip", Type::Text),
    ]);
    let faults = try_read(&by, Format::Csv, false, b"Lead Number,Job Title, zip ,zip,Phone\n").unwrap_err();
    let shown: Vec<String> = faults
        .iter()
        .map(|f| format!("{} {}: {}", f.code.name(), f.message, f.help.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        shown,
        [
            "P0602 the leads have no column `lead_number`: did you mean `from \"Lead Number\"`?",
            "P0602 the leads have no column `title`: did you mean `from \"Job Title\"`?",
            "P0602 the leads have no column `city`: the columns are `Lead Number`, `Job Title`, `zip`, `zip`, `Phone`",
            "P0603 the leads have the column `zip` twice (as columns 3 and 4): which of them is meant? rename or remove the other one in the data",
        ]
    );
}

#[test]
fn a_json_list_that_breaks_off() {
    let stop = |data: &str| raw(Format::Json, data.as_bytes()).lines().last().unwrap_or_default().to_owned();
    for (data, message) in [
        ("", "expected `[` on line 1, found the end of the data"),
        ("[{\"a\": 1},\n", "expected a lead on line 2, found the end of the data"),
        ("[{\"a\": 1},]", "expected a lead on line 1, found `]`"),
        ("[{\"a\": 1}\n {\"a\": 1}]", "expected `,` or `]` on line 2, found `{`"),
        ("[{\"a\": \"x", "expected the rest of a lead on line 1, found the end of the data"),
        ("[{\"a\": 1}] x", "expected nothing more on line 1, found `x`"),
    ] {
        assert_eq!(stop(data), format!("P0601 the leads cannot be read: {message}"));
    }
}

#[test]
fn columns_without_end() {
    let wide = vec!["a"; 10_001].join(",");
    assert_eq!(csv(&wide), "P0601 the leads cannot be read: they have more than 10000 columns");
    let keys: String = (0..10_001).map(|key| format!("{{\"k{key}\": 1}}\n")).collect();
    let stop = RawReader::open(Box::new(keys.as_bytes()), Format::Ndjson).unwrap().find_map(Result::err).unwrap();
    assert_eq!(stop.message, "the leads cannot be read: they have more than 10000 columns");
    assert!(csv(&format!("a,b\n{wide}\n1,2\n")).ends_with("Width { found: 10001, expected: 2 }\n2@3 1·2"));
}

#[test]
fn headers_may_run_over_lines() {
    assert_eq!(csv("\"Job\r\n Title\", b \n1,2\n"), "Job Title·b\n1@3 1·2");
}

#[test]
fn a_file_that_becomes_shorter_has_not_come_to_its_end() {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(format!("need\n{}", "5\n".repeat(1000)).as_bytes()).unwrap();
    let stored = Stored::new(file.try_clone().unwrap()).unwrap();
    file.set_len(99).unwrap();
    let fault = RawReader::open(stored, Format::Csv).err().unwrap();
    assert_eq!(fault.message, "the leads cannot be read: the file became shorter while it was read");
}
