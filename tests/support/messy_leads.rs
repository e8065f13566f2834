//! Messy leads for random policies: delimited text and JSON objects, with everything that goes wrong in such files.

use policyc::ir::Policy;
use policyc::types::Type;

/// A random number generator whose numbers are the same in every run.
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of some texts, mostly one of the first ones.
    fn mostly<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let usual = if self.one_in(15) { from.len() } else { from.len().div_ceil(2) };
        from[self.below(usual)]
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// A cell, mostly a good one.
pub(crate) fn cell(ty: &Type, rng: &mut Rng) -> String {
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
            "b;=1+1;c",
            "b\t-2",
            "b;\"@c",
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
pub(crate) fn delimited(policy: &Policy, rng: &mut Rng, rows: usize) -> Vec<u8> {
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
pub(crate) fn ndjson(policy: &Policy, rng: &mut Rng, rows: usize) -> Vec<u8> {
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
