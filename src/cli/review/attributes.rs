//! What `.gitattributes` makes of policies and lists on their way into a checkout: by it, other words are decided by than the commits have.

use std::collections::BTreeSet;
use std::path::Path;

use super::sides::Sides;

/// What of a line leaves a text as it is, but for the ends of its lines.
const HARMLESS: [&str; 11] = [
    "binary",
    "conflict-marker-size",
    "crlf",
    "delta",
    "diff",
    "eol",
    "export-ignore",
    "export-subst",
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
        let path = |folder: &Path| folder.join(NAME).to_string_lossy().into_owned();
        let differs = |path: &String| self.conversions(0, path, &files) != self.conversions(1, path, &files);
        folders.into_iter().map(path).filter(differs).collect()
    }

    /// The lines of a file of attributes that may make another text of one of some files, in their order, since the last one wins; none of a file that
    /// is not there.
    fn conversions(&self, side: usize, path: &str, files: &BTreeSet<String>) -> Vec<String> {
        let text = self.attributes(side, path);
        let top = self.attributes(side, NAME);
        let macros: Vec<&str> = top.lines().chain(text.lines()).filter_map(name_of_macro).collect();
        let counts = |line: &&str| may_convert(line, &macros) && may_meet(line, files);
        text.lines().filter(counts).map(|line| line.trim().to_owned()).collect()
    }

    /// The text of a file of attributes; git follows no link there.
    fn attributes(&self, side: usize, path: &str) -> String {
        let is_itself = self.target(side, path).is_some_and(|target| target == path);
        let commit = self.commits().into_iter().nth(side).flatten();
        let bytes = if is_itself { self.bytes(commit, path).unwrap_or_default() } else { Vec::new() };
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn name_of_macro(line: &str) -> Option<&str> {
    line.trim().strip_prefix(MACRO)?.split_whitespace().next()
}

/// Whether a line of a file of attributes may make another text of a file. Names that are not known, and those of macros, may stand for others.
fn may_convert(line: &str, macros: &[&str]) -> bool {
    let line = line.trim();
    // A pattern between quotes may have blanks in it, and need none behind it.
    let quoted = line.starts_with('"').then(|| line.rsplit_once('"')).flatten();
    let attributes = quoted.or_else(|| line.split_once(char::is_whitespace)).map_or("", |(_, attributes)| attributes);
    let is_harmless = |word: &str| {
        let name = word.trim_start_matches(['-', '!']).split('=').next().unwrap_or_default();
        let is_known = HARMLESS.contains(&name) || OF_HOSTS.iter().any(|begin| name.starts_with(begin));
        is_known && !macros.contains(&name)
    };
    !line.starts_with('#') && !attributes.split_whitespace().all(is_harmless)
}

/// Whether the pattern of a line may meet one of some files; only of `*.ending` it is known which it does not.
fn may_meet(line: &str, files: &BTreeSet<String>) -> bool {
    let pattern = line.split_whitespace().next().unwrap_or_default();
    let ending = pattern.strip_prefix('*').filter(|ending| ending.starts_with('.'));
    let is_plain = |ending: &&str| ending.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    let Some(ending) = ending.filter(is_plain).map(str::to_lowercase) else { return true };
    files.iter().any(|file| file.to_lowercase().ends_with(&ending))
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
        let files = ["policies/p.policy", "lists/home.CSV"].map(str::to_owned).into();
        for line in ["*.csv ident", "*.policy ident", "* ident", "p* ident", "*.[cp]* ident", "\"*.png\" ident"] {
            assert!(may_meet(line, &files), "{line}");
        }
        assert!(!may_meet("*.png ident", &files));
    }
}
