"""About 330 invented people at the invented companies, and 28 followers with the exceptions."""

import datetime as dt
import random

from campaigns.demo.days import Days, moment
from campaigns.demo.names import JOBS, POOLS, TITLES, Pool
from crm.actions import consent, people
from crm.models import Alliance, Cluster, Organisation, Person, Topic, User
from crm.rules.names import fold

AT_ONE_COMPANY = (2, 2, 3, 2, 1, 2, 2, 1, 2)  # 17 people at nine companies
BASES = ("member",) * 16 + ("consent", "consent", "legitimate-interest", None)
NEEDS_CONSENT = ("DE", "ES", "IT")  # where nobody's interest is a reason to write, see the matrix
WORDING = "I would like to hear of missions, events and news of bioXclusters plus by mail."

# region's cluster, language, given name, family name: some gave nothing but an address
FOLLOWERS = (
    ("lyonbiopole", "fr", "Élise", "Brignais"), ("lyonbiopole", "fr", "", ""),
    ("lyonbiopole", "fr", "Maxence", "Condrieu"), ("lyonbiopole", "en", "Harriet", "Wexcombe"),
    ("lyonbiopole", None, "", ""), ("lyonbiopole", "fr", "Yves", "Ampuis"),
    ("lyonbiopole", "en", "Duncan", "Strathallan"), ("lyonbiopole", "en", "", ""),
    ("biocat", "ca", "Ona", "Cardedeu"), ("biocat", "es", "Rosario", "Almendral"),
    ("biocat", "ca", "", ""), ("biocat", "es", "Íñigo", "Zubieta"), ("biocat", "en", "", ""),
    ("biocat", "ca", "Blai", "Rupit"),
    ("biom", "de", "Gesine", "Aschheim"), ("biom", "de", "Ludwig", "Ettal"),
    ("biom", "de", "", ""), ("biom", "en", "Priscilla", "Thornaby"), ("biom", "de", "", ""),
    ("biom", "de", "Roswitha", "Plattling"), ("biom", None, "", ""),
    ("biopmed", "it", "Ginevra", "Susa"), ("biopmed", "it", "", ""),
    ("biopmed", "it", "Ettore", "Mondovì"), ("biopmed", "en", "", ""),
    ("biopmed", "it", "Ludovica", "Saluzzo"), ("biopmed", "it", "Aldo", "Bra"),
)  # fmt: skip

PRESS = (
    ("lyonbiopole", "fr", "Violette", "Tarare", "media"),
    ("biom", "de", "Henning", "Vilshofen", "media"),
    ("biopmed", "it", "Carlotta", "Alba", "media"),
)
ABROAD = (
    ("Osaka Bio Headquarters", "Kaede", "Minazuki", "Programme manager"),
    (
        "EU-Japan Centre for Industrial Cooperation",
        "Haruki",
        "Tsukishiro",
        "Cluster missions",
    ),
    ("TOHealth", "Brenna", "Etobicoke", "Partnerships"),
    ("BioMinas", "Iracema", "Sabará", "International relations"),
)


def load(days: Days, by: User) -> None:
    for pool in POOLS:
        _load_contacts(pool, by)
    _load_followers(days, by)
    _load_press_and_partners(by)


def _load_contacts(pool: Pool, by: User) -> None:
    chance = random.Random(f"people of {pool.cluster}")  # noqa: S311 (the same every time)
    cluster = Cluster.objects.get(slug=pool.cluster)
    names = [(given, family) for family in pool.family for given in pool.given]
    chance.shuffle(names)
    languages = [language for language, weight in pool.languages for _ in range(weight)]
    companies = Organisation.objects.filter(
        home_cluster=cluster, memberships__category__in=("sme", "midcap", "subsidiary")
    ).order_by("pk")
    for n, company in enumerate(companies):
        for post in range(AT_ONE_COMPANY[n % len(AT_ONE_COMPANY)]):
            given, family = names.pop()
            people.create(
                cluster=cluster,
                by=by,
                given=given,
                family=family,
                title=TITLES[pool.country] if chance.random() < 0.2 else "",
                language=chance.choice(languages),
                email=f"{mailbox(given, family)}@{company.domain}",
                organisation=company,
                job=JOBS[0] if post == 0 else chance.choice(JOBS[1:]),
                basis=_known_in(pool.country, chance.choice(BASES)),
                source="Membership list of the cluster",
                at=moment(
                    dt.date(2016 + chance.randrange(9), 1 + chance.randrange(12), 10),
                    9,
                    zone=cluster.timezone,
                ),
            )


def _known_in(country: str, basis: str | None) -> str | None:
    strict = country in NEEDS_CONSENT and basis == "legitimate-interest"
    return "soft-opt-in" if strict else basis


def _load_followers(days: Days, by: User) -> None:
    plus = Alliance.objects.get(slug="bioxclusters-plus")
    topics = [Topic.objects.get(slug=f"{plus.slug}-{kind}") for kind in ("missions", "news")]
    for n, (slug, language, given, family) in enumerate(FOLLOWERS, 1):
        when = days.ago(40 * n)
        follower = people.create(
            cluster=Cluster.objects.get(slug=slug),
            by=by,
            kind=Person.Kind.FOLLOWER,
            given=given,
            family=family,
            language=language,
            email=f"{mailbox(given, family) or f'reader{n}'}@post-{slug}.example",
            at=when,
        )
        for topic in topics:
            consent.record_basis(
                person=follower,
                purpose=topic.purpose,
                alliance=plus,
                basis="consent",
                wording=WORDING,
                source="Follow form of bioXclusters plus",
                at=when,
            )
            consent.subscribe(
                person=follower,
                topic=topic,
                wording=WORDING,
                source="Follow form of bioXclusters plus",
                at=when,
            )


def _load_press_and_partners(by: User) -> None:
    at = moment(dt.date(2016, 2, 1), 9)
    for slug, language, given, family, kind in PRESS:
        people.create(
            cluster=Cluster.objects.get(slug=slug),
            by=by,
            kind=kind,
            given=given,
            family=family,
            language=language,
            email=f"{mailbox(given, family)}@gazette-{slug}.example",
            basis="legitimate-interest",
            source="Press list of the cluster",
            at=at,
        )
    for name, given, family, job in ABROAD:
        people.create(
            cluster=Cluster.objects.get(slug="lyonbiopole"),
            by=by,
            kind=Person.Kind.PARTNER,
            given=given,
            family=family,
            language="en",
            email=f"{mailbox(given, family)}@partners.example",
            organisation=Organisation.objects.get(legal_name=name),
            job=job,
            at=at,
        )


def mailbox(given: str, family: str) -> str:
    return ".".join(fold(name).replace(" ", "-") for name in (given, family) if name)
