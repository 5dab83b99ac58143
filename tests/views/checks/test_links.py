"""What a worker finds out of the links, and how long a page waits for it."""

import datetime as dt
import random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.actions import (
    checks,
    contents,
    probes,
    rehearsals,
    releases,
)
from campaigns.models import Campaign, Probe, Release
from campaigns.rules import blocks as block_rules
from crm.models import Cluster
from tests.kit.zone import Zone
from tests.views.checks.looking import checked
from tests.views.test_campaigns import content, url
from tests.world import World


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


def introduce(world: World, campaign: Campaign, cluster: Cluster, words: str) -> Release:
    lane = world.lane(campaign, cluster)
    releases.introduce(release=lane, by=world.users["admin"], texts={"en": words})
    return lane


def test_links_of_introductions_are_looked_at_like_those_of_texts(
    world: World, as_coordinator: Client, draft: Campaign, zone: Zone
) -> None:
    lane = introduce(world, draft, world.biocat, "Ask [me](https://desk.example/a).")
    introduce(
        world, draft, world.biom, "Look [here](https://bit.ly/3x), or [not](http://a.example)."
    )

    page = checked(as_coordinator, draft)

    assert "https://desk.example/a is a made-up address, so it was not opened." in page
    assert "https://bit.ly/3x leads through bit.ly, which hides where to." in page
    assert f"lanes/{lane.pk}/introduce/" in page
    assert "a.example" not in page


def test_of_other_regions_and_of_who_takes_no_part_no_link_is_told(
    world: World,
    as_coordinator: Client,
    as_other_contact: Client,
    draft: Campaign,
    zone: Zone,
) -> None:
    introduce(world, draft, world.biocat, "Look [here](https://catalonia.example/).")
    lane = introduce(world, draft, world.biom, "Look [here](https://bavaria.example/).")

    page = checked(as_other_contact, draft)
    assert "bavaria.example" in page
    assert "catalonia.example" not in page

    releases.decline(release=lane, by=world.users["coordinator"], note="")
    page = checked(as_coordinator, draft)
    assert "bavaria.example/" not in page
    assert "catalonia.example" in page


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


def test_probes_are_asked_for_and_read_with_few_questions(
    draft: Campaign, django_assert_max_num_queries: Any
) -> None:
    links = {f"https://hall.example/{n}": probes.Place("text", "en") for n in range(50)}
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
