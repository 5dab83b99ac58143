"""A desk changes hands: what carries a date at once, the rest on the day."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from campaigns.actions import campaigns, contents, handovers, releases, sweeping, trials
from campaigns.models import Delivery, LaneText, Trial
from crm.actions import network, users
from crm.actions.errors import Refused
from crm.actions.handovers import Moves, Successor, call_off
from crm.models import AuditEntry, Cluster, ContactPoint, Grant, HandOver, Membership, Person, User
from tests.kit.races import under_way
from tests.world import LONG_AGO, World

INES = Successor(name="Inès Marchetti", email="ines@biocat.example", phone="+34 93 1", title="Dr.")


def desk_of(cluster: Cluster) -> ContactPoint:
    return cluster.contact_points.get(succeeds=None, mission=None, role="general")


def hand_over(world: World, *, in_days: int = 0, **more: Any) -> HandOver:
    values: dict[str, Any] = {
        "former": desk_of(world.biocat),
        "successor": INES,
        "day": timezone.localdate() + dt.timedelta(days=in_days),
        "moves": Moves(),
        "also": [],
        "by": world.users["contact_biocat"],
    }
    return handovers.hand_over(**{**values, **more})


def on_the_day(days: int) -> Any:
    return time_machine.travel(timezone.now() + dt.timedelta(days=days))


def owned_by(world: World, user: User) -> Person:
    person = world.person()
    Person.objects.filter(pk=person.pk).update(owner=user)
    Membership.objects.filter(cluster=world.biocat).update(owner=user)
    return person


# --- today


def test_today_everything_goes_over_at_once(world: World) -> None:
    camille = world.users["contact_biocat"]
    person = owned_by(world, camille)
    foreign = world.person(world.biom)
    Person.objects.filter(pk=foreign.pk).update(owner=camille)

    done = hand_over(world, moves=Moves(reply_to=True, end_role=True))

    ines = User.objects.get(email="ines@biocat.example")
    person.refresh_from_db()
    foreign.refresh_from_db()
    assert done.successor is not None
    assert (done.successor.succeeds, done.successor.user) == (done.former, ines)
    assert done.done_at is not None
    assert (person.owner, foreign.owner) == (ines, camille)
    assert (done.moved["people"], done.moved["memberships"]) == (1, 1)
    assert ines.scope.contact_for == {world.biocat.pk}
    assert not User.objects.get(pk=camille.pk).scope.contact_for


def test_the_reply_address_moves_where_it_was_the_persons_own(world: World) -> None:
    Cluster.objects.filter(pk=world.biocat.pk).update(reply_to="contact@biocat.example")

    hand_over(world, moves=Moves(reply_to=True))

    world.biocat.refresh_from_db()
    assert world.biocat.reply_to == INES.email


def test_a_desks_own_reply_address_stays(world: World) -> None:
    hand_over(world, moves=Moves(reply_to=True))

    world.biocat.refresh_from_db()
    assert world.biocat.reply_to == "desk@biocat.example"


def test_a_mail_of_that_day_names_the_successor(world: World) -> None:
    world.person(language="en")
    hand_over(world)

    delivery = Delivery.objects.get(campaign=world.call())

    assert delivery.contact_point is not None
    assert str(delivery.contact_point) == "Dr. Inès Marchetti"


def test_the_desk_of_a_mission_goes_over_if_chosen(world: World) -> None:
    own = network.appoint(
        cluster=world.biocat,
        mission=world.mission,
        name="Desk of Biocat",
        email="contact@biocat.example",
        from_=LONG_AGO,
        by=None,
    )

    done = hand_over(world, also=[own])

    own.refresh_from_db()
    assert own.during.upper == done.day
    assert {desk.mission for desk in done.desks.all()} == {None, world.mission}


def test_who_signed_an_introduction_with_the_former_name_is_asked_again(world: World) -> None:
    draft = world.call(release=False, start=False)
    lane, other = world.lane(draft, world.biocat), world.lane(draft, world.biom)
    releases.introduce(release=lane, by=world.users["admin"], texts={"en": "Ask Desk of Biocat"})
    releases.release_all(campaign=draft, by=None)

    hand_over(world)

    lane.refresh_from_db()
    other.refresh_from_db()
    assert lane.texts.get().text == "Ask Inès Marchetti"
    assert (lane.status, other.status) == ("waiting", "released")


def test_written_names_change_in_drafts_and_in_open_introductions(world: World) -> None:
    draft = campaigns.invite(event=world.event, by=world.users["coordinator"])
    contents.edit(
        campaign=draft,
        language="en",
        subject="Ask Desk of Biocat",
        preheader="",
        blocks=[{"kind": "text", "text": "Write to contact@biocat.example"}],
        ready=True,
    )
    for cluster in (world.biocat, world.biom):
        releases.introduce(
            release=world.lane(draft, cluster),
            by=world.users["admin"],
            texts={"en": "Yours, Desk of Biocat, +00 1"},
        )

    trials.lay(
        campaign=draft, by=None, subjects={"en": "Desk of Biocat asks you"}, share=10, hours=24,
        policy="better",
    )  # fmt: skip

    done = hand_over(world)

    text = draft.texts.get(language="en")
    assert text.subject == "Ask Inès Marchetti"
    assert Trial.objects.get().subjects == {"en": "Inès Marchetti asks you"}
    (block,) = text.blocks
    assert block["text"] == "Write to ines@biocat.example"
    own, other = (
        LaneText.objects.get(release=world.lane(draft, cluster))
        for cluster in (world.biocat, world.biom)
    )
    assert own.text == "Yours, Inès Marchetti, +34 93 1"
    assert other.text == "Yours, Desk of Biocat, +00 1"
    assert (done.moved["introductions"], done.moved["texts"]) == (1, 1)


def test_a_name_in_the_second_subject_alone_is_found(world: World) -> None:
    draft = campaigns.announce(mission=world.mission, by=world.users["coordinator"])
    trials.lay(
        campaign=draft, by=None, subjects={"en": "Ask Desk of Biocat"}, share=10, hours=24,
        policy="a",
    )  # fmt: skip

    assert [text.language for text in handovers.in_hand(desk_of(world.biocat)).texts] == ["en"]
    hand_over(world)

    assert Trial.objects.get().subjects == {"en": "Ask Inès Marchetti"}


def test_a_signed_text_stays_as_it_was_signed(world: World) -> None:
    draft = campaigns.announce(mission=world.mission, by=world.users["coordinator"])
    text = draft.texts.get(language="en")
    text.subject = "Ask Desk of Biocat"
    text.save()
    releases.release(release=world.lane(draft, world.biom), by=None)

    done = hand_over(world)

    text.refresh_from_db()
    assert text.subject == "Ask Desk of Biocat"
    assert done.moved["texts"] == 0
    assert handovers.in_hand(done.former).signed_texts == [text]


def test_what_already_leaves_keeps_its_name(world: World) -> None:
    world.person(language="en")
    call = campaigns.announce(mission=world.mission, by=world.users["coordinator"])
    lane = world.lane(call, world.biocat)
    releases.introduce(release=lane, by=world.users["admin"], texts={"en": "Desk of Biocat"})
    releases.release_all(campaign=call, by=None)
    campaigns.schedule(campaign=call, by=world.users["coordinator"], send_at=timezone.now())
    sweeping.tick()

    hand_over(world)

    assert LaneText.objects.get(release=lane).text == "Desk of Biocat"
    assert Delivery.objects.get(campaign=call).contact_point == desk_of(world.biocat)


# --- later


def test_a_later_hand_over_changes_nothing_before_its_day(world: World) -> None:
    camille = world.users["contact_biocat"]
    person = owned_by(world, camille)

    planned = hand_over(world, in_days=7, moves=Moves(end_role=True))
    sweeping.tick()

    person.refresh_from_db()
    planned.refresh_from_db()
    ines = User.objects.get(email=INES.email)
    assert planned.is_planned
    assert person.owner == camille
    assert camille.scope.contact_for
    assert not ines.scope.contact_for
    delivery = Delivery.objects.get(campaign=world.call())
    assert delivery.contact_point == planned.former


def test_on_its_day_the_scheduler_moves_what_is_in_hand_before_mails_start(world: World) -> None:
    person = owned_by(world, world.users["contact_biocat"])
    planned = hand_over(world, in_days=7)
    call = campaigns.announce(mission=world.mission, by=world.users["coordinator"])
    releases.introduce(
        release=world.lane(call, world.biocat),
        by=world.users["admin"],
        texts={"en": "Yours, Desk of Biocat"},
    )
    releases.release_all(campaign=call, by=None)
    campaigns.schedule(
        campaign=call,
        by=world.users["coordinator"],
        send_at=timezone.now() + dt.timedelta(days=7),
    )

    with on_the_day(7):
        assert handovers.carry_out_due() == 1
        assert handovers.carry_out_due() == 0
        planned.refresh_from_db()
        assert planned.done_at is not None
        desks = ContactPoint.objects.desks_on(timezone.localdate())

    person.refresh_from_db()
    assert desks[world.biocat.pk] == planned.successor
    assert person.owner == User.objects.get(email=INES.email)
    assert LaneText.objects.get().text == "Yours, Inès Marchetti"


def test_called_off_everything_is_as_before(world: World) -> None:
    former = desk_of(world.biocat)
    roles = list(Grant.objects.order_by("pk").values("pk", "user", "during"))
    planned = hand_over(world, in_days=7, moves=Moves(end_role=True))

    call_off(hand_over=planned, by=world.users["contact_biocat"])
    call_off(hand_over=planned, by=world.users["contact_biocat"])

    former.refresh_from_db()
    assert former.during.upper is None
    assert list(world.biocat.contact_points.all()) == [former]
    assert list(Grant.objects.order_by("pk").values("pk", "user", "during")) == roles
    assert hand_over(world, in_days=7).is_planned, "it can be planned anew"


def test_what_is_done_is_handed_back_not_called_off(world: World) -> None:
    done = hand_over(world)

    with pytest.raises(Refused, match="Hand it back"):
        call_off(hand_over=done, by=None)


def test_each_step_is_written_down(world: World) -> None:
    planned = hand_over(world, in_days=7)
    call_off(hand_over=planned, by=None)

    verbs = set(AuditEntry.objects.filter(noun="contactpoint").values_list("verb", flat=True))
    assert {"hand_over", "call_off"} <= verbs


# --- refusals


@pytest.mark.parametrize(
    ("in_days", "words"), [(-1, "is past"), (-10_000, "is past")], ids=["yesterday", "long ago"]
)
def test_a_day_that_does_not_fit_is_refused(world: World, in_days: int, words: str) -> None:
    with pytest.raises(Refused, match=words):
        hand_over(world, in_days=in_days)


def test_a_desk_that_begins_that_day_is_not_handed_over(world: World) -> None:
    young = network.appoint(
        cluster=world.biocat,
        name="Léo Claix",
        email="leo@biocat.example",
        role="media",
        by=None,
    )

    with pytest.raises(Refused, match="begins on that very day"):
        hand_over(world, former=young)


def test_two_plans_for_one_desk_are_refused(world: World) -> None:
    hand_over(world, in_days=7)

    with pytest.raises(Refused, match="Call that off first"):
        hand_over(world, in_days=9)


def test_the_same_person_takes_nothing_over(world: World) -> None:
    with pytest.raises(Refused, match="has this desk already"):
        hand_over(world, successor=Successor("Desk of Biocat", "contact@biocat.example"))


def test_records_go_to_nobody_who_does_not_sign_in(world: World) -> None:
    owned_by(world, world.users["contact_biocat"])

    with pytest.raises(Refused, match="Let the successor sign in"):
        hand_over(world, moves=Moves(sign_in=False))
    assert not HandOver.objects.exists()


def test_a_cluster_is_never_left_with_nobody(world: World) -> None:
    with pytest.raises(Refused, match="nobody could work for Biocat"):
        hand_over(world, moves=Moves(sign_in=False, records=False, end_role=True))
    assert desk_of(world.biocat).during.upper is None


def test_who_may_not_sign_in_gets_no_role(world: World) -> None:
    closed = users.create(email=INES.email, name="Inès")
    User.objects.filter(pk=closed.pk).update(is_active=False)

    with pytest.raises(Refused, match="cannot sign in"):
        hand_over(world)


# --- what others do meanwhile


def test_a_role_cut_meanwhile_does_not_come_back(world: World) -> None:
    camille = world.users["contact_biocat"]
    planned = hand_over(world, in_days=7, moves=Moves(end_role=True))
    cut = timezone.localdate() + dt.timedelta(days=1)
    Grant.objects.filter(user=camille, role="contact").update(during=(LONG_AGO, cut))

    call_off(hand_over=planned, by=None)

    assert Grant.objects.get(user=camille, role="contact").during.upper == cut
    assert not AuditEntry.objects.filter(verb="restore_grant").exists()


def test_a_role_that_comes_back_is_written_down(world: World) -> None:
    planned = hand_over(world, in_days=7, moves=Moves(end_role=True))

    call_off(hand_over=planned, by=world.users["admin"])

    entry = AuditEntry.objects.get(verb="restore_grant")
    assert (entry.row_id, entry.cluster) == (world.users["contact_biocat"].pk, world.biocat)


def test_a_page_opened_before_records_went_over_is_refused(world: World) -> None:
    person = owned_by(world, world.users["contact_biocat"])
    before = Person.objects.get(pk=person.pk).version

    hand_over(world)

    assert Person.objects.get(pk=person.pk).version == before + 1


@pytest.mark.django_db(transaction=True)
def test_a_text_being_written_is_not_lost(world: World) -> None:
    draft = campaigns.invite(event=world.event, by=world.users["coordinator"])

    def write(subject: str) -> None:
        contents.edit(
            campaign=draft,
            language="en",
            subject=subject,
            preheader="",
            blocks=[{"kind": "text", "text": "Write to contact@biocat.example"}],
            ready=True,
        )

    write("Ask Desk of Biocat")
    with under_way(lambda: write("Come, and ask Desk of Biocat")):
        hand_over(world)

    assert draft.texts.get(language="en").subject == "Come, and ask Inès Marchetti"
