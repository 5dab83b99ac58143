"""Handing a desk over: who answers from a day on, who may sign in, and what they then own.

What carries a date is written with its date when the hand-over is planned: desks and roles. What
has none, `carry_out` moves on the day itself; words in drafts are moved by who keeps the drafts.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit, users
from crm.actions.checks import check
from crm.actions.errors import Refused
from crm.models import Cluster, ContactPoint, Grant, HandOver, Membership, Person, User


@dataclass(frozen=True)
class Successor:
    """Who takes over, as mails will name them."""

    name: str
    email: str
    phone: str = ""
    title: str = ""


@dataclass(frozen=True)
class Moves:
    """What goes over with the desk."""

    records: bool = True
    """People and memberships that the former contact point looks after."""
    words: bool = True
    """Name, address and phone where drafts have them written out."""
    reply_to: bool = False
    sign_in: bool = True
    """The successor signs in with their address and keeps the cluster's records."""
    end_role: bool = False
    """The former contact point keeps the cluster's records no longer."""


def mission_desks(former: ContactPoint, day: dt.date) -> Any:
    """The same person's desks for single missions that still stand on that day."""
    person = Q(name=former.name, email=former.email)
    if former.user_id:
        person |= Q(user=former.user_id)
    desks = ContactPoint.objects.valid_on(day).filter(person, cluster=former.cluster_id)
    return desks.exclude(mission=None).exclude(pk=former.pk).select_related("mission")


def plan(
    *,
    former: ContactPoint,
    successor: Successor,
    day: dt.date,
    moves: Moves,
    also: Iterable[ContactPoint] = (),
    by: User | None,
) -> HandOver:
    """Hand a desk over from a day on, today or later. `also`: desks for missions that go with it.

    Raises Refused where the days or the people do not fit; then nothing is written.
    """
    with transaction.atomic():
        cluster = Cluster.objects.select_for_update(of=("self",)).get(pk=former.cluster_id)
        former = ContactPoint.objects.select_related("user").get(pk=former.pk)
        _check_days(former, day)
        if (former.name, former.email) == (successor.name, successor.email):
            raise Refused(_("%(name)s has this desk already.") % {"name": former.name})
        user = _signs_in(successor, former, by) if moves.sign_in else None
        if moves.records and user is None and any(owned(former).values()):
            raise Refused(
                _(
                    "%(name)s looks after records. Let the successor sign in, or leave the "
                    "records where they are."
                )
                % {"name": former.name}
            )
        hand_over = HandOver.objects.create(
            cluster=cluster,
            former=former,
            day=day,
            moves_records=moves.records,
            moves_words=moves.words,
            moves_reply_to=moves.reply_to and cluster.reply_to == former.email,
            by=by,
        )
        desks = [_succeed(desk, successor, user, hand_over) for desk in (former, *also)]
        hand_over.successor = desks[0]
        if user is not None:
            hand_over.begun_role = _begin_role(user, cluster, day, by)
        if moves.end_role and former.user is not None and former.user != user:
            hand_over.ended_roles = _end_roles(former.user, cluster, day, by)
            _check_somebody_stays(cluster, day)
        hand_over.save()
        audit.record(by=by, verb="hand_over", row=former, cluster=cluster, count=len(desks))
    return hand_over


def carry_out(*, hand_over: HandOver, moved: dict[str, int] | None = None) -> HandOver:
    """Move what carries no date, once. `moved`: what else went over, counted by its name."""
    with transaction.atomic():
        row = HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over.pk)
        if not row.is_planned:
            return row
        former = ContactPoint.objects.select_related("cluster", "user").get(pk=row.former_id)
        successor = row.successor
        assert successor is not None, "a planned hand-over has a successor"
        row.moved = {**(moved or {}), "desks": row.desks.count()}
        if row.moves_records and successor.user is not None:
            row.moved |= _move_records(former, successor.user)
        if row.moves_reply_to and former.cluster.reply_to == former.email:
            former.cluster.reply_to = successor.email
            former.cluster.version += 1
            former.cluster.save(update_fields=["reply_to", "version"])
            row.moved["reply_to"] = 1
        row.done_at = timezone.now()
        row.save(update_fields=["moved", "done_at"])
        audit.record(
            by=row.by, verb="handed_over", row=former, cluster=row.cluster, detail=row.moved
        )
    return row


def call_off(*, hand_over: HandOver, by: User | None) -> None:
    """Take a planned hand-over back: everything is as if nobody had planned it."""
    with transaction.atomic():
        Cluster.objects.select_for_update(of=("self",)).get(pk=hand_over.cluster_id)
        row = HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over.pk)
        if row.called_off_at:
            return
        if row.done_at:
            raise Refused(
                _("The desk has changed hands already. Hand it back instead, from a day on.")
            )
        desks = list(row.desks.select_related("succeeds"))
        role, row.begun_role, row.successor = row.begun_role, None, None
        row.moved = {"successor": str(desks[0])} if desks else {}
        row.called_off_at = timezone.now()
        row.save()
        for desk in desks:
            _undo_succession(desk)
        if role is not None:
            role.delete()
        for pk, *ends in row.ended_roles:
            first, until = (end and dt.date.fromisoformat(end) for end in ends)
            # Who cut or prolonged it meanwhile meant it: then it stays.
            ended = Grant.objects.filter(pk=pk, during=(first, row.day)).select_related("user")
            for grant in ended.select_for_update(of=("self",)):
                grant.during = (first, until)
                grant.save(update_fields=["during"])
                audit.record(by=by, verb="restore_grant", row=grant.user, cluster=grant.cluster)
        audit.record(by=by, verb="call_off", row=row.former, cluster=row.cluster)
    hand_over.refresh_from_db()


def owned(former: ContactPoint) -> dict[str, int]:
    """How many of the cluster's people and memberships the contact point looks after."""
    if former.user_id is None:
        return {"people": 0, "memberships": 0}
    mine = {"cluster": former.cluster_id, "owner": former.user_id}
    return {
        "people": Person.objects.filter(**mine).count(),
        "memberships": Membership.objects.filter(**mine).count(),
    }


def _move_records(former: ContactPoint, user: User) -> dict[str, int]:
    if former.user_id is None:
        return {"people": 0, "memberships": 0}
    mine = {"cluster": former.cluster_id, "owner": former.user_id}
    return {
        "people": Person.objects.filter(**mine).update(owner=user, version=F("version") + 1),
        "memberships": Membership.objects.filter(**mine).update(owner=user),
    }


def _check_days(former: ContactPoint, day: dt.date) -> None:
    if day < timezone.localdate():
        raise Refused(_("That day is past. Hand over from today on, or later."))
    if HandOver.objects.filter(former=former, called_off_at=None).exists():
        raise Refused(
            _("%(name)s hands over already. Call that off first, to plan it anew.")
            % {"name": former.name}
        )
    if former.during.lower and day <= former.during.lower:
        raise Refused(
            _("%(name)s begins on that very day, or later. Choose a later one.")
            % {"name": former.name}
        )
    if former.during.upper and day >= former.during.upper:
        raise Refused(_("%(name)s ends before that day.") % {"name": former.name})


def _succeed(
    desk: ContactPoint, successor: Successor, user: User | None, hand_over: HandOver
) -> ContactPoint:
    day = hand_over.day
    if desk.during.lower and day <= desk.during.lower:
        raise Refused(
            _("%(name)s begins on that very day, or later. Choose a later one.")
            % {"name": desk.name}
        )
    following = ContactPoint(
        cluster=desk.cluster,
        mission=desk.mission,
        role=desk.role,
        title=successor.title,
        name=successor.name,
        email=successor.email,
        phone=successor.phone,
        user=user,
        during=(day, desk.during.upper),
        succeeds=desk,
        hand_over=hand_over,
    )
    check(following)
    desk.during = (desk.during.lower, day)
    desk.save(update_fields=["during"])
    following.save()
    return following


def _undo_succession(desk: ContactPoint) -> None:
    former = desk.succeeds
    assert former is not None, "a desk of a hand-over succeeds another one"
    until = desk.during.upper
    desk.delete()
    former.during = (former.during.lower, until)
    former.save(update_fields=["during"])


def _signs_in(successor: Successor, former: ContactPoint, by: User | None) -> User:
    email = successor.email.lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        return users.create(
            email=email, name=successor.name, language=former.cluster.languages[0], by=by
        )
    if not user.is_active:
        raise Refused(_("This address cannot sign in. Ask an administrator."))
    return user


def _begin_role(user: User, cluster: Cluster, day: dt.date, by: User | None) -> Grant | None:
    held = Grant.objects.valid_on(day).filter(user=user, role="contact", cluster=cluster)
    if held.exists():
        return None
    return users.grant(user=user, role="contact", cluster=cluster, during=(day, None), by=by)


def _end_roles(
    user: User, cluster: Cluster, day: dt.date, by: User | None
) -> list[tuple[int, str | None, str | None]]:
    ended = []
    held = Grant.objects.valid_on(day).filter(user=user, role="contact", cluster=cluster)
    for grant in held:
        first, until = (
            end.isoformat() if end else None for end in (grant.during.lower, grant.during.upper)
        )
        ended.append((grant.pk, first, until))
        grant.during = (grant.during.lower, day)
        grant.save(update_fields=["during"])
        audit.record(by=by, verb="end_grant", row=user, cluster=cluster)
    return ended


def _check_somebody_stays(cluster: Cluster, day: dt.date) -> None:
    keepers = Grant.objects.valid_on(day).filter(
        role="contact", cluster=cluster, user__is_active=True
    )
    if not keepers.exists():
        raise Refused(
            _(
                "Then nobody could work for %(cluster)s any more. Let the successor sign in, or "
                "leave the role as it is."
            )
            % {"cluster": cluster}
        )
