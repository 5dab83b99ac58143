"""The steps of an import: which file, how it is read, what its columns hold, what becomes of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from crm.actions.sheets import Rows
from crm.forms.times import DayField
from crm.models import Basis, Cluster, Import, Market, Region
from crm.rules.answers import Question
from crm.rules.columns import COLUMNS, KEY, OWN

LABELS = {
    "name": _("Full name"),
    "title": _("Title"),
    "given": _("Given name"),
    "family": _("Family name"),
    "email": _("Email address"),
    "phone": _("Phone"),
    "language": _("Language"),
    "job": _("Job"),
    "tags": _("Tags"),
    "organisation_tags": _("Tags of the organisation"),
    "legal_name": _("Legal name"),
    "short_name": _("Short name"),
    "website": _("Web site"),
    "city": _("City"),
    "country": _("Country"),
    "region": _("Region"),
    "standing": _("Standing"),
    "category": _("Category"),
    "employees": _("Employees"),
    "areas": _("Therapeutic areas"),
    "products": _("Products"),
    "stages": _("Pipeline stages"),
    "markets": _("Markets"),
    KEY: _("Joins the sheets"),
}
ENCODINGS = [
    ("utf-8", _("Unicode (UTF-8)")),
    ("utf-8-sig", _("Unicode (UTF-8 with a mark)")),
    ("cp1252", _("Western European (Windows)")),
    ("iso8859-15", _("Western European (ISO 8859-15)")),
    ("mac-roman", _("Western European (old Macintosh)")),
    ("utf-16", _("Unicode (UTF-16)")),
    ("utf-16-le", _("Unicode (UTF-16, little end first)")),
    ("utf-16-be", _("Unicode (UTF-16, big end first)")),
]
SEPARATORS = [
    (";", _("semicolon ;")),
    (",", _("comma ,")),
    ("\t", _("tabulator")),
    ("|", _("bar |")),
]
TOLD = 12  # new tags whose names are said
HEADERS = 15  # rows that are offered as header


def label_of(column: str, own: Mapping[str, str] | None = None) -> str:
    """What a column is called on a page; `own`: the names of a cluster's own fields."""
    if column.startswith(OWN):
        return (own or {}).get(column, gettext("own field"))
    return str(LABELS.get(column, column))


def region_names() -> dict[int, str]:
    """Every region by its number, as differences have it."""
    return {region.pk: str(region) for region in Region.objects.all()}


def market_names() -> dict[str, str]:
    """Every market by its code."""
    return {market.slug: str(market) for market in Market.objects.all()}


class UploadForm(forms.Form):
    """A file, and whose list it is."""

    cluster = forms.ModelChoiceField(
        Cluster.objects.none(), label=_("Whose list is it?"), empty_label=_("choose one")
    )
    upload = forms.FileField(
        label=_("File"),
        widget=forms.FileInput({"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods", "class": "drop"}),
        error_messages={
            "required": _("Choose the file with your list."),
            "missing": _("Choose the file with your list."),
            "empty": _("The file is empty. Choose the one with your list."),
        },
    )

    def __init__(
        self, *args: Any, clusters: QuerySet[Cluster], too_large: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._too_large = too_large
        megabytes = settings.IMPORT_LARGEST // 2**20
        self.fields["upload"].help_text = gettext(
            "CSV, TSV, Excel (.xlsx, .xls) or OpenDocument (.ods), up to %(n)s MB. You can drop it "
            "onto the field. Nothing is written before you have seen what would change."
        ) % {"n": megabytes}
        field = self.fields["cluster"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = clusters
        if len(clusters) == 1:
            field.initial = clusters[0]
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self._too_large:
            self.errors.pop("upload", None)
            self.add_error(
                "upload",
                gettext("The file has more than %(n)s MB. Split it into several files.")
                % {"n": settings.IMPORT_LARGEST // 2**20},
            )
        return values


class ReadingForm(forms.Form):
    """How the file is read; asked anew at each change."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS, required=False)
    separator = forms.ChoiceField(label=_("Columns are separated by"), choices=SEPARATORS)
    header = forms.TypedChoiceField(label=_("Header"), coerce=int)
    beside = forms.ChoiceField(label=_("Organisations are in another sheet"), required=False)
    beside_header = forms.TypedChoiceField(label=_("Header of that sheet"), coerce=int)

    def __init__(
        self,
        *args: Any,
        of_import: Import,
        rows: Rows | None = None,
        beside: Rows | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        names = sorted(of_import.heads or ())
        if of_import.heads is None:
            del self.fields["sheet"]
        else:
            self._offer("sheet", [(name, name) for name in names])
            del self.fields["encoding"], self.fields["separator"]
        self._offer("header", _headers(rows or []))
        if len(names) > 1:
            others = (name for name in names if name != self.initial["sheet"])
            self._offer("beside", [("", gettext("no")), *((name, name) for name in others)])
        else:
            del self.fields["beside"]
        if beside is None:
            del self.fields["beside_header"]
        else:
            self._offer("beside_header", _headers(beside))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _headers(rows: Rows) -> list[tuple[str, str]]:
    return [
        ("-1", gettext("there is none")),
        *((str(n), _header_said(n, row)) for n, row in enumerate(rows[:HEADERS])),
    ]


def _header_said(place: int, row: Sequence[str]) -> str:
    cells = " · ".join(cell.strip() for cell in row if cell.strip()) or "–"
    said = cells if len(cells) <= 50 else f"{cells[:50]}…"
    return gettext("row %(n)s: %(cells)s") % {"n": place + 1, "cells": said}


class ColumnsForm(forms.Form):
    """What each column of the file holds."""

    def __init__(
        self,
        *args: Any,
        names: Sequence[str],
        columns: Sequence[str],
        choices: Sequence[tuple[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for place, name in enumerate(names):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name,
                choices=choices,
                required=False,
                initial=columns[place] if place < len(columns) else "",
            )

    @property
    def columns(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]


def column_choices(own: Mapping[str, Question], *, joined: bool) -> list[tuple[str, Any]]:
    """What a column may hold. `own`: the cluster's own fields; `joined`: there are two sheets."""

    def of(noun: str) -> list[tuple[str, str]]:
        return [(each.name, label_of(each.name)) for each in COLUMNS if each.of == noun]

    def asked(noun: str) -> list[tuple[str, str]]:
        return [(name, question.name) for name, question in own.items() if question.of == noun]

    groups = [
        (gettext("Person"), of("person")),
        (gettext("Own fields of people"), asked("person")),
        (
            gettext("Organisation"),
            [*of("organisation"), *([(KEY, label_of(KEY))] if joined else [])],
        ),
        (gettext("Own fields of organisations"), asked("organisation")),
    ]
    return [("", gettext("not taken")), *(group for group in groups if group[1])]


class DecideForm(forms.Form):
    """What becomes of those who are there already, and why the list may be used."""

    policy = forms.ChoiceField(
        label=_("People and organisations that you have already"),
        widget=forms.RadioSelect,
        help_text=_(
            "Whichever you choose: nobody's consent is raised, nobody who left comes back, and "
            "nothing is deleted."
        ),
    )
    make_tags = forms.BooleanField(
        label="",
        required=False,
        help_text=_(
            "Otherwise these words are left out. With them the preview is made anew, so that you "
            "see who gets them."
        ),
    )
    origin = forms.CharField(
        label=_("Where does the list come from?"),
        max_length=160,
        error_messages={
            "required": _("Say where the list comes from: the people in it may ask."),
        },
        help_text=_(
            "Such as “members 2026” or “visitors at our stand, BIO-Europe”. People may ask."
        ),
    )
    dated = DayField(
        label=_("When was it made?"),
        required=False,
        error_messages={"invalid": _("Choose a day, or write it like 2026-03-31.")},
    )
    basis = forms.ChoiceField(
        label=_("Why may you write to new people?"),
        error_messages={
            "required": _("Say on which legal basis these people may be written to."),
        },
        help_text=_("Only people who are new get this legal basis; everybody else keeps theirs."),
    )

    def __init__(self, *args: Any, new_tags: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy, basis = self.fields["policy"], self.fields["basis"]
        if new_tags:
            self.fields["make_tags"].label = new_tags_said(new_tags)
        else:
            del self.fields["make_tags"]
        assert isinstance(policy, forms.ChoiceField)
        assert isinstance(basis, forms.ChoiceField)
        policy.choices = list(policies())
        basis.choices = [("", gettext("choose …")), *Basis.choices]
        other_tags = "make_tags" in self.fields and bool(self.data.get("make_tags")) != bool(
            self.initial.get("make_tags")
        )
        if self.is_bound and (other_tags or self.data.get("policy") != self.initial.get("policy")):
            # First another preview; the reasons may follow.
            self.fields["origin"].required = basis.required = False


def new_tags_said(names: Sequence[str]) -> str:
    """The tags that the list would make: how many, and the first of them."""
    some = ", ".join(names[:TOLD])
    more = " …" if len(names) > TOLD else ""
    return ngettext(
        "Make %(n)s new tag: “%(names)s”%(more)s",
        "Make %(n)s new tags: “%(names)s”%(more)s",
        len(names),
    ) % {"n": len(names), "names": some, "more": more}


def policies() -> Iterable[tuple[str, str]]:
    """Each policy with the sentence that says what it does."""
    return [
        (
            Import.Policy.FILL,
            gettext("Fill what is empty: what you have stays, gaps are filled from the list."),
        ),
        (
            Import.Policy.SKIP,
            gettext("Leave as they are: only people and organisations that are new come in."),
        ),
        (
            Import.Policy.OVERWRITE,
            gettext("Overwrite: where the list says something else, the list is right."),
        ),
    ]
