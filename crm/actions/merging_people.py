"""Two people of one cluster become one.

Nobody becomes mailable by it who was not. The reasons to write come with the mailbox that mails go
to; whoever left, objected or asked for silence on either side stays out.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import addresses, objections
from crm.actions.checks import check, check_version
from crm.actions.consent import hold_withdrawals
from crm.actions.errors import Refused
from crm.actions.journal import Journal
from crm.actions.merging import (
    close_merge,
    hold_mailboxes,
    open_merge,
    settle_duplicates,
    take_over,
)
from crm.models import (
    Frequency,
    LegalBasis,
    Merge,
    Notice,
    Person,
    PersonAddress,
    Subscription,
    Suppression,
    Topic,
    User,
)
from crm.models.merges import Noun
from crm.rules.merging import (
    DROP,
    KEEP,
    answers,
    chosen,
    later,
    markets,
    sooner,
    strictest,
    united,
)
from crm.rules.names import fold

CHOOSABLE = ("title", "given", "family", "kind", "language", "phone", "owner")
MAILBOX = "mailbox"
"""The choice of the mailbox that mails go to; `CHOOSABLE` and custom fields have their names."""
CUSTOM = "custom_"

Choices = Mapping[str, str]
_OFTEN = (Frequency.EACH, Frequency.DAILY, Frequency.WEEKLY)
"""The most mails first."""


def merge(
    *,
    keep: Person,
    drop: Person,
    by: User | None,
    choices: Choices | None = None,
    versions: tuple[int, int] | None = None,
    at: dt.datetime | None = None,
) -> Merge:
    """`drop` goes into `keep`; `choices` say of a field whether the one or the other side stays.

    `versions` are those of the two that the user saw. Mails, answers and consent records stay with
    `drop`, which stays as a tombstone.
    """
    at, choices = at or timezone.now(), choices or {}
    with transaction.atomic():
        hold_withdrawals()
        keep, drop = _locked(keep, drop, versions)
        hold_mailboxes((keep.pk, drop.pk))
        found = open_merge(
            noun=Noun.PERSON, cluster=keep.cluster, kept=keep.pk, dropped=drop.pk, by=by, at=at
        )
        journal = Journal()
        _facts(journal, keep, drop, choices)
        mailbox = _mailboxes(journal, keep, drop, choices.get(MAILBOX))
        for post in drop.positions.order_by("during"):
            take_over(journal, post, person_id=keep.pk)
        _wishes(journal, keep, drop)
        _reasons(journal, keep, drop, mailbox)
        _stops(journal, keep, found, mailbox)
        _notice(journal, keep, drop)
        for rows in (drop.notes, drop.attachments):
            for row in rows.order_by("pk"):
                journal.update(row, person_id=keep.pk)
        for tombstone in (drop, *Person.objects.filter(merged_into=drop).order_by("pk")):
            # Its name stands beside mails and answers: an objection to sharing hides it, too.
            journal.update(tombstone, merged_into_id=keep.pk, share_objected=keep.share_objected)
        _objection(journal, keep, found, mailbox)
        settle_duplicates(found, journal, at)
        close_merge(found, journal, [keep, drop])
    return found


def default_mailbox(keep: Person, drop: Person) -> str:
    """The side whose mailbox mails go to where nobody chose: the one that takes mail."""
    ours, theirs = keep.primary, drop.primary
    if ours is None or theirs is None:
        return DROP if theirs else KEEP
    broken = ours.address.undeliverable_at and not theirs.address.undeliverable_at
    unfounded = not keep.legal_bases.exists() and drop.legal_bases.exists()
    return DROP if broken or unfounded else KEEP


def refuse_pair(keep: Person, drop: Person) -> None:
    """What two people must be like to be merged at all."""
    if keep.pk == drop.pk:
        raise Refused(_("This is one and the same person. Choose another one."))
    if keep.cluster_id != drop.cluster_id:
        raise Refused(_("People of different clusters stay apart: each cluster keeps its own."))
    for person in (keep, drop):
        if person.merged_into_id:
            raise Refused(_("“%s” was merged already. Open it again.") % person.full_name)
        if person.erased_at:
            raise Refused(_("Somebody who was erased is never merged."))
        if person.archived_at:
            raise Refused(_("“%s” is archived. Restore this person first, then merge.") % person)


def _locked(keep: Person, drop: Person, versions: tuple[int, int] | None) -> tuple[Person, Person]:
    """Both rows as they are now, held in one order so that two merges never wait in a circle."""
    rows = Person.objects.select_for_update(of=("self",)).select_related("cluster").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=(keep.pk, drop.pk))}
    pair = found[keep.pk], found[drop.pk]
    refuse_pair(*pair)
    if versions:
        for row, version in zip(pair, versions, strict=True):
            check_version(row, version)
    return pair


def _facts(journal: Journal, keep: Person, drop: Person, choices: Choices) -> None:
    values: dict[str, Any] = {}
    for name in CHOOSABLE:
        column = Person._meta.get_field(name).attname  # type: ignore[union-attr]
        values[column] = chosen(getattr(keep, column), getattr(drop, column), choices.get(name))
    asked = {
        name.removeprefix(CUSTOM): side for name, side in choices.items() if name.startswith(CUSTOM)
    }
    values |= {
        "name_folded": fold(f"{values['given']} {values['family']}"),
        "share_objected": keep.share_objected or drop.share_objected,
        "paused_until": later(keep.paused_until, drop.paused_until),
        "tags": united(keep.tags, drop.tags),
        "custom": answers(keep.custom, drop.custom, asked),
    }
    journal.update(keep, **values)
    journal.remember(keep, "paused_until")
    check(keep)


class _Mailboxes:
    """The mailboxes that mails went to, and the one that they go to now."""

    def __init__(self, ours: PersonAddress | None, theirs: PersonAddress | None, side: str) -> None:
        self.side = side
        self.same = bool(ours and theirs and ours.address_id == theirs.address_id)
        self.used, self.left = (theirs, ours) if side == DROP else (ours, theirs)


def _mailboxes(journal: Journal, keep: Person, drop: Person, choice: str | None) -> _Mailboxes:
    """All mailboxes are one person's now, and one of them is where mails go.

    A mailbox that both used is there already: the second use of it stays with the tombstone.
    """
    ours, theirs = keep.primary, drop.primary
    if ours is None or theirs is None or choice not in (KEEP, DROP):
        choice = default_mailbox(keep, drop)
    if ours and theirs and ours.address_id == theirs.address_id:
        choice = KEEP
    mailboxes = _Mailboxes(ours, theirs, choice)
    held = {use.address_id: use for use in keep.addresses.all()}
    chosen = mailboxes.used.address_id if mailboxes.used else None
    # Only what changes is written: the timeline tells of each time that mails go elsewhere.
    for use in keep.addresses.filter(is_primary=True).exclude(address=chosen):
        journal.update(use, is_primary=False)
    for use in drop.addresses.order_by("pk"):
        if use.address_id not in held:
            journal.update(use, is_primary=use.address_id == chosen, person_id=keep.pk)
    for use in keep.addresses.filter(is_primary=False, address=chosen):
        journal.update(use, is_primary=True)
    if mailboxes.left:
        addresses.end_yes(
            mailboxes.left.address
        )  # undoing brings none back: it may be a no by then
    return mailboxes


def _notice(journal: Journal, keep: Person, drop: Person) -> None:
    """Whom a list brought is still to be told where their data comes from (GDPR, Art. 14)."""
    untold = Notice.objects.filter(person=drop, told_at=None).first()
    if untold and not Notice.objects.filter(person=keep).exists():
        journal.update(untold, person_id=keep.pk)


def _wishes(journal: Journal, keep: Person, drop: Person) -> None:
    """A topic that one of them left stays left, and the rarer mails are those that come."""
    held = {wish.topic_id: wish for wish in keep.subscriptions.all()}
    for wish in drop.subscriptions.order_by("pk"):
        ours = held.get(wish.topic_id)
        if ours is None:
            journal.insert(
                Subscription(
                    person=keep,
                    topic_id=wish.topic_id,
                    state=wish.state,
                    markets=wish.markets,
                    since=wish.since,
                    left_at=wish.left_at,
                    frequency=wish.frequency,
                    digests_from=wish.digests_from,
                    digests_until=wish.digests_until,
                )
            )
            continue
        if strictest(ours.state, wish.state) != ours.state:
            journal.update(ours, state=wish.state, left_at=wish.left_at)
        if wish.state == Subscription.State.ACTIVE:
            # What nobody confirmed, or somebody left, widens nothing.
            journal.update(ours, markets=markets(ours.markets, wish.markets))
        if _OFTEN.index(wish.frequency) > _OFTEN.index(ours.frequency):
            journal.update(
                ours,
                frequency=wish.frequency,
                digests_from=wish.digests_from,
                digests_until=wish.digests_until,
            )


def _reasons(journal: Journal, keep: Person, drop: Person, mailboxes: _Mailboxes) -> None:
    """Only a mailbox that might be written to may be: its own side's reasons count.

    Where both sides have a reason of a kind, it ends when the first of the two does.
    """
    ours = {(row.purpose, row.alliance_id): row for row in keep.legal_bases.all()}
    theirs = {(row.purpose, row.alliance_id): row for row in drop.legal_bases.all()}
    counting = theirs if mailboxes.side == DROP else ours
    if mailboxes.same:
        counting = theirs | ours
    for key, row in ours.items():
        if key not in counting:
            journal.delete(row)
    for key, row in counting.items():
        other = (theirs if counting is ours else ours).get(key, row)
        values = {
            "basis": row.basis,
            "since": row.since,
            "record_id": row.record_id,
            "barred_by_id": row.barred_by_id,
            "expires_on": sooner(row.expires_on, other.expires_on),
        }
        if key in ours:
            journal.update(ours[key], **values)
        else:
            journal.insert(LegalBasis(person=keep, purpose=key[0], alliance_id=key[1], **values))


def _stops(journal: Journal, keep: Person, found: Merge, mailboxes: _Mailboxes) -> None:
    """Whoever did not want mails at the one mailbox gets none at the other.

    Suppressions of a mailbox are everybody's; what one cluster concludes from a merge holds for
    that cluster alone. A mailbox that bounced says nothing about another one.
    """
    if not mailboxes.left or not mailboxes.used or mailboxes.same:
        return
    standing = Suppression.objects.standing().concerning(keep.cluster_id).select_related("topic")
    standing = standing.exclude(reason=Suppression.Reason.HARD_BOUNCE)
    for stop in standing.filter(address=mailboxes.left.address_id).order_by("pk"):
        if stop.topic:
            _leave(journal, keep, stop.topic, stop.created_at)
        else:
            _bar(journal, keep, stop.reason, found, mailboxes.used)


def _objection(journal: Journal, keep: Person, found: Merge, mailboxes: _Mailboxes) -> None:
    """An objection is the person's: one that was kept for a record without a mailbox, too."""
    if mailboxes.used and objections.stands_for(keep):
        _bar(journal, keep, Suppression.Reason.OBJECTED, found, mailboxes.used)


def _leave(journal: Journal, keep: Person, topic: Topic, at: dt.datetime) -> None:
    left = {"state": Subscription.State.LEFT, "left_at": at}
    wish = keep.subscriptions.filter(topic=topic).first()
    if wish is None:
        journal.insert(Subscription(person=keep, topic=topic, since=at, **left))
    elif wish.state != Subscription.State.LEFT:
        journal.update(wish, **left)


def _bar(journal: Journal, keep: Person, reason: str, found: Merge, use: PersonAddress) -> None:
    names = {"address_id": use.address_id, "scope": "cluster", "cluster_id": keep.cluster_id}
    if Suppression.objects.standing().filter(**names).exists():
        return
    journal.insert(Suppression(**names, reason=reason, merge=found.pk, created_at=found.at))
