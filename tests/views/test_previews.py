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
from tests.views.test_texts import posted
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


def written(client: Client, draft: Campaign, language: str = "en", **changes: str) -> str:
    """The mail of what stands in the editor at the moment."""
    data = posted(draft, language) | changes
    return client.post(url(draft, f"text/{language}/preview/"), data).content.decode()


def test_what_is_being_written_is_shown_as_a_mail_and_kept_nowhere(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    releases.release_all(campaign=draft, by=None)
    before = draft.texts.get(language="en").blocks

    mail = written(as_coordinator, draft, **{"text-2": "Come *soon*, {given_name|friend}."})

    assert "Come <strong>soon</strong>, Alex." in mail
    assert "Arrival in Osaka" in mail
    assert draft.texts.get(language="en").blocks == before
    assert draft.revisions.filter(language="en").count() == 1
    assert draft.releases.filter(status="released").exists()


def test_a_mail_that_is_being_written_runs_and_loads_nothing(
    as_coordinator: Client, draft: Campaign
) -> None:
    answer = as_coordinator.get(url(draft, "text/en/preview/"))

    assert "Join the delegation." in answer.content.decode()
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    mail = written(as_coordinator, draft, **{"text-2": "<script>x</script> [a](javascript:x)"})
    assert "<script>" not in mail
    assert 'href="javascript' not in mail


def test_what_is_not_finished_is_shown_as_far_as_it_is(
    as_coordinator: Client, draft: Campaign
) -> None:
    unfinished = {
        "subject": "",
        "text-0": "",
        "kind-1": "image",
        "image-1": "",
        "text-2": "Dear {nickname}",
        "kind-3": "button",
        "url-3": "javascript:x",
        "label-3": "A button",
    }

    mail = written(as_coordinator, draft, **unfinished)

    assert "Dear {nickname}" in mail
    assert "A button" in mail
    assert 'href="javascript' not in mail
    assert 'id="block-2"' in mail
    assert 'id="block-1"' not in mail


def test_a_language_that_nobody_saved_is_shown_while_it_is_begun(
    as_coordinator: Client, draft: Campaign
) -> None:
    data = {"order": "0", "kind-0": "text", "text-0": "Kommen Sie mit."}

    mail = as_coordinator.post(url(draft, "text/de/preview/"), data).content.decode()

    assert "Kommen Sie mit." in mail
    assert 'lang="de"' in mail
    assert as_coordinator.get(url(draft, "text/de/preview/")).status_code == 200
    assert as_coordinator.get(url(draft, "text/xx/preview/")).status_code == 404


def test_what_only_some_read_is_shown_as_one_of_them(
    as_coordinator: Client, draft: Campaign
) -> None:
    only = {"readers-2": "outside,public", "text-2": "For followers"}

    assert "For followers" not in written(as_coordinator, draft, **only)
    assert "For followers" in written(as_coordinator, draft, **only, variant="public")
    assert "For followers" not in written(as_coordinator, draft, **only, variant="x")


def test_too_long_a_text_is_not_shown_but_answered(as_coordinator: Client, draft: Campaign) -> None:
    said = written(as_coordinator, draft, **{"text-2": "word " * 60_000})

    assert said == "This text is too long to be shown. Shorten it or attach a document."


def test_what_is_sent_has_no_anchors(as_coordinator: Client, draft: Campaign) -> None:
    assert 'id="block-' in written(as_coordinator, draft)
    assert 'id="block-' not in as_coordinator.get(url(draft, "preview/body/")).content.decode()
