"""What an alliance tells everybody: written once, read on its site and by who follows its topic."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from campaigns.rules import post_texts
from crm.models import Alliance, Event, Mission, Topic, User
from crm.models.history import tracked
from crm.models.scope import Viewer, scope_of
from crm.models.search import MOST_WORDS, SHORT
from crm.rules.names import fold
from crm.rules.texts import pick


class PostQuerySet(models.QuerySet["Post"]):
    def editable_by(self, user: Viewer) -> Self:
        """The coordinator of the alliance writes, publishes and withdraws."""
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(alliance_id__in=scope.coordinates)

    def public(self) -> Self:
        """What stands on the site of an alliance that everybody may follow."""
        return self.filter(
            status=Post.Status.PUBLISHED, alliance_id__in=Alliance.objects.public().values("pk")
        )

    def newest_first(self) -> Self:
        return self.order_by(F("published_at").desc(nulls_first=True), "-pk")

    def found(self, text: str) -> list[int]:
        """The ids of those that say each word in some language, in their order.

        Where none does, of those that say words which are spelt nearly alike.
        """
        words = fold(text).split()[:MOST_WORDS]
        if not words:
            return []
        ready = PostText.objects.filter(post=OuterRef("pk"), ready=True)
        exact = ready.filter(*(Q(folded__contains=word) for word in words))
        close = ready.filter(*(_is_like(word) for word in words))
        rows = self.annotate(exact=Exists(exact)).filter(Q(exact=True) | Exists(close))
        found = [*rows.values_list("pk", "exact")]
        is_there = any(exactly for _pk, exactly in found)
        return [pk for pk, exactly in found if exactly or not is_there]


def _is_like(word: str) -> Q:
    """Words of one or two letters are not spelt nearly like another."""
    if len(word) > SHORT:
        return Q(folded__trigram_word_similar=word) | Q(folded__contains=word)
    return Q(folded__contains=word)


@tracked()
class Post(models.Model):
    """An announcement, a report, a press release or an opinion of an alliance.

    Nothing of it can be read by anybody outside before it is published. Its day stays what it was
    when it was first published, and so does its address.
    """

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement", _("announcement")
        REPORT = "report", _("report")
        PRESS = "press", _("press release")
        OPINION = "opinion", _("opinion")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="posts")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="posts")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.ANNOUNCEMENT)
    slug = models.SlugField(max_length=80)
    language = models.CharField(_("written first in"), max_length=2)
    author = models.CharField(_("written by"), max_length=120, blank=True)
    """Who speaks in it, as readers see it; empty: the alliance."""
    mission = models.ForeignKey(
        Mission, models.PROTECT, null=True, blank=True, related_name="posts"
    )
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="posts")
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    """When it was first published, by the database's clock."""
    changed_at = models.DateTimeField()
    """When what readers see of it last changed."""
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alliance", "slug"], name="a_post_has_its_address"),
            models.CheckConstraint(
                name="what_was_published_has_a_day",
                condition=Q(status="draft", published_at=None)
                | (~Q(status="draft") & Q(published_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_post_is_about_one_record",
                condition=Q(mission=None) | Q(event=None),
            ),
        ]
        indexes = [
            # The site's front page and archive, its feed, and what a digest tells.
            models.Index(
                fields=["alliance", "-published_at"],
                condition=Q(status="published"),
                name="posts_of_a_site",
            ),
            models.Index(
                fields=["topic", "published_at"],
                condition=Q(status="published"),
                name="posts_of_a_topic",
            ),
        ]

    def __str__(self) -> str:
        titles = {text.language: text.title for text in self.texts.all()}
        return pick(titles, (self.language,))[1] or self.slug

    @property
    def is_published(self) -> bool:
        return self.status == Post.Status.PUBLISHED

    @property
    def record(self) -> Mission | Event | None:
        """What it tells of, if that is kept as a record."""
        return self.mission or self.event

    @property
    def names(self) -> dict[str, str]:
        """Its titles, as a record has its names: by language, of the texts that are ready."""
        return {text.language: text.title for text in self.ready_texts()}

    @property
    def leads(self) -> dict[str, str]:
        """All that it says below its titles, the summary first; without its pictures."""
        return {
            text.language: f"{text.lead}\n\n{post_texts.words(text.text)}"
            for text in self.ready_texts()
        }

    def ready_texts(self) -> "list[PostText]":
        """What readers may see, by language."""
        texts = [text for text in self.texts.all() if text.ready]
        return sorted(texts, key=lambda text: text.language)

    def text_in(self, *languages: str) -> "PostText | None":
        """What is ready in the first of these languages, else as it was first written, else any.

        Asks nothing of the database where `texts` was prefetched.
        """
        texts = {text.language: text for text in self.ready_texts()}
        order = (*languages, self.language, *texts)
        written, _title = pick({code: text.title for code, text in texts.items()}, order)
        return texts.get(written)


class PostTextQuerySet(models.QuerySet["PostText"]):
    def public(self) -> Self:
        return self.filter(ready=True, post__in=Post.objects.public())


@tracked(without=["folded"])
class PostText(models.Model):
    """A post in one language."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2)
    title = models.CharField(_("title"), max_length=200)
    lead = models.TextField(_("summary"), max_length=500)
    """Some sentences without markup: in lists, digests, search engines and preview lines."""
    text = models.TextField(_("text"))
    """Light markup (`campaigns.rules.markup`), as in the text of a mail."""
    ready = models.BooleanField(_("ready to be read"), default=False)
    version = models.PositiveIntegerField(default=1)
    folded = models.TextField(editable=False)
    """Title, summary and words, folded: what the search looks in."""

    objects = PostTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "language"], name="a_post_once_a_language")
        ]
        indexes = [
            # The site's search.
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="post_texts_by_word")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def pictures(self) -> list[post_texts.Picture]:
        return post_texts.pictures(self.text)
