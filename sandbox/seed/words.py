"""The words that books are written in: closed vocabularies, pipelines, titles, sentences and awkward texts."""

from decimal import Decimal
from typing import Literal

from sandbox.seed.book import Pipeline, Stage

__all__ = [
    "AWKWARD_TEXTS",
    "CHANNELS",
    "COINED_ENDS",
    "COINED_STARTS",
    "COMPETITORS",
    "DEAL_TYPES",
    "DEPARTMENTS",
    "INDUSTRIES",
    "INTERESTS",
    "JOB_TITLES",
    "LEAD_SOURCES",
    "LIFECYCLES",
    "LOST_REASONS",
    "MEETING_TITLES",
    "NEXT_STEPS",
    "PIPELINES",
    "PRODUCTS",
    "ROLES",
    "SENTENCES",
    "TASK_SUBJECTS",
    "TIERS",
    "TRADES",
]

INDUSTRIES = (
    "Manufacturing",
    "Logistics",
    "Software",
    "Health Care",
    "Food & Beverage",
    "Financial Services",
    "Education",
    "Energy",
    "Retail",
    "Construction",
)
"""Every value of `Company.industry`."""

LEAD_SOURCES = ("Web", "Trade show", "Referral", "Cold call", "Partner", "Newsletter", "Social media", "Other")
"""Every value of `lead_source`."""

LIFECYCLES = ("subscriber", "lead", "qualified", "opportunity", "customer", "evangelist", "other")
"""Every value of `Person.lifecycle`."""

DEAL_TYPES = ("new business", "existing business", "renewal")
"""Every value of `Deal.deal_type`."""

ROLES = ("Decision maker", "Influencer", "Champion", "Economic buyer", "User", "Evaluator")
"""Every value of `DealRole.role`."""

LOST_REASONS = ("Price", "Chose a competitor", "No budget", "No decision", "Missing feature", "Bad timing")
"""Every value of `Deal.lost_reason`."""

CHANNELS = ("email", "phone", "visit")
"""Every value of `Person.preferred_channel`."""

INTERESTS = ("product", "pricing", "support")
"""Every value in `Person.interests`, in this order."""

TIERS = ("gold", "silver", "bronze")
"""Every value of `Company.tier`."""

DEPARTMENTS = ("Sales", "Purchasing", "Finance", "IT", "Operations", "R&D", "Marketing", "Legal", "HR", "Board")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


def _stage(key: str, label: str, percent: int, outcome: Literal["open", "won", "lost"] = "open") -> Stage:
    return Stage(key=key, label=label, probability=Decimal(percent) / 100, outcome=outcome)


PIPELINES: tuple[Pipeline, ...] = (
    Pipeline(
        key="sales",
        label="Sales",
        kind="deal",
        stages=(
            _stage("prospecting", "Prospecting", 10),
            _stage("needs_analysis", "Needs Analysis", 25),
            _stage("proposal", "Proposal Sent", 50),
            _stage("negotiation", "Negotiation/Review", 80),
            _stage("won", "Closed Won", 100, "won"),
            _stage("lost", "Closed Lost", 0, "lost"),
        ),
    ),
    Pipeline(
        key="renewals",
        label="Renewals & Upsell",
        kind="deal",
        stages=(
            _stage("renewal_due", "Renewal Due", 60),
            _stage("renewal_quoted", "Renewal Quoted", 85),
            _stage("renewed", "Renewed", 100, "won"),
            _stage("churned", "Churned", 0, "lost"),
        ),
    ),
    Pipeline(
        key="leads",
        label="Leads",
        kind="lead",
        stages=(
            _stage("new", "New", 5),
            _stage("working", "Working", 20),
            _stage("qualified", "Qualified", 60),
            _stage("disqualified", "Disqualified", 0, "lost"),
            _stage("converted", "Converted", 100, "won"),
        ),
    ),
)
"""Two ways for deals and one for leads, whose stage keys are the values of `Lead.status`."""

COINED_STARTS = _listed(
    "Ar, Bel, Cor, Dal, El, Fen, Gal, Hel, Ix, Jor, Kel, Lum, Mar, Nor, Or, Pel, Quan, Riv, Sol, Tor, Ul, Ver, Wil, "
    "Xan, Yar, Zen, Al, Bri, Cas, Dor, Em, Fal, Gri, Hav, In, Kar, Lin, Mon, Nim, Ost"
)
COINED_ENDS = _listed(
    "ada, amo, antis, ara, arion, avio, axa, edon, elia, emis, endo, enta, era, esta, eva, ico, idia, igo, ilo, imar, "
    "inta, iora, isto, itha, ivo, obia, odan, olis, omar, onda, ora, ostra, otha, ova, udo, ula, umbra, una, uron, uva"
)
TRADES = _listed(
    "Logistics, Foods, Textiles, Robotics, Optics, Shipping, Analytics, Pharma, Timber, Insurance, Steel, Software, "
    "Media, Solar, Machines, Ceramics, Seeds, Travel, Energy, Instruments, Brewing, Publishing, Aviation, Health, "
    "Capital, Security, Paper, Furniture, Bio, Rail, Glass, Design, Mobility, Tools, Coffee, Water, Networks, "
    "Chemicals, Sports, Toys"
)
PRODUCTS = (
    "Platform licence",
    "Pilot",
    "Support contract",
    "Fleet upgrade",
    "Consulting",
    "Hardware refresh",
    "Data migration",
    "Training package",
    "Warehouse roll-out",
    "Annual subscription",
)
JOB_TITLES = (
    "CEO",
    "Chief Financial Officer",
    "Head of Purchasing",
    "Sales Manager",
    "Sr. Engineer",
    "IT Administrator",
    "Office Manager",
    "VP, Operations",
    "Director of R&D",
    "Buyer",
    "Geschäftsführerin",
    "Responsable des achats",
    "Accountant",
    "Consultant",
    "Founder & Owner",
)
MEETING_TITLES = (
    "Kick-off",
    "Demo for the buying team",
    "Quarterly review",
    "Contract negotiation",
    "Site visit",
    "Lunch & learn",
    "Follow-up call",
    "Workshop",
    "Renewal talk",
    'Q&A "security"',
)
TASK_SUBJECTS = (
    "Send the proposal",
    "Call back",
    "Prepare the demo",
    "Check the credit limit",
    "Update the contact's address",
    "Invite to the trade fair",
    "Ask for a reference",
    "Send the invoice again",
    "Confirm the delivery date",
    "Clean up duplicates",
)
NEXT_STEPS = (
    "Send the quote",
    "Wait for legal",
    "Arrange a demo",
    "Call the decision maker",
    "Sign",
    "Discuss the discount",
)
SENTENCES = (
    "Asked for a quote until the end of the month.",
    "Prefers e-mail to calls.",
    "The budget is approved, the contract is with legal.",
    "Met at the trade fair in Hannover.",
    "Wants to compare us with two other offers.",
    "Uses a competitor's product since 2019.",
    "Needs delivery before the summer holidays.",
    "Is on parental leave until spring; the deputy decides.",
    "Très intéressée, rappeler après le 15.",
    "Möchte ein größeres Paket & eine Schulung.",
    "価格表を送ってください。",
    "The invoice went to the wrong address.",
)
COMPETITORS = (
    "Müller & Söhne",
    "Großhandel Jäger",
    'Köhler "Premium" AG',
    "O'Reilly Systems",
    "100% Cloud",
    "50 % Plus_Minus",
    "Northwind",
    "Contoso",
)
"""Every value of `Deal.competitor`; some break naive escaping."""

AWKWARD_TEXTS = (
    'Said "call me back" twice; don\'t use the old number.',
    "Path is C:\\Kunden\\Neu\\2026 on their share.",
    "100 % sure; discount of 50% agreed, under_score and 5%_ too.",
    "Happy customer 🎉🚀 since day one 👩‍💻.",
    '<b>Important</b>: a < b && c > d; see <a href="https://wiki.example/?a=1&b=2">the page</a>.',
    "O'Reilly's line; DROP TABLE contacts; -- just a joke",
    "First line\nsecond line\r\nthird line\twith a tab",
    '{"json": [1, 2, null]}, [brackets] (parens) {{braces}} ${dollar}',
    "Zażółć gęślą jaźń – “quotes”, ‘single’, em—dash, non\u00a0breaking\u200bzero width",
    "العربية تُكتب من اليمين إلى اليسار",
)
"""Texts that break naive escaping: quotes, backslashes, wildcards, markup, emoji, control characters, right to left."""
