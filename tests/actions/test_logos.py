"""An alliance's logo: made anew, described, at the head of its mails and of its site."""

import io
import re
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Opened
from pytest_django.fixtures import Settings

from campaigns.actions import logos, overview, previews, rehearsals, rehearsed, sending
from campaigns.demo.logos import draw
from campaigns.models import Campaign, Image
from campaigns.rules.logos import fitted
from crm.actions.errors import Refused
from crm.models import Alliance, AuditEntry
from tests.conftest import signed_in
from tests.kit.mailserver import MailServer
from tests.kit.pictures import picture
from tests.mail.support import troubles
from tests.world import World

pytestmark = pytest.mark.django_db

SITE = "/public/en/alliances/bioxclusters-plus/"
PAGE = "/network/alliances/bioxclusters-plus/logo/"


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def alliance(world: World) -> Alliance:
    cache.clear()
    return world.alliance


def bring(
    alliance: Alliance, says: str = "bioXclusters plus", size: tuple[int, int] = (800, 200)
) -> Alliance:
    file = ("logo.png", picture(size=size))
    return logos.bring(alliance=alliance, by=None, says=says, file=file)


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person()
    return world.call(release=False, start=False)


def mail_of(campaign: Campaign) -> tuple[str, str]:
    """Both parts of the call in English."""
    campaign = Campaign.objects.get(pk=campaign.pk)
    lane = campaign.releases.exclude(cluster=None).order_by("pk")[0]
    seen = previews.compose(previews.invented(lane, "en"), previews.texts_of(campaign))
    return seen.html, seen.text


# --- brought


def test_a_logo_is_made_anew_and_no_larger_than_it_is_shown(alliance: Alliance) -> None:
    hidden = io.BytesIO()
    Opened.new("RGB", (1600, 400)).save(hidden, "JPEG", exif=b"Exif\0\0secret", comment=b"secret")

    row = logos.bring(
        alliance=alliance, by=None, says=" bioXclusters \n plus ", file=("a.jpg", hidden.getvalue())
    )

    image = Image.objects.get()
    assert (row.logo, row.logo_says) == (image.name, "bioXclusters plus")
    assert (row.logo_width, row.logo_height) == (image.width, image.height) == (400, 100)
    with image.file.open() as kept:
        assert b"secret" not in kept.read()
    assert AuditEntry.objects.filter(noun="alliance", verb="edit", row_id=alliance.pk).exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"<svg/>", "is a drawing"),
        (b"nothing", "is no picture"),
        (picture(size=(2000, 20)), "so long and narrow"),
        (None, "Choose a file"),
    ],
)
def test_what_is_no_logo_is_refused(alliance: Alliance, file: bytes | None, words: str) -> None:
    with pytest.raises(Refused, match=words):
        logos.bring(alliance=alliance, by=None, says="x", file=("a.png", file) if file else None)
    alliance.refresh_from_db()
    assert alliance.logo == ""


def test_what_it_says_is_required_and_may_change_alone(alliance: Alliance) -> None:
    with pytest.raises(Refused, match="Say what the logo shows"):
        bring(alliance, says="  ")
    before = bring(alliance)

    after = logos.bring(alliance=alliance, by=None, says="The alliance")

    assert (after.logo, after.logo_says) == (before.logo, "The alliance")


def test_it_is_shown_within_its_bounds_in_its_own_proportions() -> None:
    assert fitted(400, 88) == (200, 44)
    assert fitted(400, 40) == (200, 20)
    assert fitted(100, 400) == (11, 44)
    assert fitted(60, 20) == (60, 20)
    assert fitted(400, 1) == (200, 1)


# --- shown


def test_a_mail_begins_with_it_and_with_the_name_where_pictures_are_off(
    alliance: Alliance, draft: Campaign
) -> None:
    html, _plain = mail_of(draft)
    assert "<img" not in html
    assert "<b>bioXclusters plus</b>" in html

    row = bring(alliance)
    html, plain = mail_of(draft)

    assert html.count("<img") == 1
    assert f"/public/images/{row.logo}" in html
    (shown,) = re.findall("<img[^>]*>", html)
    for attribute in ('alt="bioXclusters plus"', 'width="176"', 'height="44"'):
        assert attribute in shown
    assert troubles(html) == []
    assert "<b>bioXclusters plus</b>" not in html
    assert plain.startswith("bioXclusters plus")


def test_whatever_it_says_stays_words(alliance: Alliance, draft: Campaign) -> None:
    bring(alliance, says='"><script>alert(1)</script>{{ 7*7 }}')

    html, _plain = mail_of(draft)

    assert "<script" not in html
    assert "{{ 7*7 }}" in html


def test_a_new_logo_is_rehearsed_and_lacks_nothing(alliance: Alliance, draft: Campaign) -> None:
    rehearsals.ask(draft)
    rehearsals.work_due()
    bring(alliance)
    draft = Campaign.objects.get(pk=draft.pk)
    assert "was not looked at lately" in next(rehearsed.findings(overview.read(draft))).sentence

    rehearsals.ask(draft)
    rehearsals.work_due()

    assert "lacks nothing" in next(rehearsed.findings(overview.read(draft))).sentence


def test_the_site_shows_it_at_once_and_everybody_may_load_it(
    alliance: Alliance, client: Client
) -> None:
    before = client.get(SITE)
    assert b"<img" not in before.content
    row = bring(alliance)

    page = client.get(SITE, headers={"If-None-Match": before["ETag"]}).content.decode()
    assert f'src="/public/images/{row.logo}" alt="bioXclusters plus" width="176"' in page
    assert loads(client, row)

    logos.take_off(alliance=alliance, by=None)
    assert b"<img" not in client.get(SITE).content
    assert loads(client, row)  # as mails that left do


def loads(client: Client, row: Alliance) -> bool:
    """Whether its picture comes, without a cookie."""
    answer = client.get(f"/public/images/{row.logo}")
    content = answer.getvalue()  # closes the file
    return content.startswith(b"\x89PNG") and not answer.cookies


# --- the page


def test_its_coordinator_brings_changes_and_takes_it_off(world: World, alliance: Alliance) -> None:
    browser = signed_in(world.users["coordinator"])
    page = browser.get(PAGE).content.decode()
    assert 'value="bioXclusters plus"' in page
    assert "required" in browser.post(PAGE, {"says": "x"}).content.decode()

    upload = SimpleUploadedFile("logo.png", picture(size=(300, 100)), "image/png")
    answer = browser.post(PAGE, {"upload": upload, "says": "Our sign"})
    assert answer.status_code == 302
    assert 'alt="Our sign"' in browser.get(answer["Location"]).content.decode()

    assert browser.post(PAGE, {"says": "Our name"}).status_code == 302
    assert 'alt="Our name"' in browser.get(PAGE).content.decode()
    browser.post(f"{PAGE}remove/")
    alliance.refresh_from_db()
    assert (alliance.logo, alliance.logo_says) == ("", "")


def test_a_broken_file_is_said_on_the_page(world: World, alliance: Alliance) -> None:
    upload = SimpleUploadedFile("logo.png", b"nothing", "image/png")
    page = signed_in(world.users["coordinator"]).post(PAGE, {"upload": upload, "says": "x"})
    assert "“logo.png” is no picture" in page.content.decode()


def test_the_demo_draws_its_own() -> None:
    with Opened.open(io.BytesIO(draw("bioXclusters plus", 4, "#02675a"))) as drawn:
        assert drawn.mode == "RGBA"
        assert drawn.height == 88
        assert 300 < drawn.width < 600
        assert len(drawn.convert("RGB").getcolors(10_000) or []) > 2


def test_a_mail_that_was_sent_carries_it(
    world: World, draft: Campaign, alliance: Alliance, mail_server: MailServer, settings: Settings
) -> None:
    settings.UNDO_WINDOW = 0
    row = bring(alliance)

    sending.work(world.as_far(Campaign.objects.get(pk=draft.pk), release=True, start=True))

    ((_to, raw),) = mail_server.arrived
    html = message_from_bytes(raw, policy=modern).get_body(("html",))
    assert html
    assert f"/public/images/{row.logo}" in html.get_content()
