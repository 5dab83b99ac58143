"""Lanes and their signatures."""

import datetime as dt

import pytest
from django.utils import timezone

from campaigns.actions import (
    audiences,
    campaigns,
    contents,
    ledger,
    releases,
    sending,
    sweeping,
)
from campaigns.actions.explaining import explain
from campaigns.models import Campaign, Release
from crm.actions import network
from crm.actions.errors import IllegalTransition, Refused
from crm.models import AuditEntry, Cluster
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
