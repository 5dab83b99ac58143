"""Every main page: accessible in light and dark, nothing wider than a small phone, no error."""

from collections.abc import Callable

import pytest
from axe_core_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from campaigns.actions import campaigns, feedback, paces
from campaigns.mail import links
from campaigns.mail.compose import reader_of
from campaigns.models import Attempt, Campaign, Deferral, Delivery, Installation
from crm.models import Answer
from tests.browser import pictures
from tests.browser.conftest import Open, send_due
from tests.kit.mailserver import MailServer
from tests.world import World

State = Delivery.State
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


class Examiner:
    """Opens pages and keeps what is wrong with them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.axe = Axe()
        self.wrong: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))

    def _said(self, message: object) -> None:
        if getattr(message, "type", "") == "error":
            self.wrong.append(f"{self.page.url}: {getattr(message, 'text', '')}")

    def look_at(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer
        if answer.status != 200:
            self.wrong.append(f"{path}: {answer.status}")
            return
        self.page.wait_for_load_state("networkidle")
        if self.page.locator("h1").count() != 1:
            self.wrong.append(f"{path}: not exactly one h1")
        for scheme, width in (("light", 1280), ("dark", 360)):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.set_viewport_size({"width": width, "height": 900})
            if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.wrong.append(f"{path}: wider than {width} px")
            for found in self.axe.run(self.page, options=RULES)["violations"]:
                node = found["nodes"][0]["html"][:200]
                self.wrong.append(f"{path} ({scheme}): {found['id']}: {node}")


@pytest.fixture
def campaign(world: World, mail_server: MailServer) -> str:
    """A call that went out, with somebody left out, a refusal and an answer."""
    reader = world.person(language="fr")
    world.person(world.biom)
    world.person(email="bounce.me@gone.example")
    world.person(basis=None, source="")
    world.follower()
    campaign = world.call()
    send_due()
    delivery = Delivery.objects.get(campaign=campaign, person=reader)
    feedback.answered(delivery=delivery, value=Answer.Value.INTERESTED, note="Yes")
    return campaign.ref


RECORDS = [
    "/",
    "/organisations/",
    "/organisations/?q=nobody-is-called-so",
    "/organisations/new/",
    "/organisations/{organisation}/",
    "/organisations/{organisation}/edit/",
    "/organisations/{organisation}/archive/",
    "/people/",
    "/people/?mailable=no",
    "/people/new/",
    "/people/{person}/",
    "/people/{person}/edit/",
    "/people/{person}/move/",
    "/people/{person}/address/",
    "/missions/",
    "/missions/japan-next/",
    "/events/",
    "/events/matchmaking-next/",
    "/network/",
    "/campaigns/{campaign}/explain/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/logout/",
]
CALLS = [
    "/",
    "/missions/new/",
    "/missions/japan-next/",
    "/missions/japan-next/edit/",
    "/missions/japan-next/programme/",
    "/missions/japan-next/announce/",
    "/missions/japan-next/documents/new/",
    "/missions/japan-next/deadlines/new/",
    "/missions/japan-next/external-route/",
    "/events/new/",
    "/events/matchmaking-next/edit/",
    "/events/matchmaking-next/invite/",
    "/campaigns/",
    "/campaigns/compare/?of={campaign}",
    "/campaigns/{campaign}/",
    "/campaigns/{campaign}/people/",
    "/campaigns/{campaign}/preview/",
    "/campaigns/{campaign}/check/",
    "/campaigns/{draft}/",
    "/campaigns/{draft}/text/en/",
    "/campaigns/{draft}/schedule/",
    "/campaigns/{draft}/cancel/",
    "/campaigns/{draft}/lanes/{lane}/introduce/",
    "/campaigns/{draft}/lanes/{lane}/hold/",
]


def test_the_pages_of_a_regional_contact(
    campaign: str, world: World, sit_down: Callable[..., Page]
) -> None:
    post = Delivery.objects.get(person__language="fr").person.positions.get()
    examiner = Examiner(sit_down("contact_biocat"))

    for path in RECORDS:
        examiner.look_at(
            path.format(organisation=post.organisation_id, person=post.person_id, campaign=campaign)
        )

    assert examiner.wrong == []


def test_the_pages_of_a_coordinator(
    campaign: str, world: World, sit_down: Callable[..., Page]
) -> None:
    draft = campaigns.invite(event=world.event, by=world.users["coordinator"])
    lane = world.lane(draft, world.biocat)
    examiner = Examiner(sit_down("coordinator"))

    for path in CALLS:
        examiner.look_at(path.format(campaign=campaign, draft=draft.ref, lane=lane.pk))

    assert examiner.wrong == []


@pytest.fixture
def held_back(campaign: str, world: World) -> str:
    """A call that stopped itself while its first mails were looked at, with all that may wait."""
    call = Campaign.objects.get(ref=campaign)
    for outcome, delivery in zip(
        (Attempt.Outcome.UNKNOWN, Attempt.Outcome.FAILED),
        call.deliveries.order_by("pk"),
        strict=False,
    ):
        state = State.UNKNOWN if outcome == Attempt.Outcome.UNKNOWN else State.FAILED
        call.deliveries.filter(pk=delivery.pk).update(state=state, generation=9, reply="5.7.1 no")
        Attempt.objects.create(
            delivery=delivery, generation=9, phase="dot", text="5.7.1 no", outcome=outcome
        )
    slow = call.deliveries.select_related("address").latest("pk")
    Deferral.objects.create(delivery=slow, campaign=call, not_before=timezone.now(), reason="4.7.0")
    paces.slow_down(slow.address.domain, why="421 4.7.0 Too many mails from you this hour")
    Campaign.objects.filter(pk=call.pk).update(
        status="paused",
        reason_paused="The mail server refuses our mail: “5.7.1 no”. Mend that first.",
        uncompiled="The text asks for a name in a heading.",
    )
    return campaign


def test_the_pages_of_a_campaign_that_is_held_back(
    held_back: str, world: World, sit_down: Callable[..., Page]
) -> None:
    examiner = Examiner(sit_down("admin"))
    call = Campaign.objects.filter(ref=held_back)

    for path in (
        f"/campaigns/{held_back}/",
        f"/campaigns/{held_back}/resume/",
        f"/campaigns/{held_back}/retry/",
        "/campaigns/desk/",
        "/campaigns/desk/?left=1",
        "/campaigns/desk/again/?all=1",
        "/fence/",
    ):
        examiner.look_at(path)
        pictures.keep(examiner.page, f"held{path.replace('/', '-').replace('?', '-')}")

    call.update(status="sending", canary=True, canary_ends_at=timezone.now())
    examiner.look_at(f"/campaigns/{held_back}/")
    Installation.objects.update(fenced_at=timezone.now(), fenced_why="It is a copy of the past.")
    examiner.look_at("/fence/")
    examiner.look_at("/campaigns/")
    assert examiner.wrong == []


def test_the_pages_of_a_reader(campaign: str, world: World, open_browser: Open) -> None:
    delivery = Delivery.objects.get(person__language="fr")
    examiner = Examiner(open_browser())

    for path in (
        "/accounts/login/",
        "/accounts/password/reset/",
        "/public/en/missions/japan-next/",
        "/public/fr/events/matchmaking-next/",
        links.answer(reader_of(delivery).value("answering"), "interested"),
        links.unsubscribe(reader_of(delivery).value("leaving")),
    ):
        examiner.look_at(path)

    assert examiner.wrong == []
