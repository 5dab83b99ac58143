"""A campaign's report: the same numbers on the page and in its files, of the lanes one reads."""

import csv
import io
import re

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from campaigns.actions import feedback, ledger, sending, tallies
from campaigns.actions.feedback import Fact
from campaigns.models import Campaign, Delivery
from crm.actions import answers
from crm.models import Answer, AuditEntry
from tests import world as worlds
from tests.kit.mailserver import MailServer
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def call(world: World, mail_server: MailServer) -> Campaign:
    """Three Catalan readers, two of them in French, and one Bavarian got the call."""
    for language in ("fr", "fr", "en"):
        world.person(language=language)
    world.person(world.biom, language="en")
    campaign: Campaign = world.call()
    sending.work(campaign)
    return campaign


def mails(campaign: Campaign, language: str = "fr") -> list[Delivery]:
    return [*campaign.deliveries.filter(language=language).order_by("pk")]


def answer(world: World, mail: Delivery, value: str) -> None:
    assert mail.person
    answers.give(person=mail.person, mission=world.mission, value=value, delivery=mail.pk)


def page(client: Client, campaign: Campaign) -> str:
    response = client.get(f"/campaigns/{campaign.ref}/report/")
    assert response.status_code == 200
    return response.content.decode()


def row(body: str, name: str) -> list[int]:
    """The numbers beside a name in the first table that has it."""
    found = re.search(rf'<th scope="row">{name}</th>(.*?)</tr>', body, re.S)
    assert found, name
    return [int(n) for n in re.findall(r">(\d+)</td>", found[1])]


def test_the_numbers_of_lanes_and_languages_are_those_of_the_ledger(
    world: World, call: Campaign, as_coordinator: Client
) -> None:
    body = page(as_coordinator, call)

    for lane in ledger.read(call).lanes:
        if lane.expected and lane.release:
            assert row(body, lane.release.name)[:2] == [lane.expected, lane.accepted]
    assert row(body, "French")[:2] == [2, 2]
    assert row(body, "English")[:2] == [2, 2]
    assert row(body, "together") == [4, 4, 0, 0]  # and no column of what is nil


def test_what_came_back_is_told_of_the_mail_it_came_back_to(
    world: World, call: Campaign, as_coordinator: Client
) -> None:
    first, second = mails(call)
    bavarian, third = sorted(
        mails(call, "en"), key=lambda mail: mail.release_id == world.lane(call, world.biocat).pk
    )
    now = timezone.now()
    answer(world, first, "not-now")
    answer(world, first, "interested")  # the last one counts
    answer(world, third, "declined")
    feedback.record(Fact("bounced", second.pk, now, "a test", status="5.1.1"))
    feedback.record(Fact("complained", bavarian.pk, now, "a test"))
    for _time in range(2):
        feedback.unsubscribed(
            address=third.address, campaign=call, cluster=world.biocat, source="a test"
        )

    found = tallies.read([call], [*call.releases.all()])
    biocat = world.lane(call, world.biocat).pk
    french, english = found[biocat, "fr"], found[biocat, "en"]

    assert (french.mails, french.bounced, french.left) == (2, 1, 0)
    assert french.answers == {"interested": 1}
    assert (english.mails, english.left, english.answers) == (1, 1, {"declined": 1})
    assert tallies.by_language(found)["en"].complained == 1
    assert tallies.by_lane(found)[biocat].answered == 2
    assert Answer.objects.count() == 3
    body = page(as_coordinator, call)
    assert "1 of 2" in body


def test_an_answer_that_came_otherwise_is_none_to_a_mail(
    world: World, call: Campaign, as_coordinator: Client
) -> None:
    person = mails(call)[0].person
    assert person
    answers.give(person=person, mission=world.mission, value="interested")

    found = tallies.read([call], [*call.releases.all()])

    assert not any(tally.answered for tally in found.values())


def test_a_contact_reads_the_own_lane_only(
    world: World, call: Campaign, as_contact: Client
) -> None:
    body = page(as_contact, call)

    assert "You see your own lane." in body
    assert row(body, "Biocat")[:2] == [3, 3]
    assert "BioM" not in body
    text = as_contact.get(f"/campaigns/{call.ref}/report/csv/").content.decode("utf-8-sig")
    assert {line["Lane"] for line in csv.DictReader(io.StringIO(text))} == {"Biocat"}


def test_the_files_hold_a_row_for_each_lane_and_language(
    call: Campaign, as_coordinator: Client
) -> None:
    text = as_coordinator.get(f"/campaigns/{call.ref}/report/csv/")
    book = as_coordinator.get(f"/campaigns/{call.ref}/report/xlsx/")

    rows = [*csv.reader(io.StringIO(text.content.decode("utf-8-sig")))]
    assert rows[0][:4] == ["Lane", "Language", "mails", "accepted"]
    assert sorted(line[:4] for line in rows[1:]) == [
        ["BioM", "en", "1", "1"], ["Biocat", "en", "1", "1"], ["Biocat", "fr", "2", "2"],
    ]  # fmt: skip
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert sheet
    assert [[str(cell) for cell in line] for line in sheet.values] == rows
    assert f'filename="{call.ref}.xlsx"' in book.headers["Content-Disposition"]
    assert as_coordinator.get(f"/campaigns/{call.ref}/report/pdf/").status_code == 404


def test_before_the_first_mail_the_page_says_so(world: World, as_coordinator: Client) -> None:
    world.person()
    draft = world.call(release=False, start=False)

    assert "Nothing has left yet" in page(as_coordinator, draft)


def people_file(client: Client, campaign: Campaign, asked: str = "") -> list[dict[str, str]]:
    response = client.get(f"/campaigns/{campaign.ref}/people/csv/{asked}")
    assert response.status_code == 200
    return [*csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))]


def test_the_people_of_the_page_are_taken_out_with_addresses_of_ones_own_clusters_alone(
    world: World, call: Campaign, as_contact: Client, as_coordinator: Client, as_admin: Client
) -> None:
    first = mails(call)[0]
    answer(world, first, "interested")

    rows = people_file(as_contact, call)
    assert len(rows) == 3
    assert {row["Lane"] for row in rows} == {"Biocat"}
    assert all(row["E-mail address"].endswith(".example") for row in rows)
    assert [row["Answer"] for row in rows if row["Answer"]] == ["interested"]

    assert {row["E-mail address"] for row in people_file(as_coordinator, call)} == {""}
    assert len(people_file(as_admin, call)) == 4
    entry = AuditEntry.objects.filter(verb="export", row_id=call.pk).order_by("pk")[0]
    assert (entry.count, entry.detail) == (3, {"format": "csv"})


def test_only_what_was_asked_for_is_taken_out(call: Campaign, as_admin: Client) -> None:
    assert people_file(as_admin, call, "?state=accepted")
    empty = as_admin.get(f"/campaigns/{call.ref}/people/csv/?state=failed", follow=True)
    assert "There is nothing to export" in empty.content.decode()
    assert as_admin.get(f"/campaigns/{call.ref}/people/pdf/").status_code == 404


def test_formulas_in_names_are_no_formulas_in_the_file(world: World, as_admin: Client) -> None:
    world.person(given="=1+1", family="@SUM")
    draft = world.call(start=False)

    answered = as_admin.get(f"/campaigns/{draft.ref}/people/xlsx/")
    sheet = load_workbook(io.BytesIO(answered.content)).active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"
    assert people_file(as_admin, draft)[0]["Name"].startswith("'")


def test_who_takes_many_out_signs_in_once_more(
    world: World, call: Campaign, client: Client, settings: Settings
) -> None:
    user = world.users["contact_biocat"]
    user.set_password("osaka-yokohama-lyon")
    user.save()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    settings.EXPORT_CONFIRM = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    asked = client.get(f"/campaigns/{call.ref}/people/csv/")
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    settings.EXPORT_CONFIRM, settings.EXPORT_SECOND_FACTOR = 500, True
    told = client.get(f"/campaigns/{call.ref}/people/csv/", follow=True).content.decode()
    assert "second factor" in told
