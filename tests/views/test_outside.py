"""What a worker finds out for the checks: senders' domains and links; and what is let pass."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from campaigns.actions import contents, probes, rehearsals, releases
from campaigns.mail import domains
from campaigns.models import Campaign, Probe
from campaigns.rules import blocks as block_rules
from crm.models import AuditEntry, Cluster
from tests import world as worlds
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
    monkeypatch.setattr(domains, "PATIENCE", 0.2)
    yield zone
    zone.stop()


@pytest.fixture
def draft(world: World, mail_server: MailServer) -> Campaign:
    Cluster.objects.update(dkim_selector="liaison")
    world.person(given="Ona", family="Vidal")
    world.person(world.biom, given="Lena", family="Geheimwort")
    return world.call(release=False, start=False)


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


def test_a_contact_learns_of_no_other_regions_domain(
    world: World, as_other_contact: Client, draft: Campaign, zone: Zone
) -> None:
    sends_as(world.biocat, "desk@bad-secret.example")

    page = checked(as_other_contact, draft)

    assert "biom.example" in page
    assert "bad-secret.example" not in page
    assert not Probe.objects.filter(subject__contains="secret").exists()


def test_links_of_made_up_hosts_are_not_opened(
    as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    text = draft.texts.get(language="en")
    blocks = [*text.blocks, {"kind": "button", "label": "Go", "url": "https://hall.example/a"}]
    contents.edit(
        campaign=draft, language="en", subject="S", preheader="", blocks=blocks, ready=True
    )

    page = checked(as_coordinator, draft)

    assert "https://hall.example/a is a made-up address, so it was not opened." in page


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
