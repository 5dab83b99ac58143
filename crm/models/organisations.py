"""Companies, laboratories and agencies: one shared core, one membership per cluster."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Concat, JSONObject, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.history import tracked
from crm.models.network import Cluster, Region
from crm.models.scope import Viewer, scope_of

GONE = Q(archived_at__isnull=False) | Q(merged_into__isnull=False)
PRESENT = Q(archived_at=None, merged_into=None)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: Viewer) -> Self:
        """Organisations kept by a cluster of mine, or by one that shares with my alliance."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        kept = Membership.objects.filter(cluster_id__in=scope.reads)
        return self.filter(pk__in=kept.values("organisation_id"))

    def editable_by(self, user: Viewer) -> Self:
        """The shared core is written by the home cluster, or by the only cluster that keeps it."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        others = Membership.objects.filter(organisation=OuterRef("pk")).exclude(
            cluster_id__in=scope.contact_for
        )
        mine = Membership.objects.filter(cluster_id__in=scope.contact_for)
        return self.filter(
            Q(home_cluster_id__in=scope.contact_for)
            | (Q(home_cluster=None) & Q(pk__in=mine.values("organisation_id")) & ~Exists(others))
        )

    def current(self) -> Self:
        return self.filter(archived_at=None, merged_into=None)

    def gone(self) -> Self:
        """All others."""
        return self.filter(GONE)

    def public(self) -> Self:
        """Who agreed to stand in the public directory, while a member of the home cluster."""
        today = timezone.localdate()
        at_home = Membership.objects.filter(
            Q(during=None) | Q(during__contains=today),
            organisation=OuterRef("pk"),
            cluster=OuterRef("home_cluster"),
            standing=Membership.Standing.MEMBER,
            archived_at=None,
        )
        return self.current().filter(Exists(at_home), public_profile=True)

    def with_facts(self) -> Self:
        """Bring the coded facts and the other names along: `facts` and `other_names`."""
        fields = OrganisationField.objects.filter(organisation=OuterRef("pk"))
        names = OrganisationName.objects.filter(organisation=OuterRef("pk"))
        return self.annotate(
            facts=ArraySubquery(
                fields.order_by("vocabulary", "code").values(
                    json=JSONObject(vocabulary="vocabulary", code="code")
                )
            ),
            other_names=ArraySubquery(
                names.order_by("-during", "pk").values(
                    json=JSONObject(
                        name="name",
                        until=Func(F("during"), function="upper", output_field=models.DateField()),
                    )
                )
            ),
        )

    def with_codes(self) -> Self:
        """Bring the coded facts along as texts, the vocabulary before each code: `facts`."""
        facts = OrganisationField.objects.filter(organisation=OuterRef("pk"))
        said = facts.order_by("code").values_list(Concat("vocabulary", Value(" "), "code"))
        return self.annotate(facts=ArraySubquery(said))

    def in_lines(self, user: Viewer) -> Self:
        """What the lines of the list show, in one query; counts only people the user may see."""
        scope = scope_of(user)
        seen = Q()
        if not scope.admin:
            seen = Q(positions__person__cluster_id__in=scope.clusters) | Q(
                positions__person__cluster_id__in=scope.shared_clusters,
                positions__person__share_objected=False,
            )
        names = OrganisationName.objects.filter(organisation=OuterRef("pk"))
        return self.with_codes().annotate(
            home=F("home_cluster__name"),
            region_names=F("region__names"),
            former=ArraySubquery(names.order_by("pk").values_list("name")),
            people_count=Count(
                "positions__person",
                filter=seen
                & Q(
                    positions__during__endswith__isnull=True,
                    positions__person__archived_at=None,
                    positions__person__merged_into=None,
                ),
                distinct=True,
            ),
        )


@tracked()
class Organisation(models.Model):
    """A company, laboratory or agency: the core that every cluster keeping it shares."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        RESEARCH = "research", _("research body")
        HOSPITAL = "hospital", _("hospital")
        UNIVERSITY = "university", _("university")
        PARK = "park", _("park")
        FOUNDATION = "foundation", _("foundation")
        PARTNER = "partner", _("partner abroad")

    legal_name = models.CharField(_("legal name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    name_folded = models.CharField(max_length=300, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COMPANY)
    website = models.URLField(_("website"), blank=True)
    domain = models.CharField(max_length=255, blank=True, editable=False)
    city = models.CharField(_("city"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    home_cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="organisations_at_home"
    )
    public_profile = models.BooleanField(
        _("in the public directory"), default=False, db_default=False
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name_folded", "pk"]
        indexes = [
            # Search on the list page.
            GinIndex(fields=["name_folded"], opclasses=["gin_trgm_ops"], name="organisation_name"),
            # The list, in its order, and the numbers beside it, from the indexes alone. People are
            # listed in this order, too, also those of organisations that are gone.
            models.Index(
                fields=["name_folded", "id"],
                include=["archived_at", "merged_into"],
                name="organisation_order",
            ),
            models.Index(
                fields=["kind", "region"],
                include=["id"],
                condition=PRESENT,
                name="organisations_counted",
            ),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="organisations_merged",
            ),
            # Pairs of duplicates of which one is gone.
            models.Index(fields=["id"], condition=GONE, name="organisations_gone"),
            # The public directory, in its order.
            models.Index(
                fields=["name_folded", "id"],
                condition=Q(public_profile=True),
                name="organisations_in_public",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.legal_name


class OrganisationName(models.Model):
    """A former or other name of an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200, editable=False)
    during = DateRangeField(null=True, blank=True)

    class Meta:
        # Search forgives former names.
        indexes = [GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="former_name")]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: Viewer) -> Self:
        """A membership belongs to its cluster; what it says is never shared."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(cluster_id__in=scope.clusters)

    def editable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(cluster_id__in=scope.contact_for)


@tracked()
class Membership(models.Model):
    """An organisation as one cluster keeps it: standing, category, size, tags, owner."""

    class Standing(models.TextChoices):
        MEMBER = "member", _("member")
        PROSPECT = "prospect", _("prospect")
        FORMER = "former", _("former member")
        GUEST = "guest", _("guest")

    class Category(models.TextChoices):
        FOUNDER = "founder", _("founder")
        LARGE = "large", _("large company")
        SUBSIDIARY = "subsidiary", _("subsidiary")
        SME = "sme", _("SME")
        MIDCAP = "midcap", _("midcap")
        RESEARCH = "research", _("research centre")
        HOSPITAL = "hospital", _("hospital")
        UNIVERSITY = "university", _("university")
        FOUNDATION = "foundation", _("foundation")
        PARK = "park", _("park")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", db_index=False
    )
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="memberships", db_index=False)
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing, default=Standing.MEMBER
    )
    category = models.CharField(
        _("category"), max_length=12, choices=Category, default=Category.SME
    )
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    during = DateRangeField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships_owned",
        verbose_name=_("looked after by"),
        db_index=False,
    )
    tags = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], blank=True, editable=False
    )
    """Ids of the cluster's own tags."""
    custom = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    """Answers to the cluster's custom fields, by their keys."""
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "cluster"], name="one_membership_per_cluster"
            )
        ]
        indexes = [
            # List filters and the audience leaves "standing" and "category".
            models.Index(fields=["cluster", "standing", "category"], name="members"),
            models.Index(
                fields=["owner"], condition=Q(owner__isnull=False), name="memberships_owned"
            ),
            # Filters and audience leaves "tag" and "custom field".
            GinIndex(fields=["tags"], name="memberships_by_tag"),
            GinIndex(fields=["custom"], opclasses=["jsonb_path_ops"], name="memberships_by_custom"),
        ]


class OrganisationField(models.Model):
    """One coded fact of an organisation: a therapeutic area, product kind, stage or market."""

    class Vocabulary(models.TextChoices):
        AREA = "area", _("therapeutic area")
        PRODUCT = "product", _("product kind")
        STAGE = "stage", _("pipeline stage")
        MARKET = "market", _("target market")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="fields")
    vocabulary = models.CharField(max_length=10, choices=Vocabulary)
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "vocabulary", "code"], name="a_fact_once"
            )
        ]
        # Audience leaf: organisations with a code.
        indexes = [models.Index(fields=["vocabulary", "code"], name="organisations_by_code")]


CODES: dict[str, tuple[str, ...]] = {
    "area": (
        "personalised", "oncology", "cardiovascular", "inflammatory", "infectious", "cns",
        "nutrition", "metabolic",
    ),
    "product": (
        "drug", "vaccine", "veterinary", "diagnostic", "device", "digital", "cro", "supplier",
    ),
    "stage": ("discovery", "preclinical", "clinical", "approval", "marketed"),
}  # fmt: skip
CODE_NAMES = {
    "personalised": _("personalised medicine"),
    "oncology": _("oncology"),
    "cardiovascular": _("cardiovascular"),
    "inflammatory": _("inflammatory diseases"),
    "infectious": _("infectious diseases"),
    "cns": _("central nervous system"),
    "nutrition": _("nutrition"),
    "metabolic": _("metabolic diseases"),
    "drug": _("drugs"),
    "vaccine": _("vaccines"),
    "veterinary": _("veterinary"),
    "diagnostic": _("diagnostics"),
    "device": _("devices"),
    "digital": _("digital health"),
    "cro": _("contract research"),
    "supplier": _("supplies"),
    "discovery": _("discovery"),
    "preclinical": _("preclinical"),
    "clinical": _("clinical trials"),
    "approval": _("approval"),
    "marketed": _("on the market"),
}


def code_name(code: str) -> str:
    return str(CODE_NAMES.get(code, code))
