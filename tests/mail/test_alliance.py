"""All mails of a call that four regions send, against what the records say."""

import email
from collections import Counter
from email.message import EmailMessage
from email.policy import default as modern

import pytest
from django.test import override_settings
from django.utils import timezone

from campaigns.actions import campaigns, contents, releases, sending, sweeping
from campaigns.models import Campaign
from tests.kit import alliance_of_four
from tests.kit.alliance_of_four import AllianceOfFour
from tests.kit.compare import Comparison, wrong_in
from tests.kit.mailserver import MailServer

pytestmark = pytest.mark.django_db

Sink = list[tuple[str, bytes]]


@pytest.fixture
def four(installation: None) -> AllianceOfFour:
    return alliance_of_four.build()


@pytest.fixture
def campaign(four: AllianceOfFour) -> Campaign:
    """The call in two languages, with an introduction in two regions, signed by all."""
    campaign = campaigns.announce(mission=four.mission, by=four.users["coordinator"])
    more = {
        "en": "Dear {given_name|reader} of {organisation|a firm}, *write* to {contact_point}.",
        "fr": "À {name|vous} : *écrivez* à {contact_point}, de {cluster}.",
    }
    for text in campaign.texts.all():
        contents.edit(
            campaign=campaign,
            language=text.language,
            subject=f"{text.subject}, {{given_name|Osaka}}",
            preheader=text.preheader,
            blocks=[*text.blocks, {"kind": "text", "text": more[text.language]}],
            ready=True,
        )
    for slug, texts in (
        (
            "biocat",
            {"en": "Barcelona expects you, {given_name|friend}.", "fr": "Barcelone vous attend."},
        ),
        ("lyonbiopole", {"fr": "Lyon compte sur vous, {given_name|chers amis}."}),
    ):
        lane = campaign.releases.get(cluster=four.clusters[slug])
        releases.introduce(release=lane, by=four.users[f"contact_{slug}"], texts=texts)
    releases.release_all(campaign=campaign, by=four.users["coordinator"])
    campaigns.schedule(campaign=campaign, by=four.users["coordinator"], send_at=timezone.now())
    return campaign


@pytest.fixture
def sink(campaign: Campaign) -> Sink:
    with MailServer() as server, override_settings(EMAIL_URL=server.url, SENDING_LINES=1):
        sweeping.tick()
        campaign.refresh_from_db()
        sending.work(campaign)
        sweeping.tidy()
    return list(server.arrived)


def test_every_mail_is_what_the_records_say(
    four: AllianceOfFour, campaign: Campaign, sink: Sink
) -> None:
    wrong = wrong_in(campaign, sink, campaign.releases.all())
    assert not wrong, "\n".join(wrong)

    assert {to for to, _mail in sink} == {reader.email for reader in four.readers}
    told = [email.message_from_bytes(raw, policy=modern) for _to, raw in sink]
    assert Counter(str(mail["Content-Language"]) for mail in told) == {"en": 15, "fr": 7}


CATALAN, BAVARIAN = "home@biocat-firm.example", "foreign@biom-firm.example"
FRENCH = "home@lyonbiopole-firm.example"


def rewritten(raw: bytes, kind: str, old: str, new: str) -> bytes:
    """A mail in one of whose parts other words stand."""
    mail = email.message_from_bytes(raw, policy=modern)
    assert isinstance(mail, EmailMessage)
    (part,) = [part for part in mail.walk() if part.get_content_type() == kind]
    text = part.get_content()
    assert old in text, f"{old} is not in {kind}"
    assert isinstance(part, EmailMessage)
    part.set_content(text.replace(old, new), subtype=kind.partition("/")[2], cte="quoted-printable")
    return mail.as_bytes()


def in_header(raw: bytes, old: str, new: str) -> bytes:
    head, gap, body = raw.partition(b"\r\n\r\n")
    assert old.encode() in head, f"{old} is in no header"
    return head.replace(old.encode(), new.encode()) + gap + body


HEADERS = [
    ("missions@biocat.example", "missions@biom.example"),
    ("Biocat missions <", "BioM missions <"),
    ("answers@biocat.example", "answers@biom.example"),
    ("Home Biocat", "Home BioM"),
    ("Content-Language: en", "Content-Language: ca"),
    ("List-Unsubscribe=One-Click", "No"),
    ("/unsubscribe/", "/unsubscribe/1"),
    ("List-ID:", "X-Evil:"),
    ("Osaka mission", "Osaka"),
    ("Message-ID: <d", "Message-ID: <d1"),
]
PARTS = [
    ('lang="en"', 'lang="ca"'),
    ("Biocat", "BioM"),
    ("Dr. Ona Biocat Vidal", "Dr. Ona BioM Vidal"),
    ("ona.vidal@biocat.example", "ona.vidal@biom.example"),
    ("+34 93 555 01 01", "+34 93 555 01 02"),
    ("mailto:ona", "mailto:una"),
    ("1 Biocat Street", "1 Street"),
    ("Answering for this mail in English", "Respon d’aquest correu en català"),
    ("Co-funded by a programme", "Funded"),
    ("Barcelona expects you, Home", "Barcelona expects you"),
    ("Barcelona expects you", "Barcelona vous attend."),
    ("Unsubscribe", "Donar-se de baixa"),
    ("Arrival and briefing", "Arrivée et accueil"),
    ("Apply to your contact point", "Apply"),
    ("Catalonia", "Catalunya"),
    ("Dear Home", "Dear Silent"),
    ("/answers/", "/answer/"),
    ("Free of charge", "Free of charge, says foreign@biom-firm.example"),
    ("Free of charge", "Free of charge. Lyon compte sur vous, Home."),
    ("Free of charge", "Free of charge, like in Bavaria: answers@biom.example"),
]


def test_the_comparison_sees_whatever_is_wrong(campaign: Campaign, sink: Sink) -> None:
    """Each is a mail as it came, but for one thing: a comparison that sees nothing is worth
    nothing."""
    mails = dict(sink)
    lanes = list(campaign.releases.all())
    bavarian = campaign.releases.get(cluster__slug="biom")

    one = Comparison(campaign, sink, lanes)

    def told(raw: bytes) -> list[str]:
        return list(one.wrong_with(CATALAN, raw))

    without = [(to, raw) for to, raw in sink if to != CATALAN]
    assert f"{CATALAN}: no mail" in wrong_in(campaign, without, lanes)
    twice = [*sink, (CATALAN, mails[CATALAN]), ("gone@biocat-firm.example", mails[CATALAN])]
    found = wrong_in(campaign, twice, lanes)
    assert f"{CATALAN}: 2 mails" in found
    assert "gone@biocat-firm.example: nobody who should get a mail" in found
    assert told(mails[CATALAN]) == []
    assert told(mails[FRENCH])
    early = wrong_in(campaign, sink, [lane for lane in lanes if lane != bavarian])
    assert f"{BAVARIAN}: too early" in early
    for old, new in HEADERS:
        assert told(in_header(mails[CATALAN], old, new)), (old, new)
    for kind in ("text/html", "text/plain"):
        for old, new in PARTS:
            if kind == "text/plain" and old[:4] in ("lang", "mail"):
                continue
            assert told(rewritten(mails[CATALAN], kind, old, new)), (kind, old, new)
    marked = rewritten(mails[CATALAN], "text/html", "BIO Osaka", "<i lang='fr'>BIO Osaka</i>")
    assert told(marked)
    unmarked = rewritten(mails[FRENCH], "text/html", '<span lang="en">', "<span>")
    assert list(one.wrong_with(FRENCH, unmarked))
    assert told(rewritten(mails[CATALAN], "text/calendar", "Osaka mission", "Mission"))
