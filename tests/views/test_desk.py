"""The undecided desk in the browser: who sees what, and who may decide it."""

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.actions import desk, letters
from campaigns.models import Attempt, Campaign, Delivery
from tests import world as worlds
from tests.world import World

State = Delivery.State


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


def fall_silent(world: World, campaign: Campaign, *emails: str, generation: int = 1) -> None:
    """The servers of these readers never answered."""
    for delivery in Delivery.objects.filter(campaign=campaign, address__email__in=emails):
        Delivery.objects.filter(pk=delivery.pk).update(state=State.UNKNOWN, generation=generation)
        Attempt.objects.create(
            delivery=delivery,
            generation=generation,
            relay="mx.relay.example",
            phase="dot",
            text=f"no answer about {delivery.address.email}",
            outcome=Attempt.Outcome.UNKNOWN,
        )


@pytest.fixture
def silent(world: World) -> Campaign:
    world.person(email="ours@sme.example", given="Iris", family="Vidal")
    world.person(world.biom, email="theirs@sme.example", given="Lena", family="Geheim")
    campaign = world.call()
    fall_silent(world, campaign, "ours@sme.example", "theirs@sme.example")
    Delivery.objects.exclude(state=State.UNKNOWN).update(state=State.ACCEPTED)
    campaign.releases.update(status="done")
    Campaign.objects.filter(pk=campaign.pk).update(status=Campaign.Status.FINISHED)
    campaign.refresh_from_db()
    return campaign


def pick(email: str) -> int:
    """The try that is undecided now, as a form names it."""
    return Attempt.objects.undecided().get(delivery__address__email=email).pk


def states() -> dict[str | None, int]:
    return {each.address.email: each.state for each in Delivery.objects.select_related("address")}


def page(client: Client, address: str = "/campaigns/desk/") -> str:
    return client.get(address).content.decode()


def test_a_contact_sees_the_own_lane_with_name_address_server_and_last_words(
    silent: Campaign, as_contact: Client
) -> None:
    shown = page(as_contact)

    assert "Iris Vidal" in shown
    assert "no answer about ours@sme.example" in shown
    assert "mx.relay.example" in shown
    assert "Geheim" not in shown
    assert "theirs@sme.example" not in shown


def test_the_coordinator_sees_both_but_names_only_where_they_are_shared(
    silent: Campaign, as_coordinator: Client
) -> None:
    shown = page(as_coordinator)

    assert "Iris Vidal" in shown
    assert "name not shared with you" in shown
    assert "Geheim" not in shown
    assert "@sme.example" not in shown


def test_today_and_the_record_say_that_a_finished_campaign_left_mails_undecided(
    silent: Campaign, as_contact: Client
) -> None:
    """The badge of parts/status.html, on pages that are not the campaigns' own."""
    assert silent.mission
    record = reverse("crm:missions-show", args=[silent.mission.slug])

    for address in (reverse("crm:dashboard-show"), record):
        assert "finished, 1 undecided" in page(as_contact, address)


def test_who_is_outside_or_only_reads_sees_an_empty_desk(
    world: World, silent: Campaign, as_stranger: Client
) -> None:
    reader = Client()
    reader.force_login(world.users["reader"])

    for client in (as_stranger, reader):
        assert "Nothing is undecided" in page(client)


def test_a_contact_leaves_a_mail_undecided(silent: Campaign, as_contact: Client) -> None:
    answer = as_contact.post(
        "/campaigns/desk/leave/", {"pick": pick("ours@sme.example")}, follow=True
    ).content.decode()

    assert "One mail is left undecided." in answer
    assert "Iris Vidal" not in page(as_contact)
    assert "Iris Vidal" in page(as_contact, "/campaigns/desk/?left=1")
    assert states()["ours@sme.example"] == State.UNKNOWN


@pytest.mark.parametrize("act", ["leave", "again"])
def test_nobody_decides_over_another_lane(silent: Campaign, as_contact: Client, act: str) -> None:
    answer = as_contact.post(
        f"/campaigns/desk/{act}/", {"pick": pick("theirs@sme.example"), "sure": "1"}, follow=True
    ).content.decode()

    assert "somebody decided it before you" in answer
    assert states()["theirs@sme.example"] == State.UNKNOWN


def test_sending_again_asks_first_and_then_does_it(silent: Campaign, as_contact: Client) -> None:
    mail = {"pick": pick("ours@sme.example")}

    asked = as_contact.post("/campaigns/desk/again/", mail).content.decode()
    assert "Send this mail again?" in asked
    assert states()["ours@sme.example"] == State.UNKNOWN

    done = as_contact.post("/campaigns/desk/again/", {**mail, "sure": "1"}, follow=True)
    assert "One mail leaves again." in done.content.decode()
    assert states()["ours@sme.example"] == State.PENDING
    silent.refresh_from_db()
    assert silent.status == Campaign.Status.SENDING


def test_a_page_that_is_sent_once_more_does_not_mean_a_later_try(
    world: World, silent: Campaign, as_contact: Client
) -> None:
    """Its reader would get a copy that nobody decided about."""
    decision = {"pick": pick("ours@sme.example"), "sure": "1"}
    as_contact.post("/campaigns/desk/again/", decision)
    Delivery.objects.filter(state=State.PENDING).update(generation=2)
    fall_silent(world, silent, "ours@sme.example", generation=2)

    answer = as_contact.post("/campaigns/desk/again/", decision, follow=True).content.decode()

    assert "somebody decided it before you" in answer
    assert states()["ours@sme.example"] == State.UNKNOWN
    stale = dict.fromkeys([Delivery.objects.get(address__email="ours@sme.example").pk], 1)
    assert desk._send_again(silent, stale, world.users["admin"]).again == []


def test_who_decides_sees_whom_it_is_about(silent: Campaign, as_contact: Client) -> None:
    asked = as_contact.post("/campaigns/desk/again/", {"pick": pick("ours@sme.example")})

    assert "Iris Vidal" in asked.content.decode()
    assert "Japan mission" in asked.content.decode()


def test_a_mail_of_a_paused_campaign_waits_with_it_and_that_is_said(
    silent: Campaign, as_contact: Client
) -> None:
    Campaign.objects.filter(pk=silent.pk).update(status=Campaign.Status.PAUSED)

    decision = {"pick": pick("ours@sme.example"), "sure": "1"}
    answer = as_contact.post("/campaigns/desk/again/", decision, follow=True).content.decode()

    assert "nothing leaves before it goes on" in answer


def test_what_was_left_is_told_where_nothing_else_waits(
    silent: Campaign, as_contact: Client
) -> None:
    as_contact.post("/campaigns/desk/leave/", {"pick": pick("ours@sme.example")})

    shown = page(as_contact, f"/campaigns/desk/?campaign={silent.ref}")
    assert "One mail was left undecided" in shown
    assert "Nothing is undecided" not in shown
    assert "Left undecided by a person" in page(as_contact, f"/campaigns/{silent.ref}/")


def test_all_of_one_campaign_at_once(silent: Campaign, as_coordinator: Client) -> None:
    as_coordinator.post("/campaigns/desk/again/", {"campaign": silent.ref, "all": "1", "sure": "1"})

    assert set(states().values()) == {State.PENDING}


def test_a_large_number_is_typed(world: World, as_coordinator: Client) -> None:
    emails = [f"reader{n}@many.example" for n in range(12)]
    for email in emails:
        world.person(email=email)
    fall_silent(world, world.call(), *emails)
    every = {"all": "1", "sure": "1"}

    for wrong in ("", "11"):
        answer = as_coordinator.post("/campaigns/desk/again/", every | {"count": wrong})
        assert answer.status_code == 200
        assert set(states().values()) == {State.UNKNOWN}

    as_coordinator.post("/campaigns/desk/again/", every | {"count": "12"})
    assert set(states().values()) == {State.PENDING}


def test_ticking_nothing_changes_nothing(silent: Campaign, as_coordinator: Client) -> None:
    answer = as_coordinator.post("/campaigns/desk/again/", {"sure": "1"}, follow=True)

    assert "Nothing was ticked" in answer.content.decode()
    assert set(states().values()) == {State.UNKNOWN}


def test_a_tick_that_is_no_number_is_none(silent: Campaign, as_coordinator: Client) -> None:
    assert as_coordinator.post("/campaigns/desk/leave/", {"pick": "x"}).status_code == 302
    assert as_coordinator.get("/campaigns/desk/?campaign=nothing&page=x").status_code == 200


def test_letters_are_for_administrators(world: World, as_admin: Client, as_contact: Client) -> None:
    delivery = letters.write(to="new@reader.example", mail=b"Subject: x\r\n\r\nx\r\n")
    fall_silent(world, delivery.campaign, "new@reader.example")

    assert "new@reader.example" in page(as_admin)
    assert "new@reader.example" not in page(as_contact)
