"""Starting lanes: rows are written once, and nothing pinned changes."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from campaigns.actions import (
    campaigns,
    contents,
    freezing,
    ledger,
    linking,
    releases,
    sending,
    sweeping,
)
from campaigns.models import (
    Attempt,
    Campaign,
    ContentVersion,
    Delivery,
    Exclusion,
    LaneText,
    Release,
    VersionText,
)
from crm.actions import consent, missions, network
from crm.actions.errors import Refused
from crm.models import AuditEntry, ConsentRecord, Mission, Person
from tests.kit.mailserver import MailServer
from tests.kit.races import under_way
from tests.world import World

S = Campaign.Status
State = Delivery.State


@contextmanager
def refused_by_the_database() -> Iterator[None]:
    with pytest.raises(ProgrammingError), transaction.atomic():
        yield


def test_freezing_twice_writes_once(world: World) -> None:
    world.person()
    campaign = world.call()
    before = list(Delivery.objects.values_list("pk", "state"))

    freezing.start_due()
    freezing.freeze_lanes(campaign)

    assert list(Delivery.objects.values_list("pk", "state")) == before
    assert ledger.read(campaign).balances


def test_a_lane_left_half_frozen_is_opened_by_the_next_tick(world: World) -> None:
    world.person()
    campaign = world.call()
    Release.objects.update(status=Release.Status.FREEZING)

    sweeping.tick()

    assert set(campaign.releases.values_list("status", flat=True)) == {"sending", "done"}
    assert Delivery.objects.count() == 1


def test_a_withdrawal_during_the_freeze_is_seen_before_the_lane_opens(world: World) -> None:
    person = world.person()
    campaign = world.call()
    lane = world.lane(campaign, world.biocat)
    assert person.primary
    Release.objects.filter(pk=lane.pk).update(status=Release.Status.FREEZING)
    with connection.cursor() as cursor:  # as if the freeze had not seen it, nor the trigger the row
        cursor.execute("SET LOCAL session_replication_role = replica")
        consent.withdraw(
            address=person.primary.address, scope="all", reason="unsubscribed", source="test"
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert Delivery.objects.get().state == State.PENDING

    freezing.freeze_lanes(campaign)

    assert Delivery.objects.get().state == State.SUPPRESSED


@pytest.mark.parametrize("scope", ["topic", "cluster", "alliance", "all"])
def test_leaving_stops_the_waiting_mail_at_once(world: World, scope: str) -> None:
    person, other = world.person(), world.person()
    campaign = world.call()
    assert person.primary

    consent.withdraw(
        address=person.primary.address,
        scope=scope,
        topic=world.topic if scope == "topic" else None,
        cluster=world.biocat if scope == "cluster" else None,
        alliance=world.alliance if scope == "alliance" else None,
        reason="unsubscribed",
        source="test",
    )

    assert Delivery.objects.get(person=person).state == State.SUPPRESSED
    assert Delivery.objects.get(person=other).state == State.PENDING
    assert ledger.read(campaign).balances


def test_leaving_another_cluster_stops_nothing(world: World) -> None:
    person = world.person()
    world.call()
    assert person.primary

    consent.withdraw(
        address=person.primary.address,
        scope="cluster",
        cluster=world.biom,
        reason="unsubscribed",
        source="test",
    )

    assert Delivery.objects.get().state == State.PENDING


def test_the_database_refuses_to_change_what_was_signed(world: World) -> None:
    world.call()

    for rows in (ContentVersion.objects.all(), VersionText.objects.all()):
        assert rows.exists()
        with refused_by_the_database():
            rows._raw_delete("default")
    with refused_by_the_database():
        VersionText.objects.update(subject="Another")
    with refused_by_the_database():
        ContentVersion.objects.update(sha256="0")


def test_the_database_refuses_to_change_a_frozen_lanes_introduction(world: World) -> None:
    campaign = world.call(release=False, start=False)
    lane = world.lane(campaign, world.biocat)
    releases.introduce(release=lane, by=world.users["contact_biocat"], texts={"en": "Welcome"})
    world.call()

    with refused_by_the_database():
        LaneText.objects.update(text="Another")
    with refused_by_the_database():
        LaneText.objects.all().delete()
    with refused_by_the_database():
        LaneText.objects.create(release=lane, language="fr", text="Bienvenue")


def test_the_database_refuses_to_change_what_happened(
    world: World, mail_server: MailServer
) -> None:
    world.person(email="bounce@gone.example")
    sending.work(world.call())

    for rows in (Attempt.objects.all(), ConsentRecord.objects.all(), AuditEntry.objects.all()):
        assert rows.exists()
        with refused_by_the_database():
            rows._raw_delete("default")
    with refused_by_the_database():
        Attempt.objects.update(text="")
    with refused_by_the_database():
        ConsentRecord.objects.update(source="")
    with refused_by_the_database():
        AuditEntry.objects.update(verb="")


def test_a_text_under_way_cannot_be_edited(world: World) -> None:
    campaign = world.call()

    with pytest.raises(Refused, match="already being sent"):
        contents.edit(
            campaign=campaign, language="en", subject="New", preheader="", blocks=[], ready=True
        )


def test_a_schedule_of_which_every_lane_was_taken_back_waits_for_a_signature(
    world: World, mail_server: MailServer
) -> None:
    """Started without a signed text, it would have none to send when a lane is signed later."""
    reader = world.person()
    campaign = world.call(start=False)
    coordinator = world.users["coordinator"]
    campaigns.schedule(campaign=campaign, by=coordinator, send_at=timezone.now())
    text = campaign.texts.get(language="en")
    contents.edit(
        campaign=campaign,
        language="en",
        subject="Second thoughts",
        preheader="",
        blocks=text.blocks,
        ready=True,
    )

    freezing.start_due()
    campaign.refresh_from_db()
    assert campaign.status == S.SCHEDULED
    releases.release_all(campaign=campaign, by=coordinator)
    freezing.start_due()
    campaign.refresh_from_db()
    sending.work(campaign)

    assert mail_server.mail_to(reader.email)["Subject"] == "Second thoughts"


def test_no_lane_is_sent_with_a_text_it_did_not_sign(world: World) -> None:
    campaign = world.call(release=False, start=False)
    coordinator = world.users["coordinator"]
    early, late = world.lane(campaign, world.biocat), world.lane(campaign, world.biom)
    releases.release(release=early, by=world.users["contact_biocat"])
    missions.publish_programme(
        mission=world.mission,
        label="final",
        by=None,
        items=[
            {
                "day": timezone.localdate() + dt.timedelta(days=201),
                "part": "day",
                "titles": {"en": "Departure for Kobe"},
                "kind": "arrival",
            }
        ],
    )
    linking.take_over(campaign=campaign, by=coordinator)
    releases.release(release=late, by=world.users["contact_biom"])

    campaigns.schedule(campaign=campaign, by=coordinator, send_at=timezone.now())
    freezing.start_due()

    campaign.refresh_from_db()
    early.refresh_from_db()
    assert early.status == Release.Status.WAITING
    for lane in campaign.releases.exclude(frozen_at=None):
        assert lane.signed_version_id == campaign.content_version_id


def test_cancelling_while_a_lane_is_being_counted_leaves_nothing_waiting(world: World) -> None:
    world.person()
    campaign = world.call(start=False)
    campaigns.schedule(campaign=campaign, by=None, send_at=timezone.now())
    freezing.start(campaign)
    campaign.releases.update(status=Release.Status.FREEZING, freeze_began_at=timezone.now())

    campaigns.cancel(campaign=campaign, by=world.users["coordinator"])
    freezing.freeze_lanes(campaign)

    assert not Delivery.objects.filter(state=State.PENDING).exists()
    assert set(campaign.releases.values_list("status", flat=True)) <= {"lapsed", "done"}


def test_cancelling_after_a_lane_was_written_leaves_nothing_waiting(world: World) -> None:
    world.person()
    campaign = world.call()
    campaign.releases.update(status=Release.Status.FREEZING)

    campaigns.cancel(campaign=campaign, by=world.users["coordinator"])
    sweeping.tick()

    assert Delivery.objects.get().state == State.CANCELLED
    assert set(campaign.releases.values_list("status", flat=True)) == {"done"}


def test_a_lane_is_written_to_from_the_missions_own_desk_if_there_is_one(world: World) -> None:
    own = network.appoint(
        cluster=world.biom,
        mission=world.mission,
        name="Mission desk",
        email="mission@biom.example",
        by=None,
    )
    world.person(world.biom)
    world.person(world.biocat)
    world.follower(world.biom)

    world.call()

    desks = {
        (row.release.cluster and row.release.cluster.slug): str(row.contact_point)
        for row in Delivery.objects.select_related("release__cluster", "contact_point")
    }
    assert desks == {"biom": own.name, "biocat": "Desk of Biocat", None: "Desk of Biocat"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": "draft"}, "is not open"),
        ({"archived_at": timezone.now()}, "is archived"),
        ({"names": {}}, "has no name and description in any language"),
        ({"leads": {}}, "has no name and description in any language"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_mission_that_cannot_be_announced_says_why_and_writes_nothing(
    world: World, change: dict[str, object], sentence: str
) -> None:
    Mission.objects.filter(pk=world.mission.pk).update(**change)
    world.mission.refresh_from_db()

    with pytest.raises(Refused, match=sentence):
        world.call()

    assert not Campaign.objects.exists()
    assert not Release.objects.exists()


def test_a_mission_without_a_programme_says_so_and_writes_nothing(world: World) -> None:
    world.mission.programme_versions.all().delete()

    with pytest.raises(Refused, match="Publish one on its page"):
        world.call()

    assert not Campaign.objects.exists()


def test_a_mission_that_lost_its_programme_cannot_be_signed(world: World) -> None:
    campaign = world.call(release=False, start=False)
    world.mission.programme_versions.all().delete()
    linking.take_over(campaign=campaign, by=world.users["coordinator"])

    with pytest.raises(Refused, match="Publish one on its page"):
        releases.release_all(campaign=campaign, by=None)

    assert not campaign.content_versions.exists()
    assert set(campaign.releases.values_list("status", flat=True)) == {"waiting"}


@pytest.mark.django_db(transaction=True)
def test_nobody_is_put_on_the_line_after_they_left(world: World, mail_server: MailServer) -> None:
    """Readers leave, each in a connection of its own, while lanes freeze and two workers arm."""
    people = [world.person() for _ in range(60)]
    leavers = people[::2]
    campaign = world.call(start=False)
    campaigns.schedule(campaign=campaign, by=None, send_at=timezone.now())
    left_at: dict[int | None, Any] = {}
    failures: list[BaseException] = []

    def leave(part: int) -> None:
        for person in leavers[part::3]:
            assert person.primary
            consent.withdraw(
                address=person.primary.address, scope="all", reason="unsubscribed", source="test"
            )
            with connection.cursor() as cursor:
                cursor.execute("SELECT clock_timestamp()")
                left_at[person.pk] = cursor.fetchone()[0]

    def send(_part: int) -> None:
        ends = time.monotonic() + 20
        while time.monotonic() < ends and not Campaign.objects.filter(status=S.FINISHED):
            freezing.start_due()
            sending.work(Campaign.objects.get(pk=campaign.pk))
            sweeping.tidy()

    def guarded(work: Callable[[int], None], part: int) -> None:
        try:
            work(part)
        except BaseException as failure:  # noqa: BLE001  shown by the test, not by the thread
            failures.append(failure)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=guarded, args=(work, part))
        for work, parts in ((leave, 3), (send, 2))
        for part in range(parts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert failures == []
    campaign.refresh_from_db()
    assert campaign.status == S.FINISHED
    assert set(left_at) == {person.pk for person in leavers}
    for delivery in Delivery.objects.filter(person__in=left_at, armed_at__isnull=False):
        assert delivery.armed_at <= left_at[delivery.person_id]
    never_left = {person.email for person in people[1::2]}
    assert never_left <= set(mail_server.readers)
    assert len(set(mail_server.readers)) == len(mail_server.readers)
    written = Delivery.objects.count() + Exclusion.objects.count()
    assert written == len(people)
    assert ledger.read(campaign).balances


@pytest.mark.django_db(transaction=True)
def test_a_text_that_is_saved_as_it_starts_is_signed_before_it_leaves(world: World) -> None:
    world.person()
    campaign = world.call(start=False)
    campaigns.schedule(campaign=campaign, by=None, send_at=timezone.now())
    text = campaign.texts.get(language="en")

    def save() -> None:
        contents.edit(
            campaign=campaign,
            language="en",
            subject="Something else",
            preheader="",
            blocks=text.blocks,
            ready=True,
        )

    with under_way(save):
        assert not freezing.start(campaign)

    campaign.refresh_from_db()
    assert (campaign.status, campaign.content_version) == (S.SCHEDULED, None)
    releases.release_all(campaign=campaign, by=world.users["coordinator"])
    assert freezing.start(campaign)
    campaign.refresh_from_db()
    assert campaign.content_version
    assert campaign.content_version.texts.get(language="en").subject == "Something else"


@pytest.mark.parametrize(("readers", "batches"), [(20, 1), (60, 3)])
def test_a_small_campaign_has_batches_for_many_lines(
    world: World, readers: int, batches: int
) -> None:
    for _n in range(readers):
        world.person()

    campaign = world.call()
    freezing.start_due()

    sizes = [batch.last_id - batch.first_id + 1 for batch in campaign.batches.order_by("pk")]
    assert len(sizes) == batches
    assert sum(sizes) == readers


@pytest.mark.parametrize("state", [State.EXPIRED, State.CANCELLED, State.FAILED])
def test_a_copy_that_never_came_keeps_no_late_lane_from_freezing(world: World, state: int) -> None:
    """Its reader's twin, at home in the late lane, shares the mailbox: it has had its one copy."""
    of_biom = world.organisation(world.biom)
    first = world.person(world.biocat, email="twin@sme.example")
    campaign = world.call(release=False, start=False)
    lane = world.lane(campaign, world.biom)
    releases.hold(release=lane, by=world.users["contact_biom"], note="")
    campaign = world.call()
    twin = world.person(
        world.biom, email="twin@sme.example", organisation=of_biom, allow_shared=True
    )
    other = world.person(world.biom)
    Delivery.objects.filter(person=first).update(state=state, settled_at=timezone.now())

    releases.release(release=lane, by=None)
    freezing.start_due()

    lane.refresh_from_db()
    assert lane.frozen_at
    assert Delivery.objects.get(release=lane).person == other
    assert Exclusion.objects.get(person=twin).reason == Exclusion.Reason.ALREADY_WRITTEN
    assert ledger.read(campaign).balances


@pytest.mark.parametrize("paused", [True, False])
def test_who_was_left_out_of_one_lane_and_stands_in_another_by_now_keeps_it_from_nothing(
    world: World, paused: bool
) -> None:
    """A contact who follows, too, is kept as a follower while the alliance's own lane is held."""
    until = timezone.localdate() + dt.timedelta(days=9)
    ada = world.person()
    consent.subscribe(person=ada, topic=world.topic, source="follow form")
    Person.objects.filter(pk=ada.pk).update(paused_until=until)
    follower = world.follower()
    campaign = world.call(release=False, start=False)
    lane = world.lane(campaign, None)
    releases.hold(release=lane, by=world.users["coordinator"], note="")
    campaign = world.call()
    assert Exclusion.objects.get(person=ada).reason == Exclusion.Reason.PAUSED
    Person.objects.filter(pk=ada.pk).update(
        kind=Person.Kind.FOLLOWER, paused_until=until if paused else None
    )

    releases.release(release=lane, by=None)
    freezing.start_due()

    lane.refresh_from_db()
    assert lane.frozen_at
    written = set(Delivery.objects.filter(release=lane).values_list("person", flat=True))
    assert follower.pk in written
    assert Exclusion.objects.filter(person=ada).count() == 1
    assert ledger.read(campaign).balances
