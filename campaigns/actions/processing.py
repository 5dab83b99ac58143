"""The record of processing activities of one cluster (GDPR, Art. 30), made of what really is there.

Nothing here is written by hand: purposes come from topics and legal bases, kinds of people and data
from the address book, recipients from participations and settings, periods from retention.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from campaigns.actions import retention
from crm.models import (
    Basis,
    Cluster,
    CustomField,
    LegalBasis,
    Participation,
    Person,
    Purpose,
    Topic,
    Wording,
)
from crm.models.texts import in_language

Facts = dict[str, Any]

DATA: tuple[str | Promise, ...] = (
    gettext_lazy("title, name, language, phone"),
    gettext_lazy("e-mail addresses, and whether mail reaches them"),
    gettext_lazy("posts at organisations"),
    gettext_lazy("tags, notes and files of the cluster"),
    gettext_lazy("topics asked for, consent and objections, each with its proof"),
    gettext_lazy("mails sent, and answers given"),
    gettext_lazy("what they asked about their data, and our answers"),
)
MEASURES: tuple[str | Promise, ...] = (
    gettext_lazy("each cluster sees its own people; sharing is switched on, dated and audited"),
    gettext_lazy("a second factor for whoever sends or takes data out"),
    gettext_lazy("acts are kept where nobody can change them"),
    gettext_lazy("addresses are found by a keyed hash; erased ones stay out by it"),
    gettext_lazy("backups are tested by a restore"),
)


def of(cluster: Cluster) -> Facts:
    """The cluster's record as of now, in the language of the page."""
    return {
        "controller": {
            "name": cluster.name,
            "address": cluster.postal_lines,
            "data_protection_contact": cluster.data_protection_contact,
        },
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "purposes": _purposes(cluster),
        "people": [
            {"kind": str(Person.Kind(kind).label), "number": number}
            for kind, number in Person.objects.current()
            .filter(cluster=cluster)
            .values_list("kind")
            .annotate(number=Count("pk"))
            .order_by("kind")
        ],
        "data": [*map(str, DATA), *_own_fields(cluster)],
        "recipients": _recipients(cluster),
        "retention": [
            {
                "what": str(rule.what),
                "kept": kept(rule),
                "source": str(rule.why),
            }
            for rule in retention.rules()
        ],
        "measures": [str(measure) for measure in MEASURES],
    }


def kept(rule: retention.Rule) -> str:
    """How long, in words."""
    said = _("%(n)s months") if rule.in_months else _("%(n)s days")
    return said % {"n": rule.number}


def _purposes(cluster: Cluster) -> list[Facts]:
    order = (get_language() or "en", "en")
    held = (
        LegalBasis.objects.allowed()
        .filter(person__cluster=cluster, person__archived_at=None, person__erased_at=None)
        .values_list("purpose", "basis")
        .annotate(number=Count("person", distinct=True))
        .order_by("purpose", "basis")
    )
    numbers: dict[str, list[Facts]] = {}
    for purpose, basis, number in held:
        said = {"basis": str(Basis(basis).label), "people": number}
        numbers.setdefault(purpose, []).append(said)
    topics: dict[str, list[str]] = {}
    for topic in Topic.objects.filter(controller=cluster).order_by("pk"):
        topics.setdefault(topic.purpose, []).append(in_language(topic.names, order))
    return [
        {
            "purpose": str(capfirst(purpose.label)),
            "bases": numbers.get(purpose.value, []),
            "topics": topics.get(purpose.value, []),
        }
        for purpose in Purpose
        if purpose.value in numbers or purpose.value in topics
    ]


def _own_fields(cluster: Cluster) -> list[str]:
    fields = CustomField.objects.filter(cluster=cluster, noun="person").order_by("pk")
    return [
        _("“%(name)s”, a question of the cluster's own") % {"name": field.name} for field in fields
    ]


def _recipients(cluster: Cluster) -> list[Facts]:
    today = Participation.objects.valid_on(timezone.localdate()).filter(cluster=cluster)
    found: list[Facts] = [
        {
            "who": part.alliance.name,
            "what": _("in the alliance (joint controllers, Art. 26): %(sharing)s")
            % {"sharing": part.get_sharing_display()},
        }
        for part in today.select_related("alliance").order_by("alliance__name")
    ]
    found.append(
        {
            "who": _relay(),
            "what": _("carries the mails, as a processor (Art. 28)"),
        }
    )
    return found


def _relay() -> str:
    """Who carries the mails, without any secret of the setting."""
    places = (urlsplit(each) for each in settings.EMAIL_URL.split())
    return ", ".join(dict.fromkeys(place.hostname or place.scheme for place in places))


def wordings() -> list[Wording]:
    """The words in use, the newest version of each place and language."""
    newest = Wording.objects.order_by("slug", "language", "-n").distinct("slug", "language")
    return list(newest)
