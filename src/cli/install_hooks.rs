//! `policyc install-hooks`: tells git of policyc, in this clone. The program `git` itself is asked and told, with fixed arguments and no shell
//! in between: nobody else knows as well which of its configurations counts, and where its hooks are.

pub(super) mod staged;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output as Ended};

use clap::Args;
use policyc::render::terminal::clean;

use super::Exit;
use super::console::{Console, Stop};
use super::disk::io_words;
use super::output::Output;

/// Let git check staged policies before each commit and merge, and show in `git diff` which leads a change moves.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Take out what was put in, and nothing else.
    #[arg(long)]
    uninstall: bool,
    /// Change nothing: write the hook to standard output, for a hook of your own.
    #[arg(long, conflicts_with = "uninstall")]
    print: bool,
}

/// When git runs the hook: before a commit, and before the commit of a merge without conflicts.
const HOOKS: [&str; 2] = ["pre-commit", "pre-merge-commit"];

/// The hook.
const HOOK: &str = include_str!("install_hooks/pre-commit.sh");

/// What a hook of another release begins with, too.
const OURS: &str = "#!/bin/sh\n# Put here by `policyc install-hooks`";

/// What git's configuration says of the driver.
const DRIVER: [(&str, &str); 2] =
    [("diff.policyc.command", "policyc git-diff"), ("diff.policyc.textconv", "policyc git-text")];

/// What says for which files the driver is.
const ATTRIBUTES: &str = "# put here by `policyc install-hooks`\n*.policy diff=policyc";

/// What became of one of the things.
enum Became {
    /// It was done.
    Done,
    /// There was nothing to do.
    Nothing,
    /// Something of somebody else stands there; what to do about it.
    InTheWay(String),
}

/// Puts the hook and the driver in, or takes them out.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    if arguments.print {
        Output::whole(None, HOOK)?;
        return Ok(Exit::Clean);
    }
    let clone = Clone::find()?;
    let hooks = clone.hooks()?;
    let [first, second] = HOOKS.map(|name| hooks.join(name));
    let attributes = clone.path("info/attributes")?;
    let (steps, done, nothing) = if arguments.uninstall {
        let steps = [take_hook(&first)?, take_hook(&second)?, clone.take_driver()?, take_attributes(&attributes)?];
        (steps, "taken out", "not there")
    } else {
        let elsewhere = clone.hooks_of_others()?;
        let put_hook = |hook| put_hook(hook, elsewhere.as_deref());
        let steps = [put_hook(&first)?, put_hook(&second)?, clone.put_driver()?, put_attributes(&attributes)?];
        (steps, "put in", "already there")
    };
    let shown = |path: &Path| path.strip_prefix(&clone.top).unwrap_or(path).display().to_string();
    let names = [
        format!("the hook `{}`", shown(&first)),
        format!("the hook `{}`", shown(&second)),
        "the diff driver `diff.policyc` in git's configuration".to_owned(),
        format!("the line `*.policy diff=policyc` in `{}`", shown(&attributes)),
    ];
    let mut in_the_way = false;
    for (name, step) in names.iter().zip(steps) {
        match step {
            Became::Done => console.sum_up(&format!("{done}: {}", clean(name)))?,
            Became::Nothing => console.sum_up(&format!("{nothing}: {}", clean(name)))?,
            Became::InTheWay(advice) => {
                in_the_way = true;
                console.print(&format!("left as it is: {}\n  {}\n", clean(name), clean(&advice)))?;
            }
        }
    }
    if !arguments.uninstall && !on_the_path() {
        console.note("there is no `policyc` on the PATH, where git will look for it");
    }
    Ok(Exit::from(in_the_way))
}

/// A clone with a work tree, as git sees it.
struct Clone {
    top: PathBuf,
}

impl Clone {
    fn find() -> Result<Clone, Stop> {
        // In the words that are told apart here, whatever the user's language.
        let ended = ended(program(".").env("LC_ALL", "C").args(["rev-parse", "--show-toplevel"]))?;
        if !ended.status.success() {
            let said = String::from_utf8_lossy(&ended.stderr);
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            let said = said.trim_start_matches("fatal: ");
            let is_none =
                ["not a git repository", "must be run in a work tree"].iter().any(|words| said.contains(words));
            return Err(Stop::because(match is_none {
                true => format!(
                    "there is no work tree of a git repository here (git says: {said}): go to a folder of one, or make one with `git init`"
                ),
                false => format!("git does not work here, and says why: {said}"),
            }));
        }
        Ok(Clone { top: PathBuf::from(text_of(&ended)?) })
    }

    /// Asks git something; none when it has no answer.
    fn ask(&self, arguments: &[&str]) -> Result<Option<String>, Stop> {
        let ended = git(&self.top, arguments)?;
        if ended.status.success() { text_of(&ended).map(Some) } else { Ok(None) }
    }

    /// Has git do something.
    fn tell(&self, arguments: &[&str]) -> Result<(), Stop> {
        let ended = git(&self.top, arguments)?;
        let said = String::from_utf8_lossy(&ended.stderr);
        match ended.status.success() {
            true => Ok(()),
            false => Err(Stop::because(format!("`git {}` failed: {}", arguments.join(" "), said.trim()))),
        }
    }

    /// Where git keeps something; all work trees of a repository share it.
    fn path(&self, name: &str) -> Result<PathBuf, Stop> {
        let path = self.ask(&["rev-parse", "--git-path", name])?;
        path.map(|path| self.top.join(path))
            .ok_or_else(|| Stop::because(format!("git does not say where its `{name}` is")))
    }

    /// The folder of the hooks: `core.hooksPath`, when that is set.
    fn hooks(&self) -> Result<PathBuf, Stop> {
        self.path("hooks")
    }

    /// The folder of hooks that other repositories run, too.
    fn hooks_of_others(&self) -> Result<Option<String>, Stop> {
        let set = self.ask(&["config", "--show-scope", "--get", "core.hooksPath"])?;
        let set = set.as_deref().and_then(|set| set.split_once('\t'));
        Ok(set.filter(|(scope, _)| !matches!(*scope, "local" | "worktree")).map(|(_, path)| path.to_owned()))
    }

    fn put_driver(&self) -> Result<Became, Stop> {
        let mut became = Became::Nothing;
        for (key, value) in DRIVER {
            match self.ask(&["config", "--local", "--get", key])? {
                Some(there) if there == value => {}
                Some(there) => {
                    return Ok(Became::InTheWay(format!(
                        "`{key}` is `{there}`; `git config --local {key} \"{value}\"` makes it policyc's"
                    )));
                }
                None => {
                    self.tell(&["config", "--local", key, value])?;
                    became = Became::Done;
                }
            }
        }
        Ok(became)
    }

    fn take_driver(&self) -> Result<Became, Stop> {
        let mut became = Became::Nothing;
        for (key, value) in DRIVER {
            if self.ask(&["config", "--local", "--get", key])?.is_some_and(|there| there == value) {
                self.tell(&["config", "--local", "--unset", key])?;
                became = Became::Done;
            }
        }
        Ok(became)
    }
}

/// Runs git in a folder.
fn git(folder: &Path, arguments: &[&str]) -> Result<Ended, Stop> {
    ended(program(folder).args(arguments))
}

/// The program git, in a folder.
fn program(folder: impl AsRef<Path>) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder);
    git
}

/// Runs git to its end.
fn ended(git: &mut Command) -> Result<Ended, Stop> {
    git.output().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Stop::because("there is no `git` on the PATH"),
        _ => Stop::because(format!("cannot run `git`: {}", io_words(&error))),
    })
}

/// What git printed, without the end of the line.
fn text_of(ended: &Ended) -> Result<String, Stop> {
    let text = String::from_utf8(ended.stdout.clone());
    let text = text.map_err(|_| Stop::because("git names a path that is not valid text"))?;
    Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
}

fn put_hook(hook: &Path, elsewhere: Option<&str>) -> Result<Became, Stop> {
    const ADD: &str = "hook=$(policyc install-hooks --print) && sh -c \"$hook\" || exit 1";
    let folder = hook.parent().unwrap_or(Path::new("."));
    if folder.exists() && !folder.is_dir() {
        return Ok(Became::InTheWay(format!(
            "hooks are switched off here: `core.hooksPath` is `{}`, which is no folder; take it out (`git config --show-origin core.hooksPath` \
             says where it stands), and run `policyc install-hooks` again",
            folder.display()
        )));
    }
    if let Some(folder) = elsewhere {
        let name = hook.file_name().unwrap_or_default().display();
        return Ok(Became::InTheWay(format!(
            "`core.hooksPath` of your own configuration leads all repositories to `{folder}`; add to its `{name}`: {ADD}"
        )));
    }
    if fs::symlink_metadata(hook).is_err() {
        folder_of(hook)?;
        Output::whole(Some(hook), HOOK)?;
        executable(hook).map_err(|error| cannot_write(hook, &error))?;
        return Ok(Became::Done);
    }
    // What cannot be read as a text is somebody else's.
    match fs::read_to_string(hook).unwrap_or_default() {
        there if there == HOOK => {
            let was_none = executable(hook).map_err(|error| cannot_write(hook, &error))?;
            Ok(if was_none { Became::Done } else { Became::Nothing })
        }
        there if there.starts_with(OURS) => Ok(Became::InTheWay(
            "it comes from another release of policyc, or was changed: delete it, and run `policyc install-hooks` again"
                .to_owned(),
        )),
        _ => Ok(Became::InTheWay(format!("it is not policyc's; add to it: {ADD}"))),
    }
}

fn take_hook(hook: &Path) -> Result<Became, Stop> {
    match fs::read_to_string(hook).unwrap_or_default() {
        there if there == HOOK => {
            fs::remove_file(hook).map_err(|error| cannot_write(hook, &error))?;
            Ok(Became::Done)
        }
        there if there.starts_with(OURS) => Ok(Became::InTheWay(
            "it comes from another release of policyc, or was changed: delete it, if nobody needs it".to_owned(),
        )),
        _ => Ok(Became::Nothing),
    }
}

fn put_attributes(file: &Path) -> Result<Became, Stop> {
    let there = attributes(file)?;
    if there.lines().any(|line| line.split_whitespace().eq(["*.policy", "diff=policyc"])) {
        return Ok(Became::Nothing);
    }
    folder_of(file)?;
    // So that taking it out leaves the bytes that were there.
    let text = match there.is_empty() || there.ends_with('\n') {
        true => format!("{there}{ATTRIBUTES}\n"),
        false => format!("{there}\n{ATTRIBUTES}"),
    };
    Output::whole(Some(file), &text)?;
    Ok(Became::Done)
}

fn take_attributes(file: &Path) -> Result<Became, Stop> {
    let there = attributes(file)?;
    let rest = match there.strip_suffix(&format!("\n{ATTRIBUTES}")) {
        Some(before) => before.to_owned(),
        None => there.replacen(&format!("{ATTRIBUTES}\n"), "", 1),
    };
    if rest == there {
        return Ok(Became::Nothing);
    }
    match rest.is_empty() {
        true => fs::remove_file(file).map_err(|error| cannot_write(file, &error))?,
        false => Output::whole(Some(file), &rest)?,
    }
    Ok(Became::Done)
}

/// The text of the attributes; empty when there is no such file.
fn attributes(file: &Path) -> Result<String, Stop> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Stop::because(format!("cannot read `{}`: {}", file.display(), io_words(&error)))),
    }
}

/// Makes the folder of a file.
fn folder_of(file: &Path) -> Result<(), Stop> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Stop {
    Stop::because(format!("cannot write `{}`: {}", path.display(), io_words(error)))
}

/// Sees to it that git can run a file, and says whether it could not before.
#[cfg(unix)]
fn executable(file: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let is_one = fs::metadata(file)?.permissions().mode() & 0o100 != 0;
    if !is_one {
        fs::set_permissions(file, fs::Permissions::from_mode(0o755))?;
    }
    Ok(!is_one)
}

#[cfg(not(unix))]
fn executable(_file: &Path) -> std::io::Result<bool> {
    Ok(false)
}

/// Whether the PATH leads to a `policyc`.
fn on_the_path() -> bool {
    let name = format!("policyc{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(&name).is_file())
}
