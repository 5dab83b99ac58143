"""The builder of audiences: groups of conditions as a form has them, and as a tree has them.

Every button sends the whole form, so that it works without JavaScript: the conditions live in the
fields alone until somebody saves them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns.rules.groups import ALL, ANY, MODES, NONE, Group, group_of
from crm.models.questions import Question
from crm.models.questions.question import MOST_DAYS
from crm.rules.conditions import MOST_VALUES
from crm.rules.queries import Leaf, leaf_of

MOST_ROWS, MOST_GROUPS = 20, 6
VALUE_LONGEST = 100
FEW = 12
"""So many choices stand all in sight; more are a list of their own, with the chosen ones first."""
IN, OUT = "in", "out"
MODE_WORDS = (
    (ALL, gettext_lazy("all of these hold")),
    (ANY, gettext_lazy("any of these holds")),
    (NONE, gettext_lazy("none of these holds")),
)
HOW = {
    "choice": (
        ("in", gettext_lazy("is one of")),
        ("not", gettext_lazy("is none of")),
    ),
    "text": (
        ("contains", gettext_lazy("contains")),
        ("not_contains", gettext_lazy("does not contain")),
        ("in", gettext_lazy("is")),
        ("not", gettext_lazy("is not")),
    ),
    "day": (
        ("before", pgettext_lazy("a day", "is before")),
        ("after", pgettext_lazy("a day", "is after")),
        ("in", pgettext_lazy("a day", "is on")),
        ("last", gettext_lazy("is in the last … days")),
        ("not_last", gettext_lazy("is not in the last … days")),
        ("next", gettext_lazy("is in the next … days")),
    ),
    "number": (
        ("before", gettext_lazy("is less than")),
        ("after", gettext_lazy("is more than")),
        ("in", gettext_lazy("is")),
    ),
}
OF_DAYS = ("last", "not_last", "next")
"""Ways to ask whose value is a number of days; it has a field of its own."""
WITHOUT_VALUE = (
    ("empty", gettext_lazy("is not known")),
    ("not_empty", gettext_lazy("is known")),
)


def hows(question: Question) -> dict[str, Any]:
    """How a question can be asked, each way with its words."""
    return dict([*HOW[question.kind], *WITHOUT_VALUE])


class RowForm(forms.Form):
    """How one question is asked, and the values."""

    use_required_attribute = False  # a condition may wait for its value while others are added

    def __init__(self, row: "Row", question: Question) -> None:
        value = "n" if row.how in OF_DAYS else "v"
        super().__init__(initial={"f": row.name, "how": row.how, value: row.shown(question)})
        self.at = row.at
        self.fields["f"] = forms.CharField(widget=forms.HiddenInput)
        self.fields["how"] = forms.ChoiceField(
            label=gettext_lazy("Condition"), choices=[*hows(question).items()]
        )
        self.fields["v"] = _values(row, question)
        if question.kind == "day":
            self.fields["n"] = forms.IntegerField(
                label=gettext_lazy("Number of days"), min_value=1, max_value=MOST_DAYS
            )

    def add_prefix(self, field_name: str) -> str:
        return f"{self.at}.{field_name}"


def _values(row: "Row", question: Question) -> forms.Field:
    label = gettext_lazy("Value")
    if question.kind == "choice":
        choices = [(str(value), str(words)) for value, words in question.choices]
        known = {value for value, _words in choices}
        # What is asked for stays, also where it is no longer among the newest.
        choices += [(value, value) for value in row.values if value not in known]
        if len(choices) > FEW:
            choices.sort(key=lambda choice: choice[0] not in row.values)
        ticks = forms.CheckboxSelectMultiple({"class": "many"} if len(choices) > FEW else None)
        return forms.MultipleChoiceField(label=label, choices=choices, widget=ticks)
    if question.kind == "day":
        day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.CharField(label=label, widget=day)
    return forms.CharField(label=label, max_length=VALUE_LONGEST)


@dataclass
class Row:
    """One condition as it stands in the form, complete or not."""

    at: str
    name: str
    how: str
    values: list[str] = field(default_factory=list)
    question: Question | None = None
    trouble: str = ""

    @property
    def leaf(self) -> Leaf | None:
        """The condition; None where it is not complete."""
        given = ["1"] if self.how in ("empty", "not_empty") else self.values
        return leaf_of(f"{self.name}__{self.how}", given, [self.name])

    @property
    def form(self) -> RowForm:
        assert self.question
        return RowForm(self, self.question)

    @property
    def is_lost(self) -> bool:
        """Whether the form would send something else than stands here."""
        question = self.question
        if question is None or self.how not in hows(question):
            return True
        if question.kind == "choice":
            return False
        if question.kind == "text" and not any(";" in value for value in self.values):
            return len("; ".join(self.values)) > VALUE_LONGEST
        return len(self.values) > 1 or any(";" in value for value in self.values)

    def shown(self, question: Question) -> Any:
        return self.values if question.kind == "choice" else "; ".join(self.values)


@dataclass
class Box:
    """A group of conditions as it stands in the form."""

    at: str
    mode: str = ALL
    rows: list[Row] = field(default_factory=list)
    boxes: list["Box"] = field(default_factory=list)
    modes = MODE_WORDS

    @property
    def outer(self) -> bool:
        return self.at in (IN, OUT)

    @property
    def grows(self) -> bool:
        return len(self.rows) < MOST_ROWS

    @property
    def branches(self) -> bool:
        return self.outer and len(self.boxes) < MOST_GROUPS

    @property
    def group(self) -> Group:
        """What is complete of it."""
        leaves = tuple(leaf for row in self.rows if (leaf := row.leaf))
        return Group(self.mode, leaves, tuple(box.group for box in self.boxes))

    def every_row(self) -> Iterator[Row]:
        yield from self.rows
        for box in self.boxes:
            yield from box.every_row()


class Builder:
    """Both sides of an audience: who is asked for, and who of them is not."""

    def __init__(self, include: Box, exclude: Box, known: Mapping[str, Question]) -> None:
        self.include, self.exclude, self.known = include, exclude, known
        self._name()

    @classmethod
    def drawn(
        cls,
        include: Mapping[str, Any],
        exclude: Mapping[str, Any] | None,
        known: Mapping[str, Question],
    ) -> "Builder":
        """A tree in rows. Raises CannotBeDrawn."""
        outer = _box(OUT, group_of(exclude)) if exclude else Box(OUT, ANY)
        return cls(_box(IN, group_of(include)), outer, known)

    @classmethod
    def sent(cls, data: QueryDict, known: Mapping[str, Question]) -> "Builder":
        """As somebody filled the form in."""
        return cls(_sent(IN, data, known), _sent(OUT, data, known), known)

    @property
    def sides(self) -> list[Box]:
        return [self.include, self.exclude]

    @property
    def trees(self) -> tuple[dict[str, Any], dict[str, Any] | None]:
        return self.include.group.tree, self.exclude.group.tree or None

    @property
    def loses(self) -> bool:
        """Whether a part of what is asked would be lost in the form, or is not this author's."""
        boxes = [box for side in self.sides for box in (side, *side.boxes)]
        return (
            any(len(box.rows) > MOST_ROWS or len(box.boxes) > MOST_GROUPS for box in boxes)
            or any(row.is_lost for box in boxes for row in box.rows)
        )  # fmt: skip

    def press(self, button: str, data: QueryDict) -> None:
        """What a button changes: "add in-0", "group in", "drop in-0", "drop in-0.3"."""
        act, _space, at = button.partition(" ")
        for side in self.sides:
            for box in (side, *side.boxes):
                if act == "add" and box.at == at and box.grows:
                    question = self.known.get(data.get(f"{at}.add", ""))
                    if question:
                        box.rows.append(Row("", question.name, HOW[question.kind][0][0]))
                if act == "drop":
                    box.rows = [row for row in box.rows if row.at != at]
            if act == "drop":
                side.boxes = [box for box in side.boxes if box.at != at]
            if act == "group" and side.at == at and side.branches:
                side.boxes.append(Box("", ANY if side.mode == ALL else ALL))
        self._name()

    def complain(self) -> bool:
        """Mark what is not complete; whether anything is, or nobody is asked for."""
        rows = [row for side in self.sides for row in side.every_row()]
        for row in rows:
            if row.leaf is None:
                row.trouble = _("Choose or write a value, or take this condition away.")
        return any(row.trouble for row in rows)

    def _name(self) -> None:
        """Rows and groups are counted through, so that what was taken away leaves no gap."""
        for side in self.sides:
            for n, box in enumerate(side.boxes):
                box.at = f"{side.at}-{n}"
            for box in (side, *side.boxes):
                for n, row in enumerate(box.rows):
                    row.at = f"{box.at}.{n}"
                    row.question = self.known.get(row.name)


def _box(at: str, group: Group) -> Box:
    rows = [Row("", leaf.field, _how(leaf), [*leaf.values]) for leaf in group.rows]
    return Box(at, group.mode, rows, [_box("", inner) for inner in group.groups])


def _how(leaf: Leaf) -> str:
    if leaf.operator == "in":
        return "not" if leaf.negated else "in"
    return f"not_{leaf.operator}" if leaf.negated else leaf.operator


def _sent(side: str, data: QueryDict, known: Mapping[str, Question]) -> Box:
    boxes = [
        _box_sent(f"{side}-{n}", data, known)
        for n in range(MOST_GROUPS)
        if f"{side}-{n}.mode" in data
    ]
    box = _box_sent(side, data, known)
    box.boxes = boxes
    return box


def _box_sent(at: str, data: QueryDict, known: Mapping[str, Question]) -> Box:
    mode = data.get(f"{at}.mode", "")
    rows = [
        _row_sent(f"{at}.{n}", data, question)
        for n in range(MOST_ROWS)
        if (question := known.get(data.get(f"{at}.{n}.f", "")))
    ]
    return Box(at, mode if mode in MODES else ALL, rows)


def _row_sent(at: str, data: QueryDict, question: Question) -> Row:
    how = data.get(f"{at}.how", "")
    value = "n" if how in OF_DAYS else "v"
    given = [value.replace("\x00", "").strip() for value in data.getlist(f"{at}.{value}")]
    if question.kind != "choice":
        given = given[:1]
        if question.kind == "text":
            given = [part.strip() for value in given for part in value.split(";")]
    values = [value[:VALUE_LONGEST] for value in given if value][:MOST_VALUES]
    return Row(
        at, question.name, how if how in hows(question) else HOW[question.kind][0][0], values
    )
