"""How everybody narrows the archive of a site."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import Post
from crm.models.texts import in_language


class Told(NamedTuple):
    """So many posts of a year, a topic and a kind."""

    year: int
    topic: str
    topic_names: dict[str, str]
    kind: str
    n: int


class ArchiveFilters(forms.Form):
    """Only what some post has is offered; an unknown value finds nothing."""

    year = forms.ChoiceField(label=_("Year"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: Any, told: Iterable[Told], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = list(told)
        topics = {one.topic: in_language(one.topic_names) for one in told}
        kinds = {one.kind for one in told}
        self._choose("year", [(str(year), str(year)) for year in _latest(told)])
        self._choose("topic", sorted(topics.items(), key=lambda choice: choice[1]))
        self._choose("kind", [choice for choice in Post.Kind.choices if choice[0] in kinds])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("all")), *choices]

    @property
    def keeps(self) -> Q:
        """What the chosen filters leave."""
        if not self.is_valid():
            return Q(pk__in=())
        said = self.cleaned_data
        kept = Q()
        if said["year"]:
            kept &= Q(published_at__year=int(said["year"]))
        if said["topic"]:
            kept &= Q(topic__slug=said["topic"])
        if said["kind"]:
            kept &= Q(kind=said["kind"])
        return kept

    @property
    def narrows(self) -> bool:
        return bool(self.keeps)


def _latest(told: Iterable[Told]) -> list[int]:
    return sorted({one.year for one in told}, reverse=True)
