//! `policyc test`: runs the `test` blocks of policies, and says what they show.

mod generate;

use std::path::PathBuf;

use clap::Args;
use policyc::diagnostic::any_error;
use policyc::render::coverage::{self, Covered};
use policyc::render::junit::{self, Suite};
use policyc::render::terminal::{Tone, clean};
use policyc::render::{Batch, Tally, findings, github, json};
use policyc::testing::{self, Outcome, coverage::Coverage};

use super::Exit;
use super::console::{Console, Stop};
use super::format::{Format, write_github, write_sarif};
use super::output::Output;
use super::place::Place;
use super::policies::{Read, Run};

/// Run the tests that stand in policies.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Policy files, or folders with `*.policy` files in them; also of a git revision, as `REV:PATH`. When absent, those that
    /// `policyc.toml` names.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Say which rules never decide in a test, which conditions are never true, false or unknown, and which thresholds are tried on
    /// one side only, or from afar.
    #[arg(long)]
    coverage: bool,
    /// Fail when the tests of a policy show less of it than so many percent.
    #[arg(long, value_name = "PERCENT", requires = "coverage", value_parser = percent)]
    min: Option<u8>,
    /// Write tests for what `--coverage` misses, ready to be pasted, each with what is decided today.
    #[arg(long, conflicts_with_all = ["coverage", "format"])]
    generate: bool,
    /// Put them at the end of the policy's file instead; what stands there is left as it is.
    #[arg(long, requires = "generate")]
    append: bool,
    /// How results are written.
    #[arg(long, default_value = "human")]
    pub(super) format: Format,
}

/// A whole number of percent, with or without the sign.
fn percent(text: &str) -> Result<u8, &'static str> {
    let number = text.strip_suffix('%').unwrap_or(text).trim_end().parse();
    number.ok().filter(|percent| *percent <= 100).ok_or("type a whole number from 0 to 100")
}

/// Runs the tests of every policy that checks; shows the findings of every other.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Stop> {
    let form = |faulty: &Batch| json::text(&json::Tests::of(Vec::new(), &[faulty]));
    let settings = arguments.format.settings(form, console)?;
    let read = settings.policies(&arguments.paths).and_then(|given| Run::over(&given));
    let run = arguments.format.or_told(read, form, console)?;
    if let Some(read) = run.policies.iter().find(|read| arguments.append && matches!(read.place, Place::Commit(_))) {
        return Err(Stop::because(format!(
            "`{}` is in a commit, which stays as it is: leave `--append` out",
            read.name()
        )));
    }
    if arguments.generate {
        return generate::run(&run, arguments.append, console);
    }
    let least = arguments.min.or(settings.config.coverage).map(usize::from).filter(|least| *least > 0);
    let is_covered = arguments.coverage || least.is_some();
    let ran: Vec<Ran<'_>> = run.policies.iter().map(|read| Ran::of(read, is_covered)).collect();
    let results = Results {
        faulty: run.unused.iter().map(|r| &r.batch).filter(|b| any_error(&b.diagnostics)).collect(),
        short: ran.iter().filter_map(|ran| ran.covered.as_ref()?.shortfall(least?)).collect(),
        ran,
        least,
    };
    match arguments.format {
        Format::Human => results.human(arguments.coverage, console)?,
        Format::Json => results.json(is_covered)?,
        Format::Sarif => write_sarif(&results.found().iter().collect::<Vec<_>>())?,
        Format::Github => results.github(console)?,
        Format::Junit => results.junit()?,
    }
    // What these have no place for is said all the same.
    if matches!(arguments.format, Format::Json | Format::Sarif) {
        results.short.iter().for_each(|words| console.note(words));
    }
    let found = results.count(false) > 0 || !results.unchecked().is_empty() || !results.short.is_empty();
    Ok(Exit::from(found))
}

/// What became of a policy.
struct Ran<'r> {
    batch: &'r Batch,
    /// Its tests; none when it does not check.
    outcomes: Option<Vec<Outcome>>,
    /// What they show, when that is asked for.
    covered: Option<Covered>,
}

impl<'r> Ran<'r> {
    fn of(read: &'r Read, coverage: bool) -> Ran<'r> {
        let Read { policy, batch, .. } = read;
        let covered = policy.as_ref().filter(|_| coverage);
        Ran {
            batch,
            outcomes: policy.as_ref().map(testing::run),
            covered: covered.map(|p| Covered { sources: batch.sources.clone(), coverage: Coverage::of(p) }),
        }
    }
}

/// What became of all policies.
struct Results<'r> {
    ran: Vec<Ran<'r>>,
    /// The libraries that cannot be read.
    faulty: Vec<&'r Batch>,
    /// The percentage that is asked for.
    least: Option<usize>,
    /// What falls short of it.
    short: Vec<String>,
}

impl Results<'_> {
    /// How many tests passed, or failed.
    fn count(&self, passed: bool) -> usize {
        let outcomes = self.ran.iter().flat_map(|ran| &ran.outcomes).flatten();
        outcomes.filter(|outcome| outcome.passed() == passed).count()
    }

    /// What does not check, so that its tests were not run.
    fn unchecked(&self) -> Vec<&Batch> {
        let policies = self.ran.iter().filter(|ran| ran.outcomes.is_none()).map(|ran| ran.batch);
        policies.chain(self.faulty.iter().copied()).collect()
    }

    /// Why tests failed, and what does not check.
    fn found(&self) -> Vec<Batch> {
        let policies = self.ran.iter().map(|ran| match &ran.outcomes {
            None => ran.batch.clone(),
            Some(outcomes) => {
                let diagnostics = outcomes.iter().flat_map(|outcome| outcome.findings.clone()).collect();
                Batch { sources: ran.batch.sources.clone(), diagnostics }
            }
        });
        policies.chain(self.faulty.iter().map(|batch| (*batch).clone())).collect()
    }

    fn json(&self, coverage: bool) -> Result<(), Stop> {
        let tests = self.ran.iter().flat_map(|ran| {
            let outcomes = ran.outcomes.iter().flatten();
            outcomes.map(|outcome| json::Test::of(&ran.batch.sources, outcome))
        });
        let form = json::Tests::of(tests.collect(), &self.unchecked());
        let covered = self.ran.iter().filter_map(|ran| ran.covered.as_ref());
        let form = if coverage { form.with_coverage(covered) } else { form };
        Output::whole(None, &json::text(&form))
    }

    fn junit(&self) -> Result<(), Stop> {
        let suite = |ran: &Ran<'_>| {
            let suite = match &ran.outcomes {
                None => Suite::of_findings(ran.batch),
                Some(outcomes) => Suite::of_tests(&ran.batch.sources, outcomes),
            };
            match (&ran.covered, self.least) {
                (Some(covered), Some(least)) => suite.with_share(least, covered.shortfall(least)),
                (None, _) | (_, None) => suite,
            }
        };
        let suites = self.ran.iter().map(suite).chain(self.faulty.iter().map(|batch| Suite::of_findings(batch)));
        Output::whole(None, &junit::report(&suites.collect::<Vec<_>>()))
    }

    fn github(&self, console: &Console) -> Result<(), Stop> {
        write_github(&self.found().iter().collect::<Vec<_>>(), console)?;
        console.print(&self.short.iter().map(|words| github::error(words)).collect::<String>())?;
        self.sum_up("", console)
    }

    fn human(&self, coverage: bool, console: &Console) -> Result<(), Stop> {
        let findings = findings::human(&self.found().iter().collect::<Vec<_>>(), console.out);
        let gap = if findings.is_empty() { "" } else { "\n" };
        console.print(&findings)?;
        self.sum_up(gap, console)?;
        if !coverage {
            let short = |words: &String| {
                format!(
                    "{}\n",
                    console.out.paint(Tone::Bad, &format!("{}: `policyc test --coverage` says of what", clean(words)))
                )
            };
            return console.print(&self.short.iter().map(short).collect::<String>());
        }
        let shown = |covered| coverage::human(covered, self.least, console.out);
        let shares: Vec<String> = self.ran.iter().filter_map(|ran| ran.covered.as_ref()).map(shown).collect();
        if !shares.is_empty() {
            console.sum_up("")?;
        }
        console.print(&shares.join("\n"))
    }

    /// Says how many tests passed, `gap` below what was printed of the others.
    fn sum_up(&self, gap: &str, console: &Console) -> Result<(), Stop> {
        let (passed, failed, unchecked) = (self.count(true), self.count(false), self.unchecked());
        let tone = if failed > 0 { Tone::Bad } else { Tone::Good };
        let counts = match passed + failed {
            0 if unchecked.is_empty() => "there are no tests".to_owned(),
            _ => format!("{passed} passed, {failed} failed"),
        };
        console.sum_up(&format!("{gap}{}", console.out.paint(tone, &counts)))?;
        match Tally::of(&unchecked).sentence() {
            Some(sentence) => console.sum_up(&format!("{sentence}: the tests of these policies were not run")),
            None => Ok(()),
        }
    }
}
