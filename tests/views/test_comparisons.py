"""Campaigns beside each other: the numbers of their reports, of the lanes one reads."""

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from campaigns.actions import sending, sweeping
from campaigns.models import Campaign
from crm.actions import answers
from tests import world as worlds
from tests.kit.mailserver import MailServer
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def both(world: World, mail_server: MailServer) -> tuple[Campaign, Campaign]:
    """A call to three Catalans and one Bavarian, one of whom bounced; then an invitation."""
    for language in ("fr", "fr", "en"):
        world.person(language=language)
    world.person(world.biom, language="en", email="bounce@gone.example")
    first = world.call()
    sending.work(first)
    for mail in first.deliveries.filter(language="fr"):
        assert mail.person
        answers.give(
            person=mail.person, mission=world.mission, value="interested", delivery=mail.pk
        )
    sweeping.tick()  # the call is over, the invitation not yet
    first.refresh_from_db()
    second = world.invitation()
    sending.work(second)
    return first, second


def address(*campaigns: Campaign, file_format: str = "") -> str:
    asked = "&".join(f"of={campaign.ref}" for campaign in campaigns)
    return f"/campaigns/compare/{file_format}?{asked}"


def rows(client: Client, *campaigns: Campaign) -> dict[tuple[str, str], list[str]]:
    """The file's numbers of each campaign, by lane or language and what is counted."""
    text = client.get(address(*campaigns, file_format="csv/")).content.decode("utf-8-sig")
    lines = [*csv.reader(io.StringIO(text))]
    return {(line[1], line[2]): line[3:] for line in lines[1:]}


def test_each_campaign_has_a_column_and_each_number_its_denominator(
    both: tuple[Campaign, Campaign], as_coordinator: Client
) -> None:
    found = rows(as_coordinator, *both)

    assert found["", "asked for in all"] == ["4", "", "4", ""]
    assert found["", "mails"] == ["4", "4", "3", "4"]  # a dead mailbox is not written to again
    assert found["", "accepted"] == ["3", "4", "3", "3"]
    assert found["", "bounced"] == ["1", "4", "0", "3"]
    assert found["", "answered"] == ["2", "3", "0", "3"]
    assert found["", "interested"] == ["2", "3", "", ""]  # is no answer to an invitation
    assert found["BioM", "bounced"] == ["1", "1", "0", "0"]
    assert found["Biocat", "answered"] == ["2", "3", "0", "3"]
    assert found["French", "answered"] == ["2", "2", "0", "2"]
    assert ("", "delivered, as far as known") not in found
    assert found["", "minutes from start to end"] == ["0", "", "", ""]


def test_the_page_says_what_the_file_says(
    both: tuple[Campaign, Campaign], as_coordinator: Client
) -> None:
    body = as_coordinator.get(address(*both)).content.decode()

    found = re.search(r'<th scope="row">answered</th>(.*?)</tr>', body, re.S)
    assert found
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1])).strip()
    assert words == "2 of 3 · 67 % 0 of 3 · 0 %"
    assert "less than a minute" in body
    assert "not over yet" in body
    book = as_coordinator.get(address(*both, file_format="xlsx/"))
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert sheet
    assert next(iter(sheet.values))[3:] == (
        "Japan mission", "Japan mission: of", "Matchmaking", "Matchmaking: of",
    )  # fmt: skip


def test_a_contact_compares_only_the_own_lane(
    both: tuple[Campaign, Campaign], as_contact: Client
) -> None:
    found = rows(as_contact, *both)

    assert found["", "mails"] == ["3", "3", "3", "3"]
    assert {lane for lane, _what in found} == {"", "Biocat", "English", "French"}
    body = as_contact.get(address(*both)).content.decode()
    assert "You see your own lane." in body
    assert "BioM" not in body


def test_what_one_may_not_see_cannot_be_compared(
    both: tuple[Campaign, Campaign], as_stranger: Client
) -> None:
    assert as_stranger.get(address(*both)).status_code == 404
    assert as_stranger.get(address(*both, file_format="csv/")).status_code == 404
    assert as_stranger.get("/campaigns/compare/?of=a%00b").status_code == 404


def test_from_a_report_one_goes_on_to_choose_the_others(
    both: tuple[Campaign, Campaign], as_coordinator: Client
) -> None:
    first, second = both
    report = as_coordinator.get(f"/campaigns/{first.ref}/report/").content.decode()
    assert f"/campaigns/compare/?of={first.ref}" in report

    body = as_coordinator.get(address(first)).content.decode()

    assert re.search(rf'value="{first.ref}"[^>]*checked', body)
    assert f'value="{second.ref}"' in body
    assert "errorlist" not in body
    listed = as_coordinator.get("/campaigns/").content.decode()
    assert f'name="of" value="{first.ref}" form="compare"' in listed


def test_too_many_or_what_has_not_started_is_refused_with_a_sentence(
    world: World, both: tuple[Campaign, Campaign], as_coordinator: Client
) -> None:
    first, second = both
    copies: list[Campaign] = []
    for n in range(5):
        copy: Any = Campaign.objects.get(pk=first.pk)
        copy.pk, copy.ref = None, f"copy-{n}"
        copy.save()
        copies.append(copy)

    assert "Choose two to six campaigns." in said(as_coordinator, first, second, *copies)
    assert "Altogether" in said(as_coordinator, first, second, *copies[:4])
    Campaign.objects.filter(pk=copies[0].pk).update(status="draft", started_at=None)
    assert "nothing to compare yet" in said(as_coordinator, first, copies[0])
    refused = as_coordinator.get(address(first, copies[0], file_format="csv/"))
    assert refused.headers["Location"] == address(first, copies[0])
    assert as_coordinator.get(address(*both, file_format="pdf/")).status_code == 404


def said(client: Client, *campaigns: Campaign) -> str:
    return client.get(address(*campaigns)).content.decode()


def test_campaigns_of_one_name_are_told_apart(
    both: tuple[Campaign, Campaign], as_coordinator: Client
) -> None:
    first, _second = both
    again: Any = Campaign.objects.get(pk=first.pk)
    again.pk, again.ref = None, "japan-next-call-again"
    again.save()

    body = said(as_coordinator, first, again)

    assert "Japan mission (japan-next-call-again)" in body


@pytest.mark.parametrize("number", [2, 6])
def test_six_ask_as_many_questions_as_two(
    both: tuple[Campaign, Campaign],
    as_coordinator: Client,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    copies: list[Campaign] = [*both]
    for n in range(number - 2):
        copy: Any = Campaign.objects.get(pk=both[0].pk)
        copy.pk, copy.ref = None, f"copy-{n}"
        copy.save()
        copies.append(copy)
    with django_assert_max_num_queries(12):
        assert as_coordinator.get(address(*copies)).status_code == 200
