//! The rules of time zones are those that are built in, whatever the machine has.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::Path;
use std::process::Command;

const POLICY: &str = r#"policy "Calls"
  time zone Europe/Berlin

lead
  called  date and time

decisions
  call
  wait

call when called >= 2026-07-01T00:00
  because "called in July"

otherwise wait
"#;

/// A file of a time zone, as machines have it, in which no clock ever differs from UTC.
fn always_utc() -> Vec<u8> {
    let header = |kinds: u8, letters: u8| {
        let mut header = b"TZif2".to_vec();
        header.extend([0; 15]);
        for count in [0, 0, 0, 0, kinds, letters] {
            header.extend([0, 0, 0, count]);
        }
        header.extend([0, 0, 0, 0, 0, 0]);
        header.extend(b"UTC\0");
        header
    };
    let mut file = header(1, 4);
    file.extend(header(1, 4));
    file.extend(b"\nUTC0\n");
    file
}

fn explained(folder: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_policyc"));
    command.args(["explain", "calls.policy", "leads.csv", "--row", "1", "--as-of", "2026-07-02"]).current_dir(folder);
    let output = command.env("TZDIR", folder.join("zones")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_zones_of_the_machine_do_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    write("calls.policy", POLICY.as_bytes());
    // In Berlin it is July already.
    write("leads.csv", b"called\n2026-06-30T22:30:00Z\n");
    let before = explained(folder.path());
    assert!(before.contains("call\n") && before.contains("2026-07-01"), "{before}");
    write("zones/Europe/Berlin", &always_utc());
    assert_eq!(explained(folder.path()), before);
}
