//! Git repositories, read only: revisions, commits, and the files of a commit. Nothing is checked out and no program is run; of a
//! repository's configuration only what says how it is stored is followed.

mod clean;
mod object;
mod revision;
mod search;
mod snapshot;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use gix::discover::upwards;
use gix::sec::Trust;
use gix::sec::trust::Mapping;

use super::console::Stop;

pub(super) use object::Commit;
pub(super) use snapshot::{Node, Snapshot};

/// A repository.
pub(super) struct Repository {
    git: gix::Repository,
    /// The folder that is checked out, links followed; a bare repository has none.
    work_tree: Option<PathBuf>,
    /// The commits at which the history of a shallow clone ends.
    shallow: Vec<gix::ObjectId>,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Repository").field(&self.git.git_dir()).finish()
    }
}

impl Repository {
    /// The repository that a folder, or a file, stands in; none when there is none.
    pub(super) fn discover(from: &Path) -> Result<Option<Rc<Repository>>, Stop> {
        let folder = if from.is_dir() { from } else { from.parent().unwrap_or(from) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        // Whoever the files belong to: nothing is done that would want trust.
        let search = || upwards::Options { trust: upwards::TrustPolicy::Assume(Trust::Reduced), ..Default::default() };
        match gix::discover::upwards_opts(folder, search()) {
            Ok(_) => {}
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(unusable(folder, &error)),
        }
        let options = Mapping { full: options(), reduced: options() };
        let git = gix::ThreadSafeRepository::discover_opts(folder, search(), options);
        let git = git.map_err(|error| unusable(folder, &error))?.to_thread_local();
        let config = git.config_snapshot();
        let stored = config.plumbing().string("extensions.refStorage").map(|format| format.to_string());
        if let Some(format) = stored.filter(|format| format != "files") {
            return Err(Stop::because(format!(
                "the repository of `{}` keeps its branches as `{format}`, which policyc cannot read: convert a copy of it with \
                 `git refs migrate --ref-format=files`",
                folder.display()
            )));
        }
        let work_tree = git.workdir().and_then(|folder| std::fs::canonicalize(folder).ok());
        let shallow = git.shallow_commits().map_err(|error| unusable(folder, &error))?;
        let shallow = shallow.map(|commits| commits.iter().copied().collect()).unwrap_or_default();
        Ok(Some(Rc::new(Repository { git, work_tree, shallow })))
    }

    /// The path in the repository of something in its work tree; its links are followed.
    pub(super) fn path_of(&self, file: &Path) -> Option<String> {
        let full = std::fs::canonicalize(file).ok()?;
        let inside = full.strip_prefix(self.work_tree.as_ref()?).ok()?;
        let parts: Option<Vec<&str>> = inside.components().map(|part| part.as_os_str().to_str()).collect();
        Some(parts?.join("/"))
    }

    /// Whether objects may be absent because they are fetched only when git needs them.
    fn is_partial(&self) -> bool {
        let config = self.git.config_snapshot();
        let config = config.plumbing();
        let promised = config.sections_by_name("remote").into_iter().flatten();
        config.string("extensions.partialClone").is_some()
            || promised.into_iter().any(|remote| remote.value("promisor").is_some_and(|is| is == b"true"))
    }
}

/// How repositories are opened: nothing but themselves is read, their configuration does not count, and objects are what their
/// hashes say.
fn options() -> gix::open::Options {
    let limit = format!("gitoxide.objects.allocLimit={}", object::LARGEST);
    gix::open::Options::isolated().config_overrides([limit, "core.useReplaceRefs=false".to_owned()])
}

/// That a repository cannot be opened, and why.
fn unusable(folder: &Path, error: &gix::Error) -> Stop {
    let folder = folder.display();
    if error.is_unsupported() || error.to_string().contains("objectFormat") {
        return Stop::because(format!(
            "the repository of `{folder}` is of a kind that policyc cannot read: its objects are not named by SHA-1; read the policy \
             from files (`git worktree add FOLDER REV`)"
        ));
    }
    Stop::because(format!(
        "the repository of `{folder}` cannot be opened: {error}; `git -C {folder} status` says what is wrong with it"
    ))
}
