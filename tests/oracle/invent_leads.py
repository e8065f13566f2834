"""Invents the leads of policies/{inbound,product-lines,funnel,consent}: the same ones on every run.

    python3 tests/oracle/invent_leads.py

Nobody in them is real: mailboxes end in .example, except for private ones, whose names stand for nobody. The cells are
as untidy as those of a CRM: values that hold commas, several spellings of blank, accents, blanks at the ends.
"""

import csv
from datetime import date, datetime, timedelta
from random import Random
from unicodedata import normalize

PEOPLE = ["Ann Otieno", "Björn Lund", "Chloé Marchand", "Dilek Aydın", "Emeka Obi", "Fatima Zahra", "Goran Ilić",
          "Hana Novák", "Íris Costa", "Jun Mori", "Katja Weiß", "Liam O'Dea", "Mira Patel", "Noël Dubois", "Olga Petrova",
          "Paulo Sousa", "Quang Tran", "Rosa Bianchi", "Sven Olsen", "Tova Levi", "Uwe Brandt", "Vera Kos"]
COMPANIES = [("Kern & Söhne", "kern"), ("Brightwater, Inc.", "brightwater"), ("Nordlicht AG", "nordlicht"),
             ('The "Old" Mill, Ltd.', "oldmill"), ("Fabrik 17", "fabrik17"), ("Hansen, Møller & Co", "hansen-moller"),
             ("Bluebird Logistics", "bluebird"), ("Casa Verde S.L.", "casaverde"), ("Stahlwerk Ost GmbH", "stahlwerk-ost"),
             ("Quill & Page", "quillpage"), ("Zephyr Bank", "zephyrbank"), ("Almond Foods, LLC", "almondfoods")]
ODD_DOMAINS = ["gmail.com", "web.de", "querkraft.example", "sjlead.example", "quiet-office.example", "noreply.example"]


def address(rng, person, domain):
    name = person.lower().replace(" ", ".").replace("'", "").replace("ß", "ss").replace("ı", "i").replace("ø", "o")
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{plain}@{domain}" if rng.random() < 0.9 else f"{plain.title()}@{domain.upper()}"


def contact(rng):
    """A person, the company and an e-mail address, which is sometimes private, blocked, missing or broken."""
    person, (company, domain) = rng.choice(PEOPLE), rng.choice(COMPANIES)
    draw = rng.random()
    if draw < 0.06:
        return person, company, ""
    if draw < 0.08:
        return person, company, "to be asked"
    return person, company, address(rng, person, rng.choice(ODD_DOMAINS) if draw < 0.28 else f"{domain}.example")


def maybe(rng, share, cell, blanks=("",)):
    """The cell, or one of the spellings of blank in this share of the rows."""
    return rng.choice(blanks) if rng.random() < share else cell


def days_before(rng, day, most):
    return day - timedelta(days=int(rng.random() ** 1.6 * most))


def grouped(amount, point=".", group=","):
    whole, cents = f"{amount:,.2f}".split(".")
    return whole.replace(",", group) + ("" if cents == "00" else point + cents)


def some_of(rng, values, most):
    return ";".join(rng.sample(values, rng.randint(0, most)))


def inbound(rng):
    day = date(2026, 11, 1)
    titles = ["CEO", "Chief Financial Officer", "VP Sales", "Vice President, Operations", "Director of IT", "Head of Procurement",
              "IT Manager", "Office Manager", "Software Engineer", "Assistant to the CEO", "Analyst", "director", "Student", "Retired"]
    industries = ["Software", "Banking & Insurance", "Retail", "Health Care", "Public", "Breweries", "Fishing, Farming"]
    messages = ["We need a demo, urgent!", "Please call me", "Price list, please", "ASAP: our contract ends", "", "",
                "How do you compare with others, and what does it cost?", "Dringend"]
    for n in range(160):
        _, company, email = contact(rng)
        asked = days_before(rng, day, 60)
        yield [f"R-{10001 + n}", asked, email, maybe(rng, 0.06, rng.choice(titles)), company,
               maybe(rng, 0.1, rng.choice(industries)),
               maybe(rng, 0.15, grouped(int(10 ** rng.uniform(0.5, 4.5))), ["", "n/a", "-", "unknown"]),
               maybe(rng, 0.1, rng.choice(["DE", "DE", "AT", "CH", "FR", "GB", "US", "BR"])),
               maybe(rng, 0.4, "$" + grouped(int(10 ** rng.uniform(2.5, 5.2))), ["", "n/a", "tbd"]),
               some_of(rng, ["pricing", "security", "integrations", "support"], 3), rng.choice(messages),
               maybe(rng, 0.1, rng.choice([0, 0, 1, 1, 2, 3, 6])), maybe(rng, 0.15, days_before(rng, day, 120)),
               maybe(rng, 0.2, rng.choice(["no", "No", "FALSE", "no", "0", "yes"]))]


def product_lines(rng):
    day = date(2026, 11, 1)
    german = "%d.%m.%Y"
    for n in range(180):
        _, company, email = contact(rng)
        ahead = day + timedelta(days=rng.randint(-30, 240))
        ends = day + timedelta(days=rng.randint(-60, 320))
        yield [f"OP{n + 1:05}", rng.choice(["Toner", "Analytics", "Carbon"]), company, email,
               maybe(rng, 0.12, rng.choice(["Staff", "Manager", "Director", "Executive"])),
               maybe(rng, 0.2, grouped(rng.choice([1200, 4999.99, 5000, 7500.5, 18000, 64000]), ",", "."), ["", "0", "0,00"]),
               maybe(rng, 0.18, rng.randint(0, 5)), maybe(rng, 0.25, ahead.strftime(german)),
               maybe(rng, 0.4, ends.strftime(german)), maybe(rng, 0.25, grouped(int(10 ** rng.uniform(0, 3.4)), ",", ".")),
               maybe(rng, 0.1, rng.choice([0, 0, 0, 1, 2, 3])), maybe(rng, 0.15, rng.choice(["yes", "no"])),
               maybe(rng, 0.25, rng.choice(["Yes", "No", "No"])), some_of(rng, ["cost", "compliance", "image", "manual work"], 3),
               maybe(rng, 0.15, days_before(rng, day, 150).strftime(german)), maybe(rng, 0.5, rng.choice(["no", "no", "no", "yes"]))]


def funnel(rng):
    day = datetime(2026, 9, 1, 9, 30)
    verdicts = ["too early", "wrong person", "No budget", "no need", "bought elsewhere"]
    blanks = ["", "unknown", "n/a", "--None--"]
    for n in range(200):
        person, company, email = contact(rng)
        handed = accepted = met = verdict = None
        if rng.random() < 0.55:
            handed = day - timedelta(hours=rng.choice([3, 20, 33, 34, 52, 90, 300, 900, 2100, 2300]), minutes=rng.randint(0, 50))
            draw = rng.random()
            if draw < 0.45:
                accepted = handed + timedelta(hours=rng.randint(0, 19), minutes=rng.randint(0, 50))
                verdict = maybe(rng, 0.3, "Accepted" if rng.random() < 0.8 else rng.choice(verdicts), ["", "--None--"])
                met = maybe(rng, 0.3, (accepted + timedelta(days=3)).date())
            elif draw < 0.75:
                verdict = rng.choice(verdicts)
        serious = handed is not None and rng.random() < 0.8
        industries = ["Software", "banking", "Logistics", "Manufacturing"] + ([] if serious else ["Oil & Gas", "Wine"])
        size = rng.uniform(1.9, 3.8) if serious else rng.uniform(0.6, 4.4)
        yield [f"00Q{n + 1:04}", maybe(rng, 0.05, person), company, email,
               maybe(rng, 0.08, rng.choice(industries), blanks), maybe(rng, 0.08, grouped(int(10 ** size)), blanks),
               maybe(rng, 0.25, "$" + grouped(rng.choice([2500, 9999.99, 10000, 25000.5, 120000])), ["", "unknown", "n/a"]),
               maybe(rng, 0.15, rng.randint(2 if serious else 0, 5)), maybe(rng, 0.08, int(10 ** rng.uniform(0, 2.3))),
               maybe(rng, 0.08, rng.choice([1, 2, 2, 4] if serious else [0, 0, 0, 1, 2])),
               maybe(rng, 0.08, rng.choice([0, 1, 1, 2] if serious else [0, 0, 0, 1])),
               handed.isoformat(timespec="seconds") if handed else "", accepted.isoformat(timespec="seconds") if accepted else "",
               met or "", verdict or maybe(rng, 0.5, "--None--"), rng.choice(["False", "False", "False", "True"]) if n % 5 == 0 else ""]


def consent(rng):
    day = date(2026, 11, 1)
    for n in range(120):
        person, company, email = contact(rng)
        price = rng.choice([900, 1250.5, 4800, 12000, 39999.9])
        offer = price * rng.choice([40, 59, 60, 75, 90, 100]) / 100
        euro = lambda amount: grouped(amount, ",", ".") + " €"
        yield [f"C-{n + 1:03}", person, company, email, maybe(rng, 0.1, rng.choice(["DE", "DE", "DE", "AT", "CH", "FR", "US", "GB", "NL", "NL", "SY"])),
               some_of(rng, ["email", "phone", "post"], 3), maybe(rng, 0.25, days_before(rng, day, 1100)),
               maybe(rng, 0.88, days_before(rng, day, 700)), maybe(rng, 0.2, rng.choice(["form", "form", "fair", "partner", "bought list"])),
               maybe(rng, 0.3, rng.choice(["yes", "no", "Y", "N"])), maybe(rng, 0.6, days_before(rng, day, 800)),
               maybe(rng, 0.7, date(rng.randint(1958, 2011), rng.randint(1, 12), rng.randint(1, 28))),
               maybe(rng, 0.5, euro(price)), maybe(rng, 0.6, euro(offer)), maybe(rng, 0.4, rng.choice([14, 30, 60, 90, 120])),
               maybe(rng, 0.5, euro(rng.choice([0, 0, 0, 350.75, 8000, 10000, 10000.01]))),
               maybe(rng, 0.7, rng.choice(["5%", "10", "25%", "40%", "40.5", "60%"])), maybe(rng, 0.4, rng.choice(["no", "no", "no", "yes"]))]


FILES = {
    "inbound": (inbound, 17, ",", "utf-8",
                ["Request No.", "Requested On", "Email", "Job Title", "Company", "Industry", "Employees", "Country", "Budget (yearly)",
                 "Asked About", "Message", "Pricing Page Visits", "Last Touch", "Opted Out"]),
    "product-lines": (product_lines, 23, ";", "utf-8-sig",
                      ["Opportunity ID", "Product Line", "Account", "Email", "Role", "Budget EUR", "Need (0-5)", "Decides By",
                       "Supply Contract Ends", "Printers", "Webinars", "Trial Started", "Reports CO2", "Pains", "Last Touch", "Opted Out"]),
    "funnel": (funnel, 29, ",", "utf-8",
               ["Lead ID", "Full Name", "Company", "Email", "Industry", "Employees", "Budget", "Need", "Page Views", "Downloads",
                "Replies", "Handed Over At", "Accepted At", "First Meeting", "Sales Verdict", "Opted Out"]),
    "consent": (consent, 31, ",", "utf-8",
                ["Contact", "Name", "Company", "Email", "Country", "Consent For", "Consent Given On", "Objected On",
                 "Consent Obtained By", "Is Customer", "Last Purchase", "Date of Birth", "List Price", "Their Offer", "Payment Days",
                 "Overdue", "Discount Asked", "Opted Out"]),
}

for folder, (invent, seed, delimiter, encoding, columns) in FILES.items():
    with open(f"policies/{folder}/leads.csv", "w", newline="", encoding=encoding) as file:
        out = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        out.writerow(columns)
        out.writerows(invent(Random(seed)))
