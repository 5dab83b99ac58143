"""The rows of an import as a page shows them: who, what changes, why not; paged by number."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.actions import two_sheets
from crm.forms.imports import label_of, market_names, region_names
from crm.models import (
    CustomField,
    Import,
    ImportRow,
    Membership,
    Organisation,
    Person,
    Tag,
    User,
)
from crm.models.codes import country_name, language_name
from crm.models.organisations import code_name
from crm.rules.columns import KEY, OWN, TAGS
from crm.rules.people import named
from crm.views.lists import Chip

PAGE = 50
Verdict = ImportRow.Verdict
TONES = {
    Verdict.NEW: "ok",
    Verdict.CHANGED: "accent",
    Verdict.SAME: "",
    Verdict.DUPLICATE: "wait",
    Verdict.ERROR: "stop",
}
NO_MAIL = "unmailable"
STAYS = "stays"
LABELS = {
    Verdict.NEW: gettext_lazy("New"),
    Verdict.CHANGED: gettext_lazy("Changed"),
    Verdict.SAME: gettext_lazy("The same"),
    Verdict.DUPLICATE: gettext_lazy("Possible duplicate"),
    Verdict.ERROR: gettext_lazy("Error"),
    NO_MAIL: gettext_lazy("Gets no mail"),
    STAYS: gettext_lazy("Stays as it is"),
}
NOUNS = {
    "person": gettext_lazy("Person"),
    "organisation": gettext_lazy("Organisation"),
    "post": gettext_lazy("Job"),
}
# Why undoing leaves a record as it is: what refers to it, or what happened to it.
REASONS = {
    "changed": gettext_lazy("changed since"),
    "suppression": gettext_lazy("left or was stopped since"),
    "consentrecord": gettext_lazy("said something about consent since"),
    "answer": gettext_lazy("answered since"),
    "delivery": gettext_lazy("was written to since"),
    "exclusion": gettext_lazy("stands in a campaign since"),
    "trim": gettext_lazy("stands in a campaign since"),
    "position": gettext_lazy("people who stay work there"),
}
NAMES = ("name", "title", "given", "family")
FIRST = (*NAMES, "email", "legal_name", KEY)  # not told of once more


@dataclass(frozen=True)
class Shown:
    """One row: what the file says of whom, each change with before and after."""

    row: ImportRow
    number: int
    sheet: str
    tone: str
    who: str
    email: str
    company: str
    facts: list[tuple[str, str]]
    changes: list[tuple[str, str, str]]
    stays: list[str]
    person: Person | None
    organisation: Organisation | None


@dataclass(frozen=True)
class Rows:
    """A page of rows, found by their numbers so that the last page is as quick as the first."""

    shown: list[Shown]
    chips: list[Chip]
    only: str
    before: int | None
    after: int | None


def page(request: HttpRequest, of_import: Import, user: User) -> Rows:
    only = request.GET.get("only", "")
    only = only if only in LABELS else ""
    rows = of_import.rows.all()
    if only == NO_MAIL:
        rows = rows.filter(unmailable=True)
    elif only == STAYS:
        rows = rows.filter(conflict__isnull=False)
    elif only:
        rows = rows.filter(verdict=only)
    found, before, after = _cut(rows, request.GET.get("after"), request.GET.get("before"))
    return Rows(
        _shown(found, of_import, user), _chips(request, of_import, only), only, before, after
    )


def _cut(
    rows: QuerySet[ImportRow], after: str | None, before: str | None
) -> tuple[list[ImportRow], int | None, int | None]:
    """(rows of the page, the number to go back from, the number to go on from)."""
    if before and before.isdecimal() and len(before) < 10:
        found = list(rows.filter(number__lt=int(before)).order_by("-number")[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE][::-1]
        if found:
            return found, found[0].number if more else None, found[-1].number
    start = int(after) if after and after.isdecimal() and len(after) < 10 else 0
    found = list(rows.filter(number__gt=start).order_by("number")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    back = found[0].number if found and start else None
    return found, back, found[-1].number if more else None


def _chips(request: HttpRequest, of_import: Import, only: str) -> list[Chip]:
    every = sum(of_import.counts.get(verdict, 0) for verdict in Verdict)
    chips = [Chip(_("All rows"), request.path, False, every, here=not only)]
    for value, label in LABELS.items():
        counts = of_import.undone if value == STAYS else of_import.counts
        count = counts.get("conflicts" if value == STAYS else value, 0)
        if count or value == only:
            on = value == only
            chips.append(Chip(str(label), request.path if on else f"?only={value}", on, count))
    return chips


@dataclass(frozen=True)
class _Known:
    """What the rows of a page speak of."""

    columns: list[str]
    people: dict[int, Person]
    companies: dict[int, Organisation]
    regions: dict[int, str]
    markets: dict[str, str]
    own: dict[str, str]
    tags: dict[int, str]

    def word(self, column: str, code: Any) -> str:
        """One of several in a cell."""
        if column in TAGS.values():
            return self.tags.get(code, "?")
        return self.markets.get(code) or code_name(str(code))

    def label(self, column: str) -> str:
        return label_of(column, self.own)


def _shown(rows: list[ImportRow], of_import: Import, user: User) -> list[Shown]:
    ids = {row.organisation for row in rows if row.organisation}
    told: set[str] = set()
    for row in rows:
        for part in ("person", "organisation"):
            told.update((row.diff or {}).get(part) or ())
        told.update(what.partition(".")[2] for what in row.conflict or ())
    columns = two_sheets.columns_of(of_import)
    known = _Known(
        columns,
        Person.objects.visible_to(user).in_bulk({row.person for row in rows if row.person}),
        Organisation.objects.visible_to(user).in_bulk(ids),
        region_names() if "region" in told else {},
        market_names() if "markets" in told else {},
        _own(of_import, user, {*columns, *told}),
        _tags(of_import, user) if told.intersection(TAGS.values()) else {},
    )
    return [_row(row, two_sheets.place_of(of_import, row.number), known) for row in rows]


def _own(of_import: Import, user: User, columns: set[str]) -> dict[str, str]:
    """The names of the cluster's own fields, archived ones too."""
    if not any(name.startswith(OWN) for name in columns):
        return {}
    fields = CustomField.objects.visible_to(user).filter(cluster=of_import.cluster_id)
    return {f"{OWN}{pk}": name for pk, name in fields.values_list("pk", "name")}


def _tags(of_import: Import, user: User) -> dict[int, str]:
    """The names of the cluster's tags, and of those that the list would make."""
    names = {pk: name for pk, name in of_import.new_tags if pk}
    own = Tag.objects.visible_to(user).filter(cluster=of_import.cluster_id)
    return names | dict(own.order_by().values_list("pk", "name"))


def _row(row: ImportRow, place: tuple[int, str], known: _Known) -> Shown:
    said: dict[str, str] = {}
    for name, cell in zip(known.columns, row.cells or [], strict=False):
        if name and cell.strip():
            said[name] = f"{said[name]}, {cell.strip()}" if name in said else cell.strip()
    person = known.people.get(row.person or 0)
    company = known.companies.get(row.organisation or 0)
    company_name = said.get("legal_name") or (company.legal_name if company else "")
    return Shown(
        row=row,
        number=place[0],
        sheet=place[1],
        tone=TONES[Verdict(row.verdict)],
        who=named(said) or (person.full_name if person and not said else ""),
        email=said.get("email", ""),
        company=company_name,
        facts=[(known.label(name), text) for name, text in said.items() if name not in FIRST],
        changes=_changes(row.diff or {}, company_name, known),
        stays=[_stays(what, now, known) for what, now in (row.conflict or {}).items()],
        person=person,
        organisation=company,
    )


def _changes(diff: dict[str, Any], company: str, known: _Known) -> list[tuple[str, str, str]]:
    changes = []
    for part, fields in diff.items():
        if isinstance(fields, list):  # another post: [where until now, number of the new place]
            changes.append((_("Organisation"), str(fields[0] or "–"), company))
            continue
        for name, (before, after) in fields.items():
            changes.append(
                (known.label(name), _value(name, before, known), _value(name, after, known))
            )
        assert part in ("person", "post", "organisation", "mailbox")
    return changes


def _stays(what: str, now: Any, known: _Known) -> str:
    """What undoing left as it is: a field with its present value, or a record with the reason."""
    noun, _dot, field = what.partition(".")
    if field:
        value = _value(field, now, known)
        return _("%(field)s stays: it is %(value)s now") % {
            "field": known.label(field), "value": value,
        }  # fmt: skip
    return _("%(record)s stays: %(reason)s") % {
        "record": NOUNS.get(noun, noun),
        "reason": REASONS.get(str(now), _("is used elsewhere since")),
    }


def _value(name: str, value: Any, known: _Known) -> str:
    if value in (None, "", []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(known.word(name, each) for each in value)
    said: dict[str, Callable[[Any], Any]] = {
        "region": lambda pk: known.regions.get(pk, "?"),
        "language": language_name,
        "country": country_name,
        "standing": lambda code: dict(Membership.Standing.choices).get(code, code),
        "category": lambda code: dict(Membership.Category.choices).get(code, code),
    }
    return str(said.get(name, str)(value))
