//! Git repositories, read only: revisions, commits, and the files of a commit. Nothing is checked out and no program is run; of a
//! repository's configuration only what says how it is stored is followed.

mod clean;
mod commit;
mod object;
mod revision;
mod search;
mod snapshot;
mod walk;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use policyc::source::resolve;

use super::console::Stop;

pub(super) use clean::lines;
pub(super) use object::Commit;
pub(super) use search::Sought;
pub(super) use snapshot::{Node, Snapshot};
pub(super) use walk::{Behind, Merges, Past, alike};

/// A repository.
pub(super) struct Repository {
    git: gix::Repository,
    /// The folder that is checked out, links followed; a bare repository has none.
    work_tree: Option<PathBuf>,
    /// The commits at which the history of a shallow clone ends, sorted.
    shallow: Vec<gix::ObjectId>,
    /// What is wrong with the first file or folder of a commit that could not be had.
    lacks: RefCell<Option<String>>,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Repository").field(&self.git.git_dir()).finish()
    }
}

impl Repository {
    /// The repository that a folder, or a file, stands in; none when there is none. A folder of a work tree that looks like a bare repository is
    /// not one: whoever can bring files in would choose where policies are read from.
    pub(super) fn discover(from: &Path) -> Result<Option<Rc<Repository>>, Stop> {
        let Ok(full) = std::fs::canonicalize(from) else { return Ok(None) };
        let in_work_tree = full.ancestors().find(|folder| has_repository(folder));
        let bare = || full.ancestors().find(|folder| gix::discover::is_git(folder).is_ok());
        let Some(folder) = in_work_tree.or_else(bare) else { return Ok(None) };
        let git = options().open(folder).map_err(|error| unusable(folder, &error))?.to_thread_local();
        let config = git.config_snapshot();
        let stored = config.plumbing().string("extensions.refStorage").map(|format| format.to_string());
        if let Some(format) = stored.filter(|format| format != "files") {
            return Err(Stop::because(format!(
                "the repository in `{}` keeps its branches as `{format}`, which policyc cannot read: convert a copy of it with \
                 `git refs migrate --ref-format=files`",
                folder.display()
            )));
        }
        let work_tree = git.workdir().and_then(|folder| std::fs::canonicalize(folder).ok());
        let shallow = git.shallow_commits().map_err(|error| unusable(folder, &error))?;
        let mut shallow: Vec<_> = shallow.map(|commits| commits.iter().copied().collect()).unwrap_or_default();
        shallow.sort_unstable();
        Ok(Some(Rc::new(Repository { git, work_tree, shallow, lacks: RefCell::default() })))
    }

    /// Whether it is the same one as another.
    pub(super) fn is(&self, other: &Repository) -> bool {
        self.git.git_dir() == other.git.git_dir()
    }

    /// The folder that is checked out, links followed; none of a bare repository.
    pub(super) fn work_tree(&self) -> Option<&Path> {
        self.work_tree.as_deref()
    }

    /// The path in the repository of something in its work tree; its links are followed.
    pub(super) fn path_of(&self, file: &Path) -> Option<String> {
        let full = std::fs::canonicalize(file).ok()?;
        let inside = full.strip_prefix(self.work_tree.as_ref()?).ok()?;
        let parts: Option<Vec<&str>> = inside.components().map(|part| part.as_os_str().to_str()).collect();
        Some(parts?.join("/"))
    }

    /// The path in the repository of something in its work tree as it was typed, its links not followed; none when it leads out.
    pub(super) fn typed(&self, file: &Path) -> Option<String> {
        if file.is_absolute() {
            let inside = file.strip_prefix(self.work_tree.as_ref()?).ok()?;
            return resolve("", inside.to_str()?).ok();
        }
        // `_` is a file here: paths are relative to files.
        resolve(&format!("{}/_", self.path_of(Path::new("."))?), file.to_str()?).ok()
    }

    /// Whether only some of the files are checked out.
    pub(super) fn is_sparse(&self) -> bool {
        matches!(self.git.config_snapshot().plumbing().boolean("core.sparseCheckout"), Ok(Some(true)))
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

/// Whether a folder has a repository of which it is the work tree.
fn has_repository(folder: &Path) -> bool {
    let inside = folder.join(".git");
    gix::discover::is_git(&inside).is_ok() || inside.is_file()
}

/// How repositories are opened: nothing but themselves is read, their configuration does not count, whoever they belong to, and
/// objects are what their hashes say.
fn options() -> gix::open::Options {
    let limit = format!("gitoxide.objects.allocLimit={}", object::LARGEST);
    gix::open::Options::isolated()
        .with(gix::sec::Trust::Reduced)
        .config_overrides([limit, "core.useReplaceRefs=false".to_owned()])
}

/// That a repository cannot be opened, and why.
fn unusable(folder: &Path, error: &gix::Error) -> Stop {
    let folder = folder.display();
    if error.is_unsupported() {
        return Stop::because(format!(
            "the repository in `{folder}` is of a kind that policyc cannot read, such as one with SHA-256 hashes: only files that are \
             checked out can be read"
        ));
    }
    Stop::because(format!(
        "the repository in `{folder}` cannot be opened: {error}; `git -C {folder} status` says what is wrong with it"
    ))
}
