"""Looking at a mail before it leaves, and a proof to oneself."""

import re
from email import message_from_bytes, policy

import pytest
from django.test import Client

from campaigns.actions import linking, releases, sending
from campaigns.models import Campaign, Letter
from crm.models import Answer, Suppression
from tests import world as worlds
from tests.kit.mailserver import MailServer
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person(given="Ona", family="Vidal", email="ona@vidal.example", language="fr")
    world.person(world.biom, given="Lena", family="Geheimwort")
    return world.call(release=False, start=False)


def url(campaign: Campaign, page: str) -> str:
    return f"/campaigns/{campaign.ref}/{page}"


def test_the_preview_is_what_a_reader_of_the_lane_gets(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)

    page = as_coordinator.get(url(draft, f"preview/?lane={lane.pk}")).content.decode()
    body = as_coordinator.get(url(draft, f"preview/body/?lane={lane.pk}"))

    assert "As Given" in page or "As Ona Vidal" in page
    assert "ona@vidal.example" not in page
    assert "Rejoignez la délégation." in body.content.decode()
    assert "sandbox" in body["Content-Security-Policy"]
    assert "default-src 'none'" in body["Content-Security-Policy"]


def test_a_lane_whose_people_are_not_shared_has_an_invented_reader(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biom)

    page = as_coordinator.get(url(draft, f"preview/?lane={lane.pk}")).content.decode()

    assert "invented reader" in page
    assert "Geheimwort" not in page


def test_language_and_kind_of_reader_can_be_chosen(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)

    body = as_coordinator.get(
        url(draft, f"preview/body/?lane={lane.pk}&language=en&variant=outside")
    ).content.decode()

    assert "Join the delegation." in body
    assert "You are outside the regions." in body


def test_the_mail_of_a_named_person_is_for_those_who_may_name_them(
    world: World, as_coordinator: Client, as_other_contact: Client, draft: Campaign
) -> None:
    ona = world.biocat.people.get(family="Vidal")

    assert (
        "As Ona Vidal"
        in as_coordinator.get(url(draft, f"preview/?person={ona.pk}")).content.decode()
    )
    assert as_other_contact.get(url(draft, f"preview/?person={ona.pk}")).status_code == 404


def test_what_a_record_lacks_is_said_instead_of_a_preview(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    world.mission.programme_versions.all().delete()
    linking.take_over(campaign=draft, by=world.users["coordinator"])

    assert (
        "has no published programme" in as_coordinator.get(url(draft, "preview/")).content.decode()
    )


def test_a_proof_goes_to_oneself_and_carries_nobodys_links(
    world: World, as_coordinator: Client, client: Client, draft: Campaign, mail_server: MailServer
) -> None:
    ona = world.biocat.people.get(family="Vidal")

    as_coordinator.post(url(draft, "proof/"), {"person": ona.pk})
    sending.work(Letter.objects.get().delivery.campaign)

    [(reader, raw)] = mail_server.arrived
    mail = message_from_bytes(raw, policy=policy.default)
    assert reader == world.users["coordinator"].email == mail["To"]
    assert mail["Subject"].startswith("Proof: ")
    assert mail["List-Unsubscribe"] is None
    text = mail.get_body(("plain",)).get_content()
    for link in re.findall(r"https?://[^/]+(/public/(?:unsubscribe|answers)/\S+)", text):
        assert (
            "This was a proof" in client.post(link).content.decode()
            or client.post(link).status_code == 200
        )
    assert not Suppression.objects.exists()
    assert not Answer.objects.exists()


def test_a_contact_proofs_the_own_lane_after_the_start_too(
    world: World, as_contact: Client, draft: Campaign, mail_server: MailServer
) -> None:
    releases.release_all(campaign=draft, by=None)
    started = world.call()

    as_contact.post(url(started, "proof/"), {"lane": world.lane(started, world.biocat).pk})

    assert Letter.objects.count() == 1


def test_a_reader_sends_no_proof(world: World, draft: Campaign, client: Client) -> None:
    client.force_login(world.users["reader"])

    assert client.post(url(draft, "proof/")).status_code == 404
    assert not Letter.objects.exists()
