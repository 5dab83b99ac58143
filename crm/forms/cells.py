"""What a list shows of a row in each column."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.models import Membership, Organisation, Person
from crm.models.codes import country_name, language_name
from crm.models.organisations import code_name
from crm.models.questions import Question
from crm.models.texts import in_language


@dataclass(frozen=True)
class Cell:
    """One field of one row."""

    text: str = ""
    small: str = ""
    badges: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    """Each with what stands small behind it."""
    obstacle: str | None = None
    """Why nobody may write to this person; "" where somebody may, None where it is not told."""

    @property
    def is_plain(self) -> bool:
        """Whether the text is all there is."""
        return not (self.small or self.badges or self.lines or self.obstacle is not None)


@dataclass(frozen=True)
class Shown:
    """What cells need beside their row."""

    names: dict[str, dict[str, str]]
    """By question: the name of each value."""
    whole: bool
    """Whether the viewer reads this row whole."""
    memberships: tuple[Membership, ...] = ()
    """Of an organisation: as clusters of the viewer keep it."""
    people: int = 0


NOTHING = Cell()


def cell(row: Person | Organisation, question: Question, shown: Shown) -> Cell:
    """The cell of a row; empty where the viewer may not read it."""
    if question.own and not shown.whole:
        return NOTHING
    if question.key:
        return _custom(row, question, shown)
    said: dict[str, Callable[..., Cell]] = PERSON if isinstance(row, Person) else ORGANISATION
    return said[question.name](row, shown)


def _day(value: Any) -> str:
    return date_format(value, "SHORT_DATE_FORMAT") if value else ""


def _badges(ids: Iterable[Any], names: dict[str, str]) -> tuple[str, ...]:
    return tuple(names[str(pk)] for pk in ids if str(pk) in names)


def _custom(row: Person | Organisation, question: Question, shown: Shown) -> Cell:
    holders = [row] if isinstance(row, Person) else shown.memberships
    answers = [holder.custom[question.key] for holder in holders if question.key in holder.custom]
    words = {True: _("yes"), False: _("no")}
    return Cell(", ".join(str(words.get(a, a) if isinstance(a, bool) else a) for a in answers))


def _of_person() -> dict[str, Callable[[Person, Shown], Cell]]:
    return {
        "name": lambda row, shown: Cell(
            row.full_name or (_email(row) if shown.whole else "") or _("Nameless"),
            _email(row) if shown.whole and row.full_name else "",
            (row.get_kind_display(),) if row.kind != Person.Kind.CONTACT and shown.whole else (),
        ),
        "organisation": lambda row, shown: Cell(
            lines=tuple((post["organisation"], post["job"]) for post in posts_of(row))
        ),
        "job": lambda row, shown: Cell(", ".join(p["job"] for p in posts_of(row) if p["job"])),
        "language": lambda row, shown: (
            Cell(language_name(row.language)) if row.language else Cell(small=_("the cluster's"))
        ),
        "mailable": lambda row, shown: Cell(obstacle=_obstacle(row, shown)),
        "kind": lambda row, shown: Cell(row.get_kind_display()),
        "cluster": lambda row, shown: Cell(shown.names["cluster"].get(str(row.cluster_id), "")),
        "email": lambda row, shown: Cell(_email(row)),
        "phone": lambda row, shown: Cell(row.phone),
        "title": lambda row, shown: Cell(row.title),
        "tag": lambda row, shown: Cell(badges=_badges(row.tags, shown.names["tag"])),
        "owner": lambda row, shown: Cell(shown.names["owner"].get(str(row.owner_id), "")),
        "paused": lambda row, shown: Cell(_day(row.paused_until)),
        "created": lambda row, shown: Cell(_day(row.created_at)),
    }


def posts_of(row: Person) -> list[dict[str, str]]:
    """The present posts of somebody on a page of the list: each with organisation and job."""
    posts: list[dict[str, str]] = vars(row)["posts"]
    return posts


def _email(row: Person) -> str:
    return vars(row)["written_to"] or ""


def _obstacle(row: Person, shown: Shown) -> str:
    reason: str = vars(row)["obstacle"]
    return reason if shown.whole or not reason else "hidden"


def _of_organisation() -> dict[str, Callable[[Organisation, Shown], Cell]]:
    def codes(vocabulary: str) -> Callable[[Organisation, Shown], Cell]:
        return lambda row, shown: Cell(
            badges=tuple(
                shown.names.get(vocabulary, {}).get(code) or code_name(code)
                for told, code in (fact.split(" ", 1) for fact in vars(row)["facts"])
                if told == vocabulary
            )
        )

    def kept(said: Callable[[Membership], str]) -> Callable[[Organisation, Shown], Cell]:
        return lambda row, shown: Cell(
            ", ".join(dict.fromkeys(text for m in shown.memberships if (text := said(m))))
        )

    return {
        "name": lambda row, shown: Cell(row.legal_name, _known_as(row)),
        "kind": lambda row, shown: Cell(row.get_kind_display()),
        "city": lambda row, shown: Cell(row.city),
        "country": lambda row, shown: Cell(country_name(row.country) if row.country else ""),
        "region": lambda row, shown: (
            Cell(in_language(vars(row)["region_names"]))
            if row.region_id
            else Cell(small=_("outside the regions"))
        ),
        "home": lambda row, shown: Cell(vars(row)["home"] or "–"),
        "website": lambda row, shown: Cell(row.domain or row.website),
        "area": codes("area"),
        "product": codes("product"),
        "stage": codes("stage"),
        "market": codes("market"),
        "category": kept(lambda m: m.get_category_display()),
        "standing": kept(lambda m: m.get_standing_display()),
        "employees": kept(lambda m: "" if m.employees is None else str(m.employees)),
        "tag": lambda row, shown: Cell(
            badges=tuple(
                name for m in shown.memberships for name in _badges(m.tags, shown.names["tag"])
            )
        ),
        "owner": kept(lambda m: str(m.owner or "")),
        "people": lambda row, shown: Cell(str(shown.people)),
        "created": lambda row, shown: Cell(_day(row.created_at)),
    }


def _known_as(row: Organisation) -> str:
    names = ", ".join(vars(row)["former"])
    former = _("formerly %(names)s") % {"names": names} if names else ""
    return " · ".join(part for part in (row.city, former) if part)


PERSON = _of_person()
ORGANISATION = _of_organisation()
