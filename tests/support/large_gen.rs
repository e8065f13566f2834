//! Large policies as text, to measure with: as many rules as wanted over 14 fields and two scores of 20 lines each, and the same
//! policy with some of its rules edited.
//!
//! A policy is a function of its number of rules and a seed. Each rule asks for three to five things, less the
//! further down it stands, so that nearly every one is there for some lead.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, reason = "shared by tests and examples")]

#[path = "dice.rs"]
mod dice;

use dice::Dice;

/// A large policy.
#[derive(Clone)]
pub(crate) struct Large {
    rules: Vec<Rule>,
}

#[derive(Clone, PartialEq)]
struct Rule {
    name: String,
    decision: &'static str,
    /// What it asks, at most one test of each subject, by the position of the subject.
    tests: Vec<(usize, String)>,
}

/// Something that rules ask about.
struct Subject {
    /// How: with `{}` for one of the values, or for several of them in `[{}]`.
    tests: &'static [&'static str],
    values: &'static [&'static str],
}

const HEAD: &str = r#"policy "Inbound leads"
  owned by marketing, sales
  in force from 2026-10-01
  time zone Europe/Berlin

lead
  title       ranked [Student < Staff < Senior < Manager < Director < VP < "C-level"] or other
  industry    one of [Software, Banking, Insurance, Retail, Health, Telecom, Energy, Logistics, Media, Pharma] or other
  region      one of [DACH, Nordics, UK, Benelux, France, Iberia, Americas, Asia], required
  source      one of [web, ads, fair, webinar, partner, referral, outbound] or other
  product     one of [starter, team, business, enterprise], required
  email       text, ignoring case, personal
  employees   whole number from 1
  need        whole number from 0 to 5
  budget      money in EUR from 0, blank when 0
  webinars    whole number from 0, required
  opted_out   yes or no, missing means no
  customer    yes or no
  last_touch  date
  renewal     date

decisions, best first
  pass to sales
  book a call
  pass to partner
  pass to telequalifying
  invite to webinar
  nurture
  return to marketing
  disqualify

list personal_mail is ["gmail.com", "hotmail.com", "yahoo.com", "gmx.de", "web.de"]
list competitors is ["rival.example", "querkraft.example", "blaupause.example"]

define can_decide as title >= Director

score fit from 0 to 100
  +10 when title in [VP, "C-level"]                      as "can sign"
  +15 when can_decide                                    as "can decide"
  +7 when title between Senior and Manager               as "can recommend"
  -20 when title is Student
  +12 when industry in [Software, Banking, Insurance]    as "core industry"
  +6 when industry in [Retail, Health, Telecom]
  -5 when industry in [Media, other]
  +8 when region in [DACH, Nordics]                      as "home market"
  +4 when region in [UK, Benelux, France]
  +18 when employees between 200 and 5000                as "the size that we serve best"
  +9 when employees between 50 and 199
  -10 when employees < 10
  +1 for each 10_000 budget, at most 15                  as "budget"
  +5 when budget >= 100_000
  -8 when budget < 2_500
  +10 when product is enterprise
  +5 when product is business
  -15 when domain of email in personal_mail              as "private mailbox"
  -3 when email is missing
  +6 when customer

score interest from 0 to 100
  +8 for each need, at most 32                           as "need"
  +5 for each webinars, at most 20                       as "webinars"
  +14 when last_touch in the last 14 days
  +7 when last_touch in the last 60 days
  -25 when last_touch more than 120 days ago             as "gone quiet"
  +16 when renewal in the next 3 months                  as "renews soon"
  +6 when renewal in the next 9 months
  -4 when renewal more than 30 days ago
  +9 when source in [referral, partner]                  as "was recommended"
  +5 when source is fair
  +3 when source is webinar
  -6 when source is outbound
  +11 when need >= 4 and budget >= 25_000
  +4 when product in [business, enterprise]
  +2 when title is known
  +2 when employees is known
  +3 when budget is known
  -12 when need is 0
  +5 when customer and need >= 2
  -30 when opted_out                                     as "does not want mail"

stay_away: disqualify when opted_out or domain of email in competitors
  because "objected, or works for a competitor"
"#;

const DECISIONS: [&str; 8] = [
    "pass to sales",
    "book a call",
    "pass to partner",
    "pass to telequalifying",
    "invite to webinar",
    "nurture",
    "return to marketing",
    "disqualify",
];

const SUBJECTS: [Subject; 14] = [
    Subject {
        tests: &["title is {}", "title in [{}]", "title >= {}", "title < {}", "can_decide"],
        values: &["Senior", "Manager", "Director", "VP", "\"C-level\""],
    },
    Subject {
        tests: &["industry is {}", "industry in [{}]", "industry not in [{}]"],
        values: &["Software", "Banking", "Insurance", "Retail", "Health", "Telecom", "Energy", "Logistics", "other"],
    },
    Subject {
        tests: &["region is {}", "region in [{}]", "region not in [{}]"],
        values: &["DACH", "Nordics", "UK", "Benelux", "France", "Iberia", "Americas", "Asia"],
    },
    Subject {
        tests: &["source is {}", "source in [{}]", "source not in [{}]"],
        values: &["web", "ads", "fair", "webinar", "partner", "referral", "outbound"],
    },
    Subject {
        tests: &["product is {}", "product in [{}]", "product is not {}"],
        values: &["starter", "team", "business", "enterprise"],
    },
    Subject {
        tests: &["domain of email in personal_mail", "domain of email not in personal_mail", "email ends with \"{}\""],
        values: &[".edu", ".gov", ".de", ".com"],
    },
    Subject {
        tests: &["employees >= {}", "employees < {}", "employees between {} and 10_000"],
        values: &["10", "20", "50", "100", "250", "500", "1_000", "2_500", "5_000"],
    },
    Subject { tests: &["need >= {}", "need is {}", "need <= {}"], values: &["1", "2", "3", "4"] },
    Subject {
        tests: &["budget >= {}", "budget < {}", "budget between 1_000 and {}"],
        values: &["2_500", "5_000", "7_500", "10_000", "25_000", "40_000", "75_000", "100_000", "250_000"],
    },
    Subject { tests: &["webinars >= {}", "webinars < {}"], values: &["1", "2", "3", "5"] },
    Subject { tests: &["customer", "not customer"], values: &[""] },
    Subject {
        tests: &["last_touch in the last {} days", "last_touch more than {} days ago"],
        values: &["7", "14", "30", "45", "60", "90", "180"],
    },
    Subject {
        tests: &["renewal in the next {}", "not (renewal in the next {})"],
        values: &["1 month", "2 months", "3 months", "6 months", "12 months"],
    },
    Subject {
        tests: &["fit >= {}", "interest >= {}", "fit + interest >= {}"],
        values: &["20", "25", "30", "35", "40", "45", "50", "55", "60", "70"],
    },
];

impl Large {
    /// A policy of so many rules (at least 2), the first one and the `otherwise` included.
    pub(crate) fn new(rules: usize, seed: u64) -> Large {
        let mut dice = Dice::new(seed);
        let between = rules.saturating_sub(2);
        let rule = |i: usize| {
            let asks = 5 - 2 * i / between - dice.roll(2);
            Rule::new(&mut dice, format!("rule_{:04}", i + 1), asks)
        };
        Large { rules: (0..between).map(rule).collect() }
    }

    /// The same policy with so many of its rules edited, each in one way: another threshold or other values, a test more or less,
    /// another decision, or a place further up or down.
    pub(crate) fn edited(&self, edits: usize, seed: u64) -> Large {
        let mut dice = Dice::new(seed);
        let mut rules = self.rules.clone();
        let positions: Vec<usize> = (0..rules.len()).collect();
        for (i, position) in dice.some(edits, &positions).into_iter().enumerate() {
            let last = rules.len() - 1;
            match i % 5 {
                0 => rules[position].change(&mut dice),
                1 => rules[position].decide(&mut dice),
                2 => rules[position].ask_more(&mut dice),
                3 => rules[position].ask_less(&mut dice),
                _ => rules.swap(position, if position == last { 0 } else { last.min(position + 7) }),
            }
        }
        Large { rules }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for Rule { name, decision, tests } in &self.rules {
            let tests: Vec<&str> = tests.iter().map(|(_, test)| test.as_str()).collect();
            text += &format!("\n{name}: {decision} when {}\n", tests.join("\n    and "));
        }
        text + "\notherwise nurture\n  because \"not ready yet\"\n"
    }
}

impl Rule {
    fn new(dice: &mut Dice, name: String, asks: usize) -> Rule {
        let mut rule = Rule { name, decision: DECISIONS[dice.roll(DECISIONS.len())], tests: Vec::new() };
        while rule.tests.len() < asks {
            rule.ask_more(dice);
        }
        rule
    }

    /// Adds a test of something that is not asked about yet.
    fn ask_more(&mut self, dice: &mut Dice) {
        let free: Vec<usize> = (0..SUBJECTS.len()).filter(|s| self.tests.iter().all(|(asked, _)| asked != s)).collect();
        let subject = free[dice.roll(free.len())];
        self.tests.push((subject, SUBJECTS[subject].test(dice)));
    }

    /// Leaves one of its tests out, unless it is the only one.
    fn ask_less(&mut self, dice: &mut Dice) {
        if self.tests.len() > 1 {
            self.tests.remove(dice.roll(self.tests.len()));
        }
    }

    /// Changes one of its tests.
    fn change(&mut self, dice: &mut Dice) {
        let place = dice.roll(self.tests.len());
        let (subject, before) = &mut self.tests[place];
        let mut test = before.clone();
        while test == *before {
            test = SUBJECTS[*subject].test(dice);
        }
        *before = test;
    }

    /// Gives it another decision.
    fn decide(&mut self, dice: &mut Dice) {
        let others: Vec<&'static str> = DECISIONS.into_iter().filter(|other| *other != self.decision).collect();
        self.decision = others[dice.roll(others.len())];
    }
}

impl Subject {
    fn test(&self, dice: &mut Dice) -> String {
        let test = dice.pick(self.tests);
        let count = if test.contains("[{}]") { 2 + dice.roll(2) } else { 1 };
        test.replace("{}", &dice.some(count, self.values).join(", "))
    }
}
