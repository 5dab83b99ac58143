"""What looks like code is words, wherever it is written: in texts, introductions and records."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar

from campaigns.actions import contents, images, releases
from campaigns.models import Campaign
from campaigns.rules.lines import one_line
from crm.models import (
    Alliance,
    Cluster,
    ContactPoint,
    Deadline,
    Disclaimer,
    ExternalRoute,
    Market,
    Mission,
    ProgrammeItem,
    Region,
)
from tests import world as worlds
from tests.kit.pictures import picture
from tests.mail.conftest import Received, post
from tests.world import World

pytestmark = pytest.mark.django_db

Say = Callable[[str], str]

CODE = [
    "{{ 7*7 }} {% now 'Y' %} {# gone #}",
    "${7*7} #{7*7} <%= 7*7 %> {0} {} {0.real}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</td></tr></mj-text><mj-include path='/etc/passwd' /><mj-raw>",
    "%s %d %(cluster)s %(alliance)s %%",
    "&lt;b&gt; &amp; &#60;i&#62; &nbsp;",
    "<!-- gone --> ]]> <![CDATA[ gone ]]>",
    "\"' onmouseover='alert(1)' style=\"x\" \\",
    "\u202egnp.exe =?utf-8?q?a=0D=0ABcc=3A_e=40evil.example?=",
]
LINES = [
    "\r\nBcc: eve@evil.example",
    "\nX-Evil: yes\n\nbody",
    "\u2028Bcc: eve@evil.example\u0085X-Evil: yes\x0b\x0cX-Evil: yes",
]


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


def written(world: World, say: Say) -> Campaign:
    """A call that says something of `say` in every place there is.

    Records are written past their doors, as an older version of them may have done.
    """

    def text(place: str) -> dict[str, str]:
        return {"en": say(place), "fr": say(f"{place} fr")}

    Alliance.objects.update(name=say("alliance"))
    Disclaimer.objects.update(texts=text("disclaimer"))
    Region.objects.update(names=text("region"))
    Market.objects.update(names=text("market"))
    Cluster.objects.update(
        name=say("cluster"), from_name=say("sender"), postal_address=say("post"),
        footer=text("footer"),
    )  # fmt: skip
    ContactPoint.objects.update(name=say("desk"), title=say("dr")[:40], phone=say("phone")[:40])
    Mission.objects.update(names=text("mission"), leads=text("lead"), terms=text("terms"))
    ProgrammeItem.objects.update(
        titles=text("item"), place=say("place"), city=say("city"), co_organisers=say("with")
    )
    Deadline.objects.update(things=text("deadline"))
    ExternalRoute.objects.update(texts=text("route"), organiser=say("organiser"))
    world.mission.refresh_from_db()
    campaign = world.call(release=False, start=False)
    kept = images.add(alliance=world.alliance, name="hall.png", content=picture(), by=None)
    for draft in campaign.texts.all():
        contents.edit(
            campaign=campaign,
            language=draft.language,
            subject=say("subject"),
            preheader=say("preheader"),
            blocks=[*draft.blocks, *_blocks(say, kept.name)],
            ready=True,
        )
    for lane in campaign.releases.exclude(cluster=None):
        releases.introduce(release=lane, by=world.users["coordinator"], texts=text("introduction"))
    return world.call()


def _blocks(say: Say, image: str) -> list[dict[str, Any]]:
    return [
        {"kind": "heading", "text": say("heading")},
        {"kind": "text", "text": say("paragraph")},
        {"kind": "quote", "text": say("quote"), "who": say("who")},
        {"kind": "button", "label": say("button"), "url": "https://b.example"},
        {"kind": "image", "image": image, "alt": say("alt"), "caption": say("caption")},
    ]


# Where each place is shown; what only members or others read stands in some mails only.
IN_BOTH = (
    "alliance", "disclaimer", "region", "market", "cluster", "post", "footer", "desk", "dr",
    "phone", "terms", "item", "place", "city", "with", "heading", "paragraph", "quote", "who",
    "button", "alt", "caption", "mission", "lead",
)  # fmt: skip


RECORDS = (
    "disclaimer", "region", "market", "footer", "mission", "lead", "terms", "item", "deadline",
    "route", "introduction",
)  # fmt: skip


def readers(world: World) -> None:
    abroad = world.organisation(world.biom, region=world.biowin.region)
    world.person(language="en")
    world.person(world.biom, language="fr")
    world.person(world.biom, organisation=abroad, language="en")
    world.follower(language="en")


def folded(text: str) -> str:
    """Without space, case and what no mail can hold."""
    return "".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text).split()).casefold()


@pytest.mark.parametrize("code", [*CODE, *LINES])
def test_code_comes_out_as_it_was_written(world: World, code: str) -> None:
    readers(world)
    plain = post(written(world, lambda place: f"{place} word"))
    Campaign.objects.update(status="cancelled", same_as="")
    coded = post(written(world, lambda place: f"{place} {code}"))

    assert len(coded) == len(plain) == 4
    assert {campaign.uncompiled for campaign in Campaign.objects.all()} == {""}
    for mail, harmless in zip(by_reader(coded), by_reader(plain), strict=True):
        says_it_literally(mail, code)
        # A line that ends is another line; nothing else is another tag.
        alike = set if code in LINES else list
        assert alike(mail.page.tags) == alike(harmless.page.tags)
        assert names(mail) == names(harmless)
        assert [part.get_content_type() for part in mail.message.walk()] == [
            part.get_content_type() for part in harmless.message.walk()
        ]


def by_reader(mails: list[Received]) -> list[Received]:
    return sorted(mails, key=lambda mail: str(mail.delivery.address.email))


def names(mail: Received) -> list[bytes]:
    return [line.partition(b":")[0] for line in mail.header_lines]


def says_it_literally(mail: Received, code: str) -> None:
    member = mail.delivery.variant == "member"
    more = ["deadline"] if member else ["route", "organiser"]
    more += ["introduction"] if mail.delivery.release.cluster else []
    page = folded(" ".join([mail.page.text, *mail.page.alts]))
    for part, text in (("HTML", page), ("text", folded(mail.text))):
        for place in (*IN_BOTH, *more):
            said = said_in(place, mail.delivery.language, code)
            assert folded(said) in text, (part, place)
    assert folded(f"preheader {code}") in page
    (sender,) = mail.message["From"].addresses
    assert sender.domain in ("biocat.example", "biom.example")
    # Between two encoded words there is no space (RFC 2047, 6.2); Python's parser sees one.
    assert folded(sender.display_name) == folded(one_line(f"sender {code}"))
    assert folded(mail.message["Subject"]) == folded(one_line(f"subject {code}"))
    if member:
        assert mail.calendar
        (event,) = Calendar.from_ical(mail.calendar.get_content()).walk("VEVENT")
        summary = folded(str(event["SUMMARY"]))
        for place in ("mission", "deadline"):
            assert folded(said_in(place, mail.delivery.language, code)) in summary


def said_in(place: str, language: str, code: str) -> str:
    """As `written` has it: records in French say so."""
    if place in ("dr", "phone"):
        return f"{place} {code}"[:40]
    return f"{place} fr {code}" if language == "fr" and place in RECORDS else f"{place} {code}"
