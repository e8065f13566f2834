//! The way that a path takes through links, in a repository whose own paths it is told in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The most links that are followed on the way to a file.
pub(super) const MOST_LINKS: usize = 40;

/// The way that a path takes.
#[derive(Debug, Default)]
pub(super) struct Way {
    /// The links on it, each by the path of itself that has no links.
    pub(super) links: Vec<String>,
    /// Where it ends, by the path that has no links; none when it leads out of the repository, or round in a circle.
    pub(super) end: Option<String>,
    /// That the last link leads to an absolute path, in words.
    pub(super) absolute: Option<String>,
}

/// The way of a path from the root. `target` says where the link at a path leads, as the link says it; none when there is no link.
/// A link to an absolute path leads out: elsewhere the repository stands in another place.
pub(super) fn of(path: &str, mut target: impl FnMut(&str) -> Option<String>) -> Way {
    let mut found = Way::default();
    let mut way: Vec<String> = Vec::new();
    let mut ahead = names(path);
    while let Some(name) = ahead.pop() {
        if name == ".." {
            if way.pop().is_none() {
                return found;
            }
            continue;
        }
        way.push(name);
        let here = way.join("/");
        if let Some(target) = target(&here) {
            found.links.push(here);
            if Path::new(&target).is_absolute() {
                found.absolute = Some(absolute(&way.join("/"), &target));
                return found;
            }
            if found.links.len() > MOST_LINKS {
                return found;
            }
            way.pop();
            ahead.extend(names(&target));
        }
    }
    found.end = Some(way.join("/"));
    found
}

/// Links, each with where it leads in the end.
pub(super) type Links = BTreeMap<String, String>;

/// The links on the ways of some paths; those that lead out of the repository are left out.
pub(super) fn links(paths: impl IntoIterator<Item = String>, way: impl Fn(&str) -> Way) -> Links {
    let links: BTreeSet<String> = paths.into_iter().flat_map(|path| way(&path).links).collect();
    links.into_iter().filter_map(|link| Some((link.clone(), way(&link).end?))).collect()
}

/// That a link leads to an absolute path, which is not gone through even where it is one of the repository.
pub(super) fn absolute(link: &str, target: &str) -> String {
    format!("`{link}` is a link to `{target}`: make it relative, or put the file itself in its place")
}

/// The names in a path, the first one last; `..` stays.
pub(super) fn names(path: &str) -> Vec<String> {
    path.split('/').rev().filter(|name| !matches!(*name, "" | ".")).map(str::to_owned).collect()
}
