"""Writing a campaign's text: blocks of every kind, pictures, pasting, and what is refused."""

import re
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaigns.actions import contents, images, previews, releases
from campaigns.mail import records
from campaigns.mail.compose import Text
from campaigns.models import Campaign, Image
from crm.models import AuditEntry
from tests import world as worlds
from tests.kit.pictures import picture
from tests.world import World


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


@pytest.fixture
def draft(world: World) -> Campaign:
    world.person(given="Ona", family="Vidal")
    return world.call(release=False, start=False)


def url(campaign: Campaign, page: str = "") -> str:
    return f"/campaigns/{campaign.ref}/{page}"


def content(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return str(response.content.decode())


def posted(campaign: Campaign, language: str = "en", **changes: Any) -> dict[str, Any]:
    """The text form as the browser would send it back."""
    draft = campaign.texts.get(language=language)
    data: dict[str, Any] = {
        "subject": draft.subject,
        "preheader": draft.preheader,
        "ready": "on",
        "seen": str(draft.version),
        "order": [*range(len(draft.blocks))],
    }
    for n, block in enumerate(draft.blocks):
        data[f"kind-{n}"] = block["kind"]
        for field, text in block.items():
            data[f"{field}-{n}"] = text
        data[f"readers-{n}"] = ",".join(block.get("readers", ()))
    return data | changes


def test_saving_the_text_unchanged_changes_nothing(as_coordinator: Client, draft: Campaign) -> None:
    before = draft.texts.get(language="en").blocks

    response = as_coordinator.post(url(draft, "text/en/"), posted(draft))

    assert response.status_code == 302
    assert draft.texts.get(language="en").blocks == before


def test_a_changed_text_asks_for_the_signatures_again(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    releases.release_all(campaign=draft, by=None)

    as_coordinator.post(url(draft, "text/en/"), posted(draft, subject="Come with us"))

    assert draft.texts.get(language="en").subject == "Come with us"
    assert not draft.releases.filter(status="released").exists()


def test_small_buttons_rearrange_without_saving(as_coordinator: Client, draft: Campaign) -> None:
    before = draft.texts.get(language="en").blocks

    for button in ({"down": "0"}, {"remove": "3"}, {"below": "2"}, {"add": "1", "kind": "divider"}):
        response = as_coordinator.post(url(draft, "text/en/"), posted(draft, **button))
        assert "Not saved yet" in response.content.decode()
    response = as_coordinator.post(url(draft, "text/en/"), posted(draft, down="0"))
    kinds = re.findall(r'name="kind-\d+" value="(\w+)"', response.content.decode())

    assert kinds[:2] == ["introduction", "heading"]
    assert draft.texts.get(language="en").blocks == before


def test_blocks_are_saved_in_the_order_in_which_they_came(
    as_coordinator: Client, draft: Campaign
) -> None:
    before = draft.texts.get(language="en").blocks
    strange = ["9" * 5000, "-1", "2", "two", ""]  # twice the same, and what is no block
    rest = [n for n in range(len(before)) if n != 2]

    response = as_coordinator.post(
        url(draft, "text/en/"), posted(draft, order=["2", *strange, *rest])
    )

    assert response.status_code == 302
    assert draft.texts.get(language="en").blocks == [before[2], *before[:2], *before[3:]]


def test_a_button_moves_a_block_from_where_it_was_dragged(
    as_coordinator: Client, draft: Campaign
) -> None:
    kinds = [block["kind"] for block in draft.texts.get(language="en").blocks]
    last = len(kinds) - 1
    data = posted(draft, order=[last, *range(last)], down=str(last))

    page = as_coordinator.post(url(draft, "text/en/"), data).content.decode()

    assert re.findall(r'name="kind-\d+" value="(\w+)"', page) == [
        kinds[0],
        kinds[last],
        *kinds[1:last],
    ]


def test_an_unknown_merge_field_is_refused_and_nothing_typed_is_lost(
    as_coordinator: Client, draft: Campaign
) -> None:
    data = posted(draft) | {"text-2": "Dear {nickname}, a long letter"}

    page = as_coordinator.post(url(draft, "text/en/"), data).content.decode()

    assert "is not a merge field" in page
    assert "a long letter" in page


def test_a_language_can_be_added(as_coordinator: Client, draft: Campaign) -> None:
    assert as_coordinator.get(url(draft, "text/de/")).status_code == 200
    data = {"subject": "Nach Japan", "ready": "on", "seen": "", "order": "0"}

    as_coordinator.post(url(draft, "text/de/"), data | {"kind-0": "heading", "text-0": "Japan"})

    (block,) = draft.texts.get(language="de").blocks
    same = draft.texts.get(language="en").blocks[0]
    assert block == {"id": same["id"], "kind": "heading", "text": "Japan"}
    assert as_coordinator.get(url(draft, "text/pt/")).status_code == 404


def test_buttons_and_quotes_are_written_and_previewed(
    as_coordinator: Client, draft: Campaign
) -> None:
    data = posted(draft)
    for kind in ("button", "quote"):
        page = as_coordinator.post(url(draft, "text/en/"), data | {"add": "1", "kind": kind})
        n = len(draft.texts.get(language="en").blocks)
        assert f'name="kind-{n}" value="{kind}"' in page.content.decode()
    data |= {
        "order": [*range(n + 2)],
        f"kind-{n}": "button",
        f"label-{n}": "The hotel, {given_name|friend}",
        f"url-{n}": " https://hotel.example/osaka?a=1&b=2 ",
        f"kind-{n + 1}": "quote",
        f"text-{n + 1}": "It was *worth* it.",
        f"who-{n + 1}": "Ona Vidal, Biocat",
    }

    assert as_coordinator.post(url(draft, "text/en/"), data).status_code == 302

    button, quote = draft.texts.get(language="en").blocks[-2:]
    assert button["url"] == "https://hotel.example/osaka?a=1&b=2"
    assert len({block["id"] for block in draft.texts.get(language="en").blocks}) == n + 2
    assert quote["who"] == "Ona Vidal, Biocat"
    edited = content(as_coordinator, url(draft, "text/en/"))
    assert "The hotel, {given_name|friend}" in edited
    mail = content(as_coordinator, url(draft, "preview/body/?language=en"))
    assert 'href="https://hotel.example/osaka?a=1&amp;b=2"' in mail
    assert "It was <strong>worth</strong> it." in mail
    assert "— Ona Vidal, Biocat" in mail
    text = content(as_coordinator, url(draft, "preview/?language=en"))
    assert "https://hotel.example/osaka?a=1&amp;b=2" in text
    assert "It was worth it." in text


def with_a_picture(draft: Campaign, **more: Any) -> dict[str, Any]:
    n = len(draft.texts.get(language="en").blocks)
    return (
        posted(draft)
        | {"order": [*range(n + 1)], f"kind-{n}": "image", f"alt-{n}": "A hall in Osaka"}
        | {f"{name}-{n}": value for name, value in more.items()}
    )


def upload(content: bytes, name: str = "hall.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def test_a_picture_is_brought_in_the_editor_and_stands_in_the_mail(
    world: World, client: Client, as_coordinator: Client, draft: Campaign
) -> None:
    data = with_a_picture(draft, caption="The hall", url="https://hall.example/")

    moving = data | {"up": "1", "file-10": upload(picture())}
    page = as_coordinator.post(url(draft, "text/en/"), moving).content.decode()
    found = re.search(r'name="image-(\d+)" value="([0-9a-f]{64}\.png)"', page)
    assert found  # it stays though only blocks were moved
    n, name = found.groups()
    response = as_coordinator.post(url(draft, "text/en/"), data | {f"image-{n}": name})

    assert response.status_code == 302
    block = draft.texts.get(language="en").blocks[-1]
    assert (block["image"], block["width"], block["height"]) == (name, 640, 320)
    mail = content(as_coordinator, url(draft, "preview/body/?language=en"))
    source = re.search(r'<img src="http://[^/]+(/public/images/[^"]+)" alt="A hall in Osaka"', mail)
    assert source
    shown = client.get(source[1])
    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/png"
    assert shown["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not shown.cookies
    assert "Vary" not in shown
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    for wrong in (name.replace(".png", ".jpg"), f"{'0' * 64}.png", f"{name}.png"):
        assert client.get(f"/public/images/{wrong}").status_code == 404


@pytest.mark.parametrize(
    ("file", "alt", "sentence"),
    [
        (None, "A hall", "Block 11 has no picture yet"),
        (picture(), "", "Block 11 is a picture without a description"),
        (b"", "A hall", "is no picture"),
        (b"<svg></svg>", "A hall", "is a drawing (SVG)"),
        (b"hello", "A hall", "is no picture"),
        (b"x" * (10 * 1024 * 1024 + 1), "A hall", "is larger than 10 MB"),
    ],
)
def test_what_is_no_picture_for_readers_is_refused_and_nothing_typed_is_lost(
    as_coordinator: Client, draft: Campaign, file: bytes | None, alt: str, sentence: str
) -> None:
    data = with_a_picture(draft, alt=alt, caption="A long caption")
    files = {"file-10": upload(file)} if file is not None else {}

    page = as_coordinator.post(url(draft, "text/en/"), data | files).content.decode()

    assert sentence in page
    assert "A long caption" in page
    assert len(draft.texts.get(language="en").blocks) == 10


def test_a_picture_of_another_alliance_is_not_ones_own(
    world: World, as_coordinator: Client, draft: Campaign
) -> None:
    theirs = images.add(alliance=world.other_alliance, name="x.png", content=picture(), by=None)
    data = with_a_picture(draft, image=theirs.name)

    page = as_coordinator.post(url(draft, "text/en/"), data).content.decode()

    assert "The picture of block 11 is not kept here" in page


@pytest.mark.parametrize("name", ["../secret", "x.png", f"{'a' * 64}.svg", "https://e.example/x"])
def test_what_is_no_name_of_a_picture_is_none(
    as_coordinator: Client, draft: Campaign, name: str
) -> None:
    for pressed in ({}, {"up": "1"}):
        page = as_coordinator.post(
            url(draft, "text/en/"), with_a_picture(draft, image=name) | pressed
        ).content.decode()
        assert 'name="image-' in page
        assert name not in page


def test_a_regional_contact_brings_no_picture(
    as_contact: Client, as_stranger: Client, draft: Campaign
) -> None:
    for client in (as_contact, as_stranger):
        data = with_a_picture(draft) | {"file-10": upload(picture())}
        assert client.post(url(draft, "text/en/"), data).status_code == 404
    assert not Image.objects.exists()


def test_the_same_picture_twice_is_kept_once(world: World, draft: Campaign) -> None:
    first = images.add(alliance=world.alliance, name="a.png", content=picture(), by=None)
    again = images.add(alliance=world.alliance, name="b.png", content=picture(), by=None)
    theirs = images.add(alliance=world.other_alliance, name="c", content=picture(), by=None)

    assert first == again != theirs
    assert first.sha256 == theirs.sha256
    assert AuditEntry.objects.filter(noun="image", verb="brought").count() == 2
    assert list(Image.objects.visible_to(world.users["contact_biocat"])) == [first]
    assert list(Image.objects.editable_by(world.users["coordinator"])) == [first]
    assert not Image.objects.editable_by(world.users["contact_biocat"]).exists()


def unstyled(page: str) -> str:
    """What a mail says, without how its elements look."""
    return re.sub(r' style="[^"]*"', "", page)


def test_what_was_pinned_before_there_was_markup_stays_as_it_was(
    world: World, draft: Campaign
) -> None:
    reader = previews.made_up(world.lane(draft, world.biocat))
    old = Text("en", "Subject", "", [{"kind": "text", "paragraphs": ["*not bold*", "- no list"]}])

    mail = previews.compose(reader, {"en": old})

    assert '<p>*not bold*</p><p class="last">- no list</p>' in unstyled(mail.html)
    assert "*not bold*\n\n- no list\n" in mail.text.replace("\r", "")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\nb\n\n2 * 3", {"paragraphs": ["a b", "2 * 3"]}),
        ("a *b*\n- c\n- d", {"paragraphs": ["a *b*", "- c\n- d"], "marked": True}),
    ],
)
def test_what_is_signed_has_no_id_and_says_whether_it_is_marked_up(
    text: str, kept: dict[str, Any]
) -> None:
    block = {"id": "abcdefgh", "kind": "text", "text": text, "readers": ["member"]}

    assert records.filled(block, {}) == {"kind": "text", "readers": ["member"], **kept}


def test_an_introduction_may_be_marked_up_and_leads_nowhere_astray(
    world: World, as_contact: Client, draft: Campaign
) -> None:
    lane = world.lane(draft, world.biocat)
    page = url(draft, f"lanes/{lane.pk}/introduce/")

    refused = as_contact.post(page, {"texts_en": "See [us](http://us.example)"})
    as_contact.post(page, {"texts_en": "Dear {name},\n- see *[us](https://us.example)*"})

    assert "begins with https://" in refused.content.decode()
    assert "*bold*" in content(as_contact, page)
    mail = content(as_contact, url(draft, f"preview/body/?language=en&lane={lane.pk}"))
    link = '<strong><a href="https://us.example">us</a></strong>'
    assert f'<ul class="last"><li>see {link}</li></ul>' in unstyled(mail)


# --- pasting


def test_what_is_copied_elsewhere_comes_back_in_our_markup(
    as_coordinator: Client, draft: Campaign
) -> None:
    answer = as_coordinator.post(
        url(draft, "text/paste/"),
        "<p>Dear <b>all</b>,</p><ul><li>see <a href='https://x.example'>this</a></ul>",
        content_type="text/html",
    )

    assert answer.content.decode() == "Dear *all*,\n\n- see [this](https://x.example)"
    assert answer["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("size", [2 * 1024 * 1024, 10 * 1024 * 1024])
def test_pasting_too_much_is_refused_at_once(
    as_coordinator: Client, draft: Campaign, size: int
) -> None:
    began = time.process_time()

    answer = as_coordinator.post(
        url(draft, "text/paste/"), b"<p>x</p>" * (size // 8), content_type="text/html"
    )

    assert answer.status_code == 413
    assert "more than a block may hold" in answer.content.decode()
    assert time.process_time() - began < 2


@pytest.mark.parametrize("multipart", [True, False])
def test_ten_megabytes_in_a_text_are_answered_by_a_page_that_says_what_to_do(
    as_coordinator: Client, draft: Campaign, multipart: bool
) -> None:
    data = posted(draft) | {"text-2": "word " * (2 * 1024 * 1024)}
    began = time.process_time()

    if multipart:
        answer = as_coordinator.post(url(draft, "text/en/"), data)
    else:
        form = "application/x-www-form-urlencoded"
        answer = as_coordinator.post(
            url(draft, "text/en/"), urlencode(data, doseq=True), content_type=form
        )

    assert answer.status_code == 413
    assert "what you wrote is still there" in answer.content.decode()
    assert time.process_time() - began < 2
    assert "word word" not in str(draft.texts.get(language="en").blocks)


def test_a_long_block_is_refused_and_nothing_typed_is_lost(
    as_coordinator: Client, draft: Campaign
) -> None:
    data = posted(draft) | {"text-2": "word " * 14_000}

    page = as_coordinator.post(url(draft, "text/en/"), data).content.decode()

    assert "Block 3 is 69 KB of text; 64 KB are the most" in page
    assert "word " * 13_999 in page


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://hotel.example", "begins with https://"),
        ("javascript:alert(1)", "begins with https://"),
        ("https://hotel.example/{given_name}", "a merge field in its address"),
        ("https://bit.ly/x", "hides where to"),
        ("", "leads nowhere"),
    ],
)
def test_a_button_that_leads_astray_is_refused_and_nothing_typed_is_lost(
    as_coordinator: Client, draft: Campaign, address: str, sentence: str
) -> None:
    data = posted(draft) | {"kind-2": "button", "label-2": "A long label", "url-2": address}

    page = as_coordinator.post(url(draft, "text/en/"), data).content.decode()

    assert sentence in page
    assert "A long label" in page
    assert draft.texts.get(language="en").blocks[2]["kind"] == "text"


def test_a_blocks_id_stays_when_it_is_moved_rewritten_and_others_go(
    as_coordinator: Client, draft: Campaign
) -> None:
    before = draft.texts.get(language="en").blocks
    data = posted(draft) | {"text-2": "Written anew", "down": "2"}
    page = as_coordinator.post(url(draft, "text/en/"), data).content.decode()
    names = re.findall(r'name="id-\d+" value="(\w+)"', page)

    assert names[3] == before[2]["id"]
    assert set(names) == {block["id"] for block in before}


def test_an_old_draft_gets_ids_at_its_first_edit_and_a_signature_stays_what_it_was(
    as_coordinator: Client, draft: Campaign
) -> None:
    for text in draft.texts.all():
        text.blocks = [{k: v for k, v in block.items() if k != "id"} for block in text.blocks]
        text.save()
    signed = contents.digest(draft)

    for language in ("en", "fr"):
        response = as_coordinator.post(url(draft, f"text/{language}/"), posted(draft, language))
        assert response.status_code == 302

    english, french = (draft.texts.get(language=language).blocks for language in ("en", "fr"))
    assert all(len(block["id"]) == 8 for block in english)
    assert [block["id"] for block in english] == [block["id"] for block in french]
    assert contents.digest(draft) == signed
