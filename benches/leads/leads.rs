//! Leads to measure with: one after the other, a function of a seed alone, the same on every machine.
//!
//! Values are spread as in a CRM's export: most leads are small, some cells are missing, and a few stand exactly on the
//! thresholds of the policies beside this file.

use std::f64::consts::PI;
use std::io::{self, Write};

/// How leads are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Csv,
    /// CSV with every text in quotes, as many exports have it.
    QuotedCsv,
    Ndjson,
}

/// One lead; what may be missing is optional.
struct Lead {
    id: u64,
    title: &'static str,
    need: Option<usize>,
    budget_cents: Option<u64>,
    region: &'static str,
    industry: &'static str,
    company_size: u64,
    email: Option<String>,
    source: &'static str,
    webinars: u32,
    page_views: u64,
    last_activity: Option<String>,
    product: &'static str,
    consent: bool,
}

const COLUMNS: [&str; 14] = [
    "id",
    "title",
    "need",
    "budget",
    "region",
    "industry",
    "company_size",
    "email",
    "source",
    "webinars",
    "page_views",
    "last_activity",
    "product",
    "consent",
];
const TITLES: [(&str, usize); 12] = [
    ("CEO", 3),
    ("CFO", 2),
    ("CTO", 3),
    ("VP", 8),
    ("Director", 12),
    ("Manager", 20),
    ("Engineer", 16),
    ("Analyst", 10),
    ("Consultant", 7),
    ("Student", 6),
    ("Intern", 3),
    ("Other", 10),
];
const REGIONS: [(&str, usize); 6] = [("NA", 35), ("EMEA", 28), ("APAC", 18), ("LATAM", 9), ("MEA", 4), ("ANZ", 6)];
#[rustfmt::skip]
const INDUSTRIES: [&str; 20] = [
    "software", "banking", "insurance", "healthcare", "government", "telecom", "retail", "energy", "education", "manufacturing",
    "logistics", "media", "travel", "agriculture", "construction", "legal", "pharma", "automotive", "realestate", "nonprofit",
];
const SOURCES: [(&str, usize); 8] = [
    ("web", 30),
    ("ads", 20),
    ("event", 10),
    ("webinar", 10),
    ("partner", 8),
    ("referral", 7),
    ("outbound", 10),
    ("purchased", 5),
];
const PRODUCTS: [(&str, usize); 4] = [("starter", 40), ("team", 30), ("business", 18), ("enterprise", 12)];
#[rustfmt::skip]
const FIRST_NAMES: [&str; 16] = [
    "anna", "ben", "carla", "david", "elena", "frank", "grace", "hiro", "ines", "jonas", "kim", "luca", "maria", "nadia", "oscar", "priya",
];
#[rustfmt::skip]
const LAST_NAMES: [&str; 16] = [
    "smith", "garcia", "mueller", "tanaka", "rossi", "novak", "okafor", "larsen", "dubois", "silva", "kowalski", "nguyen", "haddad",
    "jensen", "brown", "petrov",
];
const BLOCKED: [&str; 3] = ["test@test.example", "info@acme.example", "noreply@leads.example"];

/// The as-of date, 2026-11-01, in days since 1970-01-01.
const AS_OF: i64 = 20_758;

/// Writes so many leads.
pub(crate) fn write(rows: u64, seed: u64, form: Form, out: &mut impl Write) -> io::Result<()> {
    if form != Form::Ndjson {
        let columns = COLUMNS.map(|name| if form == Form::QuotedCsv { format!("\"{name}\"") } else { name.to_owned() });
        writeln!(out, "{}", columns.join(","))?;
    }
    let mut chance = Chance::new(seed);
    for id in 1..=rows {
        let lead = Lead::draw(id, &mut chance);
        match form {
            Form::Csv => lead.write_csv("", out)?,
            Form::QuotedCsv => lead.write_csv("\"", out)?,
            Form::Ndjson => lead.write_ndjson(out)?,
        }
    }
    Ok(())
}

impl Lead {
    /// The order of draws is the format of the data: another order makes other leads of the same seed.
    fn draw(id: u64, chance: &mut Chance) -> Lead {
        let title = chance.weighted(&TITLES);
        let need = (chance.part() >= 0.08).then(|| chance.below(6));
        let budget_is_missing = chance.part() < 0.15;
        let cents = whole(((9.0 + 1.7 * chance.normal()).exp() * 100.0).min(999_999_999.0));
        let cents = match chance.below(200) {
            0 => 5_000_000,
            1 => 249_995,
            2 => 24_999_999,
            3 => 50_000,
            _ => cents,
        };
        let region = chance.weighted(&REGIONS);
        let industry = chance.pick(&INDUSTRIES);
        let company_size = whole((4.6 + 1.9 * chance.normal()).exp()).clamp(1, 200_000);
        let email = Lead::draw_email(chance);
        let source = chance.weighted(&SOURCES);
        let mut webinars = 0;
        while webinars < 12 && chance.part() < 0.42 {
            webinars += 1;
        }
        let page_views = whole(-(1.0 - chance.part()).ln() * 14.0);
        let last_activity = (chance.part() >= 0.05).then(|| {
            let age = chance.part().powi(2) * 400.0;
            iso_date(AS_OF - age as i64)
        });
        let product = chance.weighted(&PRODUCTS);
        let consent = chance.part() >= 0.06;
        Lead {
            id,
            title,
            need,
            budget_cents: (!budget_is_missing).then_some(cents),
            region,
            industry,
            company_size,
            email,
            source,
            webinars,
            page_views,
            last_activity,
            product,
            consent,
        }
    }

    fn draw_email(chance: &mut Chance) -> Option<String> {
        let (kind, blocked) = (chance.part(), chance.pick(&BLOCKED));
        let (first, last) = (chance.pick(&FIRST_NAMES), chance.pick(&LAST_NAMES));
        let (number, company) = (chance.below(10_000), chance.below(20_000));
        match kind {
            ..0.03 => None,
            ..0.04 => Some(blocked.to_owned()),
            _ => Some(format!("{first}.{last}{number}@company{company}.example")),
        }
    }

    /// One row, with texts between quotes or between nothing. A missing cell is empty.
    fn write_csv(&self, quote: &str, out: &mut impl Write) -> io::Result<()> {
        let Lead { id, title, region, industry, company_size, source, webinars, page_views, product, consent, .. } =
            self;
        let text = |cell: &Option<String>| cell.as_ref().map_or(String::new(), |text| format!("{quote}{text}{quote}"));
        let need = self.need.map_or(String::new(), |n| n.to_string());
        let budget = self.budget_cents.map_or(String::new(), euros);
        let (email, last_activity) = (text(&self.email), text(&self.last_activity));
        write!(out, "{id},{quote}{title}{quote},{need},{budget},{quote}{region}{quote},{quote}{industry}{quote},")?;
        write!(out, "{company_size},{email},{quote}{source}{quote},{webinars},{page_views},{last_activity},")?;
        writeln!(out, "{quote}{product}{quote},{consent}")
    }

    /// One line. A missing value is `null`.
    fn write_ndjson(&self, out: &mut impl Write) -> io::Result<()> {
        let Lead { id, title, region, industry, company_size, source, webinars, page_views, product, consent, .. } =
            self;
        let null = || "null".to_owned();
        let text = |value: &Option<String>| value.as_ref().map_or_else(null, |text| format!("\"{text}\""));
        let need = self.need.map_or_else(null, |n| n.to_string());
        let budget = self.budget_cents.map_or_else(null, euros);
        let (email, last_activity) = (text(&self.email), text(&self.last_activity));
        write!(out, r#"{{"id":{id},"title":"{title}","need":{need},"budget":{budget},"region":"{region}","#)?;
        write!(out, r#""industry":"{industry}","company_size":{company_size},"email":{email},"source":"{source}","#)?;
        write!(out, r#""webinars":{webinars},"page_views":{page_views},"last_activity":{last_activity},"#)?;
        writeln!(out, r#""product":"{product}","consent":{consent}}}"#)
    }
}

fn euros(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A number of zero or more without what stands behind its point.
fn whole(number: f64) -> u64 {
    number as u64
}

/// A day since 1970-01-01, written `2026-11-01`.
fn iso_date(days: i64) -> String {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// xoshiro256**, seeded by SplitMix64: <https://prng.di.unimi.it>.
struct Chance([u64; 4]);

impl Chance {
    fn new(seed: u64) -> Self {
        let mut state = seed;
        Chance([(); 4].map(|()| {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        }))
    }

    fn next(&mut self) -> u64 {
        let Chance([a, b, c, d]) = self;
        let drawn = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        drawn
    }

    /// From 0 to below 1.
    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, sides: usize) -> usize {
        (((self.next() >> 32) * sides as u64) >> 32) as usize
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        let at = self.below(from.len());
        from.get(at).copied().unwrap_or_default()
    }

    fn weighted(&mut self, from: &[(&'static str, usize)]) -> &'static str {
        let mut left = self.below(from.iter().map(|(_, weight)| weight).sum());
        for (value, weight) in from {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return value,
            }
        }
        ""
    }

    /// Normally distributed, around 0, by Box and Muller.
    fn normal(&mut self) -> f64 {
        let (far, around) = (1.0 - self.part(), self.part());
        (-2.0 * far.ln()).sqrt() * (2.0 * PI * around).cos()
    }
}
