"""People: one row per controller, so that no cluster's list can show another's."""

import datetime as dt
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject, Now, NullIf
from django.utils.translation import gettext_lazy as _

from crm.models.addresses import Address
from crm.models.history import tracked
from crm.models.lasting import lasts, still
from crm.models.network import Cluster
from crm.models.organisations import Organisation
from crm.models.scope import Viewer, scope_of

STATE = ("archived_at", "erased_at", "merged_into")
PRESENT = Q(**dict.fromkeys(STATE))
GONE = Q(archived_at__isnull=False) | Q(erased_at__isnull=False) | Q(merged_into__isnull=False)


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Viewer) -> Self:
        """My clusters' people; of sharing clusters those who did not object to it."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(
            Q(cluster_id__in=scope.clusters)
            | Q(cluster_id__in=scope.shared_clusters, share_objected=False)
        )

    def editable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(cluster_id__in=scope.contact_for)

    def current(self) -> Self:
        return self.filter(archived_at=None, erased_at=None, merged_into=None)

    def at_organisation(self, organisation: int) -> Self:
        """Who works there today."""
        posts = Position.objects.current().filter(organisation=organisation)
        return self.filter(pk__in=posts.values("person_id"))

    def gone(self) -> Self:
        """All others."""
        return self.filter(GONE)

    def with_obstacle(self, day: dt.date) -> Self:
        """Annotate `obstacle`: why nobody may write to this person about missions, or "".

        The first reason is the one to mend first. What an alliance or a topic adds to it is
        decided for each campaign.
        """
        stopped = Address.objects.filter(
            Q(suppressions__scope="all")
            | Q(suppressions__scope="cluster", suppressions__cluster=OuterRef("cluster")),
            pk=OuterRef("mailbox__address"),
            suppressions__lifted_at=None,
        )
        founded = Person.objects.filter(
            lasts("legal_bases__expires_on", day),
            pk=OuterRef("pk"),
            legal_bases__purpose="missions",
            legal_bases__barred_by=None,
        )
        return self._with_mailbox().annotate(
            obstacle=Case(
                When(archived_at__isnull=False, then=Value("archived")),
                When(mailbox__address__key=None, then=Value("no_address")),
                When(mailbox__address__undeliverable_at__isnull=False, then=Value("undeliverable")),
                default=Coalesce(
                    Subquery(stopped.values("suppressions__reason")[:1]),
                    Case(
                        When(~Exists(founded), then=Value("no_basis")),
                        When(still("paused_until", day), then=Value("paused")),
                        default=Value(""),
                    ),
                ),
            )
        )

    def _with_mailbox(self) -> Self:
        """Join the mailbox campaigns use, of which there is one at most."""
        primary = FilteredRelation("addresses", condition=Q(addresses__is_primary=True))
        return self.alias(mailbox=primary)

    def for_page(self) -> Self:
        """What the page of one person shows of them, in a fixed number of queries."""
        return self.select_related("cluster", "owner", "merged_into").prefetch_related(
            Prefetch("addresses", PersonAddress.objects.select_related("address")),
            Prefetch("positions", Position.objects.newest_first().select_related("organisation")),
        )

    def for_list(self) -> Self:
        """What one line of the list shows, in a fixed number of queries."""
        return self.select_related("cluster").prefetch_related(
            Prefetch("positions", Position.objects.current().select_related("organisation")),
            Prefetch("addresses", PersonAddress.objects.select_related("address")),
        )

    def in_lines(self, day: dt.date) -> Self:
        """What the lines of the list of people show, in one query: `written_to` and `posts`."""
        present = Position.objects.current().filter(person=OuterRef("pk"))
        name = Coalesce(
            NullIf("organisation__short_name", Value("")), F("organisation__legal_name")
        )
        posts = present.order_by("pk").values(json=JSONObject(organisation=name, job="job"))
        return self.with_obstacle(day).annotate(
            written_to=F("mailbox__address__email"), posts=ArraySubquery(posts)
        )


@tracked()
class Person(models.Model):
    """Somebody one cluster may know."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("contact")
        FOLLOWER = "follower", _("follower")
        MEDIA = "media", _("media")
        PARTNER = "partner", _("partner")

    cluster = models.ForeignKey(
        Cluster, models.PROTECT, related_name="people", verbose_name=_("cluster"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CONTACT)
    title = models.CharField(_("title"), max_length=40, blank=True)
    given = models.CharField(_("given name"), max_length=120, blank=True)
    family = models.CharField(_("family name"), max_length=120, blank=True)
    name_folded = models.CharField(max_length=260, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=2, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    share_objected = models.BooleanField(_("objected to sharing"), default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people_owned",
        verbose_name=_("looked after by"),
        db_index=False,
    )
    tags = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], blank=True, editable=False
    )
    """Ids of the cluster's own tags."""
    custom = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    """Answers to the cluster's custom fields, by their keys."""
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name_folded", "pk"]
        indexes = [
            # The list of a cluster, in its order, page by page; from the index alone.
            models.Index(
                fields=["cluster", "name_folded", "id"],
                include=["share_objected", *STATE],
                name="people_of_a_cluster",
            ),
            # The list over several clusters.
            models.Index(
                fields=["name_folded", "id"],
                include=["cluster", "share_objected", *STATE],
                name="people_in_order",
            ),
            # By language and, the newest first, by the day of entry, of several clusters too.
            models.Index(
                fields=["language", "name_folded", "id"],
                include=["cluster", "share_objected"],
                condition=PRESENT,
                name="people_by_language",
            ),
            models.Index(
                fields=["-created_at", "name_folded", "id"],
                include=["cluster", "share_objected"],
                condition=PRESENT,
                name="people_by_entry",
            ),
            # The numbers beside the list, and whose posts order it, from the index alone.
            models.Index(
                fields=["cluster", "kind", "language"],
                include=["share_objected", "id"],
                condition=PRESENT,
                name="people_counted",
            ),
            # Pairs of duplicates of which one is gone.
            models.Index(fields=["id"], condition=GONE, name="people_gone"),
            # Search.
            GinIndex(fields=["name_folded"], opclasses=["gin_trgm_ops"], name="person_name"),
            GinIndex(
                OpClass(
                    Func(
                        F("phone"),
                        Value(r"\D"),
                        Value(""),
                        Value("g"),
                        function="regexp_replace",
                        output_field=models.TextField(),
                    ),
                    "gin_trgm_ops",
                ),
                name="person_phone_digits",
            ),
            # Filters and audience leaves "tag" and "custom field".
            # What few people have.
            models.Index(fields=["owner"], condition=Q(owner__isnull=False), name="people_owned"),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="people_merged",
            ),
            GinIndex(fields=["tags"], name="people_by_tag"),
            GinIndex(fields=["custom"], opclasses=["jsonb_path_ops"], name="people_by_custom"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="a_person_keeps_its_controller", fields=["cluster"]),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email or str(_("Nameless"))

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.title, self.given, self.family) if part)

    @property
    def selves(self) -> "PersonQuerySet":
        """The person and whoever was merged into them, with whom proofs, answers and mails stay."""
        return Person.objects.filter(Q(pk=self.pk) | Q(merged_into=self.pk))

    @property
    def primary(self) -> "PersonAddress | None":
        """The mailbox campaigns use."""
        return next((use for use in self.addresses.all() if use.is_primary), None)

    @property
    def email(self) -> str:
        return str(self.primary.address.email or "") if self.primary else ""


@tracked()
class PersonAddress(models.Model):
    """A person's use of a mailbox."""

    class Kind(models.TextChoices):
        WORK = "work", _("work")
        PRIVATE = "private", _("private")
        SHARED = "shared", _("shared")

    person = models.ForeignKey(Person, models.PROTECT, related_name="addresses", db_index=False)
    address = models.ForeignKey(Address, models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.WORK)
    is_primary = models.BooleanField(default=True)
    since = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "address"], name="one_use_of_a_mailbox"),
            # Lists ask it for everybody whether a mail can reach them.
            models.UniqueConstraint(
                fields=["person"],
                include=["address"],
                condition=Q(is_primary=True),
                name="one_primary_mailbox",
            ),
        ]


class PositionQuerySet(models.QuerySet["Position"]):
    def current(self) -> Self:
        """Posts without an end; asked so that PostgreSQL knows how many they are.

        Of `upper_inf(during)` it would always guess a third. No post is of an empty time.
        """
        return self.filter(during__endswith__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-during", "-pk")


@tracked(without=("cluster", "is_first"))
class Position(models.Model):
    """A person's dated post at an organisation."""

    WRITTEN_BY_THE_DATABASE = ("cluster", "is_first")

    person = models.ForeignKey(Person, models.PROTECT, related_name="positions", db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="positions", db_index=False
    )
    job = models.CharField(_("job"), max_length=120, blank=True)
    during = DateRangeField()
    cluster = models.ForeignKey(
        Cluster,
        models.PROTECT,
        related_name="+",
        blank=True,
        editable=False,
        db_index=False,
        db_constraint=False,
    )
    """The person's, which never changes: whose list it is, without a look at each person."""
    is_first = models.BooleanField(db_default=False, blank=True, editable=False)
    """A present post before which its person had no other present one, when it began.

    At most one of each person is, for whoever writes posts holds the person. Whoever has none that
    is and yet present posts stands where the one with the lowest id puts them.
    """

    objects = PositionQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_post_at_a_time_per_organisation",
                expressions=[
                    # Not the columns themselves: PostgreSQL would look posts up in this index,
                    # which takes four times as long as in those below.
                    (F("person") + 0, RangeOperators.EQUAL),
                    (F("organisation") + 0, RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="a_post_lasts_a_day", condition=Q(during__isempty=False)),
        ]
        indexes = [
            # What is asked of somebody's organisation, and of its people, from the index alone.
            models.Index(
                fields=["person", "id"],
                include=["organisation", "during"],
                name="posts_of_a_person",
            ),
            models.Index(
                fields=["organisation", "person"],
                include=["during", "id"],
                name="posts_at_an_organisation",
            ),
            # People in the order of their jobs.
            models.Index(
                fields=["job", "person"], include=["during", "id", "is_first"], name="posts_by_job"
            ),
            # A cluster's people in the order of their organisations, with their jobs.
            models.Index(
                fields=["cluster", "organisation", "person"],
                include=["during", "id", "is_first", "job"],
                name="posts_of_a_cluster",
            ),
        ]
        triggers = [
            # Sorting asks it of each of 100,000 posts; compared with all others of their people
            # they took three times as long. Planned anew each time, for a session would keep the
            # plan of its first rows.
            pgtrigger.Trigger(
                name="knows_its_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                IF TG_OP = 'UPDATE' AND OLD.person_id = NEW.person_id
                        AND (upper(OLD.during) IS NULL OR upper(NEW.during) IS NOT NULL) THEN
                    NEW.cluster_id := OLD.cluster_id;
                    NEW.is_first := OLD.is_first AND upper(NEW.during) IS NULL;
                    RETURN NEW;
                END IF;
                EXECUTE 'SELECT cluster_id, $3 AND NOT EXISTS (SELECT FROM crm_position
                    WHERE person_id = $1 AND is_first AND id <> $2) FROM crm_person WHERE id = $1'
                INTO NEW.cluster_id, NEW.is_first
                USING NEW.person_id, NEW.id, upper(NEW.during) IS NULL;
                RETURN NEW;
                """,
            ),
        ]

    @property
    def ended(self) -> bool:
        return self.during.upper is not None
