"""Pages of announcements and press releases: begun, given an embargo and files, looked over."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from campaigns.actions import enclosures, snippets
from campaigns.mail import links
from campaigns.models import Campaign, Enclosure
from crm.models import Topic
from tests import world as worlds
from tests.kit import press
from tests.world import World

PDF = b"%PDF-1.4\n%%EOF\n"
Kind = Campaign.Kind


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def news(world: World) -> Topic:
    return press.news(world)


@pytest.fixture
def release(world: World) -> Campaign:
    press.journalist(world, given="Violette", family="Tarare")
    press.journalist(world, world.biom)
    return press.written(world, Kind.PRESS)


@pytest.fixture
def file(release: Campaign) -> Enclosure:
    return enclosures.enclose(
        campaign=release, titles={"en": "The photo"}, file=("photo.pdf", PDF), by=None
    )


def begin(client: Client, world: World, **values: object) -> str:
    asked = {"kind": "announcement", "alliance": world.alliance.pk, "title": "New", **values}
    response = client.post("/campaigns/new/", asked, follow=True)
    return str(response.content.decode())


def content(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return str(response.content.decode())


def test_a_coordinator_begins_an_announcement_and_writes_it(
    world: World, as_coordinator: Client, news: Topic
) -> None:
    assert "/campaigns/new/" in content(as_coordinator, "/campaigns/")

    page = begin(as_coordinator, world, topic=news.pk)

    campaign = Campaign.objects.get()
    assert campaign.kind == Kind.ANNOUNCEMENT
    assert "Save the text" in page
    assert "Answer buttons" not in page  # there is nothing to answer
    assert "Embargo" not in page
    shown = content(as_coordinator, f"/campaigns/{campaign.ref}/")
    assert "Answers so far" not in shown
    assert "No file yet" in shown
    assert "Announcement" in content(as_coordinator, "/campaigns/")


def test_it_begins_with_a_template_of_its_kind(
    world: World, as_coordinator: Client, news: Topic, release: Campaign
) -> None:
    assert 'name="template"' not in content(as_coordinator, "/campaigns/new/")
    kept = snippets.keep(campaign=release, by=world.users["coordinator"], name="Our releases")

    assert "Our releases (press release)" in content(as_coordinator, "/campaigns/new/")
    page = begin(as_coordinator, world, topic=news.pk, template=kept.pk)
    assert "is no template of" in page
    page = begin(as_coordinator, world, kind="press", title="Anew", template=kept.pk)

    assert "Save the text" in page
    campaign = Campaign.objects.get(title="Anew")
    whys = campaign.revisions.filter(language="en").order_by("number").values_list("why", flat=True)
    assert [*whys] == ["drafted", "template"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Choose a topic"),
        ({"kind": ""}, "Choose what it is"),
        ({"kind": "mission-call"}, "Select a valid choice"),
        ({"title": " "}, "required"),
        ({"topic": 10**9}, "Select a valid choice"),
    ],
)
def test_what_lacks_something_is_said_and_nothing_begins(
    world: World, as_coordinator: Client, values: dict[str, object], sentence: str
) -> None:
    assert sentence in begin(as_coordinator, world, **values)
    assert not Campaign.objects.exists()


def test_nobody_begins_for_an_alliance_of_others(
    world: World, as_coordinator: Client, as_contact: Client, news: Topic
) -> None:
    assert as_contact.get("/campaigns/new/").status_code == 404
    assert "/campaigns/new/" not in content(as_contact, "/campaigns/")
    assert "Select a valid choice" in begin(
        as_coordinator, world, alliance=world.other_alliance.pk, topic=news.pk
    )
    assert not Campaign.objects.exists()


def test_every_page_of_a_release_is_there(
    world: World, as_coordinator: Client, release: Campaign, file: Enclosure
) -> None:
    for page in (
        "", "progress/", "preview/", "preview/body/", "check/", "people/", "report/", "audience/",
        "audience/build/", "changes/", "otherwise/", "schedule/", "dates/", "again/", "text/en/",
        "text/de/", "text/en/versions/", "embargo/", "files/", f"files/{file.pk}/",
        f"lanes/{world.lane(release, world.biom).pk}/",
        f"lanes/{world.lane(release, None).pk}/",
    ):  # fmt: skip
        content(as_coordinator, f"/campaigns/{release.ref}/{page}")
    assert "Violette" in content(as_coordinator, f"/campaigns/{release.ref}/people/")
    assert "Journalists" in content(as_coordinator, f"/campaigns/{release.ref}/audience/")


def test_a_region_signs_the_release_for_its_journalists(
    world: World, as_other_contact: Client, release: Campaign
) -> None:
    lane = world.lane(release, world.biom)

    page = content(as_other_contact, f"/campaigns/{release.ref}/lanes/{lane.pk}/")

    assert "Violette" not in page
    assert "No document and no picture yet" in content(
        as_other_contact, f"/campaigns/{release.ref}/"
    )


def test_an_embargo_is_laid_on_the_clocks_of_a_place_and_taken_off(
    as_coordinator: Client, release: Campaign
) -> None:
    day = timezone.localdate() + dt.timedelta(days=30)
    url = f"/campaigns/{release.ref}/embargo/"

    as_coordinator.post(url, {"until": f"{day}T10:00", "zone": "Asia/Tokyo"})

    release.refresh_from_db()
    assert release.embargo_until
    assert release.embargo_until.astimezone(dt.UTC).hour == 1
    assert "Tokyo time" in content(as_coordinator, f"/campaigns/{release.ref}/")
    assert f"{day}T10:00" in content(as_coordinator, url)

    assert "in the past" in as_coordinator.post(
        url, {"until": "2020-01-01T10:00", "zone": "Europe/Paris"}
    ).content.decode()  # fmt: skip

    as_coordinator.post(url, {"until": "", "zone": "Europe/Paris"})
    release.refresh_from_db()
    assert release.embargo_until is None


def test_only_a_release_has_an_embargo_and_only_its_writer_changes_it(
    world: World, as_coordinator: Client, as_contact: Client, release: Campaign
) -> None:
    call = world.call(release=False, start=False)

    assert as_coordinator.get(f"/campaigns/{call.ref}/embargo/").status_code == 404
    assert as_coordinator.get(f"/campaigns/{call.ref}/files/").status_code == 404
    assert as_contact.get(f"/campaigns/{release.ref}/embargo/").status_code == 404
    assert as_contact.get(f"/campaigns/{release.ref}/files/").status_code == 404


def test_a_file_is_enclosed_opened_by_anybody_with_its_address_and_removed(
    as_coordinator: Client, release: Campaign
) -> None:
    as_coordinator.post(
        f"/campaigns/{release.ref}/files/",
        {
            "upload": SimpleUploadedFile("plan.pdf", PDF),
            "titles_en": "The plan",
            "language": "en",
        },
    )
    row = Enclosure.objects.get()
    page = content(as_coordinator, f"/campaigns/{release.ref}/")
    assert "The plan" in page

    response = Client().get(f"/public/files/{row.sha256}.pdf")
    assert b"".join(response) == PDF
    assert "attachment" in response["Content-Disposition"]
    assert response["X-Robots-Tag"] == "noindex"
    assert Client().get(f"/public/files/{row.sha256}.jpg").status_code == 404
    assert Client().get(f"/public/files/{'0' * 64}.pdf").status_code == 404

    as_coordinator.post(f"/campaigns/{release.ref}/files/{row.pk}/")
    assert not Enclosure.objects.exists()


def test_a_file_of_another_campaign_is_not_removed_from_here(
    world: World, as_coordinator: Client, release: Campaign, file: Enclosure
) -> None:
    other = press.written(world, Kind.PRESS, title="Another one")

    response = as_coordinator.post(f"/campaigns/{other.ref}/files/{file.pk}/")

    assert response.status_code == 404
    assert Enclosure.objects.get() == file


def test_a_file_that_cannot_be_is_refused_in_a_sentence(
    as_coordinator: Client, release: Campaign
) -> None:
    response = as_coordinator.post(
        f"/campaigns/{release.ref}/files/",
        {"upload": SimpleUploadedFile("page.html", b"<p>"), "titles_en": "A page"},
    )

    assert "of a kind that is not kept" in response.content.decode()
    assert not Enclosure.objects.exists()


def test_leaving_an_announcement_is_leaving_its_topic(
    world: World, as_coordinator: Client, news: Topic
) -> None:
    reader = press.reader_of(world, news)
    campaign = press.written(world, Kind.ANNOUNCEMENT, news)
    assert reader.primary
    token = links.leaving_token(
        links.Leaving(reader.primary.address_id, campaign.pk, world.biocat.pk, "en")
    )
    page = f"/public/unsubscribe/{token}/"
    assert "Only this: News" in content(Client(), page)

    Client().post(page, {"List-Unsubscribe": "One-Click"})

    suppression = reader.primary.address.suppressions.get()
    assert (suppression.scope, suppression.topic) == ("topic", news)
