"""All that proves what one person agreed to, was told and refused, to take along: JSON or PDF."""

import json
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.actions import audit, bases
from crm.models import ConsentRecord, Participation, Person, PersonAddress, Suppression, User
from crm.models.codes import language_name
from crm.models.texts import in_language
from crm.rules.papers import Section, pdf

FORMATS = {"json": "application/json", "pdf": "application/pdf"}
Facts = dict[str, Any]


def fetch(*, person: Person, by: User, file_format: str) -> bytes:
    """The file, in the language of the page; that it was taken out is written down."""
    proof = of(person, by)
    audit.record(by=by, verb="export", row=person, cluster=person.cluster, count=len(proof["acts"]))
    if file_format == "json":
        return json.dumps(proof, ensure_ascii=False, indent=1).encode()
    return _paper(proof)


def of(person: Person, by: User) -> Facts:
    """Every act with its words, time, language, source and message; reasons that hold; stops.

    Of a mailbox also what its owner said without saying who they are, as far as it concerns the
    person's cluster.
    """
    mailboxes = PersonAddress.objects.filter(person__in=person.selves).select_related("address")
    addresses = [use.address for use in mailboxes.order_by("pk")]
    held = person.legal_bases.select_related("alliance", "barred_by").order_by("pk")
    stops = Suppression.objects.visible_to(by).filter(address__in=addresses)
    return {
        "person": person.full_name,
        "number": person.pk,
        "addresses": list(dict.fromkeys(str(each.email or "") for each in addresses)),
        "controller": person.cluster.name,
        "data_protection_contact": person.cluster.data_protection_contact,
        "made_at": _moment(timezone.now()),
        "bases": [
            {
                "purpose": basis.get_purpose_display(),
                "basis": basis.get_basis_display(),
                "alliance": str(basis.alliance or ""),
                "since": basis.since.isoformat(),
                "until": basis.expires_on.isoformat() if basis.expires_on else "",
                "record": basis.record_id,
                "barred": bases.why(basis) if basis.barred_by else "",
            }
            for basis in held
        ],
        "stops": [
            {
                "scope": stop.get_scope_display(),
                "reason": stop.get_reason_display(),
                "since": _moment(stop.created_at),
                "lifted": _moment(stop.lifted_at) if stop.lifted_at else "",
            }
            for stop in stops.order_by("pk")
        ],
        "acts": [_act(record) for record in _records(person, [each.pk for each in addresses])],
    }


def _records(person: Person, addresses: list[int]) -> Any:
    allied = Participation.objects.filter(cluster=person.cluster_id).values("alliance")
    ours = Q(cluster=person.cluster_id) | Q(cluster=None) & (
        (Q(alliance=None) | Q(alliance__in=allied))
        & (Q(topic=None) | Q(topic__cluster=person.cluster_id) | Q(topic__alliance__in=allied))
    )
    found = ConsentRecord.objects.filter(
        Q(person__in=person.selves) | ours & Q(person=None, address__in=addresses)
    )
    related = ("alliance", "topic", "wording", "asked_with", "by", "address")
    return found.select_related(*related).order_by("at", "pk")


def _act(record: ConsentRecord) -> Facts:
    order = (get_language() or "en", "en")
    return {
        "record": record.pk,
        "at": _moment(record.at),
        "act": record.get_act_display(),
        "purpose": record.get_purpose_display() if record.purpose else "",
        "topic": in_language(record.topic.names, order) if record.topic else "",
        "alliance": str(record.alliance or ""),
        "basis": record.get_basis_display() if record.basis else "",
        "address": str(record.address.email or "") if record.address else "",
        "source": record.source,
        "language": record.language,
        "network": record.network,
        "message": record.message,
        "delivery": record.delivery,
        "by": str(record.by or ""),
        "wording": record.wording.text if record.wording else "",
        "version": record.wording.name if record.wording else "",
        "mail": record.asked_with.text if record.asked_with else "",
        "mail_version": record.asked_with.name if record.asked_with else "",
    }


def _moment(at: Any) -> str:
    return str(timezone.localtime(at).isoformat(timespec="seconds"))


def _paper(proof: Facts) -> bytes:
    title = _("Proof of consent: %(person)s") % {"person": proof["person"] or _("Nameless")}
    head = Section(
        _("Whose data, and who answers for it"),
        [
            (_("Addresses:"), ", ".join(proof["addresses"])),
            (_("Responsible:"), proof["controller"]),
            (_("Data protection:"), proof["data_protection_contact"]),
        ],
    )
    held = Section(
        _("Reasons to write that are held today"),
        [
            (
                _("%(name)s:") % {"name": capfirst(basis["purpose"])},
                ", ".join(
                    part
                    for part in (
                        basis["basis"],
                        basis["alliance"],
                        _("since %(day)s") % {"day": basis["since"]},
                        basis["barred"],
                    )
                    if part
                ),
            )
            for basis in proof["bases"]
        ]
        or [("", _("none"))],
    )
    stops = Section(
        _("Never to be written to"),
        [
            (
                _("%(name)s:") % {"name": capfirst(stop["scope"])},
                ", ".join(part for part in (stop["reason"], stop["since"], stop["lifted"]) if part),
            )
            for stop in proof["stops"]
        ],
    )
    return pdf(
        title=title,
        language=get_language() or "en",
        lead=_("Every act that is kept, the oldest first. Made on %(day)s.")
        % {"day": date_format(timezone.localdate(), "DATE_FORMAT")},
        sections=[
            head,
            held,
            *([stops] if stops.facts else []),
            *(_section(act) for act in proof["acts"]),
        ],
        page=_("Page %s"),
    )


def _section(act: Facts) -> Section:
    labels = {
        "purpose": _("Purpose:"),
        "topic": _("Topic:"),
        "alliance": _("Alliance:"),
        "basis": _("Legal basis:"),
        "address": _("Address:"),
        "source": _("Source:"),
        "by": _("By:"),
        "network": _("From the network:"),
        "message": _("Message:"),
    }
    facts = [(label, act[name]) for name, label in labels.items()]
    if act["language"]:
        facts.append((_("Language:"), language_name(act["language"])))
    quotes = [
        (_("What stood there (%(version)s):") % {"version": act[version]}, act[words])
        for words, version in (("mail", "mail_version"), ("wording", "version"))
        if act[words]
    ]
    return Section(f"{act['at']} – {capfirst(act['act'])}", facts, quotes)
