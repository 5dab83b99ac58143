"""One act on many people or organisations at once, and its undo.

Whatever ids a page sends: only rows that the user may change are touched or counted.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.actions import audit, bulk_topics, tags
from crm.actions.errors import Refused
from crm.models import BulkAct, Membership, Organisation, Person, Tag, Topic, User
from crm.rules.numbers import written_number
from crm.rules.texts import LANGUAGES

MOST = 100_000
"""One statement a table, so this many take seconds, in which nobody else changes these rows.

With more, somebody's mistake would be the whole address book's, and the rows as they were before
would no longer fit into one value that undoing reads.
"""
MOST_LEAVING = 10_000
"""Each who leaves a topic has the mails looked for that wait for them, one by one."""
Act = BulkAct.Act
ACTS = {
    "person": (
        Act.TAG, Act.UNTAG, Act.SUBSCRIBE, Act.LEAVE, Act.LANGUAGE, Act.OWNER, Act.ARCHIVE,
    ),
    "organisation": (Act.TAG, Act.UNTAG, Act.OWNER, Act.ARCHIVE),
}  # fmt: skip


@dataclass
class Done:
    """What an act changed: each row's value before, and how many it left alone, by reason."""

    before: dict[int, Any] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)


def apply(*, noun: str, ids: list[int], act: str, value: str, by: User) -> BulkAct:
    """Do it to those of the rows that the user may change, all or nothing."""
    if act not in ACTS[noun]:
        raise Refused(_("Choose what to do."))
    if len(ids) > most(act):
        raise Refused(
            _("That is %(n)s rows; at most %(most)s can be changed at once. Narrow the list first.")
            % {"n": len(ids), "most": most(act)}
        )
    at = timezone.now()
    with transaction.atomic():
        said, done = _do(noun, act, ids, value, by, at)
        entry = BulkAct.objects.create(
            noun=noun,
            act=act,
            value=value,
            said=said,
            before=done.before,
            skipped=done.skipped,
            by=by,
            at=at,
        )
        audit.record(
            by=by, verb=f"bulk_{act}", row=entry, count=len(done.before), detail={"noun": noun}
        )
    return entry


def most(act: str) -> int:
    """How many rows an act may change at once."""
    return MOST_LEAVING if act == Act.LEAVE else MOST


def undo(*, entry: BulkAct, by: User) -> BulkAct:
    """Put back what is still as the act left it; what changed since stays and is listed.

    Twice is refused, so that nobody undoes the work of others.
    """
    with transaction.atomic():
        row = BulkAct.objects.select_for_update().get(pk=entry.pk)
        if row.undone_at:
            raise Refused(_("This is undone already."))
        changed = [int(pk) for pk in row.before]
        if row.act in (Act.TAG, Act.UNTAG):
            list(Tag.objects.select_for_update(of=("self",)).filter(pk=row.value))
        if _is_core(row):
            ids = _editable(row.noun, changed, by, core=True)
        else:
            mine = Membership.objects.editable_by(by).filter(pk__in=changed)
            ids = list(mine.select_for_update().order_by("pk").values_list("pk", flat=True))
        back = {pk: row.before[str(pk)] for pk in ids}
        if row.act in (Act.SUBSCRIBE, Act.LEAVE):
            restored = bulk_topics.undo(row, back, by)
        else:
            restored = _put_back(row, back)
        row.undone_at = timezone.now()
        row.kept = sorted({int(pk) for pk in row.before} - restored)
        row.save(update_fields=["undone_at", "kept"])
        audit.record(by=by, verb="undo_bulk", row=row, count=len(restored))
    return row


def _do(
    noun: str, act: str, ids: list[int], value: str, by: User, at: dt.datetime
) -> tuple[str, Done]:
    tag = _held_tag(value, by) if act in (Act.TAG, Act.UNTAG) else None
    mine = _editable(noun, ids, by)
    if not mine:
        raise Refused(_("None of these rows is yours to change."))
    if act in (Act.SUBSCRIBE, Act.LEAVE):
        topic = Topic.objects.visible_to(by).filter(slug=value).first()
        if topic is None:
            raise Refused(_("Choose the topic."))
        before, skipped = bulk_topics.apply(act=act, topic=topic, ids=mine, by=by, at=at)
        return str(topic), Done(before, skipped)
    if tag:
        return tag.name, _tag(noun, act, mine, tag, by)
    acts: dict[str, Callable[..., tuple[str, Done]]] = {
        Act.LANGUAGE: _set_language,
        Act.OWNER: _set_owner,
        Act.ARCHIVE: _archive,
    }
    return acts[act](noun, act, mine, value, by, at)


def _editable(noun: str, ids: list[int], by: User, *, core: bool = False) -> list[int]:
    """Those of the rows that the user may change, locked in order.

    Of organisations it may be how a cluster keeps them that changes, unless it is the `core`.
    """
    rows: Any
    if noun == "person":
        rows = Person.objects.editable_by(by).filter(merged_into=None, erased_at=None)
    else:
        rows = Organisation.objects.editable_by(by) if core else Organisation.objects.visible_to(by)
        rows = rows.filter(merged_into=None)
    locked = rows.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    return list(locked.values_list("pk", flat=True))


def _run(sql: str, params: dict[str, Any]) -> dict[int, Any]:
    """The ids an UPDATE changed, with their values before it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return dict(cursor.fetchall())


def _kept(ids: list[int], by: User) -> list[int]:
    """The memberships by which the user's own clusters keep these organisations."""
    rows = Membership.objects.editable_by(by).filter(organisation__in=ids, archived_at=None)
    return list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


def _held_tag(value: str, by: User) -> Tag:
    """A tag of mine, held before the rows are: so it is not removed while it is put on them."""
    mine = Tag.objects.editable_by(by).select_for_update(of=("self",))
    tag = mine.filter(pk=written_number(value) or 0).first()
    if tag is None:
        raise Refused(_("Choose the tag."))
    return tag


def _tag(noun: str, act: str, ids: list[int], tag: Tag, by: User) -> Done:
    rows: tags.Tagged = Person.objects.filter(pk__in=ids)
    if noun == "organisation":
        rows = Membership.objects.filter(pk__in=_kept(ids, by))
    if act == Act.UNTAG:
        changed = tags.take(tag=tag, rows=rows, by=by)
        return Done(dict.fromkeys(changed), _same(len(ids) - len(changed)))
    full = tags.full(tag=tag, rows=rows)
    changed = tags.put(tag=tag, rows=rows, by=by)
    skipped = {"full": full} if full else {}
    return Done(dict.fromkeys(changed), skipped | _same(len(ids) - len(changed) - full))


def _same(count: int) -> dict[str, int]:
    return {"same": count} if count else {}


def _set_language(
    _noun: str, _act: str, ids: list[int], value: str, _by: User, _at: dt.datetime
) -> tuple[str, Done]:
    if value not in LANGUAGES:
        raise Refused(_("Choose the language."))
    changed = _run(
        "UPDATE crm_person r SET language = %(new)s, version = r.version + 1 "
        "FROM crm_person old WHERE old.id = r.id AND r.id = ANY(%(ids)s) "
        "AND r.language IS DISTINCT FROM %(new)s RETURNING r.id, old.language",
        {"ids": ids, "new": value},
    )
    return value, Done(changed, _same(len(ids) - len(changed)))


def _set_owner(
    noun: str, _act: str, ids: list[int], value: str, by: User, _at: dt.datetime
) -> tuple[str, Done]:
    """Only a colleague who keeps the rows of that cluster can look after them."""
    owner = User.objects.filter(pk=written_number(value) or 0, is_active=True).first()
    near = by.scope.admin or bool(owner and owner.scope.clusters & by.scope.contact_for)
    if value and not (owner and near):  # nobody learns the name of a stranger
        raise Refused(_("Choose who looks after them."))
    table, rows = ("crm_person", ids) if noun == "person" else ("crm_membership", _kept(ids, by))
    clusters = sorted(owner.scope.clusters) if owner else []
    counted = ", version = r.version + 1" if noun == "person" else ""
    changed = _run(
        f"UPDATE {table} r SET owner_id = %(owner)s{counted} FROM {table} old "
        "WHERE old.id = r.id AND r.id = ANY(%(ids)s) "
        "AND (%(owner)s::bigint IS NULL OR r.cluster_id = ANY(%(clusters)s)) "
        "AND r.owner_id IS DISTINCT FROM %(owner)s::bigint "
        "RETURNING r.id, old.owner_id",
        {"ids": rows, "owner": owner and owner.pk, "clusters": clusters},
    )
    return str(owner or _("nobody")), Done(changed, _same(len(ids) - len(changed)))


def _archive(
    noun: str, _act: str, ids: list[int], _value: str, by: User, at: dt.datetime
) -> tuple[str, Done]:
    if noun == "organisation":
        ids = list(
            Organisation.objects.editable_by(by).filter(pk__in=ids).values_list("pk", flat=True)
        )
    changed = _run(
        f"UPDATE crm_{noun} r SET archived_at = %(at)s, version = r.version + 1 "
        "WHERE r.id = ANY(%(ids)s) AND r.archived_at IS NULL RETURNING r.id, NULL",
        {"ids": ids, "at": at},
    )
    return "", Done(changed, _same(len(ids) - len(changed)))


# For each act: what is put back, and what must still be as the act left it. `b` holds a row before.
_BACK = {
    Act.TAG: ("tags = array_remove(r.tags, %(value)s::bigint)", "%(value)s::bigint = ANY(r.tags)"),
    Act.UNTAG: (
        "tags = array_append(r.tags, %(value)s::bigint)",
        "NOT %(value)s::bigint = ANY(r.tags) "
        "AND EXISTS (SELECT FROM crm_tag t WHERE t.id = %(value)s::bigint) "
        f"AND cardinality(r.tags) < {tags.MOST_ON_ONE}",
    ),
    Act.LANGUAGE: ("language = b.was", "r.language = %(value)s"),
    Act.OWNER: (
        "owner_id = b.was::bigint",
        "r.owner_id IS NOT DISTINCT FROM NULLIF(%(value)s, '')::bigint",
    ),
    Act.ARCHIVE: ("archived_at = NULL", "r.archived_at = %(at)s"),
}


def _put_back(entry: BulkAct, back: dict[int, Any]) -> set[int]:
    """The ids of the rows that are as before again."""
    core = _is_core(entry)
    table = f"crm_{entry.noun}" if core else "crm_membership"
    change, still = _BACK[Act(entry.act)]
    counted = ", version = r.version + 1" if core else ""
    returned = _run(
        f"UPDATE {table} r SET {change}{counted} "
        "FROM unnest(%(ids)s::bigint[], %(was)s::text[]) AS b (id, was) "
        f"WHERE r.id = b.id AND {still} RETURNING b.id, NULL",
        {
            "ids": list(back),
            "was": [None if value is None else str(value) for value in back.values()],
            "value": entry.value,
            "at": entry.at,
        },
    )
    return set(returned)


def _is_core(entry: BulkAct) -> bool:
    """Whether the rows themselves were changed, not how a cluster keeps them."""
    return entry.noun == "person" or entry.act == Act.ARCHIVE


def organisations_of(entry: BulkAct, ids: list[int]) -> list[int]:
    """The organisations behind the rows that an act on organisations changed."""
    if _is_core(entry):
        return ids
    rows = Membership.objects.filter(pk__in=ids).values_list("organisation_id", flat=True)
    return list(rows)


def said(entry: BulkAct) -> str:
    """What came of it, in one sentence."""
    return ngettext("%(act)s: %(n)s row changed.", "%(act)s: %(n)s rows changed.", entry.count) % {
        "act": entry.get_act_display(),
        "n": entry.count,
    }
