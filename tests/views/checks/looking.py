"""What the tests of checks do: ask on a page, let a worker look, ask again."""

from django.test import Client

from campaigns.actions import (
    probes,
    rehearsals,
)
from campaigns.models import Campaign
from tests.views.test_campaigns import content, url


def checked(browser: Client, campaign: Campaign) -> str:
    """The page once, which asks; the worker; and the page again."""
    content(browser, url(campaign, "check/"))
    rehearsals.work_due()
    probes.work_due()
    return content(browser, url(campaign, "check/"))


def schedule(browser: Client, campaign: Campaign) -> str:
    answer = browser.post(url(campaign, "schedule/"), {"when": "now", "zone": "UTC"})
    campaign.refresh_from_db()
    return answer.content.decode()
