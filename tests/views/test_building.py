"""Putting an audience together: groups of conditions, whom they find, and what is refused."""

import re
from typing import Any

import pytest
from django.test import Client

from campaigns.actions import audiences, choosing, releases
from campaigns.models import Campaign, Release
from crm.actions import answers
from crm.models import AuditEntry, CustomField, Person
from tests import world as worlds
from tests.conftest import signed_in
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    built = worlds.build()
    for language in ("de", "fr", "it"):
        built.person(language=language, family=f"Reader{language}")
        built.person(built.biom, language=language, family=f"Hidden{language}")
    return built


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


def path(campaign: Campaign) -> str:
    return f"/campaigns/{campaign.ref}/audience/build/"


def form_of(html: str) -> dict[str, Any]:
    """What a browser without JavaScript would send back."""
    data: dict[str, Any] = {}
    fields = r"<select\b([^>]*)>(.*?)</select>|<input\b([^>]*)>"
    for select, options, field in re.findall(fields, html, re.S):
        name = re.search(r'name="([^"]+)"', select or field)
        if not name:
            continue
        if select:
            first = [] if "multiple" in select else re.findall(r'<option value="([^"]*)"', options)
            data[name[1]] = re.findall(r'value="([^"]*)" selected', options) or first[:1]
        elif 'type="checkbox"' not in field or "checked" in field:
            value = re.search(r'value="([^"]*)"', field)
            data.setdefault(name[1], []).append(value[1] if value else "")
    data.pop("q", None)
    return data


def press(browser: Client, campaign: Campaign, data: dict[str, Any], button: str) -> str:
    response = browser.post(path(campaign), data | {"do": button}, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def wanted(campaign: Campaign) -> set[str | None]:
    campaign.refresh_from_db()
    return {Person.objects.get(pk=pk).language for pk in audiences.verdicts(campaign)}


GERMAN = {"in.mode": "all", "in.0.f": "language", "in.0.how": "in", "in.0.v": ["de"]}


def test_an_audience_is_put_together_without_javascript(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    """(German or French) and a contact, without the French of one cluster."""
    page = str(as_coordinator.get(f"{path(draft)}?anew=1").content.decode())
    page = press(as_coordinator, draft, form_of(page) | {"in.add": "kind"}, "add in")
    page = press(as_coordinator, draft, form_of(page) | {"in.0.v": ["contact"]}, "group in")
    page = press(as_coordinator, draft, form_of(page) | {"in-0.add": "language"}, "add in-0")
    page = press(as_coordinator, draft, form_of(page) | {"in-0.0.v": ["de", "fr"]}, "group out")
    page = press(as_coordinator, draft, form_of(page) | {"out-0.add": "language"}, "add out-0")
    page = press(
        as_coordinator,
        draft,
        form_of(page) | {"out-0.0.v": ["fr"], "out-0.add": "cluster"},
        "add out-0",
    )
    page = press(as_coordinator, draft, form_of(page) | {"out-0.1.v": ["biom"]}, "count")

    assert "Kind: contact and Language: French, German; without:" in page
    assert "Readerde" in page
    assert "Hiddende" not in page  # BioM does not share its people
    press(as_coordinator, draft, form_of(page), "save")

    found = audiences.verdicts(Campaign.objects.get(pk=draft.pk))
    names = set(Person.objects.filter(pk__in=found).values_list("family", flat=True))
    assert names == {"Readerde", "Readerfr", "Hiddende"}
    draft.refresh_from_db()
    assert draft.audience
    assert draft.audience.include == {
        "all": [
            {"f": "kind", "op": "in", "v": ["contact"]},
            {"any": [{"f": "language", "op": "in", "v": ["fr", "de"]}]},
        ]
    }
    assert "Kind: contact and Language" in draft.audience.name


def test_what_is_counted_is_what_the_freeze_would_write_and_nothing_is_saved(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    before = draft.audience
    page = press(as_coordinator, draft, GERMAN, "count")

    cells = re.findall(r'<td class="num" data-label="get it">(\d+)</td>', page)
    assert sorted(map(int, cells)) == [0, 1, 1]
    draft.refresh_from_db()
    assert draft.audience == before
    assert not AuditEntry.objects.filter(verb="chose the audience").exists()
    press(as_coordinator, draft, GERMAN, "save")
    lanes, total = audiences.count(Campaign.objects.get(pk=draft.pk))
    assert sorted(lane.expected for lane in lanes) == [0, 1, 1]
    assert total.expected == 2


def test_the_sample_names_only_whom_one_may_name(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    page = press(as_coordinator, draft, GERMAN, "count")
    assert "Readerde" in page
    assert "Hiddende" not in page
    assert "none whom you may name" in page
    page = press(signed_in(world.users["admin"]), draft, GERMAN, "count")
    assert "Hiddende" in page


def test_a_saved_audience_opens_as_it_was_put_together(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    press(as_coordinator, draft, GERMAN | {"name": "The Germans"}, "save")
    assert wanted(draft) == {"de"}

    page = str(as_coordinator.get(path(draft)).content.decode())

    assert "The Germans" in page
    assert form_of(page)["in.0.v"] == ["de"]
    assert AuditEntry.objects.filter(verb="chose the audience").count() == 1
    press(as_coordinator, draft, form_of(page), "save")
    assert AuditEntry.objects.filter(verb="chose the audience").count() == 1


def test_a_name_that_is_only_what_was_asked_follows_what_is_asked(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    press(as_coordinator, draft, GERMAN, "save")
    page = str(as_coordinator.get(path(draft)).content.decode())
    press(as_coordinator, draft, form_of(page) | {"in.0.v": ["fr"]}, "save")

    draft.refresh_from_db()
    assert draft.audience
    assert draft.audience.name == "Language: French"


def test_conditions_and_groups_are_taken_away(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    data = GERMAN | {
        "in.1.f": "kind", "in.1.how": "in", "in.1.v": ["contact"],
        "in-0.mode": "any", "in-0.0.f": "cluster", "in-0.0.how": "not", "in-0.0.v": ["biom"],
    }  # fmt: skip
    page = press(as_coordinator, draft, data, "drop in.0")
    left = form_of(page)
    assert left["in.0.f"] == ["kind"]
    assert "in.1.f" not in left
    assert left["in-0.0.how"] == ["not"]
    assert "in-0.mode" not in form_of(press(as_coordinator, draft, left, "drop in-0"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Nobody is asked for yet"),
        ({"in.0.f": "language", "in.0.how": "in"}, "A condition has no value yet"),
        ({"in.0.f": "password", "in.0.how": "in", "in.0.v": ["x"]}, "Nobody is asked for yet"),
        ({"in.0.f": "at_city", "in.0.how": "contains", "in.0.v": ["\x00 "]}, "no value yet"),
        ({"out.0.f": "language", "out.0.how": "in", "out.0.v": ["fr"]}, "Nobody is asked for yet"),
    ],
)
@pytest.mark.parametrize("button", ["save", "count"])
def test_what_is_not_complete_is_said_and_changes_nothing(
    world: World,
    draft: Campaign,
    as_coordinator: Client,
    data: dict[str, Any],
    words: str,
    button: str,
) -> None:
    before = draft.audience
    assert words in press(as_coordinator, draft, data, button)
    draft.refresh_from_db()
    assert draft.audience == before


@pytest.mark.parametrize("button", ["add in-9", "drop", "drop in.99", "group out-1", "add", "§"])
def test_a_button_that_is_none_does_nothing(
    world: World, draft: Campaign, as_coordinator: Client, button: str
) -> None:
    page = press(as_coordinator, draft, GERMAN, button)
    assert form_of(page)["in.0.v"] == ["de"]


def test_a_day_that_is_none_is_refused_with_a_sentence(world: World, draft: Campaign) -> None:
    browser = signed_in(world.users["admin"])
    data = {"in.0.f": "last_contact", "in.0.how": "before", "in.0.v": ["soon"]}
    assert "“soon” is not a day" in press(browser, draft, data, "look")
    assert "“soon” is not a day" in press(browser, draft, data, "count")
    assert "“soon” is not a day" in press(browser, draft, data, "save")


def test_a_number_of_days_is_kept_apart_from_a_day(world: World, draft: Campaign) -> None:
    """Both have a field; only the one that is asked for counts."""
    browser = signed_in(world.users["admin"])
    data = {"in.0.f": "created", "in.0.how": "last", "in.0.v": ["2026-01-01"], "in.0.n": ["90"]}

    page = press(browser, draft, data, "count")

    assert "Added on: in the last 90 days" in page
    assert form_of(page)["in.0.n"] == ["90"]
    assert form_of(page)["in.0.v"] == [""]
    press(browser, draft, form_of(page), "save")
    draft.refresh_from_db()
    assert draft.audience
    assert draft.audience.include == {"all": [{"f": "created", "op": "last", "v": ["90"]}]}
    reopened = form_of(str(browser.get(path(draft)).content.decode()))
    assert (reopened["in.0.how"], reopened["in.0.n"]) == (["last"], ["90"])
    assert "is not a number of days" in press(browser, draft, data | {"in.0.n": ["x"]}, "save")


def test_a_tree_that_cannot_be_drawn_is_said_in_words(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    german = {"f": "language", "op": "in", "v": ["de"]}
    deep = {"all": [{"any": [{"all": [german, german]}, german]}]}
    choosing.choose(
        campaign=draft, by=world.users["coordinator"], asked=choosing.Asked("Deep", deep)
    )

    page = str(as_coordinator.get(path(draft)).content.decode())

    assert "(Language: German and Language: German) or Language: German" in page
    assert "Start anew" in page
    assert "Add condition" not in page
    assert "Add condition" in str(as_coordinator.get(f"{path(draft)}?anew=1").content.decode())


def test_what_an_author_does_not_read_is_neither_offered_nor_asked(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    field = CustomField.objects.create(
        cluster=world.biocat, noun="person", name="Badge", folded="badge", kind="text"
    )
    answers.give(person=world.person(), mission=world.mission, value="interested")
    page = str(as_coordinator.get(f"{path(draft)}?anew=1").content.decode())
    offered = set(re.findall(r'<option value="(\w+)"', page))
    assert {"language", "category", "topic", "area", "cluster"} <= offered
    assert offered.isdisjoint(
        {"email", "tag", "mailed", "last_contact", "answer", f"custom_{field.pk}"}
    )
    data = {"in.0.f": "tag", "in.0.how": "empty"}
    assert "Nobody is asked for yet" in press(as_coordinator, draft, data, "count")

    page = str(signed_in(world.users["admin"]).get(f"{path(draft)}?anew=1").content.decode())
    offered = set(re.findall(r'<option value="(\w+)"', page))
    assert {"tag", "mailed", "bounced", "last_contact", "answer", f"custom_{field.pk}"} <= offered


def test_the_clusters_of_the_alliance_are_offered_also_those_that_share_nobody(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    page = press(as_coordinator, draft, {"in.add": "cluster"}, "add in")
    offered = set(re.findall(r'name="in.0.v" value="([^"]+)"', page))
    assert {"biocat", "biom"} <= offered
    assert "biowin" not in offered


def test_what_is_counted_so_far_is_what_has_a_value(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    page = press(as_coordinator, draft, GERMAN | {"in.add": "kind"}, "add in")
    assert "A condition has no value yet" not in page
    assert sorted(re.findall(r'data-label="get it">(\d+)<', page)) == ["0", "1", "1"]


def test_an_audience_with_a_part_one_does_not_read_is_not_lost_in_the_form(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    tree = {"all": [{"f": "tag", "op": "empty", "v": []}]}
    choosing.choose(campaign=draft, by=world.users["admin"], asked=choosing.Asked("Untagged", tree))
    page = str(as_coordinator.get(path(draft)).content.decode())
    assert "a condition you do not read" in page
    assert "Add condition" not in page


def test_a_campaign_that_started_is_for_nobody_else(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    world.call()
    draft.refresh_from_db()
    before = draft.audience
    assert "This campaign has started" in press(as_coordinator, draft, GERMAN, "save")
    draft.refresh_from_db()
    assert draft.audience == before


def test_a_signed_lane_signs_again(world: World, draft: Campaign, as_coordinator: Client) -> None:
    releases.release_all(campaign=draft, by=world.users["coordinator"])
    press(as_coordinator, draft, GERMAN, "count")
    assert draft.releases.filter(status=Release.Status.RELEASED).exists()
    press(as_coordinator, draft, GERMAN, "save")
    assert not draft.releases.filter(status=Release.Status.RELEASED).exists()
