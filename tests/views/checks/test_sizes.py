"""Mails that programs cut, and what somebody lets pass."""

from django.test import Client

from campaigns.actions import (
    contents,
    releases,
)
from campaigns.models import Campaign
from crm.models import AuditEntry
from tests.views.checks.looking import checked, schedule
from tests.views.test_campaigns import content, url
from tests.world import World


def long_text(campaign: Campaign) -> None:
    text = campaign.texts.get(language="en")
    more = [{"kind": "text", "text": "A long story. " * 3_000} for _n in range(3)]
    contents.edit(
        campaign=campaign,
        language="en",
        subject=text.subject,
        preheader="",
        blocks=[*text.blocks, *more],
        ready=True,
    )


def test_a_mail_that_programs_cut_stops_it_until_somebody_lets_it_pass(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    long_text(draft)
    releases.release_all(campaign=draft, by=None)
    assert "Gmail cuts it at 102" in checked(as_coordinator, draft)
    schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.DRAFT

    unsaid = as_coordinator.post(url(draft, "check/length/"), {"why": " "})
    assert "Let it pass" in unsaid.content.decode()
    as_coordinator.post(url(draft, "check/length/"), {"why": "The annex is the law"})

    page = checked(as_coordinator, draft)
    assert "Coordinator lets it pass: The annex is the law" in page
    assert "stops it" not in page
    entry = AuditEntry.objects.get(verb="let pass")
    assert (entry.user, entry.detail["why"]) == (world.users["coordinator"], "The annex is the law")
    schedule(as_coordinator, draft)
    assert draft.status == Campaign.Status.SCHEDULED


def test_what_was_let_pass_is_asked_about_again_when_it_grows(
    as_coordinator: Client, draft: Campaign
) -> None:
    long_text(draft)
    as_coordinator.post(url(draft, "check/length/"), {"why": "The annex is the law"})
    long_text(draft)

    assert "Gmail cuts it at 102" in content(as_coordinator, url(draft, "check/"))


def test_a_mail_of_usual_length_needs_nobody_to_let_it_pass(
    as_coordinator: Client, draft: Campaign
) -> None:
    assert "No mail of this campaign is too long." in content(
        as_coordinator, url(draft, "check/length/")
    )
