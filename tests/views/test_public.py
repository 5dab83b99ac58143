"""What readers open from their mails: GET shows, POST acts, and no login stands before it."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import mailbox
from campaigns.mail import links
from campaigns.mail.compose import reader_of
from campaigns.models import Campaign, Delivery
from crm.actions import events, missions
from crm.models import Address, Answer, ConsentRecord, Event, Suppression
from tests import world as worlds
from tests.kit.reports import plain
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def delivery(world: World) -> Delivery:
    world.person(email="reader@sme.example", language="fr")
    return Delivery.objects.select_related("person").get(campaign=world.call())


@pytest.fixture
def browser() -> Client:
    """A mail provider's program: no cookie, and CSRF would be checked."""
    return Client(enforce_csrf_checks=True)


def leaving(delivery: Delivery) -> str:
    assert delivery.person
    return links.unsubscribe(reader_of(delivery).value("leaving")).removeprefix(links.absolute(""))


def answering(delivery: Delivery, value: str) -> str:
    return links.answer(reader_of(delivery).value("answering"), value).removeprefix(
        links.absolute("")
    )


# --- leaving


def test_one_click_leaves_the_topic_without_cookie_or_form(
    world: World, delivery: Delivery, browser: Client
) -> None:
    response = browser.post(leaving(delivery), {"List-Unsubscribe": "One-Click"})

    suppression = Suppression.objects.get()
    assert response.status_code == 200
    assert (suppression.scope, suppression.topic) == ("topic", world.topic)
    assert not response.cookies
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SUPPRESSED


def test_who_leaves_is_counted_with_the_mail_they_left_by(
    delivery: Delivery, browser: Client
) -> None:
    browser.post(leaving(delivery), {"List-Unsubscribe": "One-Click"})

    assert Suppression.objects.get().delivery == delivery.pk
    proof = ConsentRecord.objects.get(act=ConsentRecord.Act.WITHDRAWN)
    assert proof.delivery == delivery.pk


def test_a_post_without_a_body_leaves_the_topic_too(delivery: Delivery, browser: Client) -> None:
    assert browser.post(leaving(delivery)).status_code == 200
    assert Suppression.objects.get().scope == "topic"


def test_leaving_twice_is_once(delivery: Delivery, browser: Client) -> None:
    for _n in range(2):
        browser.post(leaving(delivery), {"List-Unsubscribe": "One-Click"})

    assert Suppression.objects.count() == 1


def test_opening_the_page_leaves_nothing(delivery: Delivery, browser: Client) -> None:
    for method in (browser.get, browser.head):
        assert method(leaving(delivery)).status_code == 200

    assert not Suppression.objects.exists()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.PENDING


def test_the_page_speaks_the_mails_language_and_names_who_is_responsible(
    delivery: Delivery, browser: Client
) -> None:
    page = browser.get(leaving(delivery)).content.decode()

    assert '<html lang="fr"' in page
    assert "Appels à missions" in page
    assert "Biocat Street 1" in page
    assert page.count("<button") == 1
    assert "<script" not in page


@pytest.mark.parametrize("scope", ["cluster", "alliance", "all"])
def test_more_than_the_topic_can_be_left(delivery: Delivery, browser: Client, scope: str) -> None:
    browser.post(leaving(delivery), {"scope": scope})

    assert Suppression.objects.get().scope == scope


def test_a_scope_nobody_offered_is_refused(delivery: Delivery, browser: Client) -> None:
    browser.post(leaving(delivery), {"scope": "everybody"})

    assert not Suppression.objects.exists()


def rotate(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new key, as after a restart: what was signed before is read by the former ones."""
    former = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    settings.SECRET_KEY_FALLBACKS = former
    settings.SECRET_KEY = f"another long and random secret {len(former)}"
    for name in ("leaving", "mailbox"):
        monkeypatch.setattr(links, f"_{name.upper()}", links.Seal(f"liaison.{name}"))


def test_years_later_one_click_still_leaves(
    world: World,
    delivery: Delivery,
    browser: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The campaign is over, its details are gone, the key was changed twice."""
    path = leaving(delivery)
    Campaign.objects.update(status=Campaign.Status.FINISHED)
    Delivery.objects.all().delete()
    rotate(settings, monkeypatch)
    rotate(settings, monkeypatch)
    assert leaving(delivery) != path

    for _twice in range(2):
        said = browser.post(path, {"List-Unsubscribe": "One-Click"})
        assert (said.status_code, bool(said.cookies)) == (200, False)
    assert Suppression.objects.get().topic == world.topic

    settings.SECRET_KEY_FALLBACKS = []
    monkeypatch.setattr(links, "_LEAVING", links.Seal("liaison.leaving"))
    assert browser.post(path).status_code == 404


def test_years_later_a_mail_still_leaves(
    world: World, delivery: Delivery, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAILBOX_ADDRESS = "replies@liaison.example"
    address = reader_of(delivery).value("leave_by_mail")
    Delivery.objects.all().delete()
    rotate(settings, monkeypatch)

    for _twice in range(2):
        mailbox.understand(plain(address.upper()))
    assert Suppression.objects.get().topic == world.topic


def test_whoever_had_their_address_erased_may_still_press_it(
    delivery: Delivery, browser: Client
) -> None:
    path = leaving(delivery)
    Address.objects.filter(pk=delivery.address_id).update(
        email=None, key=None, erased_at=timezone.now()
    )
    assert browser.post(path).status_code == 200
    assert Suppression.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"", ""),
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (b"List-Unsubscribe=One-Click", "text/plain"),
        (b'{"List-Unsubscribe": "One-Click"}', "application/json"),
        (
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click'
            b"\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
        (b"List-Unsubscribe=One-Click", "multipart/form-data"),
    ],
)
def test_one_click_needs_no_body_of_any_kind(
    delivery: Delivery, browser: Client, body: bytes, kind: str
) -> None:
    answer = browser.generic("POST", leaving(delivery), body, content_type=kind)
    assert answer.status_code == 200
    assert Suppression.objects.get().scope == "topic"


@pytest.mark.parametrize("change", [lambda t: t[:-3], lambda t: "9" + t, lambda _t: "nothing"])
def test_an_altered_link_says_so_and_does_nothing(
    delivery: Delivery, browser: Client, change: object
) -> None:
    token = leaving(delivery).split("/")[3]
    broken = change(token)  # type: ignore[operator]

    for method in (browser.get, browser.post):
        response = method(f"/public/unsubscribe/{broken}/")
        assert response.status_code == 404
        assert "This link does not work" in response.content.decode()
    assert not Suppression.objects.exists()


# --- answering


def test_an_answer_counts_when_the_button_is_pressed(
    world: World, delivery: Delivery, browser: Client
) -> None:
    path = answering(delivery, "interested")
    assert browser.get(path).status_code == 200
    assert not Answer.objects.exists()

    page = browser.post(path, {"value": "interested", "note": "Two of us"}).content.decode()

    answer = Answer.objects.get()
    assert (answer.value, answer.note, answer.mission) == ("interested", "Two of us", world.mission)
    assert "Desk of Biocat" in page
    assert "/public/fr/missions/japan-next/" in page


def test_an_answer_can_be_changed_and_both_are_kept(delivery: Delivery, browser: Client) -> None:
    for value in ("interested", "declined"):
        browser.post(answering(delivery, value), {"value": value})

    assert list(Answer.objects.order_by("at").values_list("value", flat=True)) == [
        "interested",
        "declined",
    ]


def test_answering_twice_in_a_row_is_one_answer(delivery: Delivery, browser: Client) -> None:
    for _n in range(2):
        browser.post(answering(delivery, "interested"), {"value": "interested"})

    assert Answer.objects.count() == 1


@pytest.mark.parametrize("value", ["coming", "nonsense"])
def test_an_answer_to_another_question_is_refused(
    delivery: Delivery, browser: Client, value: str
) -> None:
    assert browser.post(answering(delivery, value), {"value": value}).status_code == 404
    assert not Answer.objects.exists()


def test_a_token_for_one_thing_does_not_do_another(delivery: Delivery, browser: Client) -> None:
    leave = leaving(delivery).split("/")[3]
    answer = answering(delivery, "interested").split("/")[3]

    assert browser.post(f"/public/unsubscribe/{answer}/").status_code == 404
    assert browser.post(f"/public/answers/{leave}/interested/").status_code == 404


# --- public pages


def test_a_missions_page_is_written_by_its_record_in_each_language(
    world: World, client: Client
) -> None:
    page = client.get("/public/fr/missions/japan-next/").content.decode()

    for words in (
        "Mission au Japon",
        "Rejoignez la délégation.",
        "Arrivée à Osaka",
        "Candidature",
        "EU-Japan Centre",
        "Desk of Biocat",
        "Desk of BioM",
        'hreflang="en"',
        "deadlines.ics",
    ):
        assert words in page
    assert '<html lang="fr"' in page
    assert "Biowin" not in page


def test_an_events_page_offers_its_calendar_file(world: World, client: Client) -> None:
    assert "event.ics" in client.get("/public/en/events/matchmaking-next/").content.decode()
    response = client.get("/public/en/events/matchmaking-next/event.ics")
    assert response["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in response.content


def test_what_is_not_public_has_no_page(world: World, client: Client) -> None:
    missions.archive(mission=world.mission, by=None)
    events.archive(event=world.event, by=None)

    for path in (
        "/public/en/missions/japan-next/",
        "/public/en/missions/japan-next/deadlines.ics",
        "/public/en/events/matchmaking-next/",
        "/public/xx/missions/japan-next/",
    ):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(("mode", "told"), [("open", True), ("rsvp", False), ("selection", False)])
def test_where_guests_are_chosen_the_calendar_file_tells_nobody_where_to_join(
    world: World, client: Client, mode: str, told: bool
) -> None:
    Event.objects.filter(pk=world.event.pk).update(
        join_url="https://meet.bio.example/room", answer_mode=mode
    )

    said = client.get("/public/en/events/matchmaking-next/event.ics").content.decode()

    assert ("https://meet.bio.example/room" in said.replace("\r\n ", "")) is told
