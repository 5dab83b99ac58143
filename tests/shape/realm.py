"""Two alliances and three clusters where every record carries a word of its own.

Biocat keeps its records beside BioM in one alliance and shares with it; BioM does not share;
Biowin is in another alliance. A word's first part says how widely it may be read:

* `secret` — only by the cluster that keeps the record,
* `core` — by alliances that the cluster shares with, too,
* `lane` — by the lane's cluster and the alliance's coordinator,
* `allied` — by everybody in the alliance.
"""

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone

from campaigns.actions import (
    address_changes,
    beginning,
    campaigns,
    enclosures,
    follows,
    images,
    posts,
    releases,
    reminders,
    saved_audiences,
    snippets,
    trimming,
)
from campaigns.mail import links
from campaigns.mail.compose import reader_of
from campaigns.models import Attempt, Campaign, Delivery, Exclusion, Link
from crm.actions import (
    agreements,
    answers,
    attachments,
    bulk,
    clusters,
    consent,
    custom_fields,
    directory,
    events,
    exports,
    figures,
    handovers,
    imports,
    missions,
    network,
    notes,
    organisations,
    people,
    rights_requests,
    saved_views,
    tags,
    users,
)
from crm.forms import tables
from crm.models import (
    Cluster,
    Duplicate,
    Import,
    Join,
    Market,
    Membership,
    Mission,
    Organisation,
    Person,
    Tag,
)
from crm.resources.lists import LISTS
from tests import world as worlds
from tests.kit.pictures import picture
from tests.world import LONG_AGO, World

CONTACTS: dict[str, Any] = {"all": [{"f": "kind", "op": "in", "v": ["contact"]}]}
PDF = b"%PDF-1.4\n%%EOF\n"
PERSONAS = (
    "anonymous", "link", "reader", "other", "own", "coordinator", "admin", "stranger",
)  # fmt: skip
USERS = {
    "reader": "reader",
    "other": "contact_biom",
    "own": "contact_biocat",
    "coordinator": "coordinator",
    "admin": "admin",
    "stranger": "coordinator_magia",
}


@dataclass
class Realm:
    world: World
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What stands in an address: the arguments of `reverse`, by the thing's name in the table."""
    words: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Each word with how widely it may be read, and whose it is."""
    clients: dict[str, Client] = field(default_factory=dict)
    token: str = ""

    def word(self, width: str, whose: str, what: str) -> str:
        """A new word for one field of one record."""
        word = f"{width}{whose}{what}".replace("-", "")
        self.words[word] = (width, whose)
        return word

    @contextmanager
    def more_at(self, *slugs: str) -> Iterator[None]:
        """For a while, clusters hold and know more than before."""
        with transaction.atomic():
            for slug in slugs:
                _more(self.world, Cluster.objects.get(slug=slug))
            yield
            transaction.set_rollback(True)


def build() -> Realm:
    realm = Realm(worlds.build())
    world = realm.world
    for cluster in (world.biocat, world.biom, world.biowin):
        _records(realm, cluster)
    _twins(realm)
    hidden = {
        "bioxclusters-plus": _mission(realm, "bioxclusters-plus", world.biocat),
        "magia": _mission(realm, "magia", world.biowin),
    }
    _strangers_desk(realm)
    _network(realm)
    _directory(realm)
    _public(realm)
    _campaigns(realm, hidden)
    _posts(realm)
    _export(realm)
    _lists(realm)
    _joins(realm)
    for persona in PERSONAS:
        client = Client(raise_request_exception=True)
        if persona in USERS:
            client.force_login(world.users[USERS[persona]])
        realm.clients[persona] = client
    return realm


def _records(realm: Realm, cluster: Cluster) -> None:
    """An organisation and people with everything a cluster may know about them."""
    slug = cluster.slug
    keeper = users.create(email=f"keeper@{slug}.example", name=f"secret{slug}keeper")
    users.grant(user=keeper, role="reader", cluster=cluster)
    realm.word("secret", slug, "keeper")

    def secret(what: str) -> str:
        return realm.word("secret", slug, what)

    def core(what: str) -> str:
        return realm.word("core", slug, what)

    organisation = organisations.create(
        cluster=cluster,
        by=None,
        legal_name=core("former"),
        city=core("city"),
        website=f"https://{core('domain')}.example",
        region=cluster.region,
    )
    organisations.edit(
        organisation=organisation, by=None, version=1, legal_name=core("organisation")
    )
    figures.state(
        by=None,
        metric="employees",
        value=7,
        source=core("source"),
        as_of=dt.date(2026, 1, 1),
        organisation=organisation,
    )
    person = people.create(
        cluster=cluster,
        by=None,
        given=core("given"),
        family=core("family"),
        language="en",
        email=f"{secret('formermailbox')}@{slug}-sme.example",
        phone=secret("formerphone"),
        organisation=organisation,
        job=core("job"),
        basis="member",
        source=secret("proof"),
    )
    tag = tags.create(cluster=cluster, name=secret("tag"), by=None)
    asked = {
        noun: custom_fields.create(
            cluster=cluster, noun=noun, name=secret(f"{noun}field"), kind="text", by=None
        )
        for noun in ("person", "organisation")
    }
    people.edit(
        person=person,
        by=None,
        version=1,
        phone=secret("phone"),
        tags=[tag],
        custom={asked["person"]: secret("answer")},
        owner=keeper,
    )
    membership = organisation.memberships.get()
    organisations.edit_membership(
        membership=membership,
        by=None,
        tags=[tag],
        custom={asked["organisation"]: secret("companyanswer")},
        owner=keeper,
    )
    for subject, what in ({"person": person}, ""), ({"membership": membership}, "company"):
        note = notes.add(**subject, text=secret(f"{what}note"), by=None)
        file = attachments.attach(**subject, file=(f"{secret(f'{what}file')}.pdf", PDF), by=None)
        realm.things[f"{slug} {what}note"] = {"pk": note.pk}
        realm.things[f"{slug} {what}file"] = {"pk": file.pk}
    realm.things |= {
        f"{slug} tag": {"pk": tag.pk},
        f"{slug} field": {"pk": asked["person"].pk},
        f"{slug}'s words": {"cluster": slug},
        f"{slug} person's": {"person": person.pk},
        f"{slug} person's proof": {"pk": person.pk, "file_format": "json"},
        f"{slug} organisation's": {"organisation": organisation.pk},
    }
    people.change_address(person=person, by=None, email=f"{secret('mailbox')}@{slug}-sme.example")
    consent.record_basis(
        person=person,
        purpose="missions",
        basis="consent",
        source=secret("consent"),
        wording=secret("wording"),
    )
    answers.give(
        person=person, mission=realm.world.mission, value="interested", note=core("remark")
    )
    answers.give(person=person, event=realm.world.event, value="maybe", note=core("excuse"))
    nameless = people.create(
        cluster=cluster,
        by=None,
        email=f"{secret('nameless')}@{slug}-sme.example",
        organisation=organisation,
        basis="member",
        source=secret("namelessproof"),
    )
    answers.give(person=nameless, mission=realm.world.mission, value="interested")
    objector = people.create(
        cluster=cluster,
        by=None,
        given=secret("objectorgiven"),
        family=secret("objector"),
        email=f"{secret('objectormail')}@{slug}-sme.example",
        organisation=organisation,
        job=secret("objectorjob"),
        basis="member",
        source=secret("objectorproof"),
    )
    people.edit(person=objector, by=None, version=1, share_objected=True)
    answers.give(person=objector, mission=realm.world.mission, value="interested")
    answers.give(person=objector, event=realm.world.event, value="coming")
    gone = people.create(
        cluster=cluster,
        by=None,
        given=core("gonegiven"),
        family=core("gone"),
        email=f"{secret('gonemail')}@{slug}-sme.example",
        organisation=organisation,
        basis="member",
        source=secret("goneproof"),
    )
    assert gone.primary
    consent.withdraw(
        address=gone.primary.address,
        scope="cluster",
        cluster=cluster,
        reason="objected",
        source=secret("withdrawal"),
        person=gone,
    )
    shelved = people.create(
        cluster=cluster,
        by=None,
        given=core("shelvedgiven"),
        family=core("shelved"),
        email=f"{secret('shelvedmail')}@{slug}-sme.example",
        organisation=organisation,
    )
    people.archive(person=shelved, by=None)
    spare = people.create(cluster=cluster, by=None, given=core("spare"))
    merged = people.create(cluster=cluster, by=None, given=core("merged"))
    merge = people.merge(keep=spare, drop=merged, by=None)
    duplicate = Duplicate.objects.create(
        cluster=cluster,
        noun="person",
        first=person.pk,
        second=nameless.pk,
        score=90,
        reasons=["name"],
        found_at=timezone.now(),
    )
    request = rights_requests.record(
        cluster=cluster,
        kind="erasure",
        received_on=timezone.localdate(),
        by=None,
        person=person,
        note=secret("request"),
    )
    realm.things[f"{slug} request"] = {"pk": request.pk}
    realm.things[f"{slug} pair"] = {"pk": person.pk, "other": nameless.pk}
    listed = _import(cluster, *map(secret, ("list", "listed", "listedmail", "unlisted")))
    for name, row in (
        ("merge", merge),
        ("duplicate", duplicate),
        ("import", listed),
        ("organisation", organisation),
        ("person", person),
        ("nameless", nameless),
        ("objector", objector),
        ("gone", gone),
        ("shelved", shelved),
    ):
        realm.things[f"{slug} {name}"] = {"pk": row.pk}


def _import(cluster: Cluster, file: str, name: str, mailbox: str, wrong: str) -> Import:
    """A list that waits for a decision, one of its rows wrong."""
    with tempfile.NamedTemporaryFile("w") as written:
        written.write(f"Name;E-mail\n{name};{mailbox}@list.example\n{wrong};nowhere\n")
        written.flush()
        found = imports.upload(
            cluster=cluster, by=None, path=Path(written.name), file_name=f"{file}.csv"
        )
    return imports.check(of_import=found)


def _lists(realm: Realm) -> None:
    """What the lists of each cluster's contact hold: a shared view, something done to many."""
    realm.things["people noun"] = {"noun": "people"}
    for cluster in (realm.world.biocat, realm.world.biom):
        slug = cluster.slug
        contact = realm.world.users[f"contact_{slug}"]
        person = Person.objects.get(pk=realm.things[f"{slug} nameless"]["pk"])
        word = realm.word("secret", slug, "tag")
        tag = Tag.objects.create(cluster=cluster, name=word, folded=f"tag {slug}")
        view = saved_views.create(
            by=contact,
            noun="person",
            name=word,
            conditions={},
            cluster=cluster,
        )
        entry = bulk.apply(noun="person", ids=[person.pk], act="tag", value=str(tag.pk), by=contact)
        realm.things[f"{slug} view"] = {"pk": view.pk}
        realm.things[f"{slug} act"] = {"pk": entry.pk}
        realm.things[f"{slug} cell"] = {
            "pk": realm.things[f"{slug} person"]["pk"], "field": "phone",
        }  # fmt: skip
        realm.things[f"{slug} organisation cell"] = {
            "pk": realm.things[f"{slug} organisation"]["pk"], "field": "city",
        }  # fmt: skip


def _joins(realm: Realm) -> None:
    """BioM asks Biocat about one of its own, and a cluster beyond the alliance about another."""
    world = realm.world
    for asked, note in (
        (world.biocat, "A word to all"),
        (world.biowin, realm.word("secret", "biom", "note")),
    ):
        row = Join.objects.create(
            asker=world.biom,
            asked=asked,
            organisation_id=realm.things["biom organisation"]["pk"],
            told={"legal_name": "Told Works", "website": "https://told.example"},
            home=world.biom,
            note=note,
            at=timezone.now(),
        )
        realm.things[f"join asked of {asked.slug}"] = {"pk": row.pk}


def _twins(realm: Realm) -> None:
    """The same human and the same company, kept by two clusters of one alliance."""
    world = realm.world
    both = organisations.create(
        cluster=world.biocat, by=None, legal_name="Twin Works", region=world.biocat.region
    )
    Membership.objects.create(organisation=both, cluster=world.biom, category="large")
    realm.things["both organisation"] = {"pk": both.pk}
    realm.things["biocat organisations"] = {
        "pk": both.pk,
        "other": realm.things["biocat organisation"]["pk"],
    }
    realm.things["people pairs"] = {"nouns": "people"}
    for cluster in (world.biocat, world.biom):
        word = realm.word("core", cluster.slug, "twin")
        twin = people.create(
            cluster=cluster,
            by=None,
            given="Robin",
            family=word,
            email="robin@twin.example",
            organisation=both,
            job=realm.word("core", cluster.slug, "twinjob"),
            phone=realm.word("secret", cluster.slug, "twinphone"),
            basis="member",
            source=realm.word("secret", cluster.slug, "twinproof"),
        )
        realm.things[f"{cluster.slug} twin"] = {"pk": twin.pk}


def _mission(realm: Realm, slug: str, lead: Cluster) -> Mission:
    """A mission and an event without public pages, known to their alliance alone."""
    world = realm.world
    alliance = world.alliance if slug == world.alliance.slug else world.other_alliance

    def allied(what: str) -> str:
        return realm.word("allied", slug, what)

    first = timezone.localdate() + dt.timedelta(days=100)
    mission = missions.create(
        by=None,
        slug=f"hidden-{slug}",
        alliances=[alliance],
        lead_cluster=lead,
        market=Market.objects.get(slug="japan"),
        names={"en": allied("mission")},
        leads={"en": allied("lead")},
        terms={"en": allied("terms")},
        during=(first, first + dt.timedelta(days=4)),
        status="open",
        public=False,
    )
    missions.publish_programme(
        mission=mission,
        by=None,
        label="final",
        items=[
            {
                "day": first,
                "part": "day",
                "titles": {"en": allied("entry")},
                "city": allied("city"),
                "place": allied("place"),
                "kind": "visit",
            }
        ],
    )
    deadline = missions.set_deadline(
        mission=mission,
        by=None,
        things={"en": allied("deadline")},
        at=timezone.now() + dt.timedelta(days=20),
        timezone="Europe/Paris",
    )
    missions.set_external_route(
        mission=mission,
        by=None,
        organiser=allied("organiser"),
        texts={"en": allied("route")},
        url="https://route.example/",
        at=timezone.now() + dt.timedelta(days=10),
        timezone="Europe/Paris",
    )
    document = missions.attach_document(
        mission=mission,
        by=None,
        titles={"en": allied("document")},
        language="en",
        file=("plan.pdf", PDF + allied("file").encode()),
    )
    figures.state(
        by=None,
        metric="companies",
        value=12,
        source=allied("source"),
        as_of=dt.date(2026, 1, 1),
        mission=mission,
    )
    starts = timezone.now() + dt.timedelta(days=50)
    event = events.create(
        by=None,
        slug=f"hidden-event-{slug}",
        alliances=[alliance],
        lead_cluster=lead,
        names={"en": allied("event")},
        leads={"en": allied("eventlead")},
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2),
        place=allied("hall"),
        status="open",
        public=False,
    )
    realm.things |= {
        f"{slug} mission": {"slug": mission.slug},
        f"{slug} deadline": {"slug": mission.slug, "pk": deadline.pk},
        f"{slug} mission's programme": {"mission": mission.slug},
        f"{slug} event": {"slug": event.slug},
        f"{slug} event's programme": {"event": event.slug},
        f"{slug} document": {"pk": document.pk},
        f"{slug} public mission": {"language": "en", "slug": mission.slug},
        f"{slug} public event": {"language": "en", "slug": event.slug},
    }
    return mission


def _strangers_desk(realm: Realm) -> None:
    """What only members of Magia may read of its network."""
    world = realm.world
    network.appoint(
        cluster=world.biowin,
        name=realm.word("allied", "magia", "desk"),
        email=f"{realm.word('allied', 'magia', 'deskmail')}@biowin.example",
        phone=realm.word("allied", "magia", "deskphone"),
        from_=LONG_AGO,
        role="media",
        by=None,
    )
    network.disclaim(
        alliance=world.other_alliance,
        texts={"en": realm.word("allied", "magia", "disclaimer")},
        during=(LONG_AGO, None),
    )
    for subject in ({"alliance": world.other_alliance}, {"cluster": world.biowin}):
        figures.state(
            by=None,
            metric="members",
            value=99,
            source=realm.word("allied", "magia", f"{next(iter(subject))}figure"),
            as_of=dt.date(2026, 1, 1),
            **subject,
        )


def _network(realm: Realm) -> None:
    """What the table asks of alliances, clusters, and a desk that changes hands."""
    world = realm.world
    for alliance in (world.alliance, world.other_alliance):
        slug = alliance.slug
        disclaimer = alliance.disclaimers.get()
        agreement = agreements.enter(
            alliance=alliance,
            by=None,
            partners=[
                realm.word("allied", slug, "partner") if slug == "magia" else "Friends abroad"
            ],
        )
        realm.things |= {
            f"{slug} agreement": {"slug": slug, "pk": agreement.pk},
            f"{slug} alliance": {"slug": slug},
            f"{slug} figures": {"alliance": slug},
            f"{slug} disclaimer": {"slug": slug, "pk": disclaimer.pk},
        }
    realm.things["disclaimer of another alliance"] = {
        "slug": world.alliance.slug,
        "pk": world.other_alliance.disclaimers.get().pk,
    }
    for cluster, name in (
        (world.biocat, "Gold Label"),
        (world.biowin, realm.word("allied", "magia", "label")),
    ):
        label = clusters.award(
            cluster=cluster, by=None, name=name, issuer="European secretariat", year=2015
        )
        realm.things[f"{cluster.slug} label"] = {"slug": cluster.slug, "pk": label.pk}
    for cluster in (world.biocat, world.biom, world.biowin):
        slug = cluster.slug
        desk = cluster.contact_points.get(role="general", mission=None)
        realm.things |= {
            f"{slug} cluster": {"slug": slug},
            f"{slug} figures": {"cluster": slug},
            f"{slug} desk": {"pk": desk.pk},
            f"{slug} participation": {"pk": cluster.participations.get().pk},
        }
    press = network.appoint(
        cluster=world.biocat,
        name="Press of Biocat",
        email="press@biocat.example",
        from_=LONG_AGO,
        role="media",
        by=None,
    )
    planned = handovers.plan(
        former=press,
        successor=handovers.Successor("New press", "new.press@biocat.example"),
        day=timezone.localdate() + dt.timedelta(days=30),
        moves=handovers.Moves(sign_in=False),
        by=None,
    )
    realm.things |= {
        "biocat hand-over": {"pk": planned.pk},
        "region": {"slug": world.biocat.region.slug},
    }


def _directory(realm: Realm) -> None:
    """A company of BioM that stands in public, of which everybody may know that, and no more."""
    world = realm.world
    company = organisations.create(
        cluster=world.biom,
        by=None,
        legal_name="Open Doors GmbH",
        city="Martinsried",
        region=world.biom.region,
        employees=4711,
    )
    people.create(
        cluster=world.biom,
        by=None,
        given="Uli",
        family=realm.word("secret", "biom", "publicperson"),
        organisation=company,
        job=realm.word("secret", "biom", "publicjob"),
    )
    directory.publish(
        organisation=company,
        by=None,
        word=realm.word("secret", "biom", "consentword"),
        agreed_on=dt.date(2026, 1, 1),
    )
    hidden = Organisation.objects.get(pk=realm.things["biocat organisation"]["pk"])
    directory.describe(
        organisation=hidden,
        by=None,
        descriptions={"en": realm.word("secret", "biocat", "description")},
        stages=[],
        markets=[],
    )
    realm.things |= {
        "open organisation": {"pk": company.pk},
        "directory": {"language": "en"},
        "directory entry": {"language": "en", "slug": company.entry.slug},
        "directory entry in any language": {"slug": company.entry.slug},
        "hidden directory entry": {"language": "en", "slug": hidden.entry.slug},
    }


def _public(realm: Realm) -> None:
    """What anybody may open, and the missions and events the table works on."""
    world = realm.world
    kept = images.add(alliance=realm.world.alliance, name="hall.png", content=picture(), by=None)
    document = missions.attach_document(
        mission=world.mission, by=None, titles={"en": "Plan"}, language="en", file=("p.pdf", PDF)
    )
    deadline = world.mission.deadlines.get()
    realm.things |= {
        "mission": {"slug": "japan-next"},
        "deadline": {"slug": "japan-next", "pk": deadline.pk},
        "mission's programme": {"mission": "japan-next"},
        "event": {"slug": "matchmaking-next"},
        "event's programme": {"event": "matchmaking-next"},
        "document": {"pk": document.pk},
        "picture": {"sha256": kept.sha256, "ending": "png"},
        "public mission": {"language": "en", "slug": "japan-next"},
        "public event": {"language": "en", "slug": "matchmaking-next"},
        "deadline of another mission": {
            "slug": "japan-next",
            "pk": realm.things["bioxclusters-plus deadline"]["pk"],
        },
        "mail": {"pk": 1},
    }


def _begun(realm: Realm) -> None:
    """A press release of each alliance, with a file."""
    world = realm.world
    for whose, by, alliance in (
        ("", "coordinator", world.alliance),
        ("magia ", "coordinator_magia", world.other_alliance),
    ):
        release = beginning.begin(
            kind="press", alliance=alliance, title=f"News of {alliance}", topic=None,
            by=world.users[by],
        )  # fmt: skip
        file = enclosures.enclose(
            campaign=release, titles={"en": "Photo"}, file=(f"{alliance}.pdf", PDF), by=None
        )
        realm.things |= {
            f"{whose}release": {"ref": release.ref},
            f"{whose}release's file": {"ref": release.ref, "pk": file.pk},
            f"{whose}enclosure": {"sha256": file.sha256, "ending": "pdf"},
        }


def _campaigns(realm: Realm, hidden: dict[str, Mission]) -> None:
    """A call under way whose servers talked, a draft with lanes that wait, a stranger's draft."""
    world = realm.world
    call = world.call()
    Delivery.objects.filter(campaign=call).update(state=Delivery.State.ACCEPTED)
    for cluster in (world.biocat, world.biom):
        _settled(realm, call, cluster)
    draft = campaigns.invite(event=world.event, by=world.users["coordinator"])
    (reminder,) = reminders.plan(
        call=draft, by=world.users["coordinator"], deadline=None, days=[7], hour=dt.time(9)
    )
    realm.things["draft's reminder"] = {"pk": reminder.pk}
    foreign = campaigns.announce(mission=hidden["magia"], by=world.users["coordinator_magia"])
    for campaign, cluster in (
        (draft, world.biocat),
        (draft, world.biom),
        (foreign, world.biowin),
    ):
        lane = world.lane(campaign, cluster)
        releases.introduce(
            release=lane,
            by=world.users["admin"],
            texts={"en": realm.word("lane", cluster.slug, f"introduction{campaign.pk}")},
        )
        releases.hold(
            release=lane,
            by=world.users["admin"],
            note=realm.word("lane", cluster.slug, f"note{campaign.pk}"),
        )
        trimming.take_out(
            release=lane,
            people=Person.objects.filter(pk=realm.things[f"{cluster.slug} objector"]["pk"]),
            by=world.users["admin"],
            reason=realm.word("secret", cluster.slug, f"trim{campaign.pk}"),
        )
        realm.things[f"{cluster.slug} lane"] = {"ref": campaign.ref, "pk": lane.pk}
    _begun(realm)
    for name, by, alliance, shared in (
        ("the coordinator's audience", "coordinator", draft.alliance, False),
        ("magia's shared audience", "coordinator_magia", foreign.alliance, True),
    ):
        assert alliance
        saved = saved_audiences.create(
            alliance=alliance, by=world.users[by], name=name, include=CONTACTS, shared=shared
        )
        realm.things[name] = {"pk": saved.pk}
    for name, campaign, by in (
        ("the alliance's snippet", draft, "coordinator"),
        ("magia's snippet", foreign, "coordinator_magia"),
    ):
        kept = snippets.keep(campaign=campaign, by=world.users[by], name=name)
        realm.things[name] = {"pk": kept.pk}
    delivery = Delivery.objects.filter(campaign=call, person__cluster=world.biocat).first()
    assert delivery
    token = reader_of(delivery).value("answering")
    realm.token = token
    follow = follows.ask(
        alliance=world.alliance,
        email="follows@home.example",
        topics=[world.topic],
        cluster=world.biocat,
        language="en",
        wording="words",
        network="",
    )
    leaving = reader_of(delivery).value("leaving")
    change = address_changes.ask(
        address=delivery.address, email="moved@home.example", language="en", network=""
    )
    moving = links.moving_token(links.Moving(change.pk, links.Side.NEW))
    Link.objects.create(campaign=call, url="https://target.example/", key="a-link")
    owner = people.create(cluster=world.biocat, by=None, email="owner@home.example")
    assert owner.primary
    own = links.Choosing(owner.primary.address_id, "en")
    realm.things |= {
        "moving": {"token": moving},
        "altered moving": {"token": f"1{moving}"},
        "counted link": {"key": "a-link"},
        "nobody's link": {"key": "no-link"},
        "call": {"ref": call.ref},
        "draft": {"ref": draft.ref},
        "draft's text": {"ref": draft.ref, "language": "en"},
        "draft's version": {"ref": draft.ref, "language": "en", "number": 1},
        "magia call": {"ref": foreign.ref},
        "a file": {"file_format": "csv"},
        "call's report": {"ref": call.ref, "file_format": "csv"},
        "magia text": {"ref": foreign.ref, "language": "en"},
        "magia version": {"ref": foreign.ref, "language": "en", "number": 1},
        "lane of another call": {"ref": call.ref, "pk": realm.things["biocat lane"]["pk"]},
        "answer": {"token": token, "value": "interested"},
        "altered answer": {"token": f"1{token}", "value": "interested"},
        "leaving": {"token": leaving},
        "altered leaving": {"token": f"1{leaving}"},
        "provider": {"provider": "postmark"},
        "nobody's hook": {"provider": "pigeons"},
        "follow form": {"language": "en", "slug": world.alliance.slug},
        "magia follow form": {"language": "en", "slug": world.other_alliance.slug},
        "following": {"token": links.following(follow.pk)},
        "altered following": {"token": f"1{links.following(follow.pk)}"},
        "choosing": {"token": links.choosing_token(links.Choosing(delivery.address_id, "en"))},
        "altered choosing": {
            "token": "1" + links.choosing_token(links.Choosing(delivery.address_id, "en"))
        },
        "own page": {"token": reader_of(delivery).value("own_page")},
        "altered own page": {"token": "1" + reader_of(delivery).value("own_page")},
        "leaving as choosing": {"token": leaving},
        "own data": {"token": links.choosing_token(own)},
        "erasing": {"token": links.erasing_token(own, timezone.now().timestamp())},
        "leaving as answer": {"token": leaving, "value": "interested"},
    }


def _posts(realm: Realm) -> None:
    """One that everybody reads, and one that is being written."""
    world = realm.world
    site = {"slug": world.alliance.slug}
    realm.things["site"] = site
    for name, title in (("public post", "Open doors"), ("unpublished post", "Closed doors")):
        post = posts.write(
            alliance=world.alliance,
            topic=world.topic,
            kind="report",
            language="en",
            title=title,
            by=world.users["coordinator"],
        )
        posts.say(
            post=post,
            language="en",
            title=title,
            lead="Come.",
            text="In.",
            ready=True,
            seen=1,
            by=None,
        )
        realm.things[name] = {"language": "en", "post": post.slug, **site}
        if name == "public post":
            posts.publish(post=post, by=None)
            realm.things["public post in any language"] = {"post": post.slug, **site}
    realm.things |= {
        "the alliance's post": {"pk": post.pk},
        "the post's text": {"pk": post.pk, "language": "en"},
    }


def _export(realm: Realm) -> None:
    """Biocat's contact has taken out everybody they read."""
    export = exports.ask(
        by=realm.world.users["contact_biocat"],
        noun="people",
        question="",
        file_format="csv",
        columns=LISTS["people"].all,
        language="en",
        number=5,
    )
    exports.make(export=export, rows=tables.rows)
    realm.things["biocat's export"] = {"key": export.key}


def _settled(realm: Realm, call: Campaign, cluster: Cluster) -> None:
    """The server refused one mail, in words that hold the address."""
    person = Person.objects.get(pk=realm.things[f"{cluster.slug} person"]["pk"])
    said = realm.word("secret", cluster.slug, "reply")
    delivery = Delivery.objects.get(campaign=call, person=person)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.FAILED, reply=f"550 no <{said}>", settled_at=timezone.now()
    )
    Attempt.objects.create(
        delivery=delivery,
        generation=1,
        phase="rcpt",
        code=550,
        text=f"no <{realm.word('secret', cluster.slug, 'attempt')}>",
        outcome="failed",
    )
    assert Exclusion.objects.filter(campaign=call, person__cluster=cluster).exists()


def _more(world: World, cluster: Cluster) -> None:
    """People, organisations, answers and deliveries beside those that are there."""
    call = Campaign.objects.get(ref="japan-next-call")
    for language in ("en", "fr", "pt"):
        person = world.person(cluster, language=language)
        answers.give(person=person, mission=world.mission, value="declined")
        answers.give(person=person, event=world.event, value="not-coming")
        assert person.primary
        release = call.releases.filter(cluster=cluster).first()
        if release is None:
            continue
        Delivery.objects.create(
            campaign=call,
            release=release,
            address=person.primary.address,
            person=person,
            language=language,
            state=Delivery.State.ACCEPTED,
        )
    _import(cluster, "more", "More Names", "more", "Most Names")
    both = Organisation.objects.get(legal_name="Twin Works")
    for membership in Membership.objects.filter(organisation=both, cluster=cluster):
        organisations.edit_membership(
            membership=membership, by=None, standing="former", category="midcap", employees=900
        )
