"""Lanes and their signatures."""

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    audiences,
    campaigns,
    contents,
    ledger,
    overview,
    releases,
    sending,
    sweeping,
)
from campaigns.actions.explaining import explain
from campaigns.actions.reports import Question, Report
from campaigns.models import Campaign, Release
from crm.actions import network
from crm.actions.errors import IllegalTransition, Refused
from crm.models import AuditEntry, Cluster, Person
from tests.kit.mailserver import MailServer
from tests.kit.races import under_way
from tests.world import LONG_AGO, World

S = Release.Status


def drafted(world: World) -> tuple[Campaign, Release]:
    campaign = world.call(release=False, start=False)
    return campaign, world.lane(campaign, world.biom)


def test_a_call_has_a_lane_for_each_member_and_one_for_followers(world: World) -> None:
    campaign, _lane = drafted(world)

    clusters = campaign.releases.values_list("cluster__slug", flat=True)

    assert set(clusters) == {"biocat", "biom", None}


def test_signing_pins_the_text_and_says_who(world: World) -> None:
    campaign, lane = drafted(world)
    contact = world.users["contact_biom"]

    releases.release(release=lane, by=contact, note="Fine")

    assert (lane.status, lane.decided_by, lane.note) == (S.RELEASED, contact, "Fine")
    assert lane.signed_version == campaign.content_versions.get()


def test_signing_twice_is_signing_once(world: World) -> None:
    campaign, lane = drafted(world)

    releases.release(release=lane, by=world.users["contact_biom"])
    releases.release(release=lane, by=world.users["coordinator"])

    assert lane.decided_by == world.users["contact_biom"]
    assert campaign.content_versions.count() == 1
    assert AuditEntry.objects.filter(verb="released").count() == 1


def test_release_all_leaves_held_and_declined_lanes_as_they_are(world: World) -> None:
    campaign, lane = drafted(world)
    releases.hold(release=lane, by=world.users["contact_biom"], note="hotels")
    other = world.lane(campaign, world.biocat)
    releases.decline(release=other, by=world.users["contact_biocat"], note="no budget")

    signed = releases.release_all(campaign=campaign, by=world.users["coordinator"])

    assert signed == 1
    assert campaign.releases.get(cluster=None).status == S.RELEASED
    assert sorted(campaign.releases.values_list("status", flat=True)) == [
        "declined", "held", "released",
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["text", "introduction"])
def test_who_signed_an_earlier_text_signs_again(world: World, what: str) -> None:
    campaign, lane = drafted(world)
    releases.release(release=lane, by=world.users["contact_biom"])

    if what == "introduction":
        releases.introduce(release=lane, by=world.users["contact_biom"], texts={"en": "Hello"})
    else:
        text = campaign.texts.get(language="en")
        contents.edit(
            campaign=campaign,
            language="en",
            subject="Other",
            preheader="",
            blocks=text.blocks,
            ready=True,
        )

    lane.refresh_from_db()
    assert (lane.status, lane.signed_version) == (S.WAITING, None)
    assert lane.asked_again == what
    releases.release(release=lane, by=world.users["contact_biom"])
    assert lane.asked_again == ""


def test_the_same_introduction_again_keeps_the_signature(world: World) -> None:
    _campaign, lane = drafted(world)
    by = world.users["contact_biom"]
    releases.introduce(release=lane, by=by, texts={"en": "Hello", "fr": " "})
    releases.release(release=lane, by=by)

    releases.introduce(release=lane, by=by, texts={"en": " Hello "})

    lane.refresh_from_db()
    assert lane.status == S.RELEASED


def test_a_lane_under_way_cannot_be_decided_again(world: World) -> None:
    campaign = world.call()
    lane = world.lane(campaign, world.biom)

    for decide in (releases.hold, releases.decline, releases.release):
        with pytest.raises(IllegalTransition, match="already started"):
            decide(release=lane, by=world.users["contact_biom"], note="")
    with pytest.raises(IllegalTransition, match="introduction is fixed"):
        releases.introduce(release=lane, by=world.users["contact_biom"], texts={"en": "x"})


def test_a_campaign_without_a_signed_lane_cannot_be_scheduled(world: World) -> None:
    campaign, _lane = drafted(world)

    with pytest.raises(Refused, match="Release at least one lane"):
        campaigns.schedule(
            campaign=campaign, by=world.users["coordinator"], send_at=campaign.created_at
        )


def test_a_declined_lane_lets_the_others_finish(world: World, mail_server: MailServer) -> None:
    reader = world.person(world.biocat)
    world.person(world.biom)
    _campaign, lane = drafted(world)
    releases.decline(release=lane, by=world.users["contact_biom"], note="")

    campaign = world.call()
    sending.work(campaign)
    sweeping.tidy()

    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.FINISHED
    assert mail_server.readers == [reader.email]
    assert ledger.read(campaign).balances


# --- who joins later


def join(world: World) -> Cluster:
    network.join(
        alliance=world.alliance, cluster=world.biowin, role="member", during=(LONG_AGO, None)
    )
    return world.biowin


def test_a_cluster_that_joins_gets_a_lane_in_what_has_not_started(world: World) -> None:
    campaign, lane = drafted(world)
    late = world.person(world.biowin)
    releases.release(release=lane, by=None)
    at = timezone.now() + dt.timedelta(days=3)
    campaign.releases.update(by_at=at)

    join(world)
    sweeping.tick()
    sweeping.tick()

    added = world.lane(campaign, world.biowin)
    lane.refresh_from_db()
    assert (added.status, added.by_at) == (S.WAITING, at)
    assert lane.status == S.RELEASED
    assert audiences.verdicts(campaign)[late.pk] == (added.pk, None)
    assert AuditEntry.objects.filter(verb="joined", row_id=added.pk).count() == 1


def test_what_has_started_gets_no_further_lane_and_explaining_says_so(world: World) -> None:
    late = world.person(world.biowin)
    campaign = world.call()

    join(world)
    sweeping.tick()

    assert not campaign.releases.filter(cluster=world.biowin).exists()
    (sentence,) = explain(text=late.email, campaign=campaign)
    assert sentence == "Biowin had no lane: it joined the alliance after this campaign started."


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_give_one_lane(world: World) -> None:
    campaign, _lane = drafted(world)
    join(world)

    with under_way(releases.complete_open):
        releases.complete_open()

    assert campaign.releases.filter(cluster=world.biowin).count() == 1


def test_a_declined_lane_is_released_after_all_until_the_campaign_ends(world: World) -> None:
    campaign, lane = drafted(world)
    by = world.users["contact_biom"]
    releases.decline(release=lane, by=by, note="No budget")
    releases.release(release=lane, by=by)
    assert lane.status == S.RELEASED

    releases.decline(release=lane, by=by, note="No budget")
    campaigns.cancel(campaign=campaign, by=by)
    with pytest.raises(IllegalTransition, match="is cancelled"):
        releases.release(release=lane, by=by)


@pytest.mark.django_db(transaction=True)
def test_a_lane_released_while_its_campaign_would_end_keeps_it_open(world: World) -> None:
    world.person(world.biom)
    campaign, lane = drafted(world)
    by = world.users["contact_biom"]
    releases.decline(release=lane, by=by, note="No budget")
    campaign = world.call()
    sweeping.close_lanes()

    with under_way(lambda: releases.release(release=lane, by=by)):
        assert sweeping.finish() == []

    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.SENDING


# --- taken back before anything leaves


def late_lane(world: World) -> tuple[Campaign, Release]:
    """A lane of a call under way that was on hold when the others left."""
    world.person(world.biom)
    _campaign, lane = drafted(world)
    releases.hold(release=lane, by=world.users["contact_biom"], note="")
    campaign = world.call()
    lane.refresh_from_db()
    return campaign, lane


def let_the_time_pass() -> None:
    Release.objects.filter(undo_until__isnull=False).update(
        undo_until=timezone.now() - dt.timedelta(seconds=1)
    )


def test_a_late_lane_can_be_held_again_before_it_leaves(world: World) -> None:
    campaign, lane = late_lane(world)
    by = world.users["contact_biom"]

    releases.release(release=lane, by=by, undo=True)
    sweeping.tick()

    lane.refresh_from_db()
    assert (lane.status, lane.freeze_began_at, lane.leaves_soon) == (S.RELEASED, None, True)
    releases.hold(release=lane, by=by, note="Wait")
    let_the_time_pass()
    sweeping.tick()
    lane.refresh_from_db()
    assert (lane.status, lane.frozen_at) == (S.HELD, None)

    releases.release(release=lane, by=by, undo=True)
    let_the_time_pass()
    sweeping.tick()
    lane.refresh_from_db()
    assert lane.frozen_at
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.SENDING


def test_the_last_signature_after_the_time_can_be_taken_back_too(world: World) -> None:
    campaign, lane = drafted(world)
    by = world.users["contact_biom"]
    releases.release(release=lane, by=by)
    campaigns.schedule(campaign=campaign, by=by, send_at=timezone.now())
    releases.introduce(release=lane, by=by, texts={"en": "Hello"})

    releases.release(release=lane, by=by, undo=True)
    sweeping.tick()

    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.SCHEDULED
    let_the_time_pass()
    sweeping.tick()
    campaign.refresh_from_db()
    assert campaign.status == Campaign.Status.SENDING


def test_without_a_window_it_leaves_at_once(world: World, settings: Settings) -> None:
    settings.UNDO_WINDOW = 0
    _campaign, lane = late_lane(world)

    releases.release(release=lane, by=None, undo=True)
    sweeping.tick()

    lane.refresh_from_db()
    assert lane.frozen_at


# --- who takes no part


@pytest.mark.parametrize("status", [S.DECLINED, S.LAPSED])
def test_readers_of_a_lane_that_takes_no_part_are_left_out_everywhere(
    world: World, status: str
) -> None:
    here, there = world.person(), world.person(world.biom, language="es")
    campaign, lane = drafted(world)
    Release.objects.filter(pk=lane.pk).update(status=status)

    seen = overview.read(campaign)

    assert (seen.total.expected, seen.total.candidates) == (1, 2)
    assert seen.total.reasons == [("their lane takes no part", 1)]
    assert not seen.total.unmet
    rows = Report(campaign, Question(state="would-get-it")).people(Person.objects.all())
    assert [*rows] == [here]
    (left_out,) = Report(campaign, Question(state="left-out")).rows([there])
    assert left_out.label == "left out: their lane takes no part"
    (sentence,) = explain(text=there.email, campaign=campaign)
    assert sentence.endswith("As things stand they are left out: their lane takes no part.")


def test_a_declined_lane_that_is_signed_after_all_is_looked_over_as_if_it_took_part(
    world: World,
) -> None:
    world.person(world.biom)
    campaign, lane = drafted(world)
    releases.decline(release=lane, by=world.users["contact_biom"], note="")

    (row,) = [
        each for each in overview.read(campaign, signing=[lane]).lanes if each.release == lane
    ]

    assert row.expected == 1
