"""What goes because it is too old: of each kind how to find it, and how to let some of it go.

Every piece is a transaction of its own. Counts of mails stay: what goes is who they went to.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.actions import clicks
from campaigns.models import (
    Attempt,
    AudienceSnapshot,
    Campaign,
    Click,
    Delivery,
    DigestItem,
    Exclusion,
    HookEvent,
    Trim,
)
from crm.actions import exports
from crm.models import (
    Address,
    AddressChange,
    AuditEntry,
    ConsentRecord,
    ExportPiece,
    Follow,
    ImportFile,
    LegalBasis,
    Person,
    PersonAddress,
    Position,
    RightsRequest,
    Subscription,
    Suppression,
    Tracking,
)
from crm.models.history import history_of
from crm.models.lasting import lasts
from crm.rules.addresses import keyed

PIECE = 5_000
"""Rows that one transaction deletes at most."""
HASHED = "#"
"""What a network that was hashed begins with; no address does."""
OVER = (Campaign.Status.FINISHED, Campaign.Status.CANCELLED)
Act = ConsentRecord.Act
TRACKED = (Person, PersonAddress, Position, Subscription, Suppression)


# --- who got what


def _nobody() -> Address:
    """The mailbox of whom nobody knows any more; what went to whom points to it afterwards."""
    address, _created = Address.objects.get_or_create(
        hmac=bytes(32), defaults={"domain": "", "erased_at": timezone.now()}
    )
    return address


def _over(before: dt.datetime) -> QuerySet[Campaign]:
    mailings = Campaign.objects.exclude(kind=Campaign.Kind.LETTER).filter(status__in=OVER)
    ended = Coalesce("finished_at", "started_at", "created_at")
    return mailings.alias(ended=ended).filter(ended__lt=before)


def deliveries(before: dt.datetime) -> QuerySet[Delivery]:
    nobody = Address.objects.filter(hmac=bytes(32))
    letters = Q(campaign__kind=Campaign.Kind.LETTER, settled_at__lt=before)
    closed = Q(state__in=(Delivery.State.PENDING, Delivery.State.ARMED))
    return (
        Delivery.objects.filter(Q(campaign__in=_over(before)) | letters)
        .exclude(closed)
        .exclude(address__in=nobody)
    )


def forget_readers(before: dt.datetime) -> int:
    """Counts by lane, language and state stay; who it was, and what their server said, goes."""
    with transaction.atomic():
        ids = list(deliveries(before).order_by("pk").values_list("pk", flat=True)[:PIECE])
        Attempt.objects.filter(delivery__in=ids).delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE campaigns_delivery SET person_id = NULL, reply = '', address_id = %s, "
                "occasion = 'forgotten ' || id WHERE id = ANY(%s)",
                [_nobody().pk, ids],
            )
    return len(ids)


def left_out(before: dt.datetime) -> QuerySet[Exclusion]:
    return Exclusion.objects.filter(campaign__in=_over(before), person__isnull=False)


def forget_left_out(before: dt.datetime) -> int:
    """Reasons are counted on; of whom, and who was taken out, goes."""
    with (
        transaction.atomic(),
        pgtrigger.ignore(
            "campaigns.AudienceSnapshot:append_only", "campaigns.Trim:fixed_once_frozen"
        ),
    ):
        ids = list(left_out(before).order_by("pk").values_list("pk", flat=True)[:PIECE])
        Exclusion.objects.filter(pk__in=ids).update(person=None)
        over = _over(before)
        Trim.objects.filter(release__campaign__in=over).delete()
        AudienceSnapshot.objects.filter(release__campaign__in=over).delete()
    return len(ids)


def told(before: dt.datetime) -> QuerySet[DigestItem]:
    """By a mail of that age; or, where a copy of the database may have told it, so long ago."""
    mails = Delivery.objects.filter(campaign__in=_over(before))
    doubtful = Q(delivery=None, post__published_at__lt=before)
    return DigestItem.objects.filter(Q(delivery__in=mails.values("pk")) | doubtful)


def forget_told(before: dt.datetime) -> int:
    """No digest tells what is so old, so nobody is told it again."""
    ids = list(told(before).order_by("pk").values_list("pk", flat=True)[:PIECE])
    return DigestItem.objects.filter(pk__in=ids).delete()[0]


def named_clicks(before: dt.datetime) -> QuerySet[Click]:
    return Click.objects.filter(hour__lt=before, delivery__isnull=False)


def forget_clickers(before: dt.datetime) -> int:
    """What was counted of readers who agreed stays counted, among all others."""
    rows = named_clicks(before).order_by("pk").values_list("pk", flat=True)
    return clicks.unname(list(rows[:PIECE]))


# --- proofs


def networks(before: dt.datetime) -> QuerySet[ConsentRecord]:
    known = ConsentRecord.objects.filter(at__lt=before).exclude(network="")
    return known.exclude(network__startswith=HASHED)


def hash_networks(before: dt.datetime) -> int:
    """The one column of a proof that changes: whoever names a network can still be answered."""
    with transaction.atomic(), pgtrigger.ignore("crm.ConsentRecord:append_only"):
        rows = list(networks(before).only("pk", "network").order_by("pk")[:PIECE])
        for row in rows:
            row.network = hashed(row.network)
        ConsentRecord.objects.bulk_update(rows, ["network"], batch_size=500)
    return len(rows)


def hashed(network: str) -> str:
    """What stands in a proof instead of where it came from, once that is too old."""
    return HASHED + keyed(f"network {network}", settings.ADDRESS_KEY).hex()[:32]


def proofs(before: dt.datetime) -> QuerySet[ConsentRecord]:
    """Of people of whom nothing was in use since: no reason, no wish, no later act.

    That somebody left or objected is needed for as long as it keeps them out. A follower's reason
    without a wish is no use of the proof that founded it.
    """
    of_them = {"person": OuterRef("person")}
    used = (
        held_reasons(before).filter(**of_them),
        held_wishes(before).filter(**of_them),
        ConsentRecord.objects.filter(at__gte=before, **of_them),
        # Whoever leaves by a link leaves with their mailbox.
        ConsentRecord.objects.filter(
            at__gte=before, person=None, address__uses__person=OuterRef("person")
        ),
    )
    found = ConsentRecord.objects.filter(at__lt=before)
    for rows in used:
        found = found.exclude(Exists(rows))
    return found.exclude(pk__in=_stopping())


def held_reasons(since: dt.datetime) -> QuerySet[LegalBasis]:
    """In force at some time since: neither expired, barred nor left before. Of a follower a wish is
    asked for instead.

    What a country's rules bar since then may be a mistake of whoever entered them.
    """
    day = timezone.localdate(since)
    allowed = Q(barred_by=None) | Q(barred_by__during__startswith__gte=day)
    held = LegalBasis.objects.filter(allowed, lasts("expires_on", day))
    held = held.exclude(person__kind=Person.Kind.FOLLOWER)
    return held.exclude(_left(_WHOLLY | Q(alliance=OuterRef("alliance")), since))


def held_wishes(since: dt.datetime) -> QuerySet[Subscription]:
    """Topics that somebody followed at some time since and had not left in any scope."""
    active = Q(state=Subscription.State.ACTIVE) | Q(left_at__gte=since)
    narrow = Q(alliance=OuterRef("topic__alliance")) | Q(topic=OuterRef("topic"))
    return Subscription.objects.filter(active).exclude(_left(_WHOLLY | narrow, since))


def _left(scopes: Q, before: dt.datetime) -> Exists:
    """Whether the mailbox of a row's person had left in one of these scopes by then."""
    theirs = {"address__uses__person": OuterRef("person"), "address__uses__is_primary": True}
    standing = Suppression.objects.standing().filter(created_at__lt=before)
    return Exists(standing.filter(scopes, **theirs))


_WHOLLY = Q(scope=Suppression.Scope.ALL) | Q(
    scope=Suppression.Scope.CLUSTER, cluster=OuterRef("person__cluster")
)


def _stopping() -> QuerySet[ConsentRecord]:
    """What proves a suppression that stands, or what a person without a mailbox objected to."""
    standing = Suppression.objects.standing().filter(address=OuterRef("address"))
    wide = (Suppression.Scope.CLUSTER, Suppression.Scope.ALL)
    stops = ConsentRecord.objects.filter(act__in=(Act.WITHDRAWN, Act.OBJECTED))
    return stops.filter(
        Q(Exists(standing.filter(topic=OuterRef("topic"))))
        | Q(Exists(standing.filter(alliance=OuterRef("alliance"))))
        | Q(Exists(standing.filter(scope__in=wide)), topic=None, alliance=None)
        | Q(act=Act.OBJECTED, address=None, person__erased_at=None)
    )


def delete_proofs(before: dt.datetime) -> int:
    with transaction.atomic(), pgtrigger.ignore("crm.ConsentRecord:append_only"):
        ids = list(proofs(before).order_by("pk").values_list("pk", flat=True)[:PIECE])
        LegalBasis.objects.filter(record__in=ids).delete()  # unused, and without its proof nothing
        ConsentRecord.objects.filter(pk__in=ids).delete()
    return len(ids)


# --- who asked what of us


def requests(before: dt.datetime) -> QuerySet[RightsRequest]:
    """Answered, and still in words."""
    answered = RightsRequest.objects.exclude(state=RightsRequest.State.OPEN)
    answered = answered.filter(answered_on__lt=timezone.localdate(before))
    return answered.exclude(**RightsRequest.WORDLESS)


def empty_requests(before: dt.datetime) -> int:
    """That there was one, of which kind, and when it was answered, stays."""
    history = history_of(RightsRequest)
    with transaction.atomic(), pgtrigger.ignore(f"{history._meta.label}:append_only"):
        ids = list(requests(before).order_by("pk").values_list("pk", flat=True)[:PIECE])
        RightsRequest.objects.filter(pk__in=ids).update(**RightsRequest.WORDLESS)
        history.objects.filter(id__in=ids).delete()
    return len(ids)


# --- who did what, and earlier states


def audit(before: dt.datetime) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(at__lt=before)


def delete_audit(before: dt.datetime) -> int:
    with transaction.atomic(), pgtrigger.ignore("crm.AuditEntry:append_only"):
        ids = list(audit(before).order_by("pk").values_list("pk", flat=True)[:PIECE])
        AuditEntry.objects.filter(pk__in=ids).delete()
    return len(ids)


def histories(before: dt.datetime) -> Iterator[Any]:
    for model in TRACKED:
        history: Any = model._meta.get_field("history").related_model
        yield history._default_manager.filter(pgh_created_at__lt=before)


def delete_histories(before: dt.datetime) -> int:
    gone = 0
    for rows in histories(before):
        with transaction.atomic(), pgtrigger.ignore(f"{rows.model._meta.label}:append_only"):
            ids = list(rows.order_by("pk").values_list("pk", flat=True)[:PIECE])
            rows.model._default_manager.filter(pk__in=ids).delete()
            gone += len(ids)
    return gone


# --- what was only on its way


def follows(before: dt.datetime) -> QuerySet[Follow]:
    return Follow.objects.filter(asked_at__lte=before)


def delete_follows(before: dt.datetime) -> int:
    return follows(before).delete()[0]


def mailboxes(before: dt.datetime) -> QuerySet[Address]:
    """Of whom nothing else is kept, and to which nothing was written since: strangers' whom a form
    named, a new mailbox that was never confirmed."""
    of_it: dict[str, Any] = {"address": OuterRef("pk")}
    mails = Delivery.objects.filter(**of_it)
    needed = (
        PersonAddress.objects.filter(**of_it),
        Suppression.objects.filter(**of_it),
        ConsentRecord.objects.filter(**of_it),
        Tracking.objects.filter(**of_it),
        AddressChange.objects.filter(**of_it),
        AddressChange.objects.filter(hmac=OuterRef("hmac")),
        Follow.objects.filter(hmac=OuterRef("hmac")),
        mails.exclude(campaign__kind=Campaign.Kind.LETTER),
        mails.filter(Q(settled_at=None) | Q(settled_at__gte=before)),
    )
    found = Address.objects.filter(key__isnull=False)
    for rows in needed:
        found = found.exclude(Exists(rows))
    return found


def delete_mailboxes(before: dt.datetime) -> int:
    """That letters were written stays; to whom goes with the mailbox."""
    with transaction.atomic():
        ids = list(mailboxes(before).order_by("pk").values_list("pk", flat=True)[:PIECE])
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE campaigns_delivery SET reply = '', address_id = %s, "
                "occasion = 'forgotten ' || id WHERE address_id = ANY(%s)",
                [_nobody().pk, ids],
            )
        Address.objects.filter(pk__in=ids).delete()
    return len(ids)


def events(before: dt.datetime) -> QuerySet[HookEvent]:
    return HookEvent.objects.filter(processed_at__lt=before)


def files(before: dt.datetime) -> QuerySet[ImportFile]:
    ended = Coalesce("of_import__ended_at", "of_import__created_at")
    return ImportFile.objects.filter(place=0).alias(over=ended).filter(over__lt=before)


def export_files(_before: dt.datetime) -> QuerySet[ExportPiece]:
    return ExportPiece.objects.filter(of_export__expires_at__lte=timezone.now())


def forget_exports(_before: dt.datetime) -> int:
    exports.forget()
    return 0  # all at once, and the files are no rows worth counting
