"""The exact words that somebody agreed to: versions that the database keeps as they are."""

from django.db import models

from crm.models.history import append_only
from crm.models.scope import Viewer, scope_of

LONGEST_SLUG = 80


class WordingQuerySet(models.QuerySet["Wording"]):
    def visible_to(self, user: Viewer) -> "WordingQuerySet":
        """An administrator sees all; whoever reads a proof reads its words there."""
        return self.all() if scope_of(user).admin else self.none()


class Wording(models.Model):
    """One version of the words at one place in one language. Never changed, never deleted."""

    slug = models.SlugField(max_length=LONGEST_SLUG)
    """Where the words stood: a form, a page, a mail."""
    language = models.CharField(max_length=2)
    n = models.PositiveIntegerField()
    """Its number among the versions of this place and language, from 1."""
    text = models.TextField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the text, in hexadecimal."""
    since = models.DateTimeField(auto_now_add=True)

    objects = WordingQuerySet.as_manager()

    class Meta:
        ordering = ["slug", "language", "-n"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "language", "n"], name="one_wording_a_number"),
            # The same words again are the version that there is.
            models.UniqueConstraint(
                fields=["slug", "language", "digest"], name="each_wording_is_kept_once"
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return self.text

    @property
    def name(self) -> str:
        """How a proof names the version."""
        return f"{self.slug} {self.language} {self.n}"
