//! Where a policy comes from: its path in its repository, and which revision of it.

use policyc::log::Origin;

use super::console::Stop;
use super::policies::Read;

/// What a log says of a policy that was read.
pub(super) fn origin(read: &Read) -> Result<Origin, Stop> {
    Ok(Origin {
        policy: read.name().to_owned(),
        revision: None,
        clean: None,
        policyc: env!("CARGO_PKG_VERSION").to_owned(),
    })
}
