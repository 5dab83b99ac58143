"""What a record's page and the first page say of duplicates and merges."""

from typing import Any

from django import template
from django.db.models import Count
from django.template import Context
from django.utils.translation import gettext_lazy as _

from crm.models import Duplicate, Join, Merge, Organisation, Person, User

register = template.Library()

REASONS = {
    "name": _("same name"),
    "like_name": _("similar name"),
    "mailbox": _("same mailbox"),
    "like_mailbox": _("similar mailbox"),
    "phone": _("same phone number"),
    "organisation": _("same organisation"),
    "domain": _("same website"),
    "city": _("same city"),
}


@register.inclusion_tag("crm/parts/duplicates_waiting.html")
def duplicates_waiting(user: User) -> dict[str, Any]:
    """How many pairs wait for the word of somebody who keeps the records."""
    mine = Duplicate.objects.editable_by(user).living().open()
    counts = dict(mine.order_by().values_list("noun").annotate(n=Count("pk")))
    return {
        "people": counts.get("person", 0),
        "organisations": counts.get("organisation", 0),
        "joins": Join.objects.asked_of(user).waiting().count(),
    }


@register.inclusion_tag("crm/parts/possibly_the_same.html", takes_context=True)
def possibly_the_same(context: Context, record: Person | Organisation) -> dict[str, Any]:
    """Whom this record may be the same as; only those who may decide are asked."""
    if not getattr(record, "is_paired", True):
        return {"twins": []}
    noun, user = _noun(record), context["request"].user
    pairs = Duplicate.objects.editable_by(user).living().open().of(noun, record.pk)
    ids = [pair.second if pair.first == record.pk else pair.first for pair in pairs[:3]]
    rows: Any = Person if noun == "person" else Organisation
    found = rows.objects.visible_to(user).in_bulk(ids)
    return {
        "record": record,
        "address": f"crm:merges-{noun}",
        "twins": [found[pk] for pk in ids if pk in found],
    }


@register.inclusion_tag("crm/parts/merged_here.html", takes_context=True)
def merged_here(context: Context, record: Person | Organisation) -> dict[str, Any]:
    """What was merged into this record, and the way back."""
    if not getattr(record, "is_kept_of_two", True):
        return {"merges": []}
    noun, user = _noun(record), context["request"].user
    here = Merge.objects.visible_to(user).standing().of(noun, record.pk)
    rows: Any = Person if noun == "person" else Organisation
    merges = list(here.select_related("by", "cluster", "join__asker", "join__asked"))
    names = rows.objects.visible_to(user).in_bulk([merge.dropped for merge in merges])
    return {
        "merges": [
            {
                "merge": merge,
                "name": names.get(merge.dropped, ""),
                "join": getattr(merge, "join", None),
                "may_undo": user.scope.admin
                or any(cluster.pk in user.scope.contact_for for cluster in merge.concerned),
            }
            for merge in merges
        ]
    }


@register.filter
def reason_name(code: str) -> str:
    """Why two records look like one, in a word or two."""
    return str(REASONS.get(code, code))


def _noun(record: Person | Organisation) -> str:
    return "person" if isinstance(record, Person) else "organisation"
