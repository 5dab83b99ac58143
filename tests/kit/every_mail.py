"""One mail of every kind there is, and the links of all of them."""

import email
import re
from email.policy import default as modern
from urllib.parse import urlsplit

from django.core.mail import send_mail

from campaigns.actions import (
    address_changes,
    enclosures,
    follows,
    letters,
    own_pages,
    sending,
    sweeping,
)
from campaigns.mail import links
from campaigns.models import Campaign
from tests.kit import press
from tests.kit.mailserver import MailServer
from tests.kit.page import Page
from tests.world import World

READER = "reader@home.example"


def send_all(world: World) -> None:
    """A call (to members, from outside and to followers), an invitation, a press release and an
    announcement; and letters: to confirm, to one's own page, to both mailboxes of a change."""
    abroad = world.organisation(world.biom, region=world.biowin.region)
    reader = world.person(email=READER, language="fr")
    world.person(world.biom, organisation=abroad, language="en")
    world.follower(language="en")
    press.journalist(world, language="en")
    news = press.news(world)
    press.reader_of(world, news, language="en")
    calls = [world.call(), world.invitation()]
    for kind, topic in ((Campaign.Kind.PRESS, None), (Campaign.Kind.ANNOUNCEMENT, news)):
        campaign = press.written(world, kind, topic)
        enclosures.enclose(
            campaign=campaign, titles={"en": "A photo"}, file=("photo.pdf", b"%PDF-1.4"), by=None
        )
        calls.append(world.as_far(campaign, release=True, start=True))
    assert reader.primary
    own_pages.ask(email=READER, language="fr", network="")
    follows.ask(
        alliance=world.alliance, email="new@home.example", topics=[world.topic], cluster=None,
        language="en", wording="words", network="",
    )  # fmt: skip
    address_changes.ask(
        address=reader.primary.address, email="other@home.example", language="en", network=""
    )
    for write in (own_pages.write_due, follows.write_due, address_changes.write_due):
        assert write() == 1
    send_mail("Sign in", f"{links.absolute('/accounts/login/')}\n", None, ["staff@home.example"])
    kinds = (own_pages.KIND, follows.KIND, address_changes.KIND, letters.STANDING)
    for call in (*calls, *map(letters.standing, kinds)):
        sending.work(call)
    sweeping.tidy()


def links_of(server: MailServer) -> set[str]:
    """Where the mails that arrived lead to, of our own pages."""
    found: set[str] = set()
    for _to, raw in server.arrived:
        mail = email.message_from_bytes(raw, policy=modern)
        found |= set(re.findall(r"<(https?://[^>]+)>", str(mail["List-Unsubscribe"] or "")))
        for part in mail.walk():
            if part.get_content_type() == "text/html":
                page = Page(part.get_content())
                found |= {*page.links, *page.sources}
            elif part.get_content_maintype() == "text":
                text = re.sub(r"\r?\n ", "", part.get_content())  # calendars fold their lines
                found |= set(re.findall(r"https?://[^\s>\"]+", text))
    ours = links.absolute("/")
    return {link for link in found if link.startswith(ours)}


def kinds_of(found: set[str]) -> set[str]:
    """What the links are about: the first words of their paths."""
    paths = [urlsplit(link).path.split("/") for link in found]
    return {path[3] if len(path[2]) == 2 else path[2] for path in paths if path[1] == "public"}


EVERY_KIND = {
    "unsubscribe", "mine", "answers", "missions", "events", "files", "confirm", "preferences",
    "move",
}  # fmt: skip
