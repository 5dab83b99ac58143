"""What is typed into a search is anything."""

import pytest
from django.test import Client

from crm.actions import joining
from tests import world as worlds
from tests.conftest import signed_in
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


def test_a_search_with_a_nul_is_answered(world: World, client: Client) -> None:
    ours = world.organisation(world.biocat, legal_name="Vif Cells SL")
    person = world.person(world.biocat)
    join = joining.ask(
        organisation=world.organisation(world.biom),
        asker=world.biom,
        asked=world.biocat,
        home=world.biom,
        by=None,
    )
    campaign = world.call()
    browser = signed_in(world.users["contact_biocat"])
    pages = (
        "/people/",
        "/organisations/",
        f"/people/{person.pk}/merge/",
        f"/organisations/{ours.pk}/merge/",
        f"/joins/{join.pk}/",
        f"/campaigns/{campaign.ref}/people/",
    )
    for page in pages:
        response = browser.get(page, {"q": "vif\x00cells"})
        assert response.status_code == 200, page
    assert client.get("/public/en/directory/", {"q": "vif\x00cells"}).status_code == 200


def test_a_short_word_begins_a_word_and_is_no_typo(world: World) -> None:
    """Nearly every name holds an "a"; whoever looks for Li or 3M means a word of its own."""
    company = world.organisation(world.biocat, legal_name="3M Sanitas SL")
    for given, family in (("Bo", "Li"), ("Lia", "Marti"), ("Julia", "Oliva")):
        world.person(world.biocat, given=given, family=family)
    world.person(world.biocat, given="Zoe", family="Puig", organisation=company)
    browser = signed_in(world.users["contact_biocat"])

    def found(words: str) -> list[str]:
        lines = browser.get("/people/", {"q": words}).context["listed"].lines
        return [line.row.family for line in lines]

    assert found("li") == ["Marti", "Li"]
    assert found("3m") == ["Puig"]
    assert found("bo li") == ["Li"]
    assert found("lx") == found("bo lx") == []
    lines = browser.get("/organisations/", {"q": "3m"}).context["listed"].lines
    assert [line.row.legal_name for line in lines] == ["3M Sanitas SL"]
