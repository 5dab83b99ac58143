"""Everything that is not as it should be, on purpose: real lists look like this."""

import datetime as dt

from campaigns.demo.days import Days, moment
from campaigns.demo.people import mailbox
from crm.actions import consent, organisations, people
from crm.models import Alliance, Cluster, Organisation, Person, Topic, User

ENTERED = moment(dt.date(2019, 3, 4), 9)
LIST = "Membership list of the cluster"


def load(days: Days, by: User) -> None:
    _in_two_clusters(by)
    _twins(by)
    _languages_that_are_missing(by)
    _incomplete(by)
    _from_outside(by)
    _mailboxes_with_a_fate(by)
    _follower_with_a_company(by)
    _away(days, by)
    _withdrawn(days, by)


def _enter(slug: str, by: User, company: str = "", **facts: object) -> Person:
    """A member's contact, as everybody else, but for what `facts` say."""
    entry: dict[str, object] = {
        "basis": "member",
        "source": LIST,
        "at": ENTERED,
        "organisation": Organisation.objects.get(short_name=company) if company else None,
        "job": "Business development" if company else "",
    } | facts
    return people.create(cluster=Cluster.objects.get(slug=slug), by=by, **entry)  # type: ignore[arg-type]


def _in_two_clusters(by: User) -> None:
    """One human, two rows, one mailbox, once written in capitals."""
    name = {"given": "Aurora", "family": "Pontremoli"}
    email = "aurora.pontremoli@crossalps.example"
    _enter("lyonbiopole", by, "Vercors Therapeutics", language="fr", email=email, **name)
    _enter(
        "biopmed",
        by,
        "Monviso Therapeutics",
        language="it",
        email=email.upper(),
        **name,
    )


def _twins(by: User) -> None:
    """The same name with and without accents, and two people behind one shared mailbox."""
    _enter(
        "lyonbiopole", by, "Chartreuse Diagnostics", given="Jérôme", family="Lefèvre-Oingt",
        language="fr", email="jerome.lefevre@chartreuse-diagnostics.example",
    )  # fmt: skip
    _enter(
        "lyonbiopole", by, "Chartreuse Diagnostics", given="Jerome", family="Lefevre Oingt",
        language="fr", email="j.lefevre@chartreuse-diagnostics.example",
    )  # fmt: skip
    for given, family in (("Kilian", "Wiesböck"), ("Kreszenz", "Öttlmayr")):
        _enter(
            "biom", by, "Karwendel Medical", given=given, family=family, language="de",
            email="office@karwendel-medical.example", allow_shared=True,
        )  # fmt: skip


def _languages_that_are_missing(by: User) -> None:
    """They prefer a language in which no call is written."""
    for slug, company, given, family, language in (
        ("biocat", "Garbí Therapeutics", "Inês", "Vilarinho", "pt"),
        ("biom", "Ammersee Therapeutics", "Marijke", "Oosterwold", "nl"),
        ("lyonbiopole", "Vercors Therapeutics", "Linnéa", "Södervik", "sv"),
    ):
        _enter(
            slug, by, company, given=given, family=family, language=language,
            email=f"{mailbox(given, family)}@elsewhere.example",
        )  # fmt: skip


def _incomplete(by: User) -> None:
    """Without an address, without a language, without a reason to write."""
    _enter(
        "biocat",
        by,
        "Montsec Nutrition",
        given="Aleix",
        family="Vallbona",
        language="ca",
    )
    _enter("biopmed", by, "Roero Medical", given="Amedeo", family="Vernante", language="it")
    for slug, company, given, family, email in (
        (
            "lyonbiopole",
            "Bauges Neuro",
            "Ghislaine",
            "Yzeron",
            "g.yzeron@bauges-neuro.example",
        ),
        (
            "biom",
            "Spessart Animal Health",
            "Xaver",
            "Perlinger",
            "x.perlinger@spessart.example",
        ),
    ):
        _enter(slug, by, company, given=given, family=family, email=email)
    _enter(
        "biopmed", by, "Ossola Neuro", given="Ornella", family="Zumaglia", language="it",
        email="o.zumaglia@ossola-neuro.example", basis=None,
    )  # fmt: skip


def _from_outside(by: User) -> None:
    """A company of Vienna, kept by BioM as a guest: the mission sends it to another call."""
    company = organisations.create(
        cluster=Cluster.objects.get(slug="biom"),
        by=by,
        legal_name="Wienerwald Diagnostics GmbH",
        short_name="Wienerwald Diagnostics",
        website="https://www.wienerwald-diagnostics.example/",
        city="Wien",
        country="AT",
        standing="guest",
        employees=23,
        codes=[("product", "diagnostic")],
        at=ENTERED,
    )
    people.create(
        cluster=Cluster.objects.get(slug="biom"),
        by=by,
        given="Leopoldine",
        family="Kahlenberger",
        language="de",
        email=f"leopoldine.kahlenberger@{company.domain}",
        organisation=company,
        job="CEO",
        basis="consent",
        source="Talk at BIO-Europe",
        at=ENTERED,
    )


def _mailboxes_with_a_fate(by: User) -> None:
    """The sink refuses `bounce`, complains as `complaint`, and hangs up on `cut`."""
    for slug, company, given, family, language, fate in (
        ("biocat", "Xaloc Vaccines", "Sílvia", "Riudoms", "ca", "bounce"),
        ("biom", "Chiemgau Vaccines", "Alois", "Stadlhuber", "de", "bounce"),
        ("lyonbiopole", "Aravis Preclinical", "Zoé", "Messimy", "fr", "bounce"),
        ("biopmed", "Tanaro Preclinical", "Ugo", "Garessio", "it", "complaint"),
        ("biocat", "Cadí Biosciences", "Estel", "Closa", "es", "complaint"),
        ("lyonbiopole", "Pilat Nutrition", "Octave", "Duerne", "fr", "cut"),
    ):
        _enter(
            slug, by, company, given=given, family=family, language=language,
            email=f"{fate}.{mailbox('', family)}@{slug}-members.example",
        )  # fmt: skip


def _follower_with_a_company(by: User) -> None:
    _enter(
        "biocat", by, "Llevant Medical", kind="follower", given="Queralt", family="Moianès",
        language="ca", email="queralt@llevant-medical.example", basis="consent",
        source="Follow form of bioXclusters plus",
    )  # fmt: skip


def _away(days: Days, by: User) -> None:
    """Paused, archived, moved, and one who objected to being shown to the alliance."""
    paused = _enter(
        "biom", by, "Watzmann Digital Health", given="Notburga", family="Haslbrunner",
        language="de", email="n.haslbrunner@watzmann.example",
    )  # fmt: skip
    people.edit(
        person=paused, by=by, version=paused.version,
        paused_until=days.today + dt.timedelta(days=120),
    )  # fmt: skip
    gone = _enter(
        "lyonbiopole", by, "Forez Immunology", given="Baptiste", family="Aveize", language="fr",
        email="b.aveize@forez.example",
    )  # fmt: skip
    people.archive(person=gone, by=by)
    closed = Organisation.objects.get(short_name="Besiberri Therapeutics")
    organisations.archive(organisation=closed, by=by)
    moved = _enter(
        "biopmed", by, "Langhe Diagnostics", given="Fiammetta", family="Rivalta", language="it",
        email="f.rivalta@langhe-diagnostics.example",
    )  # fmt: skip
    people.move(
        person=moved, by=by, organisation=Organisation.objects.get(short_name="Roero Medical"),
        job="CEO", on=dt.date(2022, 9, 1),
    )  # fmt: skip
    people.change_address(
        person=moved, by=by, email="fiammetta.rivalta@roero-medical.example",
        at=moment(dt.date(2022, 9, 1), 9),
    )  # fmt: skip
    hidden = _enter(
        "lyonbiopole", by, "Beaujolais Digital Health", given="Solène", family="Theizé",
        language="fr", email="s.theize@beaujolais.example",
    )  # fmt: skip
    people.edit(person=hidden, by=by, version=hidden.version, share_objected=True)


def _withdrawn(days: Days, by: User) -> None:
    """Left one topic, one cluster, one alliance, or everything."""
    plus = Alliance.objects.get(slug="bioxclusters-plus")
    missions = Topic.objects.get(slug="bioxclusters-plus-missions")
    for n, (slug, company, given, family, language, scope) in enumerate(
        (
            (
                "lyonbiopole",
                "Ardèche Biosciences",
                "Tancrède",
                "Jarnioux",
                "fr",
                "topic",
            ),
            ("biom", "Regnitz Nutrition", "Ingeborg", "Moosrainer", "de", "cluster"),
            (
                "biocat",
                "Mestral Digital Health",
                "Guifré",
                "Espinalt",
                "ca",
                "alliance",
            ),
            ("biopmed", "Varaita Diagnostics", "Oreste", "Cravanzola", "it", "all"),
        ),
        1,
    ):
        person = _enter(
            slug, by, company, given=given, family=family, language=language,
            email=f"{mailbox('', family)}@{slug}-past.example",
        )  # fmt: skip
        primary = person.primary
        assert primary
        consent.withdraw(
            address=primary.address,
            person=person,
            scope=scope,
            topic=missions if scope == "topic" else None,
            cluster=person.cluster if scope == "cluster" else None,
            alliance=plus if scope == "alliance" else None,
            reason="objected" if scope == "alliance" else "unsubscribed",
            source="Link in a mail",
            at=days.ago(90 * n),
        )
