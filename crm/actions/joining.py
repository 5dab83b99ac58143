"""Two clusters that keep the same organisation apart come to keep it as one.

One asks and says what it is known by; the other looks for it among its own, and agrees or not.
Until then whoever asks learns nothing: every request is delivered, whether the other keeps such an
organisation or not, and a request that was declined looks like one that nobody answered. After it
there is one shared core with two memberships; each keeps its tags, notes, own fields and people.
What joining changed is a merge, which either of the two may undo.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused
from crm.actions.journal import Journal
from crm.actions.merging import close_merge, open_merge, settle_duplicates, take_over
from crm.actions.merging_organisations import (
    is_alone,
    may_change_core,
    unite_core,
    unite_memberships,
)
from crm.models import Cluster, Join, Membership, Merge, Organisation, Participation, Position, User
from crm.models.merges import Noun

S = Join.State
TOLD = ("legal_name", "website", "city", "country")
AGAIN_AFTER = dt.timedelta(days=90)
MOST_OPEN = 100
"""Whoever asks for everything they keep wants to know what the other keeps."""


def partners_of(cluster: Cluster) -> QuerySet[Cluster]:
    """The clusters that take part in an alliance with this one today: it may ask these."""
    today = timezone.localdate()
    present = Participation.objects.valid_on(today)
    alliances = present.filter(cluster=cluster).values("alliance")
    allied = present.filter(alliance__in=alliances).values("cluster")
    return Cluster.objects.filter(pk__in=allied).exclude(pk=cluster.pk).order_by("name")


def ask(
    *,
    organisation: Organisation,
    asker: Cluster,
    asked: Cluster,
    home: Cluster,
    by: User | None,
    note: str = "",
    at: dt.datetime | None = None,
) -> Join:
    """Ask another cluster to keep it together. What is answered here is the same for every one."""
    at = at or timezone.now()
    with transaction.atomic():
        row = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        _refuse(row, asker, leaves=home.pk != asker.pk)
        if not partners_of(asker).filter(pk=asked.pk).exists():
            raise Refused(_("Choose a cluster that is in an alliance with yours."))
        if home.pk not in (asker.pk, asked.pk):
            raise Refused(_("One of the two clusters keeps the shared facts."))
        _refuse_repetition(row, asker, asked, at)
        try:
            with transaction.atomic():
                found = Join.objects.create(
                    asker=asker,
                    asked=asked,
                    organisation=row,
                    told={name: getattr(row, name) for name in TOLD},
                    home=home,
                    note=note.strip(),
                    by=by,
                    at=at,
                )
        except IntegrityError as error:
            raise Refused(_already(asked)) from error
        audit.record(by=by, verb="ask to join", row=found, cluster=asker)
    return found


def agree(
    *, join: Join, theirs: Organisation, by: User | None, at: dt.datetime | None = None
) -> Join:
    """The asked cluster names its own record: from now on the two are one."""
    at = at or timezone.now()
    with transaction.atomic():
        row = _held(join)
        _refuse_late(row)
        ours, other = _locked(row, theirs)
        if ours.pk == other.pk:
            raise Refused(_("You keep this one together already."))
        _refuse(other, row.asked, leaves=row.home_id == row.asker_id)
        try:
            _refuse(ours, row.asker, leaves=row.home_id == row.asked_id)
        except Refused as changed:
            raise Refused(
                _("The record of %s changed since you were asked. Let them ask again.") % row.asker
            ) from changed
        asker_stays = row.home_id == row.asker_id
        keep, drop = (ours, other) if asker_stays else (other, ours)
        merge = _joined(keep, drop, row, by, at)
        row.state, row.decided_by, row.decided_at, row.merge = S.AGREED, by, at, merge
        row.save(update_fields=["state", "decided_by", "decided_at", "merge"])
        for cluster in (row.asker, row.asked):
            audit.record(by=by, verb="join", row=row, cluster=cluster)
    return row


def decline(*, join: Join, by: User | None, at: dt.datetime | None = None) -> Join:
    """No: because it is not kept here, or for any other reason, which nobody is told."""
    return _ended(join, S.DECLINED, by, at, verb="decline to join", cluster=join.asked)


def withdraw(*, join: Join, by: User | None, at: dt.datetime | None = None) -> Join:
    """Whoever asked takes it back."""
    return _ended(join, S.WITHDRAWN, by, at, verb="take back a join", cluster=join.asker)


def _joined(
    keep: Organisation, drop: Organisation, join: Join, by: User | None, at: dt.datetime
) -> Merge:
    """One core: what one side lacks comes from the other, the rest is as its home has it."""
    leaving = join.asked if join.home_id == join.asker_id else join.asker
    found = open_merge(
        noun=Noun.ORGANISATION, cluster=leaving, kept=keep.pk, dropped=drop.pk, by=by, at=at
    )
    journal = Journal()
    unite_core(journal, keep, drop, {})
    journal.update(keep, home_cluster_id=join.home_id)
    _keep_there(journal, keep, drop)
    for post in Position.objects.filter(organisation=drop).order_by("person", "during"):
        take_over(journal, post, organisation_id=keep.pk)
    for tombstone in (drop, *Organisation.objects.filter(merged_into=drop).order_by("pk")):
        journal.update(tombstone, merged_into_id=keep.pk)
    settle_duplicates(found, journal, at)
    close_merge(found, journal, [keep, drop])
    return found


def _keep_there(journal: Journal, keep: Organisation, drop: Organisation) -> None:
    """Whoever leaves may keep the one that stays beside its own, and then has it once.

    It is not refused: that would tell the other cluster of it.
    """
    for membership in drop.memberships.order_by("pk"):
        kept = keep.memberships.filter(cluster=membership.cluster_id).first()
        if kept is None:
            journal.update(membership, organisation_id=keep.pk)
            continue
        journal.update(kept, archived_at=None)
        unite_memberships(journal, kept, membership, {})


def _refuse(organisation: Organisation, cluster: Cluster, *, leaves: bool) -> None:
    """What a record must be like on either side; `leaves` where it goes into the other's."""
    if organisation.merged_into_id:
        raise Refused(_("“%s” was merged already. Open it again.") % organisation)
    if organisation.archived_at:
        raise Refused(_("“%s” is archived. Restore it first.") % organisation)
    kept = organisation.memberships.filter(cluster=cluster, archived_at=None)
    if not kept.exists():
        raise Refused(
            _("%(cluster)s does not keep “%(organisation)s”. Enter it first.")
            % {"cluster": cluster, "organisation": organisation}
        )
    if not may_change_core(organisation, cluster):
        raise Refused(
            _("“%s” is at home with another cluster, which alone may join it.") % organisation
        )
    if leaves and not is_alone(organisation, cluster):
        raise Refused(
            _("“%s” is kept together with others already, so it is this record that must stay.")
            % organisation
        )


def _refuse_repetition(
    organisation: Organisation, asker: Cluster, asked: Cluster, at: dt.datetime
) -> None:
    between = Join.objects.filter(asker=asker, asked=asked)
    same = between.filter(organisation=organisation)
    if same.waiting().exists():
        raise Refused(_already(asked))
    if same.filter(state__in=(S.OPEN, S.DECLINED), at__gt=at - AGAIN_AFTER).exists():
        raise Refused(
            _("You asked %(cluster)s less than %(n)s days ago. Ask again later, or call them.")
            % {"cluster": asked, "n": AGAIN_AFTER.days}
        )
    # One that nobody answered in time makes room for the next.
    same.filter(state=S.OPEN).update(state=S.DECLINED, decided_at=at)
    if between.waiting().count() >= MOST_OPEN:
        raise Refused(
            _("%(cluster)s has %(n)s requests of yours to answer. Wait for some answers first.")
            % {"cluster": asked, "n": MOST_OPEN}
        )


def _already(asked: Cluster) -> str:
    return _("You have asked %s already. Their answer is still to come.") % asked


def _held(join: Join) -> Join:
    rows = Join.objects.select_for_update(of=("self",)).select_related("asker", "asked")
    return rows.get(pk=join.pk)


def _locked(join: Join, theirs: Organisation) -> tuple[Organisation, Organisation]:
    """Both cores and both memberships, held in the order in which merges hold them."""
    pks = (join.organisation_id, theirs.pk)
    rows = Organisation.objects.select_for_update(of=("self",)).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=pks)}
    kept = Membership.objects.filter(organisation__in=pks).select_for_update(of=("self",))
    list(kept.order_by("pk").values_list("pk", flat=True))
    return found[join.organisation_id], found[theirs.pk]


def _refuse_late(join: Join) -> None:
    if not join.waits:
        raise IllegalTransition(_("This request is no longer open. Nothing was changed."))


def _ended(
    join: Join,
    state: str,
    by: User | None,
    at: dt.datetime | None,
    *,
    verb: str,
    cluster: Cluster,
) -> Join:
    with transaction.atomic():
        changed = (
            Join.objects.filter(pk=join.pk)
            .waiting()
            .update(state=state, decided_by=by, decided_at=at or timezone.now())
        )
        if not changed:
            raise IllegalTransition(_("This request is no longer open. Nothing was changed."))
        audit.record(by=by, verb=verb, row=join, cluster=cluster)
    join.refresh_from_db()
    return join
