"""What an alliance keeps of its texts to be used again: some blocks, or a whole text."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from crm.models import Alliance, User
from crm.models.history import tracked
from crm.models.scope import Viewer, scope_of


class SnippetQuerySet(models.QuerySet["Snippet"]):
    def visible_to(self, user: Viewer) -> Self:
        """Whoever writes for an alliance uses what it keeps; nobody else needs it."""
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(alliance_id__in=scope.coordinates)

    def editable_by(self, user: Viewer) -> Self:
        return self.visible_to(user)

    def kept(self) -> Self:
        """Those that are offered: archived ones are not."""
        return self.filter(archived_at=None)

    def pieces(self) -> Self:
        return self.filter(kind="")

    def templates(self, kind: str) -> Self:
        return self.filter(kind=kind)


@tracked()
class Snippet(models.Model):
    """Blocks that an alliance keeps under a name; with a kind, a whole text: a template.

    Texts that used one have copies of their own: what it becomes later changes none of them.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="snippets", db_index=False)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=20, choices=Campaign.Kind, blank=True)
    """For which kind of campaign it is the whole text; empty: a piece for any of them."""
    texts = models.JSONField(_("text"), default=dict)
    """By language: `blocks` as a draft has them. A whole text has `subject`, `preheader`, `ready`,
    `plain` and `plain_from` where there was a text part written by hand, and with `name` and `lead`
    what its record was called, to put another one's words there."""
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = SnippetQuerySet.as_manager()

    class Meta:
        constraints = [
            # Its index also serves the editor, which offers what an alliance keeps.
            models.UniqueConstraint(
                fields=["alliance", "name"],
                condition=Q(archived_at=None),
                name="one_snippet_of_a_name",
            )
        ]

    def __str__(self) -> str:
        return self.name
