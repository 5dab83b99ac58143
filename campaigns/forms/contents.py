"""The draft of a campaign in one language as a form: a subject line, and blocks in their order."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, ContentRevision, ContentText
from campaigns.rules.beside import aligned
from campaigns.rules.blocks import FROM_RECORDS, NO_WORDS, WRITTEN, is_picture
from campaigns.rules.reconcile import Written

Block = dict[str, Any]

MOST_BLOCKS = 60
OF_EVENTS_ONLY = ("event_details",)
OF_MISSIONS_ONLY = ("facts", "deadlines", "external")
OF_RECORDS_ONLY = (*OF_EVENTS_ONLY, *OF_MISSIONS_ONLY, "programme", "answers")
OF_PRESS_ONLY = ("embargo", "boilerplate")
FOREIGN = {
    Campaign.Kind.MISSION_CALL: (*OF_EVENTS_ONLY, *OF_PRESS_ONLY),
    Campaign.Kind.EVENT_INVITATION: (*OF_MISSIONS_ONLY, *OF_PRESS_ONLY),
    Campaign.Kind.ANNOUNCEMENT: (*OF_RECORDS_ONLY, *OF_PRESS_ONLY),
    Campaign.Kind.PRESS: OF_RECORDS_ONLY,
}
"""The blocks that a kind of campaign has nothing for."""
NAMES = {
    "heading": _("Heading"),
    "text": _("Text"),
    "image": _("Picture"),
    "button": _("Button"),
    "quote": _("Quote"),
    "embargo": _("Embargo"),
    "introduction": _("Introduction of the region"),
    "facts": _("Facts"),
    "programme": _("Programme"),
    "deadlines": _("Deadlines"),
    "event_details": _("When and where"),
    "answers": _("Answer buttons"),
    "external": _("Another organiser's call"),
    "documents": _("Documents"),
    "boilerplate": _("About the alliance"),
    "contact": _("The reader's contact point"),
    "divider": _("Line"),
}
MARKUP = _(
    "*bold*, _slanted_, [words](https://…). Lines that begin with “- ”, or with “1. ”, “2. ”, "
    "become a list."
)
# How each field of a written block is asked for: its label, its rows and what helps.
FIELDS: dict[tuple[str, str], tuple[Any, int, Any]] = {
    ("heading", "text"): (_("Heading"), 1, ""),
    ("text", "text"): (_("Text"), 7, MARKUP),
    ("image", "image"): (_("File"), 1, _("JPEG, PNG, GIF or WebP, up to 10 MB.")),
    ("image", "alt"): (
        _("Description"),
        1,
        _("What the picture shows, for readers who do not see it: many mail programs hide it."),
    ),
    ("image", "caption"): (_("Caption"), 1, ""),
    ("image", "url"): (_("Address it opens"), 1, _("Begins with https://.")),
    ("button", "label"): (_("Words on the button"), 1, ""),
    ("button", "url"): (_("Address it opens"), 1, _("Begins with https://.")),
    ("quote", "text"): (_("What was said"), 4, MARKUP),
    ("quote", "who"): (_("Who said it"), 1, _("Name and role.")),
}
READERS = {
    "": _("everybody"),
    "member": _("members in the regions"),
    "outside,public": _("readers outside the regions and followers"),
    "outside": _("members outside the regions"),
    "public": _("followers"),
    "member,outside": _("members"),
}


_FULL = _("A text has %(most)s blocks at most. Take one out before you add another.")
_TOO_MANY = _(
    "Nothing is put in: the text has %(there)s blocks, the snippet would add %(more)s, and "
    "%(most)s are the most. Take some out first."
)
_LEFT_OUT = _(
    "Not put in, for this text has it already or has nothing to fill it with: %(blocks)s."
)


class Elsewhere(NamedTuple):
    """What can be put into a text from elsewhere."""

    beside: ContentText | None = None
    """Another language's text, from which a block that is missing here can be added."""
    snippets: Mapping[str, list[Block]] = MappingProxyType({})
    """Kept blocks, by the value that chooses them."""


class TextForm(forms.Form):
    """Subject, preview line and blocks. Its small buttons rearrange without saving."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    preheader = forms.CharField(
        label=_("Preview line"),
        max_length=200,
        required=False,
        help_text=_("What an inbox shows behind the subject."),
    )
    ready = forms.BooleanField(label=_("This language is ready to be sent"), required=False)
    seen = forms.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, "UploadedFile[Any]"] | None = None,
        *,
        campaign: Campaign,
        draft: ContentText | None,
        earlier: ContentRevision | None = None,
        elsewhere: Elsewhere = Elsewhere(),  # noqa: B008  it never changes
    ) -> None:
        """`earlier`: a version to go on from, in place of what stands in the text."""
        self.campaign, self.beside = campaign, elsewhere.beside
        shown = earlier or draft
        self.blocks: list[Block] = shown.blocks if shown else _outline(campaign)
        self.arranging = data is not None and any(
            name in data for name in ("up", "down", "remove", "below", "add", "missing", "insert")
        )
        initial = {
            "subject": shown.subject if shown else "",
            "preheader": shown.preheader if shown else "",
            "ready": shown.ready if shown else False,
            "seen": draft.version if draft else 0,
        }
        if earlier and earlier.why in ContentRevision.NOT_SAVED:
            initial["seen"] = earlier.base
        super().__init__(data, initial=initial)
        self.beyond = ""
        """Why something was not put in, as a sentence."""
        self.uploads: list[tuple[Block, UploadedFile[Any]]] = []
        if data is not None:
            posted = _posted(data, files or MultiValueDict(), self.uploads)
            self.blocks = [*posted.values()]
            full = len(self.blocks) >= MOST_BLOCKS
            if full and any(name in data for name in ("missing", "add", "below")):
                self.beyond = _FULL % {"most": MOST_BLOCKS}
            elif "missing" in data:
                self.blocks = _completed(self.blocks, self.beside, str(data["missing"]))
            elif self.arranging:
                self.blocks = _arranged(posted, data)
            if "insert" in data:
                chosen = elsewhere.snippets.get(data.get("snippet", ""), [])
                self._insert(chosen, data.get("place", ""))

    def _insert(self, blocks: list[Block], place: str) -> None:
        """Put copies of a snippet's blocks behind so many others, or at the end.

        Without what this record cannot fill, and what it fills already in another place, which is
        said. More than a text may hold is not put in at all.
        """
        possible = {kind for kind, _name in self.kinds_to_add}
        fit = [block for block in blocks if block["kind"] in possible]
        if len(self.blocks) + len(fit) > MOST_BLOCKS:
            self.beyond = _TOO_MANY % {
                "most": MOST_BLOCKS, "there": len(self.blocks), "more": len(fit),
            }  # fmt: skip
            return
        at = int(place) if place.isdecimal() and len(place) < 4 else len(self.blocks)
        self.blocks[at:at] = fit
        left = dict.fromkeys(str(NAMES[b["kind"]]) for b in blocks if b["kind"] not in possible)
        if left:
            self.beyond = _LEFT_OUT % {"blocks": ", ".join(left)}

    def put_together(self, written: Written, *, version: int) -> None:
        """Show what two people wrote, to be saved over that version."""
        self.blocks = written.blocks
        ready = {"ready": "on"} if written.ready else {}
        told = {"subject": written.subject, "preheader": written.preheader}
        self.data = {**told, **ready, "seen": str(version)}  # all else is drawn from the blocks

    @property
    def unfinished(self) -> Written:
        """What stands in the form, whether or not it could be saved."""
        lines, told = ("subject", "preheader"), self.data if self.is_bound else self.initial
        subject, preheader = (_line(str(told.get(name, "")))[:200] for name in lines)
        return Written(subject, preheader, bool(told.get("ready")), self.blocks)

    @property
    def began_from(self) -> int:
        """The version that the writer has before them; 0 where there was none."""
        told = str(self.data.get("seen", ""))
        return int(told) if told.isdecimal() and len(told) < 10 else 0

    @property
    def places(self) -> list[tuple[int, Any]]:
        """Behind how many blocks a snippet can be put, with the name of the last of them."""
        return [(n, NAMES[block["kind"]]) for n, block in enumerate(self.blocks, start=1)]

    @property
    def kinds_to_add(self) -> list[tuple[str, Any]]:
        """Linked blocks that the record has and the text has not, and what can be written."""
        there = {block["kind"] for block in self.blocks}
        foreign = FOREIGN[Campaign.Kind(self.campaign.kind)]
        return [
            (kind, NAMES[kind])
            for kind in (*WRITTEN, *FROM_RECORDS)
            if kind not in foreign and (kind not in there or kind in (*WRITTEN, "divider"))
        ]


def _outline(campaign: Campaign) -> list[Block]:
    """The order of another language's blocks, for a language that has no text yet."""
    model = min(campaign.texts.all(), key=lambda text: text.pk, default=None)
    if model is None:
        return [_empty("heading"), _empty("text")]
    return [_without_words(block) for block in model.blocks]


def _without_words(block: Block) -> Block:
    """The same block of another language, to be written."""
    return {
        key: "" if key in WRITTEN.get(block["kind"], ()) and key not in NO_WORDS else value
        for key, value in block.items()
    }


def _empty(kind: str) -> Block:
    return {"kind": kind, **dict.fromkeys(WRITTEN.get(kind, ()), "")}


def _posted(
    data: QueryDict,
    files: MultiValueDict[str, "UploadedFile[Any]"],
    uploads: list[tuple[Block, "UploadedFile[Any]"]],
) -> dict[str, Block]:
    """The blocks as they were sent, by the mark of their fields, in the order of these marks.

    Files go to `uploads`, beside the blocks they are for.
    """
    blocks = {}
    for mark in [*dict.fromkeys(data.getlist("order"))][:MOST_BLOCKS]:
        kind = data.get(f"kind-{mark}", "")
        if kind not in NAMES:
            continue
        block: Block = {"kind": kind}
        if name := data.get(f"id-{mark}", "").replace("\x00", ""):
            block["id"] = name
        for field in WRITTEN.get(kind, ()):
            text = data.get(f"{field}-{mark}", "").replace("\r\n", "\n")
            text = text.replace("\x00", "").strip()  # PostgreSQL takes no NUL
            block[field] = text if _rows(kind, field) > 1 else _line(text)
        readers = data.get(f"readers-{mark}", "")
        if readers in READERS and readers:
            block["readers"] = readers.split(",")
        if kind == "image" and not is_picture(block["image"]):
            block["image"] = ""
        if kind == "image" and (upload := files.get(f"file-{mark}")):
            uploads.append((block, upload))
        blocks[mark] = block
    return blocks


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _rows(kind: str, field: str) -> int:
    return FIELDS[kind, field][1]


def _arranged(posted: dict[str, Block], data: QueryDict) -> list[Block]:
    marks, blocks = [*posted], [*posted.values()]
    for step in ("up", "down", "remove", "below"):
        if data.get(step) not in marks:
            continue
        position = marks.index(str(data[step]))
        if step == "remove":
            blocks.pop(position)
        elif step == "below":
            blocks.insert(position + 1, _empty("text"))
        else:
            other = position - 1 if step == "up" else position + 1
            if 0 <= other < len(blocks):
                blocks[position], blocks[other] = blocks[other], blocks[position]
        return blocks
    kind = data.get("kind", "")
    if "add" in data and kind in NAMES and len(blocks) < MOST_BLOCKS:
        blocks.append(_empty(kind))
    return blocks


def _completed(blocks: list[Block], beside: ContentText | None, name: str) -> list[Block]:
    """With the block of this name that only the other language has, where it stands there."""
    if beside is None or len(blocks) >= MOST_BLOCKS:
        return blocks
    return [
        blocks[place] if place is not None else _without_words(other or {})
        for place, other in aligned(blocks, beside.blocks)
        if place is not None or (other and other["id"] == name)
    ]


def lines_of(block: Mapping[str, Any]) -> Iterator[str]:
    """What is written in a block, line by line."""
    kind = str(block.get("kind"))
    for field in WRITTEN.get(kind, ()):
        value = str(block.get(field, ""))
        if field == "image":
            value = value[:8]  # enough to tell one picture from another
        label = "" if field == "text" else f"{FIELDS[kind, field][0]}: "
        yield from (f"{label}{line}" for line in value.splitlines() if line.strip())
