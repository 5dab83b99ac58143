import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from crm.models import Mission
from tests.views.conftest import SignIn, World, state

PDF = b"%PDF-1.4\n%%EOF\n"


def entered(world: World, **changed: Any) -> dict[str, Any]:
    return {
        "names_en": "Mission to Korea",
        "names_fr": "Mission en Corée",
        "slug": "korea",
        "alliances": [world.alliance.pk],
        "lead_cluster": world.lyon.pk,
        "market": world.market.pk,
        "starts": "2027-10-09",
        "ends": "2027-10-14",
        "status": "draft",
        **changed,
    }


def test_a_coordinator_enters_a_mission_in_two_languages(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)

    browser.post(reverse("crm:missions-create"), entered(world))

    mission = Mission.objects.get(slug="korea")
    assert mission.names == {"en": "Mission to Korea", "fr": "Mission en Corée"}
    assert (mission.during.lower, mission.during.upper) == (
        dt.date(2027, 10, 9),
        dt.date(2027, 10, 15),
    )


def test_a_mission_may_be_known_by_its_month_only(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)

    browser.post(reverse("crm:missions-create"), entered(world, starts="2027-10", ends=""))

    mission = Mission.objects.get(slug="korea")
    assert mission.precision == "month"
    assert mission.during.upper == dt.date(2027, 11, 1)
    assert "October 2027" in browser.get(reverse("crm:missions-list")).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"names_en": "", "names_fr": ""}, "at least one language"),
        ({"starts": "next autumn"}, "is not a date"),
        ({"ends": "2027-10-01"}, "lies before"),
        ({"slug": "japan-next"}, "is taken"),
    ],
)
def test_bad_input_gets_a_sentence_and_writes_nothing(
    world: World, as_user: SignIn, wrong: dict[str, Any], sentence: str
) -> None:
    browser = as_user(world.coordinator)

    answer = browser.post(reverse("crm:missions-create"), entered(world, **wrong))

    assert sentence in answer.content.decode()
    assert Mission.objects.count() == 1


def test_the_page_shows_what_is_missing_in_a_language(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)
    state(world.mission)

    page = browser.get(
        reverse("crm:missions-show", args=["japan-next"]), {"language": "fr"}
    ).content.decode()

    assert "Mission au Japon" in page
    assert "not written in French: readers get this" in page
    assert "Le marché japonais" in page
    assert "Camille Arnaud" in page
    assert "sources differ" in page


def test_answers_are_counted_for_all_and_named_where_shared(world: World, as_user: SignIn) -> None:
    coordinator = as_user(world.coordinator).get(reverse("crm:missions-show", args=["japan-next"]))
    counted = coordinator.context["answered"]
    assert (counted.total, counted.unnamed) == (2, 1)
    assert "Geheimwort" not in coordinator.content.decode()

    contact = as_user(world.contact).get(reverse("crm:missions-show", args=["japan-next"]))
    assert contact.context["answered"].total == 1


def test_editing_keeps_what_is_not_on_the_form(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)

    browser.post(
        reverse("crm:missions-edit", args=["japan-next"]),
        entered(world, names_fr="", eligible_regions=[], status="closed", version=1),
    )

    mission = Mission.objects.get(slug="japan-next")
    assert mission.status == "closed"
    assert mission.names == {"en": "Mission to Korea"}
    assert mission.deadlines.count() == 1


def test_a_stale_edit_is_refused_and_nothing_typed_is_lost(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)
    url = reverse("crm:missions-edit", args=["japan-next"])
    browser.post(url, entered(world, version=1))

    answer = browser.post(url, entered(world, names_en="Too late", version=1))

    assert "Somebody else changed" in answer.content.decode()
    assert "Too late" in answer.content.decode()
    assert Mission.objects.get(slug="japan-next").names["en"] != "Too late"


def test_a_new_programme_version_leaves_the_former_readable(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)
    first = world.mission.programme.items.first()
    rows = {
        "label": "final",
        "form-TOTAL_FORMS": "3",
        "form-INITIAL_FORMS": "2",
        "form-0-uid": str(first.item_uid),
        "form-0-day": first.day.isoformat(),
        "form-0-part": "morning",
        "form-0-kind": "workshop",
        "form-0-titles_en": "A shorter workshop",
        "form-1-day": first.day.isoformat(),
        "form-1-part": "day",
        "form-1-kind": "fair",
        "form-1-titles_en": "Fair",
        "form-1-DELETE": "on",
        "form-2-part": "day",
        "form-2-kind": "workshop",
    }

    browser.post(reverse("crm:programmes-edit", kwargs={"mission": "japan-next"}), rows)

    newest = world.mission.programme
    assert (newest.n, newest.label, newest.items.count()) == (2, "final", 1)
    assert newest.items.get().item_uid == first.item_uid
    former = browser.get(reverse("crm:missions-show", args=["japan-next"]), {"programme": "1"})
    assert "The Japanese market" in former.content.decode()


def test_more_rows_publish_nothing(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)
    rows = {"label": "final", "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "more": "1"}

    answer = browser.post(reverse("crm:programmes-edit", kwargs={"mission": "japan-next"}), rows)

    assert len(answer.context["items"].forms) == 4
    assert world.mission.programme.n == 1


def test_hours_need_an_hour(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)
    rows = {
        "label": "final",
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "0",
        "form-0-day": "2027-10-09",
        "form-0-part": "hours",
        "form-0-kind": "fair",
        "form-0-titles_en": "Fair",
    }

    answer = browser.post(reverse("crm:programmes-edit", kwargs={"mission": "japan-next"}), rows)

    assert "Say at what hour it starts" in answer.content.decode()
    assert world.mission.programme.n == 1


def test_a_deadline_is_kept_on_the_clock_of_its_zone(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)

    browser.post(
        reverse("crm:deadlines-create", args=["japan-next"]),
        {
            "things_en": "Apply",
            "wall": "2027-06-09T18:00",
            "timezone": "Asia/Tokyo",
            "audience": "members",
        },
    )

    deadline = world.mission.deadlines.get(things__en="Apply")
    assert deadline.at == dt.datetime(2027, 6, 9, 9, 0, tzinfo=dt.UTC)
    page = browser.get(reverse("crm:missions-show", args=["japan-next"])).content.decode()
    assert "9 June 2027, 18:00 (Tokyo)" in page


def test_a_wrong_zone_or_hour_gets_a_sentence(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)

    page = browser.post(
        reverse("crm:deadlines-create", args=["japan-next"]),
        {"things_en": "Apply", "wall": "soon", "timezone": "Mars/Base", "audience": "members"},
    ).content.decode()

    assert "Write a day and an hour" in page
    assert "is not a time zone" in page


def test_a_deadline_is_removed_after_asking(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)
    deadline = world.mission.deadlines.get()
    remove = reverse("crm:deadlines-remove", args=["japan-next", deadline.pk])

    browser.get(remove)
    assert world.mission.deadlines.exists()
    browser.post(remove)
    assert not world.mission.deadlines.exists()


def test_outsiders_get_their_own_route(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)

    browser.post(
        reverse("crm:external-routes-edit", args=["japan-next"]),
        {
            "organiser": "EU-Japan Centre",
            "url": "https://call.example/",
            "wall": "2027-06-09T12:00",
            "timezone": "Europe/Brussels",
            "texts_en": "Apply there.",
        },
    )

    page = browser.get(reverse("crm:missions-show", args=["japan-next"])).content.decode()
    assert "EU-Japan Centre" in page


def test_a_document_is_opened_only_by_who_sees_the_mission(
    world: World, as_user: SignIn, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    browser = as_user(world.coordinator)
    attach = reverse("crm:documents-create", kwargs={"mission": "japan-next"})
    written = {"titles_en": "Hotels", "language": "en"}

    refused = browser.post(attach, {**written, "upload": SimpleUploadedFile("a.pdf", b"<html>")})
    assert "is not a PDF" in refused.content.decode()
    browser.post(attach, {**written, "upload": SimpleUploadedFile("hotels.pdf", PDF)})

    document = world.mission.documents.get()
    url = reverse("crm:documents-show", args=[document.pk])
    opened = browser.get(url)
    assert opened.getvalue() == PDF
    assert as_user(world.stranger).get(url).status_code == 404


def test_a_contact_of_another_cluster_reads_but_changes_nothing(
    world: World, as_user: SignIn
) -> None:
    browser = as_user(world.neighbour)

    assert browser.get(reverse("crm:missions-show", args=["japan-next"])).status_code == 200
    for url in (
        reverse("crm:missions-create"),
        reverse("crm:missions-edit", args=["japan-next"]),
        reverse("crm:missions-archive", args=["japan-next"]),
        reverse("crm:deadlines-create", args=["japan-next"]),
        reverse("crm:external-routes-edit", args=["japan-next"]),
        reverse("crm:programmes-edit", kwargs={"mission": "japan-next"}),
        reverse("crm:documents-create", kwargs={"mission": "japan-next"}),
    ):
        assert browser.get(url).status_code == 404
        assert browser.post(url, entered(world)).status_code == 404


def test_a_stranger_finds_nothing(world: World, as_user: SignIn) -> None:
    browser = as_user(world.stranger)

    assert browser.get(reverse("crm:missions-show", args=["japan-next"])).status_code == 404
    assert "Japan" not in browser.get(reverse("crm:missions-list")).content.decode()


def test_anonymous_visitors_are_asked_to_sign_in(world: World, client: Client) -> None:
    url = reverse("crm:missions-show", args=["japan-next"])

    assert client.get(url).headers["Location"].startswith(reverse("account_login"))


def test_archiving_and_restoring(world: World, as_user: SignIn) -> None:
    browser = as_user(world.coordinator)

    browser.post(reverse("crm:missions-archive", args=["japan-next"]))
    assert Mission.objects.get(slug="japan-next").archived_at
    listed = browser.get(reverse("crm:missions-list")).content.decode()
    assert reverse("crm:missions-show", args=["japan-next"]) not in listed
    browser.post(reverse("crm:missions-restore", args=["japan-next"]))
    assert Mission.objects.get(slug="japan-next").archived_at is None
