"""Whom a cluster or the owner of a mailbox erased: no door brings them back."""

from pathlib import Path

import pytest

from campaigns.actions import follows
from crm.actions import attachments, erasing, notes, people, topics
from crm.actions.errors import Refused
from crm.models import Address, Erasure, Follow, Person, PersonAddress, Suppression, Topic
from tests.actions.test_imports import HEADER, imported, verdicts
from tests.kit import canaries
from tests.kit.canaries import CANARY
from tests.world import World

EMAIL = f"Zoe.{CANARY}@vif.example"


def test_one_cluster_erases_its_record_and_the_other_keeps_its_own(
    world: World, tmp_path: Path
) -> None:
    ours, theirs = world.person(email=EMAIL), world.person(world.biom, email=EMAIL)
    erasing.erase_person(person=ours, by=None)
    theirs = Person.objects.get(pk=theirs.pk)
    assert theirs.email == EMAIL
    stopped = Suppression.objects.standing().get()
    assert (stopped.scope, stopped.cluster, stopped.reason) == ("cluster", world.biocat, "erased")
    assert not Suppression.objects.concerning(world.biom.pk).exists()

    line = HEADER + f"A;Zoé Vif;{EMAIL};;;;;\n"
    assert verdicts(imported(world.biocat, tmp_path, line)) == {2: "error"}
    assert verdicts(imported(world.biom, tmp_path, line)) != {2: "error"}


def test_a_further_mailbox_of_a_list_is_kept_out_as_well(world: World, tmp_path: Path) -> None:
    world.person(world.biom, email=EMAIL)
    erasing.erase_person(person=world.person(email=EMAIL), by=None)
    imported(world.biocat, tmp_path, HEADER + f"A;Anna Puig;anna@vif.example, {EMAIL};;;;;\n")
    assert PersonAddress.objects.filter(address__email=EMAIL).count() == 1


def test_its_owner_erases_a_mailbox_in_every_list(world: World) -> None:
    ours, theirs = world.person(email=EMAIL), world.person(world.biom, email=EMAIL)
    erasing.erase_mailbox(address=Address.objects.get(email=EMAIL))
    for person in (ours, theirs):
        person.refresh_from_db()
        assert person.erased_at
    assert canaries.found(EMAIL) == set()
    assert {entry.scope for entry in Erasure.objects.all()} == {"mailbox"}


def test_who_shares_a_mailbox_stays_without_it(world: World) -> None:
    one = world.person(email=EMAIL)
    other = people.create(
        cluster=world.biocat, by=None, given="Ana", email=EMAIL, allow_shared=True
    )
    alone = world.person(world.biom, email=EMAIL)
    erasing.erase_mailbox(address=Address.objects.get(email=EMAIL))
    for person in (one, other):
        person.refresh_from_db()
        assert person.given
        assert not person.erased_at
        assert not person.addresses.exists()
    alone.refresh_from_db()
    assert alone.erased_at


def test_who_works_with_liaison_goes_on_getting_its_letters(world: World, tmp_path: Path) -> None:
    contact = world.users["contact_biocat"]
    colleague = world.person(email=contact.email)
    erasing.erase_person(person=colleague, by=None)
    assert Address.objects.get(uses=None, email=contact.email).erased_at is None
    found = imported(world.biocat, tmp_path, HEADER + f"A;Anna;{contact.email};;;;;\n")
    assert verdicts(found) == {2: "error"}


# --- no door brings them back


def test_an_import_keeps_them_out_and_says_so_without_the_name(
    world: World, tmp_path: Path
) -> None:
    erasing.erase_person(person=world.person(email=EMAIL), by=None)
    before = Person.objects.count()
    found = imported(world.biocat, tmp_path, HEADER + f"A;Zoé Vif;{EMAIL};;;;;\n")
    row = found.rows.get()
    assert (row.verdict, row.unmailable, row.cells) == ("error", True, None)
    assert row.reason == "The owner of this address had it erased. It stays out."
    assert Person.objects.count() == before
    assert "crm_importrow.cells" not in canaries.found(CANARY)


def test_staff_cannot_type_them_in(world: World) -> None:
    world.person(world.biom, email=EMAIL)
    erasing.erase_person(person=world.person(email=EMAIL), by=None)
    other = world.person()
    for enter in (
        lambda: people.create(cluster=world.biocat, by=None, given="Zoé", email=EMAIL),
        lambda: people.change_address(person=other, email=EMAIL, by=None),
    ):
        with pytest.raises(Refused, match="had it erased"):
            enter()


def test_nothing_is_written_down_about_them_any_more(world: World) -> None:
    zoe = world.person(email=EMAIL)
    company = world.organisation(world.biocat)
    erasing.erase_person(person=zoe, by=None)
    zoe.refresh_from_db()
    for act in (
        lambda: people.edit(person=zoe, by=None, version=zoe.version, given="Zoé"),
        lambda: people.change_address(person=zoe, email="new@vif.example", by=None),
        lambda: people.move(person=zoe, organisation=company, job="CEO", by=None),
        lambda: people.archive(person=zoe, by=None),
        lambda: notes.add(person=zoe, text="back", by=None),
        lambda: attachments.attach(person=zoe, file=("a.txt", b"words"), by=None),
    ):
        with pytest.raises(Refused, match="was erased"):
            act()


def asked(world: World, topic: Topic) -> Follow:
    return follows.ask(
        alliance=world.alliance, email=EMAIL, topics=[topic], cluster=world.biocat, language="en",
        wording="words", network="",
    )  # fmt: skip


def test_an_erased_mailbox_is_not_asked_by_the_form(world: World) -> None:
    erasing.erase_person(person=world.person(email=EMAIL), by=None)
    asked(world, world.topic)
    assert follows.write_due() == 0
    assert Follow.objects.get().state == Follow.State.SILENT


def test_whom_one_cluster_erased_may_come_back_by_their_own_word(world: World) -> None:
    """What another cluster writes goes on as it was."""
    world.person(world.biom, email=EMAIL)
    erasing.erase_person(person=world.person(email=EMAIL), by=None)
    topics.create(
        slug="news", names={"en": "News"}, purpose="news", controller=world.biocat, by=None,
        alliance=world.alliance, public=True,
    )  # fmt: skip
    follow = asked(world, world.topic)
    assert follows.write_due() == 1
    follows.confirm(follow=follow, topics=[world.topic], network="")
    come_back = Person.objects.current().get(cluster=world.biocat, kind="follower")
    assert [wish.topic for wish in come_back.subscriptions.all()] == [world.topic]
    assert not Suppression.objects.standing().exclude(topic=None).exists()
