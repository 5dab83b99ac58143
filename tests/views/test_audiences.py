"""Whom a campaign is for: chosen from a saved view on its page, or from the list of people."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.actions import audiences, campaigns, choosing, freezing, releases
from campaigns.actions.choosing import Asked
from campaigns.models import Campaign, Release
from crm.actions import saved_views, users
from crm.actions.errors import IllegalTransition, Refused
from crm.models import AuditEntry, Person, SavedView, Tag, User
from tests import world as worlds
from tests.conftest import signed_in
from tests.world import World

GERMAN: dict[str, Any] = {"all": [{"f": "language", "op": "in", "v": ["de"]}]}


@pytest.fixture
def world(installation: None) -> World:
    built = worlds.build()
    built.person(language="de", family="Deutsch")
    built.person(built.biom, language="de")
    built.person(language="fr", family="Francais")
    return built


@pytest.fixture
def draft(world: World) -> Campaign:
    return world.call(release=False, start=False)


def view_of(user: User, **values: Any) -> SavedView:
    defaults: dict[str, Any] = {"noun": "person", "name": "Germans", "conditions": GERMAN}
    return saved_views.create(by=user, **(defaults | values))


def wanted(campaign: Campaign) -> set[str | None]:
    campaign.refresh_from_db()
    chosen = audiences.verdicts(campaign)
    return {Person.objects.get(pk=pk).language for pk in chosen}


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return str(response.content.decode())


def test_a_view_of_mine_is_chosen_on_the_campaigns_page(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    view = view_of(world.users["coordinator"])
    path = f"/campaigns/{draft.ref}/audience/"
    assert "Germans · Language: German" in page(as_coordinator, path)

    response = as_coordinator.post(path, {"audience": view.pk}, follow=True)

    assert "Germans" in response.content.decode()
    assert wanted(draft) == {"de"}
    assert draft.audience
    assert draft.audience.include == view.conditions
    assert AuditEntry.objects.filter(verb="chose the audience", row_id=draft.pk).count() == 1
    as_coordinator.post(path, {"audience": view.pk})
    assert AuditEntry.objects.filter(verb="chose the audience", row_id=draft.pk).count() == 1
    as_coordinator.post(path, {"audience": "standard"})
    assert wanted(draft) == {"de", "fr"}


def test_a_view_changed_later_changes_no_campaign_and_the_page_says_so(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    view = view_of(world.users["coordinator"])
    path = f"/campaigns/{draft.ref}/audience/"
    as_coordinator.post(path, {"audience": view.pk})
    french = {"all": [{"f": "language", "op": "in", "v": ["fr"]}]}
    SavedView.objects.filter(pk=view.pk).update(conditions=french)

    assert "was changed after it was chosen" in page(as_coordinator, path)
    assert wanted(draft) == {"de"}
    as_coordinator.post(path, {"audience": view.pk})
    assert wanted(draft) == {"fr"}
    saved_views.remove(view=view, by=world.users["coordinator"])
    assert wanted(draft) == {"fr"}
    assert "Germans" in page(as_coordinator, path)


def test_choosing_others_takes_signatures_back_until_the_start(
    world: World, draft: Campaign
) -> None:
    by = world.users["coordinator"]
    releases.release_all(campaign=draft, by=by)
    choosing.choose(campaign=draft, by=by, asked=Asked("Germans", GERMAN))
    assert not draft.releases.filter(status=Release.Status.RELEASED).exists()

    releases.release_all(campaign=draft, by=by)
    campaigns.schedule(campaign=draft, by=by, send_at=timezone.now())
    freezing.start_due()
    with pytest.raises(IllegalTransition):
        choosing.choose(campaign=draft, by=by, asked=None)
    browser = signed_in(by)
    assert "This campaign has started" in page(browser, f"/campaigns/{draft.ref}/audience/")
    assert "Choose others" not in page(browser, f"/campaigns/{draft.ref}/")


def test_what_stays_in_a_cluster_is_refused_where_the_author_does_not_read_it(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    asks = {"all": [{"f": "owner", "op": "empty", "v": []}]}
    view = view_of(world.users["coordinator"], name="Nobody's", conditions=asks)
    before = draft.audience

    response = as_coordinator.post(f"/campaigns/{draft.ref}/audience/", {"audience": view.pk})

    assert "is told only inside a cluster" in response.content.decode()
    draft.refresh_from_db()
    assert draft.audience == before


def test_a_view_without_a_filter_is_everybody_and_refused(world: World, draft: Campaign) -> None:
    view = view_of(world.users["coordinator"], conditions={})
    with pytest.raises(Refused, match="everybody"):
        choosing.choose(campaign=draft, by=world.users["coordinator"], asked=Asked.of(view))


def test_nobody_chooses_or_reads_the_view_of_a_stranger(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    foreign = view_of(world.users["contact_biom"], name="Geheimblick", cluster=world.biom)
    path = f"/campaigns/{draft.ref}/audience/"
    assert "Geheimblick" not in page(as_coordinator, path)
    response = as_coordinator.post(path, {"audience": foreign.pk})
    assert response.status_code == 200
    assert "Geheimblick" not in response.content.decode()

    # A colleague who coordinates, too, chose it; how BioM calls its list stays in BioM.
    both = world.users["contact_biom"]
    users.grant(user=both, role="coordinator", alliance=world.alliance)
    choosing.choose(campaign=draft, by=User.objects.get(pk=both.pk), asked=Asked.of(foreign))
    for shown in (path, f"/campaigns/{draft.ref}/"):
        assert "Geheimblick" not in page(as_coordinator, shown)
    assert "people chosen by" in page(as_coordinator, path)


def test_write_to_these_drafts_a_call_for_the_people_of_the_list(
    world: World, as_coordinator: Client
) -> None:
    listed = page(as_coordinator, "/people/?language=de")
    assert "/campaigns/write/?language=de" in listed
    path = "/campaigns/write/?language=de"
    assert "Japan mission" in page(as_coordinator, path)

    as_coordinator.post(path, {"about": f"mission-{world.mission.pk}"})

    draft = Campaign.objects.get()
    assert (draft.mission, draft.status) == (world.mission, "draft")
    assert wanted(draft) == {"de"}
    assert draft.audience
    assert draft.audience.name == "Language: German"
    # Now there is a draft: the next list replaces its audience.
    as_coordinator.post("/campaigns/write/?language=fr", {"about": f"campaign-{draft.pk}"})
    assert wanted(draft) == {"fr"}
    assert Campaign.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "has no filter"),
        ("q=deutsch&language=de", "What you typed into the search"),
        ("archived=1&language=de", "Archived people"),
    ],
)
def test_a_list_that_says_not_whom_is_no_audience(
    world: World, as_coordinator: Client, query: str, sentence: str
) -> None:
    path = f"/campaigns/write/?{query}"
    assert sentence in page(as_coordinator, path)
    as_coordinator.post(path, {"about": f"mission-{world.mission.pk}"})
    assert not Campaign.objects.exists()


def test_a_refused_list_leaves_no_draft(world: World, as_coordinator: Client) -> None:
    tag = Tag.objects.create(cluster=world.biom, name="x", folded="x")
    for query in ("owner__empty=1", f"tag={tag.pk}"):
        path = f"/campaigns/write/?{query}"
        response = as_coordinator.post(path, {"about": f"mission-{world.mission.pk}"})
        assert response.status_code == 200
        assert not Campaign.objects.exists()


@pytest.mark.parametrize("asks", ["name", "job", "organisation", "title", "at_city"])
def test_no_number_tells_a_name_of_a_cluster_that_shares_nothing(
    world: World, draft: Campaign, asks: str
) -> None:
    """By a number of one or none, whoever asks for texts learns who is in a foreign list."""
    by = world.users["coordinator"]
    before = draft.audience
    text = {"f": asks, "op": "contains", "v": ["geheim"]}

    with pytest.raises(Refused, match="only inside a cluster"):
        choosing.choose(campaign=draft, by=by, asked=Asked("x", {"all": [text]}))
    with pytest.raises(Refused, match="only inside a cluster"):
        choosing.choose(
            campaign=draft, by=by, asked=Asked("x", {"all": [*GERMAN["all"], {"not": text}]})
        )

    draft.refresh_from_db()
    assert draft.audience == before
    kept_by = {"f": "cluster", "op": "in", "v": [world.biocat.slug]}
    shared = Asked("x", {"all": [text, kept_by]})
    if asks == "name":  # of who objected to being shown to others the coordinator reads no name
        with pytest.raises(Refused):
            choosing.choose(campaign=draft, by=by, asked=shared)
    else:
        assert choosing.choose(campaign=draft, by=by, asked=shared).name == "x"


def test_a_contact_writes_no_campaign(world: World) -> None:
    browser = signed_in(world.users["contact_biocat"])
    assert "/campaigns/write/" not in page(browser, "/people/?language=de")
    assert browser.get("/campaigns/write/?language=de").status_code == 404
