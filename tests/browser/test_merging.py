"""Duplicates in a browser: found, compared, merged, and made two again by their contact."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from crm.actions import consent, duplicates
from crm.models import Person
from tests.browser.pictures import keep as keep_picture
from tests.world import World


def twins(world: World) -> tuple[Person, Person]:
    place = world.organisation(world.biocat, legal_name="Pirineus Biotech SL")
    first = world.person(
        title="Dr.",
        given="Anna",
        family="Puigdomènech",
        email="anna.puigdomenech@pirineus.example",
        organisation=place,
        job="Head of business development",
        language="ca",
    )
    second = world.person(
        given="A.",
        family="Puigdomenech",
        email="apuigdomenech@pirineus.example",
        phone="+34 93 000 00 00",
        organisation=place,
        job="CEO",
    )
    assert second.primary
    consent.withdraw(
        address=second.primary.address,
        scope="cluster",
        cluster=world.biocat,
        reason="objected",
        source="a phone call",
        person=second,
    )
    world.organisation(world.biocat, legal_name="Novamedica SL", city="Girona")
    world.organisation(world.biocat, legal_name="Novamedika S.L.U.", city="Girona")
    duplicates.look_for(cluster_id=world.biocat.pk)
    return first, second


def test_a_pair_is_found_compared_merged_and_made_two_again(
    sit_down: Callable[..., Page], world: World
) -> None:
    first, second = twins(world)
    page = sit_down("contact_biocat")
    page.goto("/")
    page.get_by_role("link", name="People who may be there twice").click()
    expect(page.get_by_text("1 pair", exact=True)).to_be_visible()
    keep_picture(page, "merging-list")

    page.get_by_role("link", name="Compare and merge").click()
    expect(page.get_by_role("group", name="Mails go to")).to_be_visible()
    page.get_by_label("Puigdomenech", exact=True).check()
    keep_picture(page, "merging-side-by-side")
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("They are one now")).to_be_visible()

    page.goto(f"/people/{second.pk}/")
    expect(page.get_by_role("heading", name="Anna Puigdomenech")).to_contain_text("objected")
    assert page.url.endswith(f"/people/{first.pk}/")
    keep_picture(page, "merging-record")
    page.get_by_role("link", name="Undo the merge").click()
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_text("They are two again")).to_be_visible()
    expect(page.get_by_role("heading", name="Anna Puigdomènech")).to_contain_text("mailable")


def test_on_a_telephone_by_keyboard_and_without_scripts(
    sit_down: Callable[..., Page], world: World
) -> None:
    first, second = twins(world)
    page = sit_down("contact_biocat", width=360, scheme="dark", javascript=False)
    page.goto(f"/people/{first.pk}/merge/{second.pk}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    keep_picture(page, "merging-side-by-side-narrow")

    page.goto("/duplicates/organisations/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    keep_picture(page, "merging-list-narrow")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The pair will not be proposed again")).to_be_visible()
    expect(page.get_by_text("Nothing looks like a duplicate")).to_be_visible()
