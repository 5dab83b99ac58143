"""What a worker finds out for the checks: senders' domains and links; and what is let pass."""

import datetime as dt
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import (
    checks,
    contents,
    deadlines,
    outward,
    overview,
    probes,
    rehearsals,
    releases,
)
from campaigns.actions.findings import Level
from campaigns.mail import domains
from campaigns.models import Campaign, Probe, Rehearsal
from campaigns.rules import blocks as block_rules
from crm.actions.errors import Refused
from crm.models import AuditEntry, Cluster
from tests import world as worlds
from tests.conftest import signed_in
from tests.kit.mailserver import MailServer
from tests.kit.zone import Zone
from tests.views.test_campaigns import content, url
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def zone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Zone]:
    zone = Zone()
    zone.start()
    settings.DNS_SERVER = zone.server
    settings.LOOK_PATIENCE = 120
    settings.DEMO_ZONE = True
    monkeypatch.setattr(domains, "PATIENCE", 0.2)
    yield zone
    zone.stop()


@pytest.fixture
def draft(world: World, mail_server: MailServer) -> Campaign:
    Cluster.objects.update(dkim_selector="liaison")
    world.person(given="Ona", family="Vidal")
    world.person(world.biom, given="Lena", family="Geheimwort")
    return world.call(release=False, start=False)


@pytest.fixture
def reader(world: World) -> Client:
    return signed_in(world.users["reader"])


def sends_as(cluster: Cluster, address: str) -> None:
    Cluster.objects.filter(pk=cluster.pk).update(from_address=address)


def checked(browser: Client, campaign: Campaign) -> str:
    """The page once, which asks; the worker; and the page again."""
    content(browser, url(campaign, "check/"))
    rehearsals.work_due()
    probes.work_due()
    return content(browser, url(campaign, "check/"))


def schedule(browser: Client, campaign: Campaign) -> str:
    answer = browser.post(url(campaign, "schedule/"), {"when": "now", "zone": "UTC"})
    campaign.refresh_from_db()
    return answer.content.decode()


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


def test_links_of_made_up_hosts_are_not_opened(
    as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    with_link(draft, "https://hall.example/a")

    page = checked(as_coordinator, draft)

    assert "https://hall.example/a is a made-up address, so it was not opened." in page


def with_link(campaign: Campaign, link: str) -> None:
    text = campaign.texts.get(language="en")
    blocks = [*text.blocks, {"kind": "button", "label": "Go", "url": link}]
    contents.edit(
        campaign=campaign, language="en", subject="S", preheader="", blocks=blocks, ready=True
    )


def test_a_long_link_with_accents_breaks_no_page(
    as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    letters = random.Random(7)
    path = "".join(chr(letters.randrange(0x4E00, 0x9FA5)) for _n in range(1_500))
    with_link(draft, f"https://hall.example/{path}")

    page = checked(as_coordinator, draft)

    assert "is too long to be opened." in page
    assert "every 3s" not in page


def test_a_page_waits_only_for_what_somebody_asked_for(
    as_coordinator: Client, reader: Client, draft: Campaign, zone: Zone
) -> None:
    with_link(draft, "https://hall.example/a")

    page = content(reader, url(draft, "check/"))
    assert "every 3s" not in page
    assert "Not all of its links were opened yet." in page
    assert not Probe.objects.exists()

    assert "every 3s" in content(as_coordinator, url(draft, "check/"))
    assert "every 3s" in content(reader, url(draft, "check/"))


def test_a_page_that_waits_asks_little_until_more_is_known(
    as_coordinator: Client,
    draft: Campaign,
    zone: Zone,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_link(draft, "https://hall.example/a")
    htmx = {"HX-Request": "true"}
    content(as_coordinator, url(draft, "check/"))
    with monkeypatch.context() as patched:
        patched.setattr(checks, "preflight", None)
        assert as_coordinator.get(url(draft, "check/?waits"), headers=htmx).status_code == 204
        rehearsals.work_due()
        assert as_coordinator.get(url(draft, "check/?waits"), headers=htmx).status_code == 204
    probes.work_due()

    page = as_coordinator.get(url(draft, "check/?waits"), headers=htmx)
    assert "SPF, DKIM and DMARC speak for" in page.content.decode()
    assert "every 3s" not in page.content.decode()


def test_a_page_does_not_wait_for_ever(as_coordinator: Client, draft: Campaign, zone: Zone) -> None:
    content(as_coordinator, url(draft, "check/"))
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    Probe.objects.update(asked_at=long_ago)
    rehearsals.work_due()

    page = content(as_coordinator, url(draft, "check/"))

    assert "SPF, DKIM and DMARC of biom.example were not looked at yet." in page
    assert "every 3s" not in page


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
    ]
    assert found == []

    assert "bad-biom.example is being looked at" in content(as_coordinator, url(draft, "check/"))
    probes.work_due()
    assert "stops it" in content(as_coordinator, url(draft, "check/"))


def test_probes_are_asked_for_and_read_with_few_questions(
    draft: Campaign, django_assert_max_num_queries: Any
) -> None:
    links = {f"https://hall.example/{n}": "en" for n in range(50)}
    rows = [row for link in links if (row := probes.of_link(link))]
    with django_assert_max_num_queries(2):
        probes.ask(rows)
    with django_assert_max_num_queries(1):
        probes.ask(rows)
    Probe.objects.update(looked_at=timezone.now() - dt.timedelta(hours=1))
    Probe.objects.update(asked_at=timezone.now() - dt.timedelta(hours=2))
    with django_assert_max_num_queries(2):
        probes.ask(rows)
    with django_assert_max_num_queries(1):
        assert len(list(probes.of_links(links))) == 1


def test_a_shortener_in_a_record_is_warned_of(
    world: World, as_coordinator: Client, draft: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a text it is refused at once; what a record leads to is only said."""
    linked = draft.linked.get(language="en")
    linked.parts["external"]["url"] = "https://bit.ly/3x"
    linked.save()
    assert "bit.ly" in block_rules.SHORTENERS

    page = content(as_coordinator, url(draft, "check/"))

    assert "leads through bit.ly, which hides where to." in page


def long_text(campaign: Campaign) -> None:
    text = campaign.texts.get(language="en")
    more = [{"kind": "text", "text": "A long story. " * 3_000} for _n in range(3)]
    contents.edit(
        campaign=campaign,
        language="en",
        subject=text.subject,
        preheader="",
        blocks=[*text.blocks, *more],
        ready=True,
    )


def test_a_mail_that_programs_cut_stops_it_until_somebody_lets_it_pass(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    long_text(draft)
    releases.release_all(campaign=draft, by=None)
    assert "Gmail cuts it at 102" in checked(as_coordinator, draft)
    schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.DRAFT

    unsaid = as_coordinator.post(url(draft, "check/length/"), {"why": " "})
    assert "Let it pass" in unsaid.content.decode()
    as_coordinator.post(url(draft, "check/length/"), {"why": "The annex is the law"})

    page = checked(as_coordinator, draft)
    assert "Coordinator lets it pass: The annex is the law" in page
    assert "stops it" not in page
    entry = AuditEntry.objects.get(verb="let pass")
    assert (entry.user, entry.detail["why"]) == (world.users["coordinator"], "The annex is the law")
    schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.SCHEDULED


def test_what_was_let_pass_is_asked_about_again_when_it_grows(
    as_coordinator: Client, draft: Campaign
) -> None:
    long_text(draft)
    as_coordinator.post(url(draft, "check/length/"), {"why": "The annex is the law"})
    long_text(draft)

    assert "Gmail cuts it at 102" in content(as_coordinator, url(draft, "check/"))


def test_a_mail_of_usual_length_needs_nobody_to_let_it_pass(
    as_coordinator: Client, draft: Campaign
) -> None:
    assert "No mail of this campaign is too long." in content(
        as_coordinator, url(draft, "check/length/")
    )


def test_an_audience_of_another_size_than_the_last_time_is_warned_of(
    world: World, as_coordinator: Client, as_other_contact: Client, draft: Campaign
) -> None:
    world.call()
    Campaign.objects.update(same_as="")
    Campaign.objects.update(status=Campaign.Status.FINISHED)
    for _n in range(4):
        world.person()
    another = Campaign.objects.get(pk=draft.pk)
    another.pk, another.ref, another.status = None, "again", Campaign.Status.DRAFT
    another.content_version = another.started_at = None
    another.save()
    for lane in draft.releases.all():
        another.releases.create(cluster=lane.cluster)
    contents.draft_from_record(another, by=None)

    page = content(as_coordinator, url(another, "check/"))

    assert "6 readers would get it; the last time, with “Japan mission”, 2 did." in page
    assert "the last time" not in content(as_other_contact, url(another, "check/"))
