"""A lane's date: reminders before it, and what follows once it has come."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    campaigns,
    checks,
    contents,
    deadlines,
    freezing,
    releases,
    sending,
    sweeping,
)
from campaigns.actions.findings import Finding
from campaigns.models import Campaign, Delivery, Release
from crm.actions import users
from crm.actions.errors import IllegalTransition, Refused
from crm.models import AuditEntry
from tests.kit.mailserver import MailServer
from tests.kit.races import under_way
from tests.world import World

S, AtDeadline = Release.Status, Campaign.AtDeadline


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person()
    world.person(world.biom)
    return world.call(release=False, start=False)


def set_dates(
    world: World, campaign: Campaign, at_deadline: str, *, hours: float = 48, **more: Any
) -> dt.datetime:
    """One date for all lanes."""
    at = timezone.now() + dt.timedelta(hours=hours)
    lanes = more.get("lanes") or campaign.releases.all()
    deadlines.set_dates(
        campaign=campaign,
        by=world.users["coordinator"],
        dates={lane.pk: at for lane in lanes},
        at_deadline=at_deadline,
    )
    return at


def come(campaign: Campaign) -> None:
    """The database's clock cannot be moved, so the date is."""
    dated = campaign.releases.exclude(by_at=None)
    dated.update(by_at=timezone.now() - dt.timedelta(minutes=1))


def states(campaign: Campaign) -> dict[str, str]:
    return {lane.name: lane.status for lane in campaign.releases.in_order()}


def letters_to() -> list[str]:
    rows = Delivery.objects.filter(campaign__ref="reminders").order_by("pk")
    return [str(row.address.email) for row in rows.select_related("address")]


# --- what follows


def test_a_lane_without_a_word_goes_on_waiting(world: World, draft: Campaign) -> None:
    set_dates(world, draft, AtDeadline.WAIT)
    come(draft)

    sweeping.tick()

    assert set(states(draft).values()) == {S.WAITING}
    assert not draft.releases.filter(passed_at=None).exists()


def test_a_lane_is_released_by_its_date_and_a_held_one_never(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    releases.hold(
        release=world.lane(draft, world.biom), by=world.users["contact_biom"], note="Hotels"
    )
    set_dates(world, draft, AtDeadline.RELEASE)
    come(draft)

    sweeping.tick()

    lane = world.lane(draft, world.biocat)
    assert states(draft) == {
        "Biocat": S.RELEASED, "BioM": S.HELD, "Followers and partners": S.RELEASED,
    }  # fmt: skip
    assert lane.decided_by is None
    assert lane.decided_by_date
    assert lane.signed_version == draft.content_versions.get()
    entry = AuditEntry.objects.get(noun="release", row_id=lane.pk, verb="released by the date")
    assert entry.user is None


def test_it_is_released_in_a_campaign_under_way_and_leaves(
    world: World, draft: Campaign, mail_server: MailServer, settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    releases.release(release=world.lane(draft, world.biocat), by=None)
    campaigns.schedule(campaign=draft, by=None, send_at=timezone.now())
    sweeping.tick()
    set_dates(world, draft, AtDeadline.RELEASE)
    come(draft)

    for campaign in sweeping.tick():
        sending.work(campaign)

    assert world.lane(draft, world.biom).frozen_at
    assert len(mail_server.readers) == 2


def test_a_lane_is_declined_by_its_date_and_may_still_be_released(
    world: World, draft: Campaign
) -> None:
    set_dates(world, draft, AtDeadline.LAPSE)
    come(draft)

    sweeping.tick()

    lane = world.lane(draft, world.biom)
    assert (lane.status, lane.decided_by, lane.note) == (
        S.DECLINED, None, "Nobody decided by the date.",
    )  # fmt: skip
    releases.release(release=lane, by=world.users["contact_biom"])
    assert lane.status == S.RELEASED


def test_what_the_checks_stop_is_not_released_and_the_lane_says_why(
    world: World, draft: Campaign
) -> None:
    world.mission.deadlines.update(at=timezone.now() - dt.timedelta(minutes=1))
    set_dates(world, draft, AtDeadline.RELEASE)
    come(draft)

    sweeping.tick()

    lane = world.lane(draft, world.biocat)
    assert lane.status == S.WAITING
    assert "Every deadline is over" in lane.stopped_by
    assert AuditEntry.objects.filter(verb="not released by the date", row_id=lane.pk).exists()
    releases.release(release=lane, by=world.users["contact_biocat"])
    assert lane.stopped_by == ""


def test_one_region_without_a_sender_address_stops_no_other(world: World, draft: Campaign) -> None:
    world.biom.from_address = ""
    world.biom.save()
    set_dates(world, draft, AtDeadline.RELEASE)
    come(draft)

    sweeping.tick()

    assert states(draft)["Biocat"] == S.RELEASED
    assert states(draft)["BioM"] == S.WAITING
    assert "BioM has no sender address" in world.lane(draft, world.biom).stopped_by


def test_a_text_that_changes_after_the_date_waits_for_a_person(
    world: World, draft: Campaign
) -> None:
    set_dates(world, draft, AtDeadline.RELEASE)
    come(draft)
    sweeping.tick()
    edit(draft, "Something else")

    sweeping.tick()

    assert set(states(draft).values()) == {S.WAITING}


def edit(campaign: Campaign, subject: str) -> None:
    blocks = campaign.texts.get(language="en").blocks
    contents.edit(
        campaign=campaign, language="en", subject=subject, preheader="", blocks=blocks, ready=True
    )


def test_a_later_date_begins_anew(world: World, draft: Campaign) -> None:
    set_dates(world, draft, AtDeadline.WAIT)
    come(draft)
    sweeping.tick()

    set_dates(world, draft, AtDeadline.LAPSE)
    assert not draft.releases.exclude(passed_at=None).exists()
    come(draft)
    sweeping.tick()

    assert set(states(draft).values()) == {S.DECLINED}


def test_nothing_follows_once_a_campaign_ended(world: World, draft: Campaign) -> None:
    set_dates(world, draft, AtDeadline.RELEASE)
    come(draft)
    campaigns.cancel(campaign=draft, by=world.users["coordinator"])

    sweeping.tick()

    assert set(states(draft).values()) == {S.LAPSED}


@pytest.mark.django_db(transaction=True)
def test_who_holds_a_lane_at_that_moment_is_heard(world: World, draft: Campaign) -> None:
    lane = world.lane(draft, world.biom)
    set_dates(world, draft, AtDeadline.RELEASE, lanes=[lane])
    come(draft)

    with under_way(
        lambda: releases.hold(release=lane, by=world.users["contact_biom"], note="Wait")
    ):
        deadlines.tend()
    deadlines.tend()

    lane.refresh_from_db()
    assert (lane.status, lane.note) == (S.HELD, "Wait")


@pytest.mark.django_db(transaction=True)
def test_who_signs_at_that_moment_has_signed(world: World, draft: Campaign) -> None:
    lane = world.lane(draft, world.biom)
    set_dates(world, draft, AtDeadline.LAPSE, lanes=[lane])
    come(draft)
    contact = world.users["contact_biom"]

    with under_way(lambda: releases.release(release=lane, by=contact)):
        deadlines.tend()
    deadlines.tend()

    lane.refresh_from_db()
    assert (lane.status, lane.decided_by) == (S.RELEASED, contact)


def test_a_text_that_is_written_while_it_is_looked_over_is_not_signed(
    world: World, draft: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the checks looked at is no longer what would be signed; the next tick looks anew."""
    lane = world.lane(draft, world.biom)
    set_dates(world, draft, AtDeadline.RELEASE, lanes=[lane])
    come(draft)

    def looked_over(_seen: object, _lane: object) -> list[Finding]:
        edit(draft, "Something else")
        return []

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(checks, "against", looked_over)
        deadlines.tend()
    lane.refresh_from_db()
    assert (lane.status, lane.passed_at) == (S.WAITING, None)
    deadlines.tend()

    lane.refresh_from_db()
    assert lane.signed_version
    assert lane.signed_version.texts.get(language="en").subject == "Something else"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_deadline", [AtDeadline.RELEASE, AtDeadline.LAPSE])
def test_two_who_look_at_once_act_once(world: World, draft: Campaign, at_deadline: str) -> None:
    set_dates(world, draft, at_deadline, hours=20)
    with under_way(deadlines.tend):
        deadlines.tend()
    assert len(letters_to()) == 4
    come(draft)

    with under_way(deadlines.tend):
        deadlines.tend()

    decided = AuditEntry.objects.filter(verb__endswith="by the date")
    assert decided.count() == draft.releases.count() == 3


# --- reminders


def test_whoever_may_sign_is_reminded_once_a_day_before(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    second = users.create(email="second@biom.example", name="Second")
    users.grant(user=second, role="contact", cluster=world.biom)
    releases.release(release=world.lane(draft, world.biocat), by=None)
    set_dates(world, draft, AtDeadline.RELEASE, hours=25)
    sweeping.tick()
    assert letters_to() == []

    draft.releases.update(by_at=timezone.now() + dt.timedelta(hours=23))
    for _n in range(2):
        for campaign in sweeping.tick():
            sending.work(campaign)

    assert sorted(letters_to()) == [
        "contact@biocat.example", "contact@biom.example", "coordinator@staff.example",
        "second@biom.example",
    ]  # fmt: skip
    mail = mail_server.mail_to("contact@biom.example")
    text = " ".join(mail.get_content().split())
    lane = world.lane(draft, world.biom)
    assert "Japan mission" in mail["Subject"]
    assert "Without a word until" in text
    assert "it is released as it is" in text
    assert f"/campaigns/{draft.ref}/lanes/{lane.pk}/" in text


def test_a_reminder_is_in_its_readers_language_and_on_the_clocks_of_the_region(
    world: World, draft: Campaign, mail_server: MailServer
) -> None:
    contact = world.users["contact_biom"]
    contact.language = "fr"
    contact.save()
    world.biom.timezone = "America/New_York"
    world.biom.save()
    releases.hold(release=world.lane(draft, world.biom), by=contact, note="Hotels")
    at = set_dates(world, draft, AtDeadline.WAIT, hours=20)

    for campaign in sweeping.tick():
        sending.work(campaign)

    mail = mail_server.mail_to(contact.email)
    assert "Mission au Japon" in mail["Subject"]
    assert "America/New_York" in mail["Subject"]
    assert str(at.year) in mail["Subject"]


def test_a_later_date_is_reminded_of_again(world: World, draft: Campaign) -> None:
    lane = world.lane(draft, world.biom)
    set_dates(world, draft, AtDeadline.WAIT, hours=20, lanes=[lane])
    deadlines.tend()

    set_dates(world, draft, AtDeadline.WAIT, hours=72, lanes=[lane])
    deadlines.tend()
    assert len(letters_to()) == 1
    Release.objects.filter(pk=lane.pk).update(
        reminded_at=timezone.now() - dt.timedelta(hours=40),
        by_at=timezone.now() + dt.timedelta(hours=12),
    )
    deadlines.tend()

    assert len(letters_to()) == 2


def test_a_coordinator_reminds_now_and_not_again_within_the_hour(
    world: World, draft: Campaign
) -> None:
    lane, by = world.lane(draft, world.biom), world.users["coordinator"]

    assert deadlines.remind(release=lane, by=by) == 1

    with pytest.raises(Refused, match="less than an hour ago"):
        deadlines.remind(release=lane, by=by)
    assert letters_to() == ["contact@biom.example"]
    assert AuditEntry.objects.get(verb="reminded").user == by
    earlier = timezone.now() - dt.timedelta(minutes=61)
    Release.objects.filter(pk=lane.pk).update(reminded_at=earlier)
    assert deadlines.remind(release=lane, by=by) == 1


def test_there_is_nothing_to_remind_of_once_it_is_decided(world: World, draft: Campaign) -> None:
    lane, by = world.lane(draft, world.biom), world.users["coordinator"]
    releases.release(release=lane, by=by)

    with pytest.raises(Refused, match="is released; there is nothing to remind of"):
        deadlines.remind(release=lane, by=by)
    campaigns.cancel(campaign=draft, by=by)
    other = world.lane(draft, world.biocat)
    with pytest.raises(Refused, match="nothing to remind of"):
        deadlines.remind(release=other, by=by)


def test_a_region_without_a_contact_is_said(world: World, draft: Campaign) -> None:
    contact = world.users["contact_biom"]
    contact.is_active = False
    contact.save()

    with pytest.raises(Refused, match="Nobody signs for BioM"):
        deadlines.remind(release=world.lane(draft, world.biom), by=world.users["coordinator"])


# --- setting it


def test_a_date_lies_ahead_and_a_choice_needs_one(world: World, draft: Campaign) -> None:
    with pytest.raises(Refused, match="in the past"):
        set_dates(world, draft, AtDeadline.WAIT, hours=-1)
    with pytest.raises(Refused, match="until when"):
        deadlines.set_dates(
            campaign=draft, by=world.users["coordinator"], dates={}, at_deadline="release"
        )
    assert not draft.releases.exclude(by_at=None).exists()


def test_a_lane_that_is_being_sent_keeps_its_date(world: World, draft: Campaign) -> None:
    releases.release(release=world.lane(draft, world.biocat), by=None)
    campaigns.schedule(campaign=draft, by=None, send_at=timezone.now())
    freezing.start_due()

    set_dates(world, draft, AtDeadline.WAIT)

    assert world.lane(draft, world.biocat).by_at is None
    assert world.lane(draft, world.biom).by_at


def test_an_ended_campaign_has_no_dates(world: World, draft: Campaign) -> None:
    campaigns.cancel(campaign=draft, by=world.users["coordinator"])

    with pytest.raises(IllegalTransition, match="is cancelled"):
        set_dates(world, draft, AtDeadline.WAIT)


def test_the_notice_is_a_setting(world: World, draft: Campaign, settings: Settings) -> None:
    settings.RELEASE_REMINDER = 72
    set_dates(world, draft, AtDeadline.WAIT, hours=60)

    deadlines.tend()

    assert len(letters_to()) == 4
