"""Lanes and their signatures."""

import pytest

from campaigns.actions import campaigns, contents, ledger, releases, sending, sweeping
from campaigns.models import Campaign, Release
from crm.actions.errors import IllegalTransition, Refused
from crm.models import AuditEntry
from tests.kit.mailserver import MailServer
from tests.world import World

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
