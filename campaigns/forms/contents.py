"""The draft of a campaign in one language as a form: a subject line, and blocks in their order."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from campaigns.actions import contents
from campaigns.models import Campaign, ContentText
from campaigns.rules.blocks import FROM_RECORDS, WRITTEN

Block = dict[str, Any]

MOST_BLOCKS = 60
OF_EVENTS_ONLY = ("event_details",)
OF_MISSIONS_ONLY = ("facts", "deadlines", "external")
NAMES = {
    "heading": _("Heading"),
    "text": _("Text"),
    "introduction": _("Introduction of the region"),
    "facts": _("Facts"),
    "programme": _("Programme"),
    "deadlines": _("Deadlines"),
    "event_details": _("When and where"),
    "answers": _("Answer buttons"),
    "external": _("Another organiser's call"),
    "documents": _("Documents"),
    "contact": _("The reader's contact point"),
    "divider": _("Line"),
}
READERS = {
    "": _("everybody"),
    "member": _("members in the regions"),
    "outside,public": _("readers outside the regions and followers"),
    "outside": _("members outside the regions"),
    "public": _("followers"),
    "member,outside": _("members"),
}


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
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, *, campaign: Campaign, draft: ContentText | None
    ) -> None:
        self.campaign = campaign
        self.blocks: list[Block] = draft.blocks if draft else _outline(campaign)
        self.arranging = data is not None and any(
            name in data for name in ("up", "down", "remove", "below", "add")
        )
        initial = {
            "subject": draft.subject if draft else "",
            "preheader": draft.preheader if draft else "",
            "ready": draft.ready if draft else False,
            "seen": contents.fingerprint(draft),
        }
        super().__init__(data, initial=initial)
        if data is not None:
            self.blocks = _posted(data)
            if self.arranging:
                self.blocks = _arranged(self.blocks, data)

    @property
    def kinds_to_add(self) -> list[tuple[str, Any]]:
        """Linked blocks that the record has and the text has not, and what can be written."""
        there = {block["kind"] for block in self.blocks}
        foreign = OF_EVENTS_ONLY if self.campaign.mission_id else OF_MISSIONS_ONLY
        return [
            (kind, NAMES[kind])
            for kind in ("heading", *FROM_RECORDS)
            if kind not in foreign and (kind not in there or kind in ("heading", "divider"))
        ]


def _outline(campaign: Campaign) -> list[Block]:
    """The order of another language's blocks, for a language that has no text yet."""
    model = campaign.texts.order_by("pk").first()
    blocks = model.blocks if model else [{"kind": "heading"}, {"kind": "text"}]
    return [
        {key: "" if key == "text" else value for key, value in block.items()} for block in blocks
    ]


def _posted(data: QueryDict) -> list[Block]:
    blocks = []
    count = data.get("blocks", "0")
    for position in range(min(int(count) if count.isdecimal() else 0, MOST_BLOCKS)):
        kind = data.get(f"kind-{position}", "")
        if kind not in NAMES:
            continue
        block: Block = {"kind": kind}
        if kind in WRITTEN:
            block["text"] = data.get(f"text-{position}", "").replace("\r\n", "\n").strip()
        readers = data.get(f"readers-{position}", "")
        if readers in READERS and readers:
            block["readers"] = readers.split(",")
        blocks.append(block)
    return blocks


def _arranged(blocks: list[Block], data: QueryDict) -> list[Block]:
    for step in ("up", "down", "remove", "below"):
        at = data.get(step, "")
        if not at.isdecimal() or int(at) >= len(blocks):
            continue
        position = int(at)
        if step == "remove":
            blocks.pop(position)
        elif step == "below":
            blocks.insert(position + 1, {"kind": "text", "text": ""})
        else:
            other = position - 1 if step == "up" else position + 1
            if 0 <= other < len(blocks):
                blocks[position], blocks[other] = blocks[other], blocks[position]
        return blocks
    kind = data.get("kind", "")
    if "add" in data and kind in NAMES and len(blocks) < MOST_BLOCKS:
        blocks.append({"kind": kind, "text": ""} if kind in WRITTEN else {"kind": kind})
    return blocks
