"""What a mailbox owner takes along: every table that names somebody is in it, or has its reason."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.actions import letters, own_data
from campaigns.models import Exclusion, Trim
from crm.actions import custom_fields, tags
from crm.actions.taking_out import flat
from crm.models import Address, ConsentRecord, Notice, Person
from tests.actions.test_erasing import DOCS, more_of, well_known
from tests.world import World

NUMBERS_ONLY = "hold numbers and domains only"
WITHOUT_A_ROW_HERE = {
    "left",
    "clicks_kept_since",
    "share_objected",
    "archived",
    "letters",
    "clicks",
}


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def tables_that_name_somebody() -> set[str]:
    """Those that refer to a person or a mailbox, and those of the docs; without earlier states."""
    referring = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and any(field.related_model in (Person, Address) for field in model._meta.concrete_fields)
    }
    rows = DOCS.read_text().partition("| Table | What happens |")[2].partition("\n\n")[0]
    told = {
        name
        for row in rows.splitlines()
        if NUMBERS_ONLY not in row
        for name in re.findall(
            r"`((?:crm|campaigns)_\w+)`", row.split("|")[1] if "|" in row else ""
        )
    }
    return {name for name in referring | told if not name.endswith("history")}


def test_each_table_that_names_somebody_is_in_the_file_or_left_out_for_a_reason() -> None:
    in_file = {table for part in own_data.parts() for table in part.tables}
    assert tables_that_name_somebody() == in_file | own_data.LEFT_OUT.keys()
    assert not in_file & own_data.LEFT_OUT.keys()
    assert all(str(why) for why in own_data.LEFT_OUT.values())


def test_of_somebody_well_known_no_part_of_the_file_is_empty(world: World) -> None:
    zoe = well_known(world)
    more_of(world, zoe)
    contact = world.users["contact_biocat"]
    tag = tags.create(cluster=world.biocat, name="Speaker", by=contact)
    field = custom_fields.create(
        cluster=world.biocat, noun="person", name="Likes", kind="text", by=contact
    )
    zoe.tags, zoe.custom = [tag.pk], {field.key: "tea"}
    zoe.title, zoe.language, zoe.paused_until = "Dr", "en", dt.date(2040, 1, 2)
    zoe.save()
    invitation = world.invitation(start=False)
    Exclusion.objects.create(
        campaign=invitation, person=zoe, release=world.lane(invitation, world.biocat), reason=9
    )
    Trim.objects.create(
        release=world.lane(invitation, world.biom), person=zoe, added=True, reason="asked us"
    )
    mailbox = zoe.addresses.get(is_primary=True).address
    found = own_data.taken_out(mailbox, "en")
    (kept,) = found["kept_by"]
    empty = {
        part.name for part in own_data.parts() if not (found.get(part.name) or kept.get(part.name))
    }
    assert empty == WITHOUT_A_ROW_HERE
    assert kept["tags"] == ["Speaker"]
    assert kept["own_fields"] == {"Likes": "tea"}
    assert kept["paused_until"] == "2040-01-02"
    assert kept["topics"][0]["markets"] == ["japan"]
    assert kept["origin"] == [{"list": Notice.objects.get().origin, "told": ""}]
    assert kept["notes"][0]["text"] == "likes coffee"
    assert kept["files"][0]["name"] == "a.txt"
    assert world.mission.names["en"] in {mail["about"] for mail in kept["mails"]}
    assert kept["mails_not_got"][0]["why"] == "paused by the reader"
    assert [each["why"] for each in kept["taken_out_by_the_region"]] == ["x"]
    assert [each["why"] for each in kept["added_by_the_region"]] == ["asked us"]
    assert ("kept_by.1.tags.1", "Speaker") in [*flat(found)]


def test_letters_belong_to_the_mailbox(world: World) -> None:
    reader = world.person()
    letters.tell(
        to=reader.email, subject="Your link", paragraphs=["Here."], link=("Open", "https://a.example"),
        sender="Biocat", kind="own-pages", language="en",
    )  # fmt: skip
    mailbox: Any = reader.addresses.get().address
    (letter,) = own_data.taken_out(mailbox, "en")["letters"]
    assert letter["kind"] == "letter"


def test_from_where_somebody_spoke_is_told_to_them_alone(world: World) -> None:
    ada = world.person(email="desk@alba.example")
    assert ada.primary
    mailbox = ada.primary.address
    for act in ("requested", "confirmed"):
        ConsentRecord.objects.create(
            person=ada, address=mailbox, cluster=world.biocat, topic=world.topic, act=act,
            source="follow form", network="192.0.2.7", at=timezone.now(),
        )  # fmt: skip

    (kept,) = own_data.taken_out(mailbox, "en")["kept_by"]
    told = {proof["act"]: proof["network"] for proof in kept["proofs"]}
    assert (told["requested"], told["confirmed"]) == ("", "192.0.2.7")

    world.person(email="desk@alba.example", allow_shared=True)
    several = own_data.taken_out(mailbox, "en")
    assert "192.0.2.7" not in str(several)
    assert {proof["act"] for kept in several["kept_by"] for proof in kept["proofs"]} >= {*told}
