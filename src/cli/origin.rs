//! Where a policy comes from: its path in its repository, and which revision of it.

use std::rc::Rc;

use policyc::log::Origin;

use super::console::Stop;
use super::git::{Repository, Snapshot};
use super::place::Place;
use super::policies::Read;

/// The version of this program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a log says of a policy that was read.
pub(super) fn origin(read: &Read) -> Result<Origin, Stop> {
    let nowhere = Origin { policy: read.name().to_owned(), policyc: VERSION.to_owned(), ..Origin::default() };
    if let Place::Commit(place) = &read.place {
        return Ok(Origin {
            policy: place.path.clone(),
            revision: Some(place.commit.hash()),
            clean: Some(true),
            ..nowhere
        });
    }
    let Some(file) = read.files.first() else { return Ok(nowhere) };
    let Some(repository) = Repository::discover(file)? else { return Ok(nowhere) };
    let Some(policy) = repository.path_of(file) else { return Ok(nowhere) };
    let Some(head) = repository.head()? else { return Ok(Origin { policy, ..nowhere }) };
    let revision = Some(head.hash());
    let snapshot = Snapshot::new(Rc::clone(&repository), head);
    let clean = read.files.iter().all(|file| snapshot.has(file));
    Ok(Origin { policy, revision, clean: Some(clean), ..nowhere })
}
