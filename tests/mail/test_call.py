"""Every mail of a mission's call, not a sample."""

import datetime as dt
import re
from collections import Counter
from email.header import decode_header, make_header
from typing import Any

import pytest
from django.conf import settings
from django.core.signing import Signer
from django.urls import resolve
from icalendar import Calendar

from campaigns.mail import links
from campaigns.mail.compose import COLOURS, Composer
from campaigns.models import Delivery
from campaigns.rules.lines import one_line
from crm.models import Answer
from tests.mail.conftest import HOSTILE, Received
from tests.world import World

pytestmark = pytest.mark.django_db
WHY = {
    "en": "You get this mail because",
    "fr": "Vous recevez ce message parce que",
    "de": "Sie bekommen diese Mail, weil",
}
PATH = re.compile(r"https?://[^/]+(/[^?]*)$")


def member_of(mail: Received) -> bool:
    return mail.delivery.variant == Delivery.Variant.MEMBER


def test_everybody_gets_one_mail_whatever_their_name(world: World, call: list[Received]) -> None:
    assert len(call) == 8 + 1 + 2 + len(HOSTILE)
    assert {mail.delivery.state for mail in call} == {Delivery.State.ACCEPTED}
    variants = Counter(mail.delivery.variant for mail in call)
    assert variants == {"member": 8 + len(HOSTILE), "outside": 1, "public": 2}


def test_both_parts_are_in_the_readers_language_and_in_no_other(call: list[Received]) -> None:
    lead = {"en": "Join the delegation.", "fr": "Rejoignez la délégation."}
    day = {"en": "Arrival in Osaka", "fr": "Arrivée à Osaka"}
    wanted = {"en": "en", "fr": "fr", "it": "en", None: "en"}

    for mail in call:
        assert mail.delivery.person
        language = wanted[mail.delivery.person.language]
        other = {"en": "fr", "fr": "en"}[language]
        assert mail.delivery.language == language
        for part in (mail.words, mail.page.text):
            assert lead[language] in part
            assert day[language] in part
            assert lead[other] not in part
            assert day[other] not in part
        assert mail.page.attributes["html"]["lang"] == language
        assert mail.header("Content-Language").decode() == language


def test_programme_and_deadlines_stand_in_both_parts(world: World, call: list[Received]) -> None:
    deadline = world.mission.deadlines.get()

    for mail in call:
        for part in (mail.words, mail.page.text):
            assert "Osaka" in part
            if member_of(mail):
                assert deadline.things[mail.delivery.language] in part
                assert "Paris" in part
            else:
                assert deadline.things[mail.delivery.language] not in part


def test_a_mail_comes_from_the_desk_of_the_readers_cluster(
    world: World, call: list[Received]
) -> None:
    for mail in call:
        lane = mail.delivery.release
        cluster = (lane and lane.cluster) or world.biocat
        (sender,) = mail.message["From"].addresses
        (answers,) = mail.message["Reply-To"].addresses
        assert (sender.display_name, sender.addr_spec) == (cluster.from_name, cluster.from_address)
        assert answers.addr_spec == cluster.reply_to
        for part in (mail.words, mail.page.text):
            assert f"Desk of {cluster}" in part
            assert f"contact@{cluster.slug}.example" in part
            assert "+00 1" in part


def test_a_mail_says_who_answers_for_it_and_how_to_leave(
    world: World, call: list[Received]
) -> None:
    disclaimer = world.alliance.disclaimers.get().texts

    for mail in call:
        lane = mail.delivery.release
        cluster = (lane and lane.cluster) or world.biocat
        other = world.biom if cluster == world.biocat else world.biocat
        leave = mail.header("List-Unsubscribe").decode().strip("<>")
        for part in (mail.words, mail.page.text):
            for line in cluster.postal_address.splitlines():
                assert line in part
            assert cluster.footer[mail.delivery.language] in part
            assert disclaimer[mail.delivery.language] in part
            assert other.postal_address.splitlines()[0] not in part
            assert WHY[mail.delivery.language] in part
        assert leave in mail.text
        assert leave in mail.page.links


def test_leaving_works_from_the_raw_header(call: list[Received]) -> None:
    for mail in call:
        assert re.search(rb"\r\nList-Unsubscribe: <\S+>\r\n", mail.raw)
        found = PATH.match(mail.header("List-Unsubscribe").decode().strip("<>"))
        assert found
        match = resolve(found.group(1))
        leaving = links.read_leaving(match.kwargs["token"])
        assert match.view_name == "campaigns:public-unsubscribe"
        assert leaving.address_id == mail.delivery.address_id
        assert leaving.campaign_id == mail.delivery.campaign_id
        assert leaving.cluster_id == mail.delivery.person.cluster_id
        assert mail.header("List-Unsubscribe-Post") == b"List-Unsubscribe=One-Click"


def test_the_headers_are_ours_and_nobody_adds_one(call: list[Received]) -> None:
    expected = {
        "from", "to", "reply-to", "subject", "date", "message-id", "list-id", "list-unsubscribe",
        "list-unsubscribe-post", "feedback-id", "mime-version", "content-type", "content-language",
    }  # fmt: skip

    for mail in call:
        names = [line.partition(b":")[0].decode().lower() for line in mail.header_lines]
        assert sorted(names) == sorted(expected)
        (to,) = mail.message["To"].addresses
        assert to.addr_spec == mail.delivery.address.email
        assert b"evil" not in mail.header("Feedback-ID") + mail.header("List-ID")


def test_lines_are_as_long_as_mail_servers_allow(call: list[Received]) -> None:
    for mail in call:
        lines = mail.raw.split(b"\r\n")
        assert mail.raw.isascii()
        assert not any(b"\r" in line or b"\n" in line for line in lines)
        assert max(len(line) for line in lines) <= 998


def test_encoded_words_are_as_short_as_the_standard_wants(call: list[Received]) -> None:
    """RFC 2047, 2: 75 characters, on lines of 76."""
    for mail in call:
        head = mail.raw.partition(b"\r\n\r\n")[0]
        words = re.findall(rb"=\?[^?\s]+\?[qb]\?[^?\s]*\?=", head)
        assert [word for word in words if len(word) > 75] == []
        assert [line for line in head.split(b"\r\n") if b"=?" in line and len(line) > 76] == []


def test_the_readers_name_is_shown_whole_in_the_to_line(call: list[Received]) -> None:
    for mail in call:
        assert mail.delivery.person
        shown = str(make_header(decode_header(mail.header("To").decode())))
        assert "".join(one_line(mail.delivery.person.full_name).split()) in "".join(
            shown.replace('\\"', '"').split()
        )


def test_a_name_is_words_and_never_markup(call: list[Received]) -> None:
    plain = next(mail for mail in call if mail.delivery.person.given.startswith("Given"))

    for mail in call:
        assert mail.delivery.person
        if not mail.delivery.person.given or not member_of(mail):
            continue
        page = mail.page
        assert "script" not in page.tags
        assert "b" not in page.tags or page.tags.count("b") == plain.page.tags.count("b")
        assert "mj-text" not in page.tags
        given = one_line(mail.delivery.person.given)
        assert given in page.text
        assert given in mail.words
        assert "&amp;" not in mail.text.replace("&lt;b&gt; &amp;", "")
        assert "&#x27;" not in mail.text


def test_a_name_that_looks_like_a_field_or_a_template_stays_a_name(call: list[Received]) -> None:
    by_name = {mail.delivery.person.given: mail for mail in call if mail.delivery.person}

    assert "49" not in by_name["{{ 7*7 }}"].text.partition("Desk")[0]
    assert "{{ 7*7 }}" in by_name["{{ 7*7 }}"].text
    assert "\n{organisation}\n" in by_name["{organisation}"].text.replace("\r", "")
    assert "\n.leading\n" in by_name[".leading"].text.replace("\r", "")
    assert "\n..\n" in by_name[".."].text.replace("\r", "")


def test_a_mail_is_small(call: list[Received]) -> None:
    """Each byte is written, sent and stored for every reader; Gmail cuts at 102 KB."""
    named = [mail for mail in call if mail.delivery.person.given.startswith("Given")]
    assert max(len(mail.raw) for mail in named) < 27_000
    assert max(len(mail.raw) for mail in call) < 48_000


def test_no_layout_tag_is_left_in_a_mail(call: list[Received]) -> None:
    for mail in call:
        assert not [tag for tag in mail.page.tags if tag.startswith("mj")]
        assert "{%" not in mail.html.replace("{% include", "")
        assert "mj-class" not in mail.html


def test_a_mail_wears_the_accent_of_its_alliance(world: World, call: list[Received]) -> None:
    accent = COLOURS[world.alliance.accent]
    others = set(COLOURS.values()) - {accent}

    assert all(accent in mail.html for mail in call)
    assert not any(other in mail.html for mail in call for other in others)


def test_a_mail_loads_nothing_but_pictures_of_ours(call: list[Received]) -> None:
    """Their addresses are the same in every mail, so nobody learns from them who reads."""
    assert all(mail.page.sources == call[0].page.sources != [] for mail in call)
    for source in call[0].page.sources:
        assert re.fullmatch(rf"{settings.BASE_URL}/public/images/[0-9a-f]{{64}}\.png", source)
    for mail in call:
        assert not {"link", "script", "iframe", "object", "form"} & set(mail.page.tags)
        assert "url(" not in mail.html
        assert "@import" not in mail.html


def test_with_pictures_off_a_mail_says_what_they_show(call: list[Received]) -> None:
    for mail in call:
        assert 'alt="The hall again" width="520" height="260"' in mail.html
        assert "[The hall again]" in mail.text


def test_the_same_links_stand_in_both_parts(call: list[Received]) -> None:
    for mail in call:
        shown = {link for link in mail.page.links if link.startswith("http")}
        written = set(re.findall(r"https?://\S+", mail.text))
        assert shown == written


def test_answers_are_signed_and_no_two_readers_share_one(call: list[Received]) -> None:
    seen: set[str] = set()

    for mail in call:
        urls = [link for link in mail.page.links if "/answers/" in link]
        if not member_of(mail):
            assert urls == []
            continue
        values = []
        for url in urls:
            found = PATH.match(url)
            assert found
            match = resolve(found.group(1))
            answering = links.read_answering(match.kwargs["token"])
            assert answering.delivery_id == mail.delivery.pk
            assert answering.person_id == mail.delivery.person_id
            values.append(match.kwargs["value"])
        assert values == ["interested", "not-now", "colleague", "declined"]
        assert not seen & set(urls)
        seen |= set(urls)


def test_an_altered_link_or_one_for_another_purpose_is_refused(call: list[Received]) -> None:
    token = links.leaving_token(links.Leaving(1, 2, 3, "en"))

    for altered in (
        token[:-1],
        "9" + token,
        token.replace(".", "", 1),
        "",
        Signer().sign("1.1.1.en"),
    ):
        with pytest.raises(links.InvalidLink):
            links.read_leaving(altered)
    with pytest.raises(links.InvalidLink):
        links.read_answering(token)


def test_only_readers_from_outside_are_sent_to_another_organiser(call: list[Received]) -> None:
    for mail in call:
        for part in (mail.words, mail.page.text):
            assert ("EU-Japan Centre" in part) == (not member_of(mail))
        assert ("https://eu-japan.example/apply" in mail.page.links) == (not member_of(mail))


def test_only_members_get_the_deadlines_for_their_calendar(
    world: World, call: list[Received]
) -> None:
    deadline = world.mission.deadlines.get()

    for mail in call:
        part = mail.calendar
        if not member_of(mail):
            assert part is None
            continue
        assert part
        assert part.get_filename() == "deadlines.ics"
        assert part["Content-Type"].params["method"] == "PUBLISH"
        whole: Any = Calendar.from_ical(part.get_content())
        (event,) = whole.walk("VEVENT")
        assert whole["method"] == "PUBLISH"
        assert event["dtstart"].dt == deadline.at.replace(microsecond=0)
        assert world.mission.names[mail.delivery.language] in event["summary"]
        assert "attendee" not in event


def test_a_mail_keeps_its_message_id_on_every_attempt(world: World, call: list[Received]) -> None:
    ids = [mail.header("Message-ID").decode() for mail in call]
    composer = Composer(call[0].delivery.campaign)

    assert len(set(ids)) == len(call)
    for mail in call:
        again = composer.compose(mail.delivery)
        assert mail.header("Message-ID") in again.mail
        assert mail.header("Message-ID").decode().startswith(f"<d{mail.delivery.pk}.")


def test_a_list_id_names_the_alliance(call: list[Received]) -> None:
    for mail in call:
        assert re.fullmatch(rb"<bioxclusters-plus\.[a-z]+\.example>", mail.header("List-ID"))


def test_a_mail_is_dated_now(call: list[Received]) -> None:
    for mail in call:
        assert abs(mail.message["Date"].datetime - dt.datetime.now(dt.UTC)) < dt.timedelta(
            minutes=5
        )


def test_no_answer_is_written_by_sending(call: list[Received]) -> None:
    assert not Answer.objects.exists()
