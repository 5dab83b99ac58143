"""Writing once more in the browser: to whom, and what the lanes see of it."""

import pytest
from django.test import Client

from campaigns.actions import contents, following_up, sending, sweeping
from campaigns.models import Campaign
from tests import world as worlds
from tests.kit.mailserver import MailServer
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def sent(world: World, mail_server: MailServer) -> Campaign:
    world.person()
    world.person(world.biom)
    campaign = world.call()
    sending.work(campaign)
    sweeping.tidy()
    campaign.refresh_from_db()
    return campaign


def page(client: Client, campaign: Campaign, step: str = "") -> str:
    return client.get(f"/campaigns/{campaign.ref}/{step}").content.decode()


def test_a_coordinator_writes_once_more_to_who_did_not_answer(
    sent: Campaign, as_coordinator: Client
) -> None:
    assert "Write once more" in page(as_coordinator, sent)
    asked = page(as_coordinator, sent, "again/")
    assert "who got it and did not answer · 2 people" in asked
    assert "whom it did not reach" not in asked  # there is nobody

    to = f"/campaigns/{sent.ref}/again/"
    assert "Say to whom." in as_coordinator.post(to).content.decode()
    shown = as_coordinator.post(to, {"rule": "unanswered"}, follow=True).content.decode()

    draft = Campaign.objects.get(follows=sent)
    assert "A draft with the text that was sent." in shown
    assert f"/campaigns/{sent.ref}/" in shown
    assert "Choose others" not in shown
    assert draft.ref in page(as_coordinator, sent, "again/")


def test_whoever_signs_sees_what_is_said_otherwise(
    world: World, sent: Campaign, as_contact: Client
) -> None:
    draft = following_up.draft(
        campaign=sent, by=world.users["coordinator"], rule=Campaign.FollowRule.UNANSWERED
    )
    assert "word for word" in page(as_contact, draft, "otherwise/")
    text = draft.texts.get(language="en")
    contents.edit(
        campaign=draft, language="en", subject="Last <call>", preheader=text.preheader,
        blocks=text.blocks, ready=True,
    )  # fmt: skip

    lane = world.lane(draft, world.biocat)
    assert f"/campaigns/{draft.ref}/otherwise/" in page(as_contact, draft, f"lanes/{lane.pk}/")
    shown = page(as_contact, draft, "otherwise/")
    assert "<ins>Last &lt;call&gt;</ins>" in shown
    assert f"<del>{text.subject}</del>" in shown
    assert as_contact.get(f"/campaigns/{sent.ref}/again/").status_code == 404


def test_what_is_not_over_says_so(world: World, as_coordinator: Client) -> None:
    world.person()
    draft = world.call(start=False)

    assert "This campaign is not over." in page(as_coordinator, draft, "again/")
    assert "This campaign follows no other." in page(as_coordinator, draft, "otherwise/")
    assert "Write once more" not in page(as_coordinator, draft)
