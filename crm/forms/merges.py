"""Merging two records: every field of both side by side, and which of the two values stays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext

from crm.actions import merging_organisations, merging_people
from crm.actions.merging_people import CUSTOM, MAILBOX, default_mailbox
from crm.models import CustomField, Membership, Organisation, Person, Tag
from crm.models.codes import country_name, language_name
from crm.rules.merging import DROP, KEEP, side_of


@dataclass(frozen=True)
class Fact:
    """One field of two records in words; `result` where nobody has to choose."""

    name: str
    label: str
    keep: str
    drop: str
    side: str = KEEP
    result: str | None = None

    @property
    def is_choice(self) -> bool:
        return self.result is None and self.keep != self.drop


@dataclass(frozen=True)
class Row:
    """A fact, and the form field that asks for a side where there is something to choose."""

    fact: Fact
    field: forms.BoundField | None


class MergeForm(forms.Form):
    """A side for each field in which the two differ; what only one of them says is preselected."""

    keep_version = forms.IntegerField(widget=forms.HiddenInput)
    drop_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, facts: Iterable[Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = [fact for fact in facts if fact.keep or fact.drop or fact.result]
        for fact in self.facts:
            if fact.is_choice:
                self.fields[fact.name] = forms.ChoiceField(
                    label=fact.label,
                    choices=[(KEEP, fact.keep or "–"), (DROP, fact.drop or "–")],
                    initial=fact.side,
                    widget=forms.RadioSelect,
                )

    @property
    def rows(self) -> list[Row]:
        """What differs first: that is what there is to do."""
        rows = [Row(fact, self[fact.name] if fact.is_choice else None) for fact in self.facts]
        return sorted(rows, key=lambda row: row.field is None)

    @property
    def choices(self) -> dict[str, str]:
        return {fact.name: self.cleaned_data[fact.name] for fact in self.facts if fact.is_choice}

    @property
    def versions(self) -> tuple[int, int]:
        return self.cleaned_data["keep_version"], self.cleaned_data["drop_version"]


def person_facts(
    keep: Person, drop: Person, asked: Iterable[CustomField], tags: Iterable[Tag]
) -> Iterator[Fact]:
    """Every field of two people."""
    ours, theirs = keep.primary, drop.primary
    if ours and theirs and ours.address_id != theirs.address_id:
        side = default_mailbox(keep, drop)
        yield Fact(MAILBOX, gettext("Mails go to"), keep.email, drop.email, side)
    elif ours or theirs:
        yield _fixed(gettext("Mails go to"), keep.email, drop.email, keep.email or drop.email)
    yield from _facts(keep, drop, merging_people.CHOOSABLE)
    if keep.paused_until or drop.paused_until:
        longer = max(day for day in (keep.paused_until, drop.paused_until) if day)
        yield _fixed(
            gettext("Paused until"),
            said(keep, "paused_until"),
            said(drop, "paused_until"),
            gettext("%s, the later one") % longer,
        )
    if keep.share_objected or drop.share_objected:
        yield _fixed(
            gettext("Shared in the alliance"),
            _sharing(keep),
            _sharing(drop),
            gettext("no: an objection of either holds"),
        )
    yield from _own_words(keep, drop, asked, tags)


def organisation_facts(keep: Organisation, drop: Organisation, *, core: bool) -> Iterator[Fact]:
    """Every field of two shared cores; without the right to change it, the one stays as it is."""
    for fact in _facts(keep, drop, merging_organisations.CORE):
        yield fact if core else _fixed(fact.label, fact.keep, fact.drop, fact.keep or "–")


def membership_facts(
    ours: Membership, theirs: Membership, asked: Iterable[CustomField], tags: Iterable[Tag]
) -> Iterator[Fact]:
    """What one cluster alone knows of two organisations."""
    yield from _facts(ours, theirs, merging_organisations.MEMBERSHIP)
    yield from _own_words(ours, theirs, asked, tags)


def said(row: Model, name: str) -> str:
    """A field in the words of a page; nothing where nothing is known."""
    value = getattr(row, name)
    if value is None or value == "":
        return ""
    if name == "language":
        return language_name(value)
    if name == "country":
        return country_name(value)
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value)


def _facts(keep: Model, drop: Model, names: Iterable[str]) -> Iterator[Fact]:
    for name in names:
        label = str(keep._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]
        yield Fact(
            name,
            label,
            said(keep, name),
            said(drop, name),
            side_of(getattr(keep, name), getattr(drop, name)),
        )


def _own_words(
    keep: Any, drop: Any, asked: Iterable[CustomField], tags: Iterable[Tag]
) -> Iterator[Fact]:
    """Tags, which are united, and the cluster's own questions."""
    names = {tag.pk: tag.name for tag in tags}
    united = [", ".join(names[pk] for pk in row.tags if pk in names) for row in (keep, drop)]
    if any(united):
        both = [names[pk] for pk in names if pk in keep.tags or pk in drop.tags]
        yield _fixed(gettext("Tags"), united[0], united[1], ", ".join(both))
    for field in asked:
        ours, theirs = keep.custom.get(field.key), drop.custom.get(field.key)
        yield Fact(
            CUSTOM + field.key,
            field.name,
            _answered(ours),
            _answered(theirs),
            side_of(ours, theirs),
        )


def _answered(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "" if value is None else str(value)


def _sharing(person: Person) -> str:
    return gettext("no, objected") if person.share_objected else gettext("yes")


def _fixed(label: str, keep: str, drop: str, result: str) -> Fact:
    return Fact("", label, keep, drop, result=result)
