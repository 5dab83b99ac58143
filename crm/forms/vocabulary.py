"""A cluster's own words on the forms of people and organisations; tags and custom fields."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.actions import custom_fields
from crm.forms.times import DayField
from crm.models import Cluster, CustomField, Tag, User
from crm.models.vocabulary import Words
from crm.rules.answers import BadAnswer, normal

Kind = CustomField.Kind
OFFERED = 20  # tags among which one chooses


class TagsInput(forms.TextInput):
    """Tags with commas between them; known ones are offered, with htmx while one types."""

    template_name = "crm/forms/tags.html"

    def __init__(self, suggest: str, offered: Iterable[str]) -> None:
        super().__init__({"autocomplete": "off"})
        self.suggest, self.offered = suggest, list(offered)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        offers = f"{context['widget']['attrs'].get('id', name)}_offers"
        context["widget"]["attrs"] |= {
            "list": offers,
            "hx-get": self.suggest,
            "hx-target": f"#{offers}",
            "hx-trigger": "input changed delay:200ms",
            "hx-sync": "this:replace",
        }
        return context | {"offers": offers, "offered": self.offered}


class TagsField(forms.CharField):
    """The names of tags."""

    def clean(self, value: Any) -> Any:
        said = super().clean(value).replace(";", ",")
        return [name for part in said.split(",") if (name := " ".join(part.split()))]


class AnswerField(forms.CharField):
    """An answer to a custom field of text or number."""

    def __init__(self, asked: CustomField, **kwargs: Any) -> None:
        super().__init__(required=False, label=asked.name, **kwargs)
        self.asked = asked
        if asked.kind == Kind.NUMBER:
            self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Any:
        try:
            return normal(self.asked.kind, super().clean(value))
        except BadAnswer as error:
            raise ValidationError(custom_fields.mistake(self.asked)) from error


class WithWords(forms.Form):
    """Owner, tags and custom fields of a record, where its cluster's words are given."""

    def __init__(
        self, *args: Any, words: Words | None = None, record: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked: dict[str, CustomField] = {}
        if words is None:
            return
        tags = words.tags_of(record.tags)
        self.fields["owner"] = _owner_field(record)
        self.fields["tags"] = _tags_field(record.cluster, tags)
        self.initial["owner"] = record.owner_id
        self.initial["tags"] = ", ".join(tag.name for tag in tags)
        for field in words.asked():
            name = f"custom_{field.key}"
            answer = record.custom.get(field.key)
            self.asked[name] = field
            self.fields[name] = _field(field, answer)
            if isinstance(answer, bool):
                answer = "yes" if answer else "no"
            self.initial[name] = answer

    @property
    def own(self) -> dict[str, Any]:
        """Owner and custom answers as the actions take them; tags are names still."""
        if "owner" not in self.fields:
            return {}
        answers = {field: self.cleaned_data[name] for name, field in self.asked.items()}
        return {"owner": self.cleaned_data["owner"], "custom": answers}


class TagForm(forms.Form):
    """A tag's name."""

    name = forms.CharField(label=_("Name"), max_length=60)


class MergeTagsForm(forms.Form):
    """Into which other tag one goes."""

    keep = forms.ModelChoiceField(
        Tag.objects.none(), label=_("Tag that stays"), empty_label=_("choose one")
    )

    def __init__(self, *args: Any, tags: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["keep"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = tags


class CustomFieldForm(forms.Form):
    """A question that a cluster asks; what it is asked of and its kind are settled once."""

    noun = forms.ChoiceField(label=_("Asked of"), choices=CustomField.Noun.choices)
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Only where one of several is chosen: each on a line of its own."),
    )
    place = forms.IntegerField(
        label=_("Place among the fields"), min_value=1, max_value=100, required=False
    )

    def __init__(self, *args: Any, field: CustomField | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field is None:
            del self.fields["place"]
            return
        del self.fields["noun"], self.fields["kind"]
        if field.kind != Kind.CHOICE:
            del self.fields["choices"]
        self.initial["name"], self.initial["place"] = field.name, field.place
        self.initial["choices"] = "\n".join(field.choices)

    @property
    def values(self) -> dict[str, Any]:
        lines = self.cleaned_data.get("choices", "").splitlines()
        return {**self.cleaned_data, "choices": lines}


def _owner_field(record: Any) -> forms.Field:
    working = User.objects.working_for(record.cluster_id, timezone.localdate())
    choices = User.objects.filter(Q(pk__in=working.values("pk")) | Q(pk=record.owner_id))
    return forms.ModelChoiceField(
        choices.order_by("name", "pk"),
        label=gettext("Looked after by"),
        required=False,
        empty_label=gettext("nobody in particular"),
    )


def _tags_field(cluster: Cluster, tags: list[Tag]) -> TagsField:
    begun = "".join(f"{tag.name}, " for tag in tags)
    others = Tag.objects.filter(cluster=cluster).exclude(pk__in=[tag.pk for tag in tags])
    return TagsField(
        label=gettext("Tags"),
        required=False,
        max_length=4_000,
        widget=TagsInput(
            reverse("crm:tags-suggest", args=[cluster.slug]),
            [begun + tag.name for tag in others[:OFFERED]],
        ),
        help_text=gettext("With commas between them. A new word becomes a new tag."),
    )


def _field(field: CustomField, answer: Any) -> forms.Field:
    if field.kind == Kind.DATE:
        return DayField(label=field.name, required=False)
    if field.kind in (Kind.YES_NO, Kind.CHOICE):
        choices = [("yes", gettext("yes")), ("no", gettext("no"))]
        if field.kind == Kind.CHOICE:
            choices = [(choice, choice) for choice in field.choices]
            if answer and answer not in field.choices:
                choices.append((answer, answer))
        return forms.ChoiceField(
            label=field.name, required=False, choices=[("", gettext("not known")), *choices]
        )
    return AnswerField(field)
