//! Where a policy comes from: its path in its repository, and which revision of it.

use std::path::PathBuf;
use std::rc::Rc;

use policyc::log::Origin;

use super::console::Stop;
use super::git::{Repository, Snapshot};
use super::place::Place;
use super::policies::Read;

/// The version of this program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a log says of a policy that was read; and why the policy may not be found again, where that is not for want of a commit: the repository
/// is of a kind that cannot be read, or has only a pointer to a file.
pub(super) fn origin(read: &Read) -> Result<(Origin, Option<String>), Stop> {
    let nowhere = Origin { policy: read.name().to_owned(), policyc: VERSION.to_owned(), ..Origin::default() };
    if let Place::Commit(place) = &read.place {
        let revision = Some(place.commit.hash());
        // Links are followed, as on the disk: what the policy uses is relative to where it really stands.
        let policy = read.batch.sources.iter().next().map_or(place.path.clone(), |file| file.home.clone());
        return Ok((Origin { policy, revision, clean: Some(true), ..nowhere }, None));
    }
    let Some(file) = read.files.first() else { return Ok((nowhere, None)) };
    let repository = match Repository::discover(file) {
        Ok(Some(repository)) => repository,
        Ok(None) => return Ok((nowhere, None)),
        Err(Stop::Failed(why)) => return Ok((nowhere, Some(why))),
        Err(stop @ (Stop::NobodyReads | Stop::Told)) => return Err(stop),
    };
    let Some(policy) = repository.path_of(file) else { return Ok((nowhere, None)) };
    let Some(head) = repository.head()? else { return Ok((Origin { policy, ..nowhere }, None)) };
    let revision = Some(head.hash());
    let snapshot = Snapshot::new(Rc::clone(&repository), head);
    let others: Vec<&PathBuf> = read.files.iter().filter(|file| !snapshot.has(file)).collect();
    let pointer = others.iter().find_map(|file| snapshot.pointer_to(file)).map(|path| {
        format!(
            "git has only a pointer to `{path}`, git-lfs has the file: keep this version of it, or have git keep it"
        )
    });
    // What a link leads to may be committed, and the link itself not.
    let clean = others.is_empty() && read.texts.has_links_of(&snapshot);
    Ok((Origin { policy, revision, clean: Some(clean), ..nowhere }, pointer))
}
