"""The hand-written table against the real addresses, and words that may reach nobody outside."""

from collections.abc import Iterator
from difflib import ndiff
from typing import Any, NamedTuple

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from crm.models import Membership, Organisation, Person
from tests.shape import permissions
from tests.shape.conftest import asked
from tests.shape.realm import PERSONAS, Realm

pytestmark = pytest.mark.django_db


class Line(NamedTuple):
    address: str
    thing: str
    method: str
    answers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.address} {self.thing}"


def lines() -> Iterator[Line]:
    rows = [row for row in permissions.TABLE.splitlines() if row and not row.startswith("#")]
    for row in rows[1:]:
        address, *thing, method = (
            row[: row.index(" GET ") + 4].split()
            if " GET " in row
            else (row[: row.index(" POST ") + 5].split())
        )
        answers = row.split(f" {method} ", 1)[1].split()
        yield Line(address, " ".join(thing), method, dict(zip(PERSONAS, answers, strict=True)))


LINES = list(lines())
# Who reads what, by how widely and whose; an administrator reads everything.
READERS = {
    ("secret", "biocat"): {"reader", "own"},
    ("secret", "biom"): {"other"},
    ("secret", "biowin"): set(),
    ("core", "biocat"): {"reader", "own", "coordinator"},
    ("core", "biom"): {"other"},
    ("core", "biowin"): set(),
    ("lane", "biocat"): {"reader", "own", "coordinator"},
    ("lane", "biom"): {"other", "coordinator"},
    ("lane", "biowin"): {"stranger"},
    ("allied", "bioxclusters-plus"): {"reader", "other", "own", "coordinator"},
    ("allied", "magia"): {"stranger"},
}


def leaked(realm: Realm, persona: str, body: str) -> list[str]:
    """The words of an answer that this persona may not read."""
    if persona == "admin":
        return []
    text = body.lower()
    return [
        word
        for word, kept in realm.words.items()
        if word.lower() in text and persona not in READERS[kept]
    ]


def said(status: int, location: str) -> str:
    if status == 302 and ("/login/" in location or "/reauthenticate/" in location):
        return "in" if "/login/" in location else "302"
    return str(status)


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"


def test_every_address_has_its_lines() -> None:
    known = {line.address for line in LINES} | {*permissions.OWN_ACCOUNT, *permissions.SIGNING_IN}
    support = permissions.SUPPORT
    missing = {name for name in names(get_resolver()) if not name.startswith(support)} - known
    assert not missing


def test_every_address_of_ours_has_both_methods() -> None:
    ours = {line.address for line in LINES if line.address.startswith(("crm:", "campaigns:"))}
    for method in ("GET", "POST"):
        assert ours == {
            line.address for line in LINES if line.method == method and line.address in ours
        }


@pytest.mark.parametrize("line", LINES, ids=str)
def test_each_gets_the_answer_of_the_table(realm: Realm, line: Line) -> None:
    data = permissions.BODIES.get(line.address) if line.method == "POST" else None
    got, words = {}, {}
    for persona in PERSONAS:
        status, body, location = asked(realm, persona, line.address, line.thing, line.method, data)
        got[persona] = said(status, location)
        if found := leaked(realm, persona, body + location):
            words[persona] = found
    assert got == line.answers
    assert not words


def test_every_word_is_read_by_somebody(realm: Realm) -> None:
    """Else the search for words would find nothing anywhere and prove nothing."""
    seen: set[str] = set()
    for line in LINES:
        if line.method == "GET" and line.answers["admin"] == "200":
            _status, body, _location = asked(realm, "admin", line.address, line.thing)
            seen |= found_in(realm, body)
    for thing, kwargs in realm.things.items():
        if thing.endswith((" person", " nameless", " objector", " gone", " shelved", " twin")):
            response = realm.clients["admin"].get(reverse("crm:people-show", kwargs=kwargs))
            seen |= found_in(realm, response.content.decode())
    for thing, kwargs in realm.things.items():
        if thing.endswith(" merge"):
            response = realm.clients["admin"].get(reverse("crm:merges-undo", kwargs=kwargs))
            seen |= found_in(realm, response.content.decode())
    for slug in ("biocat", "biom"):
        person = Person.objects.get(pk=realm.things[f"{slug} person"]["pk"])
        asks = {"address": person.email}
        _status, body, _location = asked(
            realm, "admin", "campaigns:reports-explain", "call", data=asks
        )
        seen |= found_in(realm, body)
    assert sorted(set(realm.words) - seen) == []


def found_in(realm: Realm, body: str) -> set[str]:
    return {word for word in realm.words if word.lower() in body.lower()}


def test_the_rest_asks_to_sign_in(realm: Realm) -> None:
    for address in permissions.OWN_ACCOUNT:
        status, _body, location = asked(realm, "anonymous", address)
        assert said(status, location) == "in", address
    support = {name for name in names(get_resolver()) if name.startswith(permissions.SUPPORT)}
    for address in support:
        if address.endswith(("_changelist", "_add")):
            for persona in PERSONAS:
                status, _body, location = asked(realm, persona, address)
                assert said(status, location) == "in", (address, persona)


# --- what one may ask with: searches, filters, ids


FOREIGN = {
    "reader": ("biom", "biowin"),
    "own": ("biom", "biowin"),
    "other": ("biocat", "biowin"),
    "coordinator": ("biom", "biowin"),
    "stranger": ("biocat", "biom"),
}
SEARCHES = [
    ("crm:people-list", "-", "q"),
    ("crm:organisations-list", "-", "q"),
    ("crm:merges-find_person", "biocat person", "q"),
    ("crm:merges-find_organisation", "both organisation", "q"),
    ("crm:tags-suggest", "biocat's words", "tags"),
    ("crm:exports-create", "-", "q"),
    ("campaigns:reports-people", "call", "q"),
    ("campaigns:reports-people", "draft", "q"),
    ("campaigns:reports-explain", "call", "address"),
    ("crm:directory-list", "directory", "q"),
    ("campaigns:site-posts", "follow form", "q"),
]
"""Where a text is looked up."""


@pytest.mark.parametrize(("address", "thing", "param"), SEARCHES)
def test_looking_for_a_hidden_word_is_looking_for_nonsense(
    realm: Realm, address: str, thing: str, param: str
) -> None:
    """Neither rows nor counts nor choices change by what is there for others."""
    for persona in FOREIGN:
        asked(realm, persona, address, thing)  # takes messages along that still wait to be shown
        for sought in hidden_from(persona, realm, addresses=param == "address"):
            # Nearly the same, as what is spelt nearly like it is found, too.
            stem, *rest = sought.split("@")
            nonsense = "@".join([f"{stem[:-1]}q", *rest])
            answers = [
                comparable(asked(realm, persona, address, thing, data={param: text})[1])
                for text in (sought, nonsense)
            ]
            without = [
                body.replace(text.split("@")[0], "")
                for body, text in zip(answers, (sought, nonsense), strict=True)
            ]
            assert without[0] == without[1], (persona, sought)


def hidden_from(persona: str, realm: Realm, *, addresses: bool) -> Iterator[str]:
    """What all hidden words of a kind begin with, and each hidden address."""
    for slug in FOREIGN[persona]:
        if not addresses:
            yield f"core{slug}c"  # of which no end is the end of a word that may be read
            yield f"secret{slug}p"
        for word in (f"secret{slug}mailbox", f"secret{slug}nameless"):
            yield f"{word}@{slug}-sme.example" if addresses else f"{word}@"
    if persona == "coordinator" and not addresses:
        yield from ("secretbiocatobj", "secretbiocatphon", "secretbiocatmailbox@")


def comparable(body: str) -> str:
    """A page without what differs from one request to the next."""
    return "\n".join(part for part in body.splitlines() if "csrf" not in part.lower())


FILTERS: list[tuple[str, str, dict[str, Any]]] = [
    *(("crm:people-list", "-", {"archived": value}) for value in ("1", "0")),
    *(("crm:people-list", "-", {"mailable": value}) for value in ("yes", "no")),
    *(("crm:people-list", "-", {"cluster": slug}) for slug in ("biocat", "biom", "biowin")),
    *(("crm:people-list", "-", {"kind": "contact", "language": code}) for code in ("en", "none")),
    *(("crm:people-list", "-", {"q": text}) for text in ("robin", "robin@", "twin", "@", "%", "_")),
    *(
        ("crm:people-list", "-", {param: value})
        for param, value in (
            ("columns", "phone,email,tag,owner,paused,created,job,kind"),
            ("tag__not_empty", "1"),
            ("email__contains", "@"),
            ("email__not_contains", "zz"),
            ("phone__contains", "secret"),
            ("organisation__contains", "core"),
            ("name__contains", "secret"),
            ("job__contains", "core"),
            ("at_tag__empty", "1"),
            ("category", "sme"),
            ("sort", "-organisation"),
            ("sort", "job"),
            ("note__contains", "secret"),
            ("note__empty", "1"),
            ("import", "1"),
            ("import__empty", "1"),
            ("owner", "none"),
            ("topic__empty", "1"),
            ("answered__not_empty", "1"),
            ("at_city__contains", "core"),
            ("mailable__not", "yes"),
            ("view", "1"),
            ("view", "2"),
        )
    ),
    *(
        ("crm:organisations-list", "-", {param: value})
        for param, value in (
            ("columns", "category,standing,employees,tag,owner,website,home,created"),
            ("tag__not_empty", "1"),
            ("name__contains", "core"),
            ("website__contains", "core"),
            ("employees__empty", "1"),
            ("sort", "category"),
            ("sort", "-employees"),
            ("note__not_contains", "secret"),
            ("import__empty", "1"),
            ("owner", "none"),
            ("home__not_empty", "1"),
        )
    ),
    *(
        ("crm:bulk-confirm", "people noun", {"act": act, "all_rows": "1", "columns": "tag"})
        for act in ("tag", "owner", "subscribe", "archive")
    ),
    *(("crm:bulk-confirm", "people noun", {"act": "tag", "ids": list(range(1, 60))}),),
    *(("crm:organisations-list", "-", {"archived": value}) for value in ("1", "0")),
    *(("crm:exports-create", "-", {"of": of}) for of in ("people", "organisations", "biom")),
    *(("crm:organisations-list", "-", {"category": value}) for value in ("large", "sme")),
    *(("crm:organisations-list", "-", {"q": text}) for text in ("twin", "example", "core")),
    *(
        (f"crm:{noun}-show", f"{slug} {thing}", {"show": kind})
        for noun, thing in (("people", "person"), ("organisations", "organisation"))
        for slug in ("biocat", "biom")
        for kind in ("notes", "changes", "answers")
    ),
    *(("crm:vocabulary-show", "-", {"cluster": slug}) for slug in ("biocat", "biom", "biowin")),
    *(("crm:tags-suggest", f"{slug}'s words", {"tags": "secret"}) for slug in ("biocat", "biom")),
    *(
        ("crm:organisations-show", "both organisation", {"cluster": slug})
        for slug in ("biocat", "biom")
    ),
    *(
        ("crm:missions-show", "mission", {"programme": "1", "language": code})
        for code in ("en", "fr")
    ),
    ("crm:missions-list", "-", {"archived": "1"}),
    *(("crm:directory-list", "directory", {"q": text}) for text in ("core", "secret", "uli", "%")),
    *(("crm:directory-list", "directory", {"cluster": slug}) for slug in ("biocat", "biom")),
    ("crm:directory-edit", "biocat organisation", {"language": "fr"}),
    ("crm:events-list", "-", {"archived": "1"}),
    *(("campaigns:campaigns-list", "-", {"status": value}) for value in ("draft", "sending")),
    *(
        ("campaigns:reports-people", campaign, {"state": state})
        for campaign in ("call", "draft")
        for state in ("left-out", "failed", "accepted", "would-get-it")
    ),
    *(("campaigns:reports-people", "call", {"reason": n}) for n in (6, 8, 12, 13)),
    *(
        ("campaigns:reports-explain", "call", {"address": "robin@twin.example"})
        for _once in range(1)
    ),
    ("campaigns:campaigns-progress", "call", {"status": "draft"}),
]


@pytest.mark.parametrize(("address", "thing", "data"), FILTERS, ids=str)
def test_no_filter_brings_a_hidden_word(
    realm: Realm, address: str, thing: str, data: dict[str, Any]
) -> None:
    for persona in PERSONAS:
        for headers in ({}, {"HX-Request": "true"}):
            _status, body, _location = asked(realm, persona, address, thing, data=data, **headers)
            assert not leaked(realm, persona, body), persona


@pytest.mark.parametrize("page", ["campaigns:previews-show", "campaigns:previews-body"])
@pytest.mark.parametrize("campaign", ["call", "draft"])
def test_nobody_previews_as_a_foreign_person_or_lane(
    realm: Realm, page: str, campaign: str
) -> None:
    for persona, clusters in FOREIGN.items():
        for slug in clusters:
            for who in ("person", "objector", "nameless"):
                asks = {"person": realm.things[f"{slug} {who}"]["pk"]}
                status, body, _location = asked(realm, persona, page, campaign, data=asks)
                assert status == 404, (persona, slug, who)
                assert not leaked(realm, persona, body)
            lane = {"lane": realm.things[f"{slug} lane"]["pk"]}
            _status, body, _location = asked(realm, persona, page, campaign, data=lane)
            assert not leaked(realm, persona, body), (persona, slug)
    # A coordinator previews as somebody whose cluster shares, not as who objected to it.
    for who, expected in (("person", 200), ("objector", 404)):
        asks = {"person": realm.things[f"biocat {who}"]["pk"]}
        status, body, _location = asked(realm, "coordinator", page, campaign, data=asks)
        assert status == expected
        assert not leaked(realm, "coordinator", body)


# Forms that take ids: a foreign one among them is refused, and nothing is written.
IDS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("own", "crm:people-create", "-", "cluster", {"given": "A", "kind": "contact"}),
    (
        "own", "crm:people-create", "-", "organisation",
        {"given": "A", "kind": "contact", "cluster": "biocat cluster"},
    ),
    ("own", "crm:people-move", "biocat person", "organisation", {"job": "A", "on": "2027-01-01"}),
    (
        "own", "crm:organisations-create", "-", "cluster",
        {"legal_name": "A", "kind": "company", "standing": "member", "category": "sme"},
    ),
    (
        "own", "crm:people-edit", "biocat person", "owner",
        {"given": "A", "kind": "contact", "version": "2"},
    ),
    ("own", "crm:tags-merge", "biocat tag", "keep", {}),
    (
        "own", "crm:contact-points-appoint", "-", "cluster",
        {"role": "general", "name": "A", "email": "a@a.example", "from_": "2027-01-01"},
    ),
    (
        "coordinator", "crm:participations-create", "bioxclusters-plus alliance", "cluster",
        {"role": "member"},
    ),
    ("coordinator", "crm:missions-create", "-", "alliances", {"lead_cluster": "biocat cluster"}),
    ("coordinator", "crm:missions-create", "-", "lead_cluster", {"alliances": "own alliance"}),
    (
        "coordinator", "crm:missions-edit", "mission", "alliances",
        {"lead_cluster": "biocat cluster"},
    ),
    ("own", "crm:missions-edit", "mission", "alliances", {"lead_cluster": "biocat cluster"}),
    ("coordinator", "crm:events-create", "-", "alliances", {"lead_cluster": "biocat cluster"}),
    ("coordinator", "crm:events-edit", "event", "previous_edition", {"alliances": "own alliance"}),
    ("coordinator", "campaigns:campaigns-announce", "mission", "alliance", {}),
    ("coordinator", "campaigns:campaigns-invite", "event", "alliance", {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("persona", "address", "thing", "param", "data"), IDS, ids=lambda value: str(value)[:40]
)
def test_a_foreign_id_in_a_form_is_no_choice(
    realm: Realm, persona: str, address: str, thing: str, param: str, data: dict[str, Any]
) -> None:
    world = realm.world
    foreign = {
        "cluster": [world.biom.pk, world.biowin.pk],
        "organisation": [realm.things[f"{slug} organisation"]["pk"] for slug in ("biom", "biowin")],
        "alliances": [world.other_alliance.pk],
        "alliance": [world.other_alliance.pk],
        "lead_cluster": [world.biowin.pk],
        "owner": [world.users["contact_biom"].pk, world.users["coordinator"].pk],
        "keep": [realm.things["biom tag"]["pk"]],
        "previous_edition": [
            world.other_alliance.events.get().pk,
        ],
    }[param]
    ids = {"biocat cluster": world.biocat.pk, "own alliance": world.alliance.pk}
    sent = {name: ids.get(value, value) for name, value in data.items()}
    for pk in foreign:
        chosen = [world.alliance.pk, pk] if param == "alliances" else pk
        status, body, _location = asked(
            realm, persona, address, thing, "POST", {**sent, param: chosen}
        )
        assert status == 200, "a form that is accepted leads on"
        assert not leaked(realm, persona, body)


# --- what others hold changes nothing


def test_a_foreign_address_or_name_is_free_to_enter(realm: Realm) -> None:
    """Whoever enters somebody that another cluster keeps learns nothing of it."""
    world = realm.world
    mailbox = Person.objects.get(pk=realm.things["biom person"]["pk"]).email
    person = {
        "cluster": world.biocat.pk, "given": "New", "kind": "contact", "email": mailbox,
    }  # fmt: skip
    company = {
        "cluster": world.biocat.pk, "kind": "company", "standing": "member", "category": "sme",
        "legal_name": Organisation.objects.get(
            pk=realm.things["biom organisation"]["pk"]
        ).legal_name,
    }  # fmt: skip
    for address, data in (("crm:people-create", person), ("crm:organisations-create", company)):
        status, _body, _location = asked(realm, "own", address, method="POST", data=data)
        assert status == 302
    status, _body, _location = asked(
        realm, "own", "crm:addresses-change", "biocat person", "POST", {"email": mailbox}
    )
    assert status == 302


def test_the_numbers_are_those_of_the_clusters_one_reads(realm: Realm) -> None:
    """Counted by hand: six people and a twin in each cluster, of whom one is shelved.

    Biocat has one more, who may erase what is kept, and BioM in the company that stands in the
    public directory.
    """
    people = {"reader": 7, "own": 7, "other": 7, "coordinator": 6, "stranger": 0}
    for persona, expected in people.items():
        response = realm.clients[persona].get(reverse("crm:people-list"))
        assert response.context["listed"].total == expected, persona
    kept = {"reader": 2, "own": 2, "other": 3, "coordinator": 2, "stranger": 0}
    for persona, expected in kept.items():
        response = realm.clients[persona].get(reverse("crm:organisations-list"))
        assert response.context["listed"].total == expected, persona


QUIET = {
    "reader": [
        ("crm:dashboard-show", "-"),
        ("crm:people-list", "-"),
        ("crm:organisations-list", "-"),
        ("crm:imports-list", "-"),
        ("crm:imports-show", "biocat import"),
        ("crm:organisations-show", "both organisation"),
        ("crm:people-show", "biocat twin"),
        ("crm:vocabulary-show", "-"),
        ("crm:missions-show", "mission"),
        ("crm:events-show", "event"),
        ("crm:network-show", "-"),
        ("crm:alliances-show", "bioxclusters-plus alliance"),
        ("crm:clusters-show", "biocat cluster"),
        ("crm:clusters-show", "biom cluster"),
        ("crm:regions-list", "-"),
        ("campaigns:campaigns-list", "-"),
        ("campaigns:campaigns-show", "call"),
        ("campaigns:campaigns-show", "draft"),
        ("campaigns:campaigns-check", "draft"),
        ("campaigns:campaigns-progress", "call"),
        ("campaigns:reports-people", "call"),
        ("campaigns:reports-people", "draft"),
        ("campaigns:reports-show", "call"),
        ("campaigns:reports-download", "call's report"),
    ],
}
QUIET["own"] = [*QUIET["reader"], ("crm:people-create", "-"), ("crm:people-move", "biocat person")]


@pytest.mark.parametrize("persona", ["reader", "own"])
def test_what_other_clusters_enter_changes_no_number(realm: Realm, persona: str) -> None:
    """Pages stay as they are, to the letter, whatever the clusters beside enter."""
    before = {page: comparable(asked(realm, persona, *page)[1]) for page in QUIET[persona]}
    with realm.more_at("biom", "biowin"):
        after = {page: comparable(asked(realm, persona, *page)[1]) for page in QUIET[persona]}
    changed = {
        page: [
            line
            for line in ndiff(before[page].splitlines(), after[page].splitlines())
            if line[0] in "+-"
        ]
        for page in before
        if before[page] != after[page]
    }
    assert not changed


def test_the_coordinator_knows_numbers_of_all_and_names_of_who_shares(realm: Realm) -> None:
    for thing in ("call", "draft"):
        _status, body, _location = asked(realm, "coordinator", "campaigns:reports-people", thing)
        assert "corebiocatfamily" in body
        assert "Without names" in body
        assert "BioM" in body
        assert "corebiomfamily" not in body


def test_the_coordinator_learns_that_somebody_is_not_mailable_but_not_why(realm: Realm) -> None:
    _status, listed, _location = asked(realm, "coordinator", "crm:people-list")
    _status, shown, _location = asked(realm, "coordinator", "crm:people-show", "biocat gone")
    for page in (listed, shown):
        assert "not mailable" in page
        assert "objected" not in page


def test_memberships_of_others_stay_theirs(realm: Realm) -> None:
    """BioM keeps the same company as “large”; Biocat's filters and page know only its own."""
    assert Membership.objects.filter(category="large").exists()
    for persona in ("own", "reader", "coordinator"):
        _status, body, _location = asked(
            realm, persona, "crm:organisations-list", data={"category": "large"}
        )
        assert "Twin Works" not in body
