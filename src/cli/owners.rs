//! `policyc owners`: who owns what.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use policyc::ir::Policy;
use policyc::render::owners;
use policyc::review::owning;

use super::Exit;
use super::console::{Console, Stop};
use super::output::Output;
use super::place::Places;
use super::policies::{Read, Run};
use super::settings::Settings;
use super::way::Links;

/// Show who owns what: policies, sections, rules, lists and libraries.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders with `*.policy` files in them; also of a git revision, as `REV:PATH`. When absent, those that
    /// `policyc.toml` names.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write a CODEOWNERS file: each file with the teams that own something in it.
    #[arg(long, conflicts_with = "format")]
    codeowners: bool,
    /// How the table is written.
    #[arg(long, default_value = "human")]
    format: Format,
}

/// How the table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Shows who owns what.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let settings = Settings::find(console)?;
    let given = settings.policies(&arguments.paths)?;
    let run = Run::over(&given)?;
    run.notes().for_each(|note| console.note(&note));
    let mut policies = Vec::new();
    for read in run.policies {
        policies.push(read.checked(console)?);
    }
    if arguments.codeowners {
        let mut places = Places::default();
        let mut links = Links::new();
        for path in &given {
            links.extend(places.given(path)?.links()?);
        }
        links.extend(policies.iter().flat_map(|(read, _)| read.texts.links()));
        return Output::whole(None, &owners::codeowners(&files(&policies, &links))).map(|()| Exit::Clean);
    }
    let tables: Vec<owners::Table> = policies.iter().map(|(read, policy)| table(read, policy)).collect();
    match arguments.format {
        Format::Human => console.print(&owners::human(&tables, console.out))?,
        Format::Json => Output::whole(None, &owners::json(&tables))?,
    }
    Ok(Exit::Clean)
}

/// The table of a policy, its files called by where they stand in the repository.
fn table(read: &Read, policy: &Policy) -> owners::Table {
    let homes: BTreeMap<&str, &str> = policy
        .sources
        .iter()
        .map(String::as_str)
        .zip(read.batch.sources.iter().map(|file| file.home.as_str()))
        .collect();
    let home = |path: &str| homes.get(path).map_or(path, |home| home).to_owned();
    let named = |mut own: policyc::review::Owning| {
        own.path = home(&own.path);
        if own.item == policyc::review::Item::Library {
            own.name.clone_from(&own.path);
        }
        own
    };
    owners::Table {
        path: read.batch.sources.iter().next().map(|file| file.home.clone()).unwrap_or_default(),
        title: policy.title.clone(),
        owners: owning(policy).into_iter().map(named).collect(),
    }
}

/// Each file with all teams that own something in it, and each link with those that own something of what it leads to.
fn files(policies: &[(Read, Policy)], links: &Links) -> BTreeMap<String, BTreeSet<String>> {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (read, policy) in policies {
        for own in table(read, policy).owners {
            let list = own.file.map(|file| read.texts.way(&file).end.unwrap_or(file));
            for path in [Some(own.path), list].into_iter().flatten() {
                files.entry(path).or_default().extend(own.owners.iter().cloned());
            }
        }
    }
    // Where another policy comes to stand concerns all who own something in it, be it in a library.
    let mut behind = files.clone();
    for (read, policy) in policies {
        let home = read.batch.sources.iter().next().map(|file| file.home.clone());
        behind.entry(home.unwrap_or_default()).or_default().extend(policy.all_owners());
    }
    for (link, end) in links {
        let led_to = behind.iter().filter(|(file, _)| Path::new(file).starts_with(end));
        files.insert(link.clone(), led_to.flat_map(|(_, teams)| teams.iter().cloned()).collect());
    }
    files
}
