"""Every kind of mail, and every kind of block, is made of what mail programs can show."""

import pytest

from campaigns.rules.blocks import FROM_RECORDS, WRITTEN
from tests.mail.conftest import Received
from tests.mail.support import PROGRAMS, SUPPORT, Does, troubles

pytestmark = pytest.mark.django_db


def test_mails_of_every_kind_are_made_of_what_mail_programs_show(
    call: list[Received], invitation: list[Received], release: list[Received]
) -> None:
    mails = [*call, *invitation, *release]
    editions = {
        (mail.delivery.campaign_id, mail.delivery.language, mail.delivery.variant): mail.html
        for mail in mails
    }

    assert len(editions) > 6
    assert {edition: troubles(html) for edition, html in editions.items() if troubles(html)} == {}


def test_these_mails_have_blocks_of_every_kind(
    call: list[Received], invitation: list[Received], release: list[Received]
) -> None:
    campaigns = {mail.delivery.campaign for mail in [*call, *invitation, *release]}
    kinds = {
        block["kind"]
        for campaign in campaigns
        if campaign.content_version
        for text in campaign.content_version.texts.all()
        for block in text.blocks
    }

    assert kinds == {*WRITTEN, *FROM_RECORDS}


def test_what_a_program_would_not_show_is_said() -> None:
    flexed = '<div style="display:flex">Two columns</div>'
    hovering = "<style>.key:hover{position:absolute}</style>"

    assert troubles(flexed) == ["Outlook does not support “display: flex”."]
    assert troubles(f"<!--[if !mso]><!-->{flexed}<!--<![endif]-->") == []
    assert troubles(f"<!--[if mso]>{flexed}<![endif]-->") == troubles(flexed)
    assert troubles(hovering) == [
        "Outlook does not support “position”.",
        "Gmail does not support “position”.",
        "Outlook does not support “selector: pseudo”.",
        "Gmail does not support “selector: pseudo”.",
    ]
    assert "style sheet of 9000" in troubles(f"<style>{' ' * 9000}</style>")[0]


def test_what_nobody_looked_up_asks_for_it() -> None:
    (sentence,) = troubles("<blink>New</blink>")

    assert "“<blink>”" in sentence
    assert "add it to the table in tests/mail/support.py" in sentence


def test_who_drops_something_without_a_loss_is_told_why() -> None:
    dropped = {
        construct: row
        for construct, row in SUPPORT.items()
        if Does.HARMLESS in row[: len(PROGRAMS)]
    }

    assert all(row.note for row in dropped.values())
