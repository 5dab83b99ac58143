"""What an alliance signed with partners abroad."""

from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.models.history import tracked
from crm.models.missions import Mission
from crm.models.network import Alliance, Cluster, Market
from crm.models.scope import Viewer, scope_of
from crm.models.texts import TextsField, in_language


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: Viewer) -> Self:
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(alliance_id__in=scope.alliances)

    def editable_by(self, user: Viewer) -> Self:
        """The coordinator of the alliance enters, corrects and removes."""
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(alliance_id__in=scope.coordinates)

    def public(self) -> Self:
        """What stands on the site of an alliance."""
        return self.filter(public=True)

    def told(self) -> Self:
        """With the market, and `signers`, the names of the clusters that signed; newest first."""
        signing = Cluster.objects.filter(agreements=OuterRef("pk")).order_by("name")
        rows = self.select_related("market").annotate(signers=ArraySubquery(signing.values("name")))
        return rows.order_by(F("signed_on").desc(nulls_last=True), "-pk")


@tracked()
class Agreement(models.Model):
    """A paper that members of an alliance and partners abroad signed."""

    class Kind(models.TextChoices):
        MEMORANDUM = "memorandum", _("memorandum of understanding")
        PARTNERSHIP = "partnership", _("partnership")
        BUSINESS = "business", _("business development")

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="agreements")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.MEMORANDUM)
    partners = ArrayField(models.CharField(max_length=200), verbose_name=_("partners"))
    """As they sign, with their place: few of them are in anybody's address book."""
    clusters = models.ManyToManyField(Cluster, blank=True, related_name="agreements")
    """Who of the alliance signed; nobody named: all as one."""
    market = models.ForeignKey(
        Market, models.PROTECT, null=True, blank=True, related_name="agreements"
    )
    scope = TextsField(_("what it is about"))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    """The first day that it may be, as far as `precision` knows it; None: nobody knows."""
    precision = models.CharField(
        max_length=5, choices=Mission.Precision, default=Mission.Precision.DAY
    )
    occasion = models.CharField(_("signed at"), max_length=200, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    document = models.URLField(_("address of the document"), blank=True)
    public = models.BooleanField(_("stands on the public site"), default=True)
    version = models.PositiveIntegerField(default=1)

    signers: list[str]
    """Of `told` alone."""

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_agreement_has_partners", condition=Q(partners__len__gte=1)
            ),
            models.CheckConstraint(
                name="an_agreement_ends_after_it_was_signed",
                condition=Q(signed_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("signed_on")),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.scope) or ", ".join(self.partners)
