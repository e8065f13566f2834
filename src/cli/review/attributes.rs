//! What `.gitattributes` makes of policies and lists on their way into a checkout: by it, other words are decided by than the commits have.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use super::sides::Sides;
use crate::cli::git::Commit;

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

impl Sides {
    /// The files of attributes above a policy, or above what it reads, that make something else of a checkout than before.
    pub(super) fn changed_attributes(&self) -> Vec<String> {
        let mut folders = BTreeSet::new();
        for read in self.runs.iter().flat_map(|run| &run.policies) {
            let texts = read.batch.sources.iter().map(|file| file.home.as_str());
            let owned = read.policy.iter().flat_map(|policy| &policy.ownership).filter_map(|own| own.file.as_deref());
            folders.extend(texts.chain(owned).flat_map(|file| Path::new(file).ancestors().skip(1)));
        }
        let path = |folder: &Path| folder.join(".gitattributes").to_string_lossy().into_owned();
        let [fork, head] = self.commits();
        let differs = |path: &String| self.conversions(fork, path) != self.conversions(head, path);
        folders.into_iter().map(path).filter(differs).collect()
    }

    /// The lines of a file of attributes that may make another text of one; none of a file that is not there.
    fn conversions(&self, commit: Option<&Rc<Commit>>, path: &str) -> BTreeSet<String> {
        let bytes = self.bytes(commit, path).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        text.lines().filter(|line| may_convert(line)).map(|line| line.trim().to_owned()).collect()
    }
}

/// Whether a line of a file of attributes may make another text of one. Names of attributes that are not known may stand for others.
fn may_convert(line: &str) -> bool {
    let line = line.trim();
    // A pattern in quotes may have blanks in it: all that stands on the line is looked at, which is more than enough.
    let attributes = line.split_whitespace().skip(1);
    let name = |word: &'_ str| word.trim_start_matches(['-', '!']).split('=').next().unwrap_or_default().to_owned();
    let is_harmless = |name: &str| HARMLESS.contains(&name) || OF_HOSTS.iter().any(|begin| name.starts_with(begin));
    !line.starts_with('#') && attributes.map(name).any(|name| !is_harmless(&name))
}

#[cfg(test)]
mod tests {
    use super::may_convert;

    #[test]
    fn what_may_make_another_text_of_one() {
        for line in [
            "a.policy working-tree-encoding=UTF-16",
            "*.csv filter=lfs diff=lfs merge=lfs -text",
            "*.policy ident",
            "\"a b.policy\" text ident",
            "[attr]odd working-tree-encoding=UTF-16",
            "*.policy odd",
        ] {
            assert!(may_convert(line), "{line}");
        }
        for line in
            ["", "# *.csv filter=lfs", "*.policy text eol=lf diff=policyc", "*.png binary", "*.md -whitespace !text"]
        {
            assert!(!may_convert(line), "{line}");
        }
        assert!(!may_convert("docs/** linguist-documentation"));
    }
}
