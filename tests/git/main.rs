//! Policies read from git, in real repositories, as CI would use it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test may fail loudly")]

#[path = "../support/git.rs"]
mod support;

mod away;
mod dates;
mod faults;
mod hidden;
mod history;
#[cfg(unix)]
mod links;
mod not_here;
mod odd_commits;
mod reading;
mod revisions;
mod standing;

use support::{POLICY, Repo};

const LIBRARY: &str = "list competitors from \"../lists/competitors.csv\"\n\ndefine bar as 3\n";

const LIST: &str = "domain\nrival.example\n";

const LEADS: &str = "number,need,email\nL1,3,a@friend.example\nL2,4,b@rival.example\n";

/// A repository with one commit: the policy, its library and its list.
fn inbound() -> Repo {
    let repo = Repo::new();
    repo.write("policies/inbound.policy", POLICY);
    repo.write("lib/words.policy", LIBRARY);
    repo.write("lists/competitors.csv", LIST);
    repo.write(".gitignore", "leads.csv\n");
    repo.commit("The first agreement");
    repo.write("leads.csv", LEADS);
    repo
}

/// Raises the bar in the work tree.
fn raise_the_bar(repo: &Repo) {
    repo.write("lib/words.policy", LIBRARY.replace("bar as 3", "bar as 4"));
}
