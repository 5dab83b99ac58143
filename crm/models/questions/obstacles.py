"""People who can or cannot be written to, asked of many at once.

`PersonQuerySet.with_obstacle` says why for the few people of one page; in a list whoever is looked
at is looked up in two indexes, and everything that few have is a small set of ids.
"""

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from crm.models.addresses import Address
from crm.models.consent import LegalBasis, Suppression
from crm.models.lasting import lasts, still
from crm.models.people import PersonAddress
from crm.models.questions.question import Asker


def hindered(operator: str, values: list[str], _asker: Asker) -> Q:
    """Whom nobody may write to about missions ("no"), or whom somebody may ("yes")."""
    if operator == "empty" or {"yes", "no"} <= set(values):
        return Q()
    if "yes" in values:
        return ~obstructed()
    return obstructed() if "no" in values else Q(pk__in=())


def obstructed() -> Q:
    """Of each person two indexes are asked: for a mailbox, and for a basis."""
    today = timezone.localdate()
    uses = PersonAddress.objects.filter(is_primary=True)
    stopped = uses.filter(
        Q(address__suppressions__scope=Suppression.Scope.ALL)
        | Q(
            address__suppressions__scope=Suppression.Scope.CLUSTER,
            address__suppressions__cluster=F("person__cluster"),
        ),
        address__suppressions__lifted_at=None,
    )
    dead = Address.objects.filter(undeliverable_at__isnull=False)
    erased = Address.objects.filter(key=None)
    reached = uses.filter(
        _of_this_person(),
        ~Q(address_id__in=dead.values("pk")),
        ~Q(address_id__in=erased.values("pk")),
    )
    founded = LegalBasis.objects.allowed().filter(
        lasts("expires_on", today), _of_this_person(), purpose="missions"
    )
    return (
        Q(archived_at__isnull=False)
        | still("paused_until", today)
        | Q(pk__in=stopped.values("person_id"))
        | ~Q(Exists(reached))
        | ~Q(Exists(founded))
    )


def _of_this_person() -> Q:
    """An equality would let the planner read the whole table for the few rows of a page."""
    return Q(person__gte=OuterRef("pk"), person__lte=OuterRef("pk"))
