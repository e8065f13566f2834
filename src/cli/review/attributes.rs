//! What `.gitattributes` makes of policies and lists on their way into a checkout: by it, other words are decided by than the commits have.

use std::collections::BTreeSet;
use std::path::Path;

use super::sides::Sides;

/// What of a line leaves a text as it is, but for the ends of its lines.
const HARMLESS: [&str; 12] = [
    "binary",
    "conflict-marker-size",
    "crlf",
    "delta",
    "diff",
    "eol",
    "export-ignore",
    "export-subst",
    "lockable",
    "merge",
    "text",
    "whitespace",
];

/// The beginnings of attributes that only hosts know.
const OF_HOSTS: [&str; 2] = ["gitlab-", "linguist-"];

/// What begins the line that gives a name to several attributes.
const MACRO: &str = "[attr]";

/// How such a file is called.
const NAME: &str = ".gitattributes";

impl Sides {
    /// The files of attributes above a policy, or above what it reads, that make something else of a checkout than before.
    pub(super) fn changed_attributes(&self) -> Vec<String> {
        let mut files = BTreeSet::new();
        for (side, run) in self.runs.iter().enumerate() {
            for read in &run.policies {
                let texts = read.batch.sources.iter().map(|file| &file.home);
                let own = read.policy.iter().flat_map(|policy| &policy.ownership).filter_map(|own| own.file.as_ref());
                for file in texts.chain(own) {
                    // Where it really stands, attributes count.
                    files.extend(self.target(side, file));
                    files.insert(file.clone());
                }
            }
        }
        let folders: BTreeSet<&Path> = files.iter().flat_map(|file| Path::new(file).ancestors().skip(1)).collect();
        let differs = |folder: &&Path| self.conversions(0, folder, &files) != self.conversions(1, folder, &files);
        folders.into_iter().filter(differs).map(attributes_of).collect()
    }

    /// The lines of a folder's attributes that may make another text of one of some files, in their order, since the last one wins, with all of their
    /// blanks, since git passes over lines that are too long; none where nothing can be read, which is like no other.
    fn conversions(&self, side: usize, folder: &Path, files: &BTreeSet<String>) -> Result<Vec<String>, usize> {
        let text = self.attributes(side, &attributes_of(folder))?;
        let top = self.attributes(side, NAME)?;
        let macros: Vec<&str> = top.split('\n').chain(text.split('\n')).filter_map(name_of_macro).collect();
        let files: Vec<&str> =
            files.iter().filter_map(|file| Path::new(file).strip_prefix(folder).ok()?.to_str()).collect();
        let counts = |line: &&str| may_convert(line, &macros) && may_meet(line, &files);
        // Of a file on the disk git reads all, of one in a commit what stands before a zero.
        let read = [text.as_str(), text.split('\0').next().unwrap_or_default()];
        Ok(read.into_iter().flat_map(|text| text.split('\n')).filter(counts).map(str::to_owned).collect())
    }

    /// The text of a file of attributes, empty where there is none; git follows no link there. The side, where it cannot be read.
    fn attributes(&self, side: usize, path: &str) -> Result<String, usize> {
        if self.target(side, path).is_none_or(|target| target != path) {
            return Ok(String::new());
        }
        let commit = self.commits().into_iter().nth(side).flatten();
        let bytes = self.bytes(commit, path).map_err(|_| side)?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
    }
}

fn attributes_of(folder: &Path) -> String {
    folder.join(NAME).to_string_lossy().into_owned()
}

/// What git takes for a blank there.
const BLANKS: [char; 3] = [' ', '\t', '\r'];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(BLANKS).filter(|word| !word.is_empty())
}

fn name_of_macro(line: &str) -> Option<&str> {
    words(line.trim_matches(BLANKS).strip_prefix(MACRO)?).next()
}

/// The pattern of a line, and what is said of the files that it meets. A pattern between quotes may have blanks in it, and need none behind it.
fn parted(line: &str) -> (&str, &str) {
    let line = line.trim_matches(BLANKS);
    if let Some(quoted) = line.strip_prefix('"') {
        let mut is_escaped = false;
        let end = quoted.find(|c| {
            let is_end = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            is_end
        });
        return end.and_then(|end| line.split_at_checked(end + 2)).unwrap_or((line, ""));
    }
    line.split_once(BLANKS).unwrap_or((line, ""))
}

/// Whether a line of a file of attributes may make another text of a file. Names that are not known, and those of macros, may stand for others.
fn may_convert(line: &str, macros: &[&str]) -> bool {
    let (pattern, attributes) = parted(line);
    let is_harmless = |word: &str| {
        let name = word.trim_start_matches(['-', '!']).split('=').next().unwrap_or_default();
        let is_known = HARMLESS.contains(&name) || OF_HOSTS.iter().any(|begin| name.starts_with(begin));
        is_known && !macros.contains(&name)
    };
    !pattern.starts_with('#') && !words(attributes).all(is_harmless)
}

/// Whether the pattern of a line may meet one of some files, whose paths are relative to the folder of the line: by how it begins and ends. Letters of
/// both cases are the same, as some disks have it.
fn may_meet(line: &str, files: &[&str]) -> bool {
    let (pattern, _) = parted(line);
    // What a name stands for is for all files.
    if pattern.starts_with(MACRO) {
        return true;
    }
    let is_wild = |c: char| matches!(c, '*' | '?' | '[' | ']' | '\\' | '"');
    let is_anchored = pattern.contains('/');
    let pattern = pattern.trim_start_matches('/').to_lowercase();
    let begin = pattern.split(is_wild).next().unwrap_or_default();
    // `**/` may stand for nothing at all.
    let end = pattern.rsplit(is_wild).next().unwrap_or_default().trim_start_matches('/');
    files.iter().any(|file| {
        let file = file.to_lowercase();
        let name = if is_anchored { file.as_str() } else { file.rsplit('/').next().unwrap_or_default() };
        name.starts_with(begin) && name.ends_with(end)
    })
}

#[cfg(test)]
mod tests {
    use super::{may_convert, may_meet};

    #[test]
    fn what_may_make_another_text_of_one() {
        for line in [
            "a.policy working-tree-encoding=UTF-16",
            "*.csv filter=lfs diff=lfs merge=lfs -text",
            "*.policy ident",
            "\"a b.policy\" text ident",
            "\"*.policy\"filter=odd",
            "\"*.policy\" filter=odd diff=\"",
            "\"a\\\"b.policy\" filter=odd",
            "*.policy\u{a0}text filter=odd",
            "*.policy -filter\u{a0}",
            "[attr]odd working-tree-encoding=UTF-16",
            "*.policy odd",
            "*.policy linguist-odd",
        ] {
            assert!(may_convert(line, &["linguist-odd"]), "{line}");
        }
        for line in
            ["", "# *.csv filter=lfs", "*.policy text eol=lf diff=policyc", "*.png binary", "*.md -whitespace !text"]
        {
            assert!(!may_convert(line, &[]), "{line}");
        }
        assert!(!may_convert("docs/** linguist-documentation", &[]));
    }

    #[test]
    fn which_files_a_line_is_about() {
        let files = ["policies/p.policy", "lists/home.CSV"];
        for line in [
            "*.csv ident",
            "*.policy ident",
            "* ident",
            "p* ident",
            "*.[cp]* ident",
            "\"*.csv\" ident",
            "POLICIES/** ident",
            "/lists/home.csv ident",
            "**/home.csv ident",
            "lists/**/home.csv ident",
            "p?.policy ident",
            "[attr]odd ident",
        ] {
            assert!(may_meet(line, &files), "{line}");
        }
        for line in ["*.png ident", "img/** ident", "/lists/big.bin ident", "*.[pj][np]g ident", "q* ident"] {
            assert!(!may_meet(line, &files), "{line}");
        }
    }
}
