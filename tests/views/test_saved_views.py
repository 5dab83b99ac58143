"""Saved views of lists: opened, shared, changed, and what they may no longer ask."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.actions import saved_views, users
from crm.models import (
    CustomField,
    Person,
    SavedView,
)
from crm.rules.queries import Leaf, tree_of
from crm.views import lists
from tests.views.conftest import SignIn, World
from tests.views.listed import PEOPLE, names


def test_a_view_brings_its_list_back(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    browser = as_user(world.contact)

    browser.post("/views/people/new/?language=de&columns=phone&sort=-name", {"name": "Germans"})

    view = SavedView.objects.get()
    assert view.conditions == {"all": [{"f": "language", "op": "in", "v": ["de"]}]}
    shown = browser.get(PEOPLE, {"view": view.pk})
    assert names(shown) == ["Berger"]
    assert [q.name for q in shown.context["table"].columns] == ["name", "phone"]
    assert "Germans" in shown.content.decode()
    without = browser.get(PEOPLE + shown.context["listed"].on[0].url)
    assert len(names(without)) == 4
    assert without.context["table"].view.name == "Germans"


def test_a_default_view_opens_first(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    browser = as_user(world.contact)
    tree = {"all": [{"f": "language", "op": "in", "v": ["de"]}]}
    saved_views.create(by=world.contact, noun="person", name="A", conditions=tree, is_default=True)
    saved_views.create(by=world.contact, noun="person", name="B", conditions={}, is_default=False)

    assert names(browser.get(PEOPLE)) == ["Berger"]
    assert len(names(browser.get(PEOPLE, {"all": "1"}))) == 4


def test_a_private_view_is_only_mine_and_a_shared_one_my_clusters(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    mine = saved_views.create(by=world.contact, noun="person", name="Mine", conditions={})
    ours = saved_views.create(
        by=world.contact, noun="person", name="Ours", conditions={}, cluster=world.lyon
    )

    reader = as_user(world.reader).get(PEOPLE).content.decode()
    assert "Ours" in reader
    assert "Mine" not in reader
    for user in (world.reader, world.neighbour, world.admin):
        for view in (mine, ours):
            for verb in ("edit", "remove"):
                url = reverse(f"crm:saved-views-{verb}", args=[view.pk])
                assert as_user(user).get(url).status_code == 404
                assert as_user(user).post(url, {"name": "X"}).status_code == 404
    neighbour = as_user(world.neighbour).get(PEOPLE, {"view": ours.pk}).content.decode()
    assert "Ours" not in neighbour


def test_a_view_is_renamed_shared_and_deleted(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    view = saved_views.create(by=world.contact, noun="organisation", name="Old", conditions={})
    saved_views.create(by=world.contact, noun="organisation", name="Taken", conditions={})
    edit = reverse("crm:saved-views-edit", args=[view.pk])

    taken = browser.post(edit, {"name": "Taken"})
    foreign = browser.post(edit, {"name": "New", "cluster": world.munich.pk})
    browser.post(edit, {"name": "New", "cluster": world.lyon.pk, "is_default": "on"})

    assert "already" in taken.content.decode()
    assert foreign.context["form"].errors["cluster"]
    view.refresh_from_db()
    assert (view.name, view.cluster, view.is_default) == ("New", world.lyon, True)
    browser.post(reverse("crm:saved-views-remove", args=[view.pk]))
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_a_changed_view_is_saved_in_place(
    world: World, as_user: SignIn, several: dict[str, Person]
) -> None:
    browser = as_user(world.contact)
    tree = {"all": [{"f": "language", "op": "in", "v": ["de"]}]}
    view = saved_views.create(
        by=world.contact, noun="person", name="Some", conditions=tree, cluster=world.lyon
    )
    as_saved = browser.get(PEOPLE, {"view": view.pk})
    assert "like this" not in as_saved.content.decode()
    changed = f"?view={view.pk}&all=1&language=fr&sort=-name&columns=phone"
    page = browser.get(PEOPLE + changed).content.decode()
    assert "Save “Some” like this" in page
    assert "Save as a new view" in page
    assert "like this" not in as_user(world.reader).get(PEOPLE + changed).content.decode()

    url = reverse("crm:saved-views-overwrite", args=[view.pk])
    browser = as_user(world.contact)
    response = browser.post(url + changed + "&q=gar", follow=True)

    assert "saved as you see it" in response.content.decode()
    assert "is not kept" in response.content.decode()
    view.refresh_from_db()
    assert view.conditions == {"all": [{"f": "language", "op": "in", "v": ["fr"]}]}
    assert (view.sort, view.columns) == ("-name", ["name", "phone"])
    assert as_user(world.reader).post(url + changed).status_code == 404
    as_user(world.contact).post(url + "?custom_999=x")  # asks for what there is not
    view.refresh_from_db()
    assert view.sort == "-name"


def test_whose_maker_has_left_a_contact_of_its_cluster_looks_after_the_view(
    world: World, as_user: SignIn
) -> None:
    left = users.create(email="gone@liaison.example", name="Gone")
    users.grant(user=left, role="contact", cluster=world.lyon)
    view, alone = (
        saved_views.create(by=left, noun="person", name=name, conditions={}, cluster=cluster)
        for name, cluster in (("Ours", world.lyon), ("Alone", None))
    )
    edit = reverse("crm:saved-views-edit", args=[view.pk])
    assert as_user(world.contact).get(edit).status_code == 404
    left.is_active = False
    left.save()

    assert as_user(world.reader).get(edit).status_code == 404
    assert as_user(world.neighbour).get(edit).status_code == 404
    other = reverse("crm:saved-views-edit", args=[alone.pk])
    assert as_user(world.contact).get(other).status_code == 404
    as_user(world.contact).post(edit, {"name": "Still ours", "cluster": world.lyon.pk})
    view.refresh_from_db()
    assert (view.name, view.user) == ("Still ours", world.contact)


@pytest.mark.parametrize("default", [True, False])
def test_a_view_that_asks_for_a_lost_field_shows_nobody_and_says_why(
    world: World, as_user: SignIn, several: dict[str, Person], default: bool
) -> None:
    field = CustomField.objects.create(
        cluster=world.lyon, noun="person", name="Badge", folded="badge", kind="text"
    )
    tree = tree_of([Leaf(f"custom_{field.pk}", "in", ("blue",)), Leaf("language", "in", ("fr",))])
    view = saved_views.create(
        by=world.contact, noun="person", name="Blue", conditions=tree, is_default=default
    )
    CustomField.objects.filter(pk=field.pk).update(archived_at=timezone.now())
    browser = as_user(world.contact)

    opened: dict[str, Any] = {} if default else {"view": view.pk}
    for query in (opened, {f"custom_{field.pk}": "blue"}):
        page = browser.get(PEOPLE, query)
        assert page.status_code == 200
        assert page.context["listed"].total == 0
        assert "archived, or that you do not read" in page.content.decode()
        sent = {"of": "people", **query}
        assert "Nothing to export" in browser.get("/exports/new/", sent).content.decode()


@pytest.mark.parametrize(
    "tree", [{"any": [{"f": "language", "op": "in", "v": ["fr"]}]}, {"all": ["x"]}, {"all": [{}]}]
)
def test_a_view_that_no_list_can_show_shows_nobody(
    world: World, as_user: SignIn, tree: dict[str, Any]
) -> None:
    SavedView.objects.create(user=world.contact, noun="person", name="Odd", conditions=tree)

    page = as_user(world.contact).get(PEOPLE, {"view": SavedView.objects.get().pk})

    assert page.context["listed"].total == 0
    assert "a list cannot show" in page.content.decode()


def test_the_next_page_of_a_default_view_is_of_that_view(
    world: World, as_user: SignIn, several: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 1)
    tree = tree_of([Leaf("language", "in", ("de", "none"))])
    saved_views.create(by=world.contact, noun="person", name="A", conditions=tree, is_default=True)
    browser = as_user(world.contact)

    pages = [browser.get(PEOPLE, query) for query in ({}, {"page": "2"})]

    assert [names(page) for page in pages] == [["Berger"], ["Müller-Örtz"]]
    assert pages[1].context["listed"].total == 2
