"""Mails on the timelines of people and organisations."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Max, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.actions.reports import Row, reason_words
from campaigns.models import Campaign, Delivery, Exclusion
from crm.models import Organisation, Person, Position
from crm.models.scope import Viewer, scope_of
from crm.models.texts import in_language
from crm.models.together import Entry, Kind, Source, as_row, told
from crm.models.together import Row as Told
from crm.models.vocabulary import Words

CAMPAIGN = {
    "ref": "campaign__ref",
    "mission": "campaign__mission__names",
    "event": "campaign__event__names",
    "title": "campaign__title",
}
BEGAN = Coalesce("campaign__started_at", "campaign__created_at")
FACTS = (
    "state", "generation", "armed_at", "delivered_at", "bounced_at", "complained_at", "reply",
    "language",
)  # fmt: skip


def sources(record: Person | Organisation, viewer: Viewer, _words: Words) -> Iterator[Source]:
    """What a person got or did not get; how many people of an organisation a campaign reached."""
    if isinstance(record, Organisation):
        yield _reached(record, viewer)
    elif scope_of(viewer).reads_whole(record.cluster_id):
        yield from _of_person(record, viewer)


def _of_person(person: Person, viewer: Viewer) -> Iterator[Source]:
    # By campaign and address, for which there is an index; the ledger has none by person.
    mine = Q(
        campaign__in=Campaign.objects.visible_to(viewer),
        address__in=person.selves.values("addresses__address_id"),
        person__in=person.selves,
    )
    deliveries = Delivery.objects.filter(mine)
    yield Source(
        "mail",
        Kind.MAILS,
        told(
            deliveries, Coalesce("settled_at", BEGAN), **CAMPAIGN, **{name: name for name in FACTS}
        ),
        _got,
    )
    exclusions = Exclusion.objects.filter(
        campaign__in=Campaign.objects.visible_to(viewer), person__in=person.selves
    )
    yield Source(
        "left out", Kind.MAILS, told(exclusions, BEGAN, **CAMPAIGN, reason="reason"), _left_out
    )


def _reached(organisation: Organisation, viewer: Viewer) -> Source:
    """Of the reader's own clusters' people alone: at the post that they have or had there."""
    scope = scope_of(viewer)
    posts = Position.objects.filter(organisation=organisation)
    if not scope.admin:
        posts = posts.filter(person__cluster_id__in=scope.clusters)
    campaigns = Campaign.objects.visible_to(viewer)
    people = Person.objects.filter(positions__in=posts)
    rows = (
        Delivery.objects.filter(
            campaign__in=campaigns,
            address__in=people.values("addresses__address_id"),
            person__in=people.values("pk"),
        )
        .order_by()
        .values("campaign_id")
        .annotate(
            n=Count("pk"),
            arrived=Count("pk", filter=Q(state=Delivery.State.ACCEPTED)),
            last=Max("settled_at"),
        )
    )
    return Source(
        "reached",
        Kind.MAILS,
        told(rows, Coalesce(F("last"), Max(BEGAN)), n=F("n"), arrived=F("arrived"), **CAMPAIGN),
        _told_reached,
    )


def _got(what: Told) -> Entry:
    delivery = as_row(Delivery, what)
    shown: Any = Row(None, None, delivery)  # type: ignore[arg-type]
    said = f"{capfirst(shown.label)}, {delivery.language.upper()}"
    text = f"{said}. {delivery.reply}" if delivery.reply else said
    return Entry(_name(what), text=text, url=_page(what), tone=shown.tone)


def _left_out(what: Told) -> Entry:
    text = _("Left out: %(reason)s") % {"reason": reason_words(what["reason"])}
    return Entry(_name(what), text=text, url=_page(what), tone="wait")


def _told_reached(what: Told) -> Entry:
    text = ngettext(
        "%(arrived)s of %(n)s mail accepted", "%(arrived)s of %(n)s mails accepted", what["n"]
    )
    return Entry(_name(what), text=text % what, url=_page(what))


def _name(what: Told) -> str:
    record = in_language(what["mission"] or what["event"] or {})
    return record or what["title"] or what["ref"]


def _page(what: Told) -> str:
    return reverse("campaigns:campaigns-show", args=[what["ref"]])
