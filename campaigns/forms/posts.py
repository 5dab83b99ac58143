"""Posts as forms: what one is, and what it says in one language."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.actions.posts import LONGEST_LEAD, LONGEST_TEXT
from campaigns.forms.contents import MARKUP
from campaigns.models import Post, PostText
from campaigns.rules.post_texts import Picture, with_picture
from crm.models import Alliance, Event, Mission, Topic
from crm.models.codes import language_name
from crm.rules.texts import LANGUAGES


class PostForm(forms.Form):
    """What it is, of which topic, by whom and about what."""

    kind = forms.ChoiceField(
        label=_("What it is"), choices=Post.Kind.choices, widget=forms.RadioSelect
    )
    topic = forms.ModelChoiceField(
        queryset=Topic.objects.none(),
        label=_("Topic"),
        empty_label=None,
        help_text=_("Who follows it gets this post, at once or in a digest."),
    )
    author = forms.CharField(
        label=_("Written by"),
        max_length=120,
        required=False,
        help_text=_("A name that stands under the title, of an opinion for example."),
    )
    about = forms.ChoiceField(
        label=_("Mission or event it is about"),
        required=False,
        help_text=_("Its public page is linked."),
    )

    def __init__(
        self, *args: Any, topics: QuerySet[Topic], records: Sequence[Mission | Event], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        topic: Any = self.fields["topic"]
        about: Any = self.fields["about"]
        topic.queryset = topics
        topic.label_from_instance = lambda row: f"{row.alliance}: {row}"
        self.records = {f"{row._meta.model_name}-{row.pk}": row for row in records}
        about.choices = [("", _("none")), *((key, str(row)) for key, row in self.records.items())]

    @property
    def said(self) -> dict[str, Any]:
        """As `posts.write` and `posts.edit` want it."""
        said = self.cleaned_data
        return {
            "kind": said["kind"],
            "topic": said["topic"],
            "author": said["author"],
            "record": self.records.get(said["about"]),
        }


class NewPostForm(PostForm):
    """The same, with the title that it begins with."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("The page's address is made of it, and stays when you change the title."),
    )
    language = forms.ChoiceField(label=_("Written first in"))
    field_order = ("title", "language", "kind", "topic", "author", "about")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [(code, language_name(code)) for code in LANGUAGES]

    @property
    def begun(self) -> dict[str, Any]:
        alliance: Alliance = self.cleaned_data["topic"].alliance
        own = {name: self.cleaned_data[name] for name in ("title", "language")}
        return {"alliance": alliance, **own, **self.said}


class EditPostForm(PostForm):
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class _Wanted(forms.CharField):
    """It may stay empty while one writes, and is not called optional: readers need it."""

    wanted = True


class PostTextForm(forms.Form):
    """What it says in one language."""

    title = forms.CharField(label=_("Title"), max_length=200)
    lead = _Wanted(
        label=_("Summary"),
        max_length=LONGEST_LEAD,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Two sentences without markup: in lists, in digests and in search engines."),
    )
    text = _Wanted(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 16}),
        help_text=MARKUP,
    )
    picture = forms.FileField(
        label=_("A picture"),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/gif,image/webp"}),
        help_text=_("JPEG, PNG, GIF or WebP, up to 10 MB."),
    )
    alt = forms.CharField(
        label=_("What it shows"),
        max_length=200,
        required=False,
        help_text=_(
            "In words, for who does not see it. The picture is put below the text, as a line that "
            "you may move."
        ),
    )
    ready = forms.BooleanField(
        label=_("Ready to be read"),
        required=False,
        help_text=_("Only what is ready is published. Of a published post it is read at once."),
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, text: PostText, **kwargs: Any) -> None:
        names = ("title", "lead", "text", "ready")
        kwargs["initial"] = {name: getattr(text, name) for name in names} | {
            "seen": text.version if text.pk else 0
        }
        super().__init__(*args, **kwargs)
        for name in ("title", "lead", "text", "alt"):
            self.fields[name].widget.attrs["lang"] = text.language

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("picture") and not said.get("alt", "").strip():
            self.add_error("alt", _("Say in words what the picture shows. Choose its file again."))
        return said

    @property
    def said(self) -> dict[str, Any]:
        """As `posts.say` wants it."""
        names = ("title", "lead", "text", "ready", "seen")
        return {name: self.cleaned_data[name] for name in names}

    def put(self, picture: Picture) -> None:
        """Take a picture that is kept into the text that is typed."""
        self.cleaned_data["text"] = with_picture(self.cleaned_data["text"], picture)
        self.data = dict(self.data.items()) | {"text": self.cleaned_data["text"], "alt": ""}
