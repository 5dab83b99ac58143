"""Stated numbers. Figures disagree and age, so each keeps its source, date and qualifier."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from crm.models.events import Event
from crm.models.history import append_only
from crm.models.missions import Mission
from crm.models.network import Alliance, Cluster
from crm.models.organisations import Organisation
from crm.models.scope import Viewer, scope_of

SCOPES = ("alliance", "cluster", "organisation", "mission", "event")


class Source(models.Model):
    """Where a figure came from."""

    title = models.CharField(max_length=300)
    url = models.URLField(blank=True)
    published_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class Statement:
    """What the sources say about one metric."""

    metric: str
    figures: list["Figure"]

    @property
    def name(self) -> str:
        return self.metric.replace("_", " ").replace("-", " ")

    @property
    def contradicted(self) -> bool:
        return len({(figure.value, figure.qualifier, figure.unit) for figure in self.figures}) > 1


def figures_with_sources() -> "models.Prefetch[str]":
    """Reads the figures of many rows together with who said them."""
    return models.Prefetch("figures", Figure.objects.sourced())


def side_by_side(sourced: Iterable["Figure"]) -> list[Statement]:
    """All figures of a metric together: contradictions stay visible."""
    grouped = groupby(sourced, key=lambda figure: figure.metric)
    return [Statement(metric, list(figures)) for metric, figures in grouped]


class FigureQuerySet(models.QuerySet["Figure"]):
    def sourced(self) -> Self:
        """With their sources, the figures of a metric together, the newest first."""
        return self.select_related("source").order_by("metric", "-as_of", "pk")

    def side_by_side(self) -> list[Statement]:
        return side_by_side(self.sourced())

    def about(self, organisation: Organisation) -> Self:
        """Of an organisation, under whichever of its records they were stated."""
        return self.filter(
            Q(organisation=organisation.pk) | Q(organisation__merged_into=organisation.pk)
        )

    def visible_to(self, user: Viewer) -> Self:
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        organisations = Organisation.objects.visible_to(user)
        return self.filter(
            Q(alliance_id__in=scope.alliances)
            | Q(cluster_id__in=scope.allied_clusters)
            | Q(mission__in=Mission.objects.visible_to(user))
            | Q(event__in=Event.objects.visible_to(user))
            | Q(organisation__in=organisations)
            # A record that went into another one by a join is kept by nobody any more.
            | Q(organisation__merged_into__in=organisations)
        )


class Figure(models.Model):
    """A number somebody stated: two that contradict each other are two rows."""

    class Qualifier(models.TextChoices):
        EXACT = "exact", ""
        OVER = "over", _("over")
        ALMOST = "almost", _("almost")
        ABOUT = "about", _("about")
        AT_LEAST = "at_least", _("at least")

    metric = models.CharField(max_length=60)
    value = models.DecimalField(max_digits=16, decimal_places=2)
    qualifier = models.CharField(max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    unit = models.CharField(max_length=20, blank=True)
    as_of = models.DateField()
    as_of_precision = models.CharField(
        max_length=5, choices=Mission.Precision, default=Mission.Precision.DAY
    )
    period = DateRangeField(null=True, blank=True)
    source = models.ForeignKey(Source, models.PROTECT)
    alliance = models.ForeignKey(Alliance, models.PROTECT, null=True, related_name="figures")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, related_name="figures")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="figures"
    )
    mission = models.ForeignKey(Mission, models.PROTECT, null=True, related_name="figures")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="figures")

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["metric", "-as_of", "pk"]
        triggers = [append_only()]
        constraints = [
            models.CheckConstraint(
                name="a_figure_is_about_one_thing",
                condition=Exact(
                    Func(
                        *(F(scope) for scope in SCOPES),
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    1,
                ),
            )
        ]
