"""The main job as a person does it, from signing in to the answer of a reader."""

import urllib.request
from collections.abc import Callable
from email.message import EmailMessage

from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from campaigns.models import Campaign
from crm.actions import consent
from crm.models import Answer, Person, Suppression
from tests.browser.conftest import Open, send_due
from tests.browser.pictures import keep
from tests.kit.mailserver import MailServer
from tests.world import World


def test_a_coordinator_sends_a_call_and_a_reader_answers(
    world: World,
    mail_server: MailServer,
    sit_down: Callable[..., Page],
    open_browser: Open,
    settings: Settings,
) -> None:
    settings.SENDING_LINES = settings.SENDING_WINDOW = 1  # so that it can stop after any mail
    settings.UNDO_WINDOW = 0
    readers = [world.person() for _ in range(6)]
    neighbour = world.person(world.biom)
    gone = world.person()
    leave(world, gone)

    page = sit_down("coordinator")
    draft_the_call(page)
    see_who_gets_it(page, readers[0], neighbour, gone)
    get_a_proof(page, mail_server)
    release_and_schedule(page)
    watch_it_leave(page, mail_server, total=7)

    mail = mail_server.mail_to(readers[0].email)
    answer(open_browser(width=360), mail)
    unsubscribe_by_header(mail_server.mail_to(readers[1].email))

    answer_row = Answer.objects.get()
    assert (answer_row.person, answer_row.value) == (readers[0], Answer.Value.INTERESTED)
    left = Suppression.objects.exclude(address=gone.primary.address)
    assert [row.address.email for row in left] == [readers[1].email]
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Missions").click()
    page.get_by_role("link", name="Japan mission").click()
    expect(page.get_by_role("link", name=readers[0].full_name)).to_be_visible()
    expect(page.get_by_text("A word from Osaka")).to_be_visible()
    keep(page, "main-job-8-answer-on-the-mission")


def leave(world: World, person: Person) -> None:
    assert person.primary
    consent.withdraw(
        address=person.primary.address,
        scope=Suppression.Scope.CLUSTER,
        cluster=world.biocat,
        reason=Suppression.Reason.UNSUBSCRIBED,
        source="unsubscribe page",
    )


def draft_the_call(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Missions").click()
    page.get_by_role("link", name="Japan mission").click()
    keep(page, "main-job-1-mission")
    page.get_by_role("link", name="Announce").click()
    page.get_by_role("button", name="Draft the call").click()
    expect(page.get_by_text("Nothing leaves before it is released and scheduled")).to_be_visible()
    keep(page, "main-job-2-draft")


def see_who_gets_it(page: Page, reader: Person, neighbour: Person, gone: Person) -> None:
    """Names where a cluster shares, counts where it does not, and a reason for everybody."""
    expect(page.get_by_role("heading", name="Who will get it")).to_be_visible()
    page.get_by_role("link", name="Person by person").click()
    expect(page.get_by_role("link", name=reader.full_name)).to_be_visible()
    row = page.get_by_role("row").filter(has_text=gone.full_name)
    expect(row).to_contain_text("left out")
    expect(page.get_by_text(neighbour.full_name)).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text="BioM")).to_contain_text("1 person")
    keep(page, "main-job-3-person-by-person")
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link").click()


def get_a_proof(page: Page, mail_server: MailServer) -> None:
    page.get_by_role("button", name="Proof to me").click()
    expect(page.get_by_role("status")).to_contain_text("coordinator@staff.example")
    send_due()
    assert "Arrival in Osaka" in html_of(mail_server.mail_to("coordinator@staff.example"))
    mail_server.arrived.clear()


def release_and_schedule(page: Page) -> None:
    page.get_by_role("button", name="Release all lanes").click()
    expect(page.get_by_role("status")).to_contain_text("lanes are released")
    page.get_by_role("link", name="Schedule").click()
    expect(page.get_by_text("mails leave")).to_be_visible()
    keep(page, "main-job-4-schedule")
    page.get_by_label("Now").check()
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("Leaves on")).to_be_visible()


def watch_it_leave(page: Page, mail_server: MailServer, total: int) -> None:
    """The page follows by itself: nobody loads it again."""
    half = total // 2
    send_due(stop=lambda: len(mail_server.arrived) >= half)
    expect(page.get_by_role("heading", name="Sending now")).to_be_visible()
    bar = page.locator(".card").filter(has=page.get_by_role("heading", name="Sending now"))
    expect(bar.locator(".accepted").last).to_contain_text(str(half))
    expect(bar.locator(".left").last).to_contain_text(str(total - half))
    keep(page, "main-job-5-sending")
    send_due()
    expect(page.get_by_text("the ledger balances")).to_be_visible()
    keep(page, "main-job-6-finished")
    assert len(mail_server.arrived) == total
    assert Campaign.objects.get(mission__isnull=False).status == Campaign.Status.FINISHED


def answer(page: Page, mail: EmailMessage) -> None:
    """From the mail itself, opened as its reader sees it; without signing in."""
    page.set_content(html_of(mail))
    keep(page, "main-job-7-mail")
    page.get_by_role("link", name="Interested").click()
    page.get_by_label("A word to your contact point").fill("A word from Osaka")
    assert not Answer.objects.exists()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def unsubscribe_by_header(mail: EmailMessage) -> None:
    """As a mail provider does it: the raw header, one POST, no cookie."""
    address = str(mail["List-Unsubscribe"]).split(",")[0].strip(" <>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    post = urllib.request.Request(address, data=b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(post) as response:
        assert response.status == 200


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part
    return str(part.get_content())
