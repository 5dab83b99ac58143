"""Audiences that are saved to be used again, and shared with who writes the alliance's calls."""

from typing import Any

import pytest
from django.test import Client

from campaigns.actions import saved_audiences
from campaigns.models import Audience, Campaign
from crm.actions import users
from crm.actions.errors import Refused
from crm.models import Alliance, AuditEntry, User
from tests import world as worlds
from tests.conftest import signed_in
from tests.views.test_building import GERMAN, form_of, path, press, wanted
from tests.world import World

TREE: dict[str, Any] = {"all": [{"f": "language", "op": "in", "v": ["de"]}]}
LIST = "/campaigns/audiences/"


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person(language="de")
    world.person(language="fr")
    return world.call(release=False, start=False)


def saved(world: World, name: str = "Germans", **values: Any) -> Audience:
    given: dict[str, Any] = {
        "alliance": world.alliance,
        "by": world.users["coordinator"],
        "include": TREE,
    }
    return saved_audiences.create(name=name, **(given | values))


def colleague(alliance: Alliance, name: str = "colleague") -> User:
    user = users.create(email=f"{name}@liaison.example", name=name.title())
    users.grant(user=user, role="coordinator", alliance=alliance)
    return user


def text(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def test_an_audience_is_saved_where_it_was_put_together_and_used_again(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    before = draft.audience
    page = press(as_coordinator, draft, GERMAN | {"name": "The Germans"}, "keep")

    assert "“The Germans” is saved." in page
    draft.refresh_from_db()
    assert draft.audience == before
    audience = Audience.objects.get(name="The Germans")
    assert (audience.include, audience.shared, audience.user) == (
        TREE,
        False,
        world.users["coordinator"],
    )
    page = text(as_coordinator, f"{path(draft)}?from={audience.pk}")
    press(as_coordinator, draft, form_of(page), "save")
    assert wanted(draft) == {"de"}
    assert "The Germans" in text(as_coordinator, LIST)


def test_a_campaign_keeps_its_copy(world: World, draft: Campaign, as_coordinator: Client) -> None:
    audience = saved(world)
    page = text(as_coordinator, f"{path(draft)}?from={audience.pk}")
    press(as_coordinator, draft, form_of(page), "save")
    Audience.objects.filter(pk=audience.pk).update(include={"all": []})
    as_coordinator.post(f"{LIST}{audience.pk}/delete/")

    assert not Audience.objects.filter(pk=audience.pk).exists()
    assert wanted(draft) == {"de"}
    assert AuditEntry.objects.filter(verb="remove the audience").count() == 1
    saved_audiences.remove(audience=audience, by=world.users["coordinator"])
    assert AuditEntry.objects.filter(verb="remove the audience").count() == 1


def test_it_is_mine_until_i_share_it(world: World, draft: Campaign) -> None:
    audience, other = saved(world, "Mine alone"), signed_in(colleague(world.alliance))
    assert "Mine alone" not in text(other, LIST)
    assert "Mine alone" not in text(other, path(draft))
    assert other.get(f"{LIST}{audience.pk}/").status_code == 404
    page = text(other, f"{path(draft)}?from={audience.pk}")
    assert "German" not in form_of(page).get("in.0.v", [])

    browser = signed_in(world.users["coordinator"])
    browser.post(f"{LIST}{audience.pk}/", {"name": "Ours", "shared": "on"})

    assert "Ours" in text(other, LIST)
    assert form_of(text(other, f"{path(draft)}?from={audience.pk}"))["in.0.v"] == ["de"]
    assert other.get(f"{LIST}{audience.pk}/").status_code == 404
    assert other.post(f"{LIST}{audience.pk}/delete/").status_code == 404
    assert "Ours" not in text(signed_in(world.users["coordinator_magia"]), LIST)
    assert "Ours" in text(signed_in(world.users["admin"]), LIST)


def test_what_a_colleague_left_behind_is_taken_over(world: World) -> None:
    audience, heir = saved(world, "Left behind", shared=True), colleague(world.alliance)
    User.objects.filter(pk=world.users["coordinator"].pk).update(is_active=False)
    signed_in(heir).post(f"{LIST}{audience.pk}/", {"name": "Kept", "shared": ""})

    audience.refresh_from_db()
    assert (audience.name, audience.user, audience.shared) == ("Kept", heir, False)


def test_the_audience_of_a_campaign_is_in_nobodys_list(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    press(as_coordinator, draft, GERMAN | {"name": "For this call"}, "save")
    assert "For this call" not in text(as_coordinator, LIST)
    assert "No audience saved yet" in text(as_coordinator, LIST)
    assert draft.audience_id
    assert as_coordinator.get(f"{LIST}{draft.audience_id}/").status_code == 404


@pytest.mark.parametrize("name", ["", "  ", "Germans"])
def test_a_name_is_needed_and_only_once(
    world: World, draft: Campaign, as_coordinator: Client, name: str
) -> None:
    saved(world)
    page = press(as_coordinator, draft, GERMAN | {"name": name}, "keep")
    assert "Give the audience a name" in page or "already. Choose another name" in page
    assert Audience.objects.filter(user__isnull=False).count() == 1
    with pytest.raises(Refused):
        saved_audiences.edit(
            audience=saved(world, "Other"),
            by=world.users["coordinator"],
            name=name,
            shared=False,
        )


def test_a_part_that_one_does_not_read_is_not_told(world: World) -> None:
    tree = {"all": [{"f": "phone", "op": "contains", "v": ["secretphone"]}]}
    saved(world, "Phones", by=world.users["admin"], include=tree, shared=True)
    page = text(signed_in(world.users["coordinator"]), LIST)
    assert "a condition you do not read" in page
    assert "secretphone" not in page


def test_what_may_not_be_asked_is_not_saved(
    world: World, draft: Campaign, as_coordinator: Client
) -> None:
    data = {"in.0.f": "name", "in.0.how": "contains", "in.0.v": ["x"], "name": "Names"}
    page = press(as_coordinator, draft, data, "keep")
    assert "is told only inside a cluster" in page
    assert not Audience.objects.filter(name="Names").exists()


def test_there_are_only_so_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_audiences, "MOST", 1)
    saved(world)
    with pytest.raises(Refused, match="Delete one first"):
        saved(world, "Second")
