"""What policies/shared/ says, by hand: the mailboxes, and the rules that stand above every other."""

PERSONAL_MAIL = ["gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "gmx.net", "web.de", "icloud.com"]
COMPETITORS = ["blaupause.example", "querkraft.example", "sjlead.example", "fernsicht.example"]
STAY_AWAY = ["noreply.example", "ohne-werbung.example", "quiet-office.example"]


def domain_of(email):
    """In lower case; None without exactly one @ and something behind it."""
    parts = email.strip().split("@")
    return parts[1].strip().lower() or None if len(parts) == 2 else None


def private_mail(row):
    domain = domain_of(row["Email"])
    return None if domain is None else domain in PERSONAL_MAIL


def do_not_contact(row):
    """The rules of do-not-contact.policy. A missing `Opted Out` means no."""
    domain = domain_of(row["Email"])
    return [
        ("opted_out_of_contact", "do not contact", row["Opted Out"].strip().lower() in ("yes", "y", "true", "on", "1")),
        ("stay_away", "do not contact", domain in STAY_AWAY),
        ("competitor", "do not contact", domain in COMPETITORS),
    ]
