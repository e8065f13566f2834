//! Leads that are packed with gzip or Zstandard, and tables that are.

use std::io::{Cursor, Write};

use policyc::leads::{Format, Packer, Packing, RawReader};

const LEADS: &[u8] = b"lead,need\nL1,3\nL2,4\nL3,\"5\n\"\n";

fn packed(packing: Packing, data: &[u8]) -> Vec<u8> {
    let mut packer = Packer::new(Vec::new(), Some(packing)).unwrap();
    packer.write_all(data).unwrap();
    packer.finish().unwrap()
}

/// How many rows there are, or what is wrong.
fn rows(format: Format, data: &[u8]) -> Result<usize, String> {
    let mut reader = RawReader::open(Box::new(Cursor::new(data)), format).map_err(|fault| fault.message)?;
    let mut rows = 0;
    while let Some(row) = reader.next().transpose().map_err(|fault| fault.message)? {
        rows += usize::from(row.fault.is_none());
    }
    Ok(rows)
}

#[test]
fn packed_leads_are_read() {
    for packing in [Packing::Gzip, Packing::Zstd] {
        let data = packed(packing, LEADS);
        assert_eq!(data, packed(packing, LEADS));
        assert_eq!(rows(Format::Csv, &data), Ok(3));
        // Of several members or frames, too, wherever they are divided.
        let (first, second) = LEADS.split_at(12);
        assert_eq!(rows(Format::Csv, &[packed(packing, first), packed(packing, second)].concat()), Ok(3));
        assert_eq!(rows(Format::Ndjson, &packed(packing, b"{\"a\":1}\n{\"a\":2}\n")), Ok(2));
        assert_eq!(
            rows(Format::Csv, &packed(packing, &data)),
            Err("the leads cannot be read: the file is packed twice".to_owned())
        );
        assert_eq!(rows(Format::Csv, &packed(packing, b"")), rows(Format::Csv, b""));
        assert_eq!(
            rows(Format::Csv, &packed(packing, b"PAR1")),
            Err("the leads cannot be read: the file is a Parquet file".to_owned())
        );
    }
    // A frame that is to be skipped comes first.
    let skipped = [b"\x50\x2A\x4D\x18\x02\x00\x00\x00xx".as_slice(), &packed(Packing::Zstd, LEADS)].concat();
    assert_eq!(rows(Format::Csv, &skipped), Ok(3));
}

#[test]
fn packed_leads_that_were_cut_off_are_said_to_be() {
    for packing in [Packing::Gzip, Packing::Zstd] {
        let data = packed(packing, LEADS);
        for length in 4..data.len() {
            assert_eq!(
                rows(Format::Csv, &data[..length]),
                Err("the leads cannot be read: the file ends in the middle: it was cut off".to_owned()),
                "{packing:?} {length}"
            );
        }
        for at in 0..data.len() {
            let mut damaged = data.clone();
            damaged[at] ^= 0x10;
            // Some bytes of a header are a name, a time or flags, which nothing hangs on.
            let _ = rows(Format::Csv, &damaged);
        }
        let mut damaged = data.clone();
        *damaged.last_mut().unwrap() ^= 1;
        assert!(
            rows(Format::Csv, &damaged)
                .unwrap_err()
                .starts_with("the leads cannot be read: the packed data are damaged")
        );
    }
}

#[test]
fn what_stands_behind_the_packed_data_is_not_passed_over() {
    let data = packed(Packing::Gzip, LEADS);
    assert_eq!(rows(Format::Csv, &[data.as_slice(), &packed(Packing::Gzip, b"")].concat()), Ok(3));
    for behind in [b"garbage".as_slice(), &[0; 512], LEADS] {
        assert_eq!(
            rows(Format::Csv, &[data.as_slice(), behind].concat()),
            Err("the leads cannot be read: behind the end of the packed data stand bytes that are not packed"
                .to_owned())
        );
    }
}

#[test]
fn what_unpacks_to_a_row_without_end_takes_no_more_memory_than_a_row_may() {
    for packing in [Packing::Gzip, Packing::Zstd] {
        let data = packed(packing, &vec![b'x'; 40 << 20]);
        assert!(data.len() < 100_000);
        assert_eq!(rows(Format::Csv, &data), Err("the row that begins on line 1 is longer than 16 MiB".to_owned()));
    }
}

#[test]
fn endings_say_how_a_file_is_packed() {
    let of = |name: &str| (Format::from_path(name.as_ref()), Packing::from_path(name.as_ref()));
    assert_eq!(of("a.csv"), (Some(Format::Csv), None));
    assert_eq!(of("a.csv.gz"), (Some(Format::Csv), Some(Packing::Gzip)));
    assert_eq!(of("a.b.NDJSON.ZST"), (Some(Format::Ndjson), Some(Packing::Zstd)));
    assert_eq!(of("a.parquet.gz"), (Some(Format::Parquet), Some(Packing::Gzip)));
    assert_eq!(of("a.gz"), (None, Some(Packing::Gzip)));
    assert_eq!(of("a.gz.csv"), (Some(Format::Csv), None));
}
