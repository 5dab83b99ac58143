"""Keeping an organisation together, on the screens of both sides."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from crm.actions import joining
from crm.models import Duplicate, Join, Membership, Organisation
from tests import world as worlds
from tests.conftest import signed_in
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def ours(world: World) -> Organisation:
    return world.organisation(
        world.biocat, legal_name="Vif Cells SL", website="https://www.vif.example"
    )


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return str(response.content.decode())


def plain(body: str) -> str:
    """Without what differs from one request, record or day to the next."""
    lines = [line for line in body.splitlines() if "csrf" not in line.lower()]
    bare = re.sub(r"\b\d+\b", "n", "\n".join(lines))
    return re.sub(r"[A-Z][a-z]+\.? n, n|n [A-Z][a-z]+ n", "day", bare)


def ask(world: World, ours: Organisation, **values: str) -> Client:
    browser = signed_in(world.users["contact_biocat"])
    form = {"asked": str(world.biom.pk), "home": "us", "note": "Same people?"} | values
    response = browser.post(f"/organisations/{ours.pk}/join/", form)
    assert response.status_code == 302, response.content.decode()
    return browser


def test_one_asks_the_other_finds_its_own_and_agrees(world: World, ours: Organisation) -> None:
    theirs = world.organisation(
        world.biom, legal_name="Zellen GmbH", website="https://vif.example/de", city="Martinsried"
    )
    asker = ask(world, ours)
    assert "Keep together" in page(asker, f"/organisations/{ours.pk}/")
    join = Join.objects.get()
    other = signed_in(world.users["contact_biom"])
    assert "1 request" in page(other, "/")
    shown = page(other, f"/joins/{join.pk}/")
    assert "Vif Cells SL" in shown
    assert "Same people?" in shown
    assert "Zellen GmbH" in shown  # under the same website
    assert "Zellen" not in page(asker, f"/joins/{join.pk}/")

    response = other.post(f"/joins/{join.pk}/agree/", {"theirs": theirs.pk}, follow=True)

    assert "You keep it together now" in response.content.decode()
    row = Organisation.objects.get(pk=ours.pk)
    assert row.memberships.count() == 2
    assert "Biocat and BioM keep it together" in page(other, f"/organisations/{row.pk}/")
    assert "Biocat and BioM keep it together" in page(asker, f"/organisations/{row.pk}/")
    assert other.get(f"/organisations/{theirs.pk}/").status_code == 302

    join.refresh_from_db()
    assert "each with its own record" in page(asker, f"/merges/{join.merge_id}/undo/")
    asker.post(f"/merges/{join.merge_id}/undo/")
    assert "kept apart again" in page(other, "/joins/")
    assert Membership.objects.get(organisation=theirs).cluster == world.biom


def test_the_asker_reads_the_same_whether_it_is_kept_there_or_not(
    world: World, ours: Organisation
) -> None:
    """To the letter, on every page: asked, declined, asked again; with and without a twin."""
    read = []
    for twin in (False, True):
        if twin:
            world.organisation(
                world.biom, legal_name="Vif Cells SL", website="https://www.vif.example"
            )
        asker = ask(world, ours)
        join = Join.objects.get()
        record = f"/organisations/{ours.pk}/"
        paths = ("/joins/", f"/joins/{join.pk}/", record, "/organisations/", "/")
        pages = [plain(page(asker, path)) for path in paths]
        other = signed_in(world.users["contact_biom"])
        assert ("name like it" in page(other, f"/joins/{join.pk}/")) != twin
        assert other.post(f"/joins/{join.pk}/decline/").status_code == 302
        pages += [plain(page(asker, path)) for path in paths]
        again = asker.post(
            f"/organisations/{ours.pk}/join/", {"asked": world.biom.pk, "home": "us"}
        )
        pages.append(plain(again.content.decode()))
        assert not any(">declined<" in shown for shown in pages)
        read.append(pages)
        Join.objects.all().delete()
    for without, with_it in zip(*read, strict=True):
        assert without == with_it


def test_a_declined_request_reads_like_one_that_nobody_answered(
    world: World, ours: Organisation
) -> None:
    asker = ask(world, ours)
    join = Join.objects.get()
    joining.decline(join=join, by=world.users["contact_biom"])
    assert "came to nothing" in page(asker, "/joins/")
    declined = page(asker, f"/joins/{join.pk}/")
    assert "came to nothing" in declined
    assert "declined" in page(signed_in(world.users["contact_biom"]), f"/joins/{join.pk}/")
    Join.objects.filter(pk=join.pk).update(
        state="open", decided_by=None, decided_at=None, at=join.at - dt.timedelta(days=61)
    )
    lapsed = page(asker, f"/joins/{join.pk}/")
    assert plain(declined) == plain(lapsed)


def test_only_the_asked_answers_with_its_own_and_only_the_asker_takes_it_back(
    world: World, ours: Organisation
) -> None:
    asker = ask(world, ours)
    join = Join.objects.get()
    other = signed_in(world.users["contact_biom"])
    assert asker.post(f"/joins/{join.pk}/agree/", {"theirs": ours.pk}).status_code == 404
    assert other.post(f"/joins/{join.pk}/withdraw/").status_code == 404
    # Another cluster's record is no answer, and neither is nothing.
    for answer in ({"theirs": ours.pk}, {"theirs": 10**9}, {}):
        other.post(f"/joins/{join.pk}/agree/", answer)
        assert Join.objects.get().state == "open"
    asker.post(f"/joins/{join.pk}/withdraw/")
    assert Join.objects.get().state == "withdrawn"
    response = other.post(f"/joins/{join.pk}/decline/", follow=True)
    assert "no longer open" in response.content.decode()


def test_one_searches_among_ones_own(world: World, ours: Organisation) -> None:
    ask(world, ours)
    join = Join.objects.get()
    world.organisation(world.biom, legal_name="Ganz Anders GmbH")
    other = signed_in(world.users["contact_biom"])
    assert "Ganz Anders" in page(other, f"/joins/{join.pk}/?q=anders")
    assert "Nothing fits" in page(other, f"/joins/{join.pk}/?q=vif")


def test_nobody_reads_the_name_of_the_other_clusters_user(world: World, ours: Organisation) -> None:
    theirs = world.organisation(world.biom, legal_name="Zellen GmbH")
    asker = ask(world, ours)
    other = signed_in(world.users["contact_biom"])
    other.post(f"/joins/{Join.objects.get().pk}/agree/", {"theirs": theirs.pk})
    decider = str(world.users["contact_biom"])

    assert decider in page(other, f"/organisations/{ours.pk}/")
    assert decider not in page(asker, f"/organisations/{ours.pk}/")


def test_undoing_tells_nothing_of_what_the_other_cluster_changed_since(
    world: World, ours: Organisation
) -> None:
    """Which of its own decisions about duplicates stay as they are is told to itself alone."""
    theirs = world.organisation(world.biom, legal_name="Zellen GmbH")
    third = world.organisation(world.biom, legal_name="Zellen AG")
    pair = Duplicate.objects.create(
        cluster=world.biom,
        noun="organisation",
        first=theirs.pk,
        second=third.pk,
        score=80,
        state=Duplicate.State.DISMISSED,
        found_at=timezone.now(),
        decided_at=timezone.now(),
    )
    join = joining.ask(
        organisation=ours, asker=world.biocat, asked=world.biom, home=world.biocat, by=None
    )
    merge = joining.agree(join=join, theirs=theirs, by=None).merge
    assert merge
    Duplicate.objects.exclude(pk=pair.pk).update(score=99)

    asker = signed_in(world.users["contact_biocat"])
    response = asker.post(f"/merges/{merge.pk}/undo/", follow=True)

    assert "two again" in response.content.decode()
    assert "Changed since" not in response.content.decode()
