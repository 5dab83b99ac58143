"""What a worker finds out of the senders' domains, and what that stops."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    campaigns,
    contents,
    deadlines,
    outward,
    overview,
    probes,
    rehearsals,
    releases,
)
from campaigns.actions.findings import Level
from campaigns.models import Campaign, Probe, Rehearsal
from crm.actions.errors import Refused
from crm.models import Cluster
from tests.kit.zone import Zone
from tests.views.checks.looking import checked, schedule
from tests.views.test_campaigns import content, url
from tests.world import World


def sends_as(cluster: Cluster, address: str) -> None:
    Cluster.objects.filter(pk=cluster.pk).update(from_address=address)


def test_what_nobody_has_looked_at_could_not_be_checked(
    as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    page = content(as_coordinator, url(draft, "check/"))

    assert "biom.example is being looked at: SPF, DKIM, DMARC." in page
    assert "could not check" in page
    assert 'hx-trigger="every 3s"' in page
    assert zone.asked == 0  # pages ask nobody


def test_domains_in_order_are_said_to_be_of_the_demo_zone(
    as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    page = checked(as_coordinator, draft)

    assert re.search("SPF, DKIM and DMARC speak for bio[a-z]+.example, bio[a-z]+.example.", page)
    assert "So says the demo zone" in page
    assert "every 3s" not in page


def test_a_domain_whose_dmarc_fails_stops_it(
    world: World, as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    sends_as(world.biom, "desk@bad-biom.example")
    releases.release_all(campaign=draft, by=None)

    page = checked(as_coordinator, draft)

    sentence = "bad-biom.example has no DMARC record, so large mail providers refuse mails of BioM."
    assert page.count(sentence) == 1
    assert "stops it" in page
    assert "/network/clusters/biom/" in page
    assert sentence in schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.DRAFT


def test_nothing_is_scheduled_while_its_senders_are_looked_at(
    world: World, as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    sends_as(world.biom, "desk@bad-biom.example")
    releases.release_all(campaign=draft, by=None)

    assert "Try again in a moment." in schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.DRAFT
    probes.work_due()
    rehearsals.work_due()
    assert "bad-biom.example has no DMARC record" in schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.DRAFT


def test_a_worker_that_never_looks_keeps_nothing_from_being_scheduled(
    as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    releases.release_all(campaign=draft, by=None)
    schedule(as_coordinator, draft)
    long_ago = timezone.now() - dt.timedelta(minutes=3)
    Probe.objects.update(asked_at=long_ago)
    Rehearsal.objects.update(asked_at=long_ago)

    schedule(as_coordinator, draft)

    assert draft.status == Campaign.Status.SCHEDULED


def test_a_lane_whose_dmarc_fails_is_not_signed_once_it_is_scheduled(
    world: World, as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    sends_as(world.biom, "desk@bad-biom.example")
    releases.release(release=world.lane(draft, world.biocat), by=None)
    checked(as_coordinator, draft)
    Probe.objects.filter(subject__startswith="bad-biom").delete()
    schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.SCHEDULED
    late = world.lane(draft, world.biom)
    Rehearsal.objects.update(done_at=timezone.now())

    with pytest.raises(Refused, match="Try again in a moment"):
        releases.release(release=late, by=None)
    probes.work_due()
    with pytest.raises(Refused, match="has no DMARC record"):
        releases.release(release=late, by=None)
    releases.release_all(campaign=draft, by=None)  # the one without a cluster

    late.refresh_from_db()
    assert late.status == late.Status.WAITING
    assert world.lane(draft, None).status == late.Status.RELEASED


def test_a_date_waits_for_a_look_and_signs_no_bad_domain(
    world: World, draft: Campaign, zone: Zone
) -> None:
    sends_as(world.biom, "desk@bad-biom.example")
    draft.releases.update(by_at=timezone.now() - dt.timedelta(seconds=5))
    Campaign.objects.update(at_deadline=Campaign.AtDeadline.RELEASE)

    assert deadlines.tend() == 0
    rehearsals.work_due()
    probes.work_due()
    deadlines.tend()

    late = world.lane(draft, world.biom)
    assert late.status == late.Status.WAITING
    assert "bad-biom.example has no DMARC record" in late.stopped_by
    assert world.lane(draft, world.biocat).status == late.Status.RELEASED


def test_who_mended_a_domain_has_it_looked_at_again(
    world: World, as_coordinator: Client, reader: Client, draft: Campaign, zone: Zone
) -> None:
    assert "Look again" in checked(as_coordinator, draft)
    assert "Look again" not in content(reader, url(draft, "check/"))
    earlier = timezone.now() - dt.timedelta(minutes=1)
    Probe.objects.update(asked_at=earlier, looked_at=earlier)
    assert not probes.is_due()

    assert reader.post(url(draft, "check/")).status_code == 404
    assert not probes.is_due()
    as_coordinator.post(url(draft, "check/"))
    assert probes.is_due()


def test_a_server_on_this_machine_is_not_called_the_demos(
    as_coordinator: Client, draft: Campaign, zone: Zone, settings: Settings
) -> None:
    settings.DEMO_ZONE = False

    page = checked(as_coordinator, draft)

    assert "SPF, DKIM and DMARC speak for" in page
    assert "demo zone" not in page


def test_a_region_with_a_bad_domain_keeps_no_other_waiting(
    world: World, as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    sends_as(world.biom, "desk@bad-biom.example")
    releases.release(release=world.lane(draft, world.biocat), by=None)

    page = checked(as_coordinator, draft)
    schedule(as_coordinator, draft)

    assert "bad-biom.example has no DMARC record" in page
    assert "stops it" not in page
    assert draft.status == Campaign.Status.SCHEDULED


def test_a_silent_name_server_warns_and_stops_nothing(
    world: World, as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    sends_as(world.biom, "desk@silent.example")
    releases.release_all(campaign=draft, by=None)

    page = checked(as_coordinator, draft)
    schedule(as_coordinator, draft)

    assert "did not answer about silent.example" in page
    assert "could not check" in page
    assert "SPF, DKIM and DMARC speak for biocat.example." in page
    assert draft.status == Campaign.Status.SCHEDULED


def test_the_schedule_says_what_could_not_be_checked(
    as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    releases.release_all(campaign=draft, by=None)

    page = content(as_coordinator, url(draft, "schedule/"))

    assert "The mail of every reader is being written once" in page
    assert "biom.example is being looked at" in page


def test_a_short_key_is_told_with_its_length(
    world: World, as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    sends_as(world.biom, "desk@weak.example")
    releases.release_all(campaign=draft, by=None)

    page = checked(as_coordinator, draft)

    assert "The DKIM key “liaison” of weak.example has 1024 bits; 2048 are the least." in page
    assert "stops it" not in page  # its SPF speaks for it, so DMARC does not fail


def test_a_contact_learns_of_no_other_regions_domain(
    world: World, as_other_contact: Client, draft: Campaign, zone: Zone
) -> None:
    sends_as(world.biocat, "desk@bad-secret.example")

    page = checked(as_other_contact, draft)

    assert "biom.example" in page
    assert "bad-secret.example" not in page
    assert not Probe.objects.filter(subject__contains="secret").exists()


def test_a_contact_learns_of_no_other_regions_readers(
    world: World, as_other_contact: Client, as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    world.person(given="", family="Puig")
    text = draft.texts.get(language="en")
    blocks = [*text.blocks, {"kind": "text", "text": "Dear {given_name},"}]
    contents.edit(
        campaign=draft, language="en", subject="S", preheader="", blocks=blocks, ready=True
    )
    missing = "{given_name} is empty in the mail of 1 reader"

    assert missing in checked(as_coordinator, draft)

    page = content(as_other_contact, url(draft, "check/"))
    assert missing not in page
    assert "The mail of 1 reader was written once, and lacks nothing" in page


def test_what_was_found_long_ago_says_so_and_stops_nothing(
    world: World, as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    sends_as(world.biom, "desk@bad-biom.example")
    releases.release_all(campaign=draft, by=None)
    checked(as_coordinator, draft)
    Probe.objects.update(
        asked_at=timezone.now() - dt.timedelta(days=2),
        looked_at=timezone.now() - dt.timedelta(days=1),
    )

    found = [
        finding
        for finding in outward.domains(overview.read(draft))
        if finding.level != Level.UNKNOWN or "Last looked at on" not in finding.sentence
        if "signature" not in finding.sentence  # which nobody can look at
    ]
    assert found == []

    assert "bad-biom.example is being looked at" in content(as_coordinator, url(draft, "check/"))
    probes.work_due()
    assert "stops it" in content(as_coordinator, url(draft, "check/"))


def test_what_was_paused_goes_on_only_after_a_fresh_look(
    world: World, as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    """The domain was in order when the campaign began; nobody looked since."""
    checked(as_coordinator, draft)
    call = world.call()
    campaigns.pause(campaign=call, by=world.users["coordinator"], reason="Lunch.")
    sends_as(world.biom, "desk@bad-biom.example")

    assert "The last checks are not done yet." in resume(as_coordinator, call)
    assert call.status == Campaign.Status.PAUSED
    probes.work_due()
    page = resume(as_coordinator, call)
    assert "bad-biom.example has no DMARC record" in page
    assert "Mend it, or tick that the rest leaves all the same." in page
    resume(as_coordinator, call, all_the_same="on")
    assert call.status == Campaign.Status.SENDING


def test_what_was_paused_does_not_wait_for_ever_for_a_look(
    world: World, as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    call = world.call()
    campaigns.pause(campaign=call, by=world.users["coordinator"], reason="Lunch.")

    assert "The last checks are not done yet." in resume(as_coordinator, call)
    Probe.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=3))
    resume(as_coordinator, call)
    assert call.status == Campaign.Status.SENDING


def resume(browser: Client, campaign: Campaign, **ticked: str) -> str:
    answer = browser.post(url(campaign, "resume/"), ticked, follow=True)
    campaign.refresh_from_db()
    return answer.content.decode()
