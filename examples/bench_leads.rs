//! Writes leads to measure with: `bench_leads ROWS SEED csv|quoted-csv|ndjson OUT`.

#[path = "../benches/leads/leads.rs"]
mod leads;

use std::fs::File;
use std::io::{self, BufWriter, Write};

use leads::Form;

fn main() -> io::Result<()> {
    let wrong = || io::Error::other("type: bench_leads ROWS SEED csv|quoted-csv|ndjson OUT");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rows, seed, form, path] = arguments.as_slice() else { return Err(wrong()) };
    let (Ok(rows), Ok(seed), Some(form)) = (rows.parse(), seed.parse(), named(form)) else { return Err(wrong()) };
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    leads::write(rows, seed, form, &mut out)?;
    out.flush()
}

fn named(form: &str) -> Option<Form> {
    match form {
        "csv" => Some(Form::Csv),
        "quoted-csv" => Some(Form::QuotedCsv),
        "ndjson" => Some(Form::Ndjson),
        _ => None,
    }
}
