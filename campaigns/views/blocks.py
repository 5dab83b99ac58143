"""The blocks of a text as the editor shows them, with what stands beside them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from campaigns.actions import beside as besides
from campaigns.actions import linking
from campaigns.forms.contents import FIELDS, NAMES, TextForm, lines_of
from campaigns.mail import links, records
from campaigns.models import Campaign, ContentText
from campaigns.rules import differences
from campaigns.rules.beside import aligned
from campaigns.rules.blocks import MARKED, NO_WORDS, OPTIONAL, WRITTEN
from campaigns.rules.reconcile import Conflict
from crm.models.codes import language_name

Row = dict[str, Any]
Marks = Mapping[str, Mapping[str, Any]]


class Other(NamedTuple):
    """Another language's text beside the one that is written."""

    text: ContentText
    changed: dict[str, list[differences.Line]]
    """Blocks by their id, subject and preview line by their name: what is another since."""

    @property
    def code(self) -> str:
        return self.text.language

    @property
    def name(self) -> str:
        return language_name(self.text.language)

    @property
    def heads(self) -> list[Row]:
        return [
            {"label": label, "words": words, "changed": self.changed.get(name, ())}
            for name, label, words in (
                ("subject", _("Subject"), self.text.subject),
                ("preheader", _("Preview line"), self.text.preheader),
            )
        ]


def other(campaign: Campaign, language: str, text: ContentText | None) -> Other | None:
    """`text` as it is shown beside that language."""
    if text is None:
        return None
    changed = besides.changed(campaign, language, text.language)
    return Other(
        text,
        {
            name: differences.compare([*lines_of(then)], [*lines_of(now)])
            for name, (then, now) in changed.items()
        },
    )


def rows(
    campaign: Campaign,
    form: TextForm,
    language: str,
    beside: Other | None,
    marks: Marks,
) -> Iterator[Row]:
    """The blocks of the form, and between them those that only the text beside it has.

    `marks` say by a block's id that it was saved with the words of another language, which is
    named (`copied`), and what somebody else wrote in it at the same time (`theirs`).
    """
    taken = next((row for row in campaign.linked.all() if row.language == language), None)
    told = taken.parts if taken else linking.told_by(campaign, language)["parts"]
    n = 0
    for place, block in aligned(form.blocks, beside.text.blocks if beside else ()):
        there = _beside(block, beside) if block and beside else None
        if place is None:
            yield {"missing": True, "n": n, "beside": there}
        else:
            yield _row(form.blocks[place], told, marks) | {"n": place, "beside": there}
            n = place + 1


def _row(
    block: records.Block,
    told: Mapping[str, records.Block | None],
    marks: Marks,
) -> Row:
    kind, name = block["kind"], block.get("id", "")
    content = records.filled(block, told) if kind not in WRITTEN else None
    return {
        "kind": kind,
        "id": name,
        "name": NAMES[kind],
        "fields": [_field(block, field) for field in WRITTEN.get(kind, ())],
        "readers": ",".join(block.get("readers", ())),
        "content": content,
        "empty": content is None,
        "theirs": marks["theirs"].get(name, ()) if name else (),
        "copied": language_name(marks["copied"][name]) if name in marks["copied"] else "",
        "picture": links.image(block["image"]) if block.get("image") else "",
    }


def _field(block: records.Block, name: str) -> Row:
    label, lines, help_text = FIELDS[block["kind"], name]
    return {
        "name": name,
        "label": label,
        "rows": lines,
        "help": help_text,
        "value": block.get(name, ""),
        "words": name not in NO_WORDS,
        "marked": name == "text" and block["kind"] in MARKED,
        "optional": (block["kind"], name) in OPTIONAL,
        "alone": len(WRITTEN[block["kind"]]) == 1,  # the block's own name says it
    }


def _beside(block: records.Block, beside: Other) -> Row:
    kind = block["kind"]
    return {
        "id": block["id"],
        "name": NAMES.get(kind, kind),
        "linked": kind not in WRITTEN,
        "words": [
            {"label": "" if name == "text" else FIELDS[kind, name][0], "text": block[name]}
            for name in WRITTEN.get(kind, ())
            if name not in NO_WORDS and block.get(name)
        ],
        "picture": links.image(block["image"]) if block.get("image") else "",
        "changed": beside.changed.get(block["id"], ()),
    }


def theirs(conflicts: Iterable[Conflict]) -> dict[str, list[Row]]:
    """What somebody else wrote in place of what stands in the form, by block."""
    found = dict[str, list[Row]]()
    for one in conflicts:
        if one.field not in ("width", "height"):  # they go with the picture
            found.setdefault(one.block, []).append(_other_side(one))
    return found


def _other_side(one: Conflict) -> Row:
    if one.field == "kept" and one.theirs is None:
        words = _("Somebody else took this block away, which you rewrote. Keep it or remove it.")
        return {"sentence": words}
    if one.field == "kept":
        words = _("You took this block away, which somebody else rewrote. Keep it or remove it.")
        return {"sentence": words}
    if one.field == "image":
        return {"sentence": _("Somebody else chose another picture here.")}
    if one.field in ("readers", "kind"):
        return {"sentence": _("Somebody else chose other readers for this block.")}
    return {"sentence": _("Somebody else wrote:"), "words": one.theirs or ""}
