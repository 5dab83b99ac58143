"""Forms of snippets and templates: what of a draft is kept, and what a kept one says."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.actions.snippets import Texts
from campaigns.forms.contents import FIELDS, NAMES, Block
from campaigns.models import ContentText, Snippet
from campaigns.rules.blocks import OPTIONAL, WRITTEN, words_of
from campaigns.rules.text_parts import tidied
from crm.models.codes import language_name
from crm.rules.texts import LANGUAGES

HEADS = {"subject": _("Subject"), "preheader": _("Preview line")}


def outline(blocks: list[Block]) -> Iterator[tuple[str, str]]:
    """(id, in a few words what it is) of each block of a text."""
    for n, block in enumerate(blocks, start=1):
        said = " ".join(" ".join(words_of([block])).split())
        name = f"{n}. {NAMES[block['kind']]}"
        yield block.get("id", ""), f"{name}: {said[:70]}" if said else name


class KeepForm(forms.Form):
    """What of a draft is kept, under which name, or instead of what."""

    BLOCKS, WHOLE = "blocks", "whole"

    what = forms.ChoiceField(
        label=_("What is kept"),
        widget=forms.RadioSelect,
        initial=BLOCKS,
        choices=[
            (BLOCKS, _("Blocks, as a snippet: any text takes it in where it is wanted")),
            (WHOLE, _("The whole text, as a template: a campaign of this kind begins with it")),
        ],
    )
    blocks = forms.MultipleChoiceField(
        label=_("Which blocks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of a template, all."),
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    """Of what is replaced, it may stay."""
    instead_of = forms.ModelChoiceField(
        label=_("Instead of"),
        queryset=Snippet.objects.none(),
        required=False,
        empty_label=_("nothing: it is new"),
        help_text=_("What you choose says this from now on. Texts that used it stay as they are."),
    )

    def __init__(
        self, *args: Any, text: ContentText, kept: QuerySet[Snippet], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        blocks, replaced = (self.fields[name] for name in ("blocks", "instead_of"))
        blocks.choices = [*outline(text.blocks)]  # type: ignore[attr-defined]
        replaced.queryset = kept.order_by("kind", "name")  # type: ignore[attr-defined]
        replaced.label_from_instance = called  # type: ignore[attr-defined]
        if not kept:
            del self.fields["instead_of"]

    @property
    def chosen(self) -> dict[str, Any]:
        """As `snippets.keep` wants it."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "blocks": None if said["what"] == self.WHOLE else said["blocks"],
            "instead_of": said.get("instead_of"),
        }


def called(snippet: Snippet) -> str:
    return f"{snippet} ({snippet.get_kind_display()})" if snippet.kind else str(snippet)


class SnippetForm(forms.Form):
    """Its name, and what is written in it, language by language; pictures stay as they are."""

    name = forms.CharField(label=_("Name"), max_length=120)
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, snippet: Snippet, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": snippet.name, "seen": snippet.version}
        super().__init__(*args, **kwargs)
        self.written = {code: snippet.texts[code] for code in LANGUAGES if code in snippet.texts}
        for code, text in self.written.items():
            for head in HEADS if snippet.kind else ():
                self._ask(f"{head}-{code}", text[head], HEADS[head], language=code)
                self.fields[f"{head}-{code}"].required = head == "subject"
            if text.get("plain"):
                self._ask(f"plain-{code}", text["plain"], _("Text part"), rows=12, language=code)
                self.fields[f"plain-{code}"].required = False
                self.fields[f"plain-{code}"].help_text = _("Empty: derived from the blocks.")
            for n, block in enumerate(text["blocks"]):
                for field in _words(block):
                    self._ask_for(block, field, f"{field}-{code}-{n}", code)

    def _ask_for(self, block: Block, field: str, name: str, code: str) -> None:
        label, rows, help_text = FIELDS[block["kind"], field]
        self._ask(name, block.get(field, ""), label, rows=rows, language=code)
        self.fields[name].help_text = help_text
        self.fields[name].required = (block["kind"], field) not in OPTIONAL

    def _ask(
        self, name: str, initial: str, label: Any, *, rows: int = 1, language: str = ""
    ) -> None:
        attrs = {"lang": language}
        widget = forms.Textarea({**attrs, "rows": rows}) if rows > 1 else forms.TextInput(attrs)
        longest = 200 if name.split("-", maxsplit=1)[0] in HEADS else None
        self.fields[name] = forms.CharField(label=label, widget=widget, max_length=longest)
        self.initial[name] = initial

    @property
    def says_otherwise(self) -> bool:
        """Whether something was typed that does not stand there."""
        return any(
            str(self.data.get(name, "")).replace("\r\n", "\n").strip() != str(stood).strip()
            for name, stood in self.initial.items()
            if name != "seen"
        )

    @property
    def about(self) -> list[forms.BoundField]:
        return [self["name"], self["seen"]]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Each language with its fields above the blocks, and each block with its own."""
        return [
            {
                "open": code == next(iter(self.written))
                or any(f"-{code}" in e for e in self.errors),
                "language": language_name(code),
                "heads": [self[f"{head}-{code}"] for head in HEADS if head in text],
                "plain": self[f"plain-{code}"] if text.get("plain") else None,
                "blocks": [
                    {
                        "name": NAMES[block["kind"]],
                        "fields": [self[f"{field}-{code}-{n}"] for field in _words(block)],
                    }
                    for n, block in enumerate(text["blocks"])
                ],
            }
            for code, text in self.written.items()
        ]

    @property
    def texts(self) -> Texts:
        """What is written in it now."""
        said = {
            name: text.replace("\r\n", "\n") if isinstance(text, str) else text
            for name, text in self.cleaned_data.items()
        }
        return {
            code: {
                **{head: said[f"{head}-{code}"] for head in HEADS if head in text},
                **({"plain": tidied(said[f"plain-{code}"])} if text.get("plain") else {}),
                "blocks": [
                    block | {field: said[f"{field}-{code}-{n}"] for field in _words(block)}
                    for n, block in enumerate(text["blocks"])
                ],
            }
            for code, text in self.written.items()
        }


def _words(block: Block) -> list[str]:
    """What of a block is changed here: all but which picture it shows."""
    return [field for field in WRITTEN.get(block["kind"], ()) if field != "image"]
