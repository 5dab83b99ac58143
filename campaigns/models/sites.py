"""The public site of an alliance, and marks that change with whatever public pages show.

A mark is made of each row's id and of the transaction that wrote it (`xmin`): any change makes it
another one, whichever was committed first, and never an earlier one again.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from crm.models import Agreement, Alliance, ContactPoint, Event, Market, Mission, Participation
from crm.models.together import as_row

Record = TypeVar("Record", Mission, Event)


def _mark(*parts: str) -> RawSQL:
    """Each part names rows: `FROM …`, the first of its tables as `x`."""
    told = (
        f"(SELECT string_agg(concat(x.id, ':', x.xmin), ' ' ORDER BY x.id) FROM {part})"
        for part in parts
    )
    # Nothing in it comes from outside.
    return RawSQL(f"md5(concat_ws('/', {', '.join(told)}))", (), TextField())  # noqa: S611


def _members(alliances: str) -> tuple[str, ...]:
    """Who takes part in alliances, with all that pages tell of them."""
    partaking = f"SELECT cluster_id FROM crm_participation WHERE alliance_id IN ({alliances})"
    return (
        f"crm_alliance x WHERE x.id IN ({alliances})",
        f"crm_participation x WHERE x.alliance_id IN ({alliances})",
        f"crm_cluster x WHERE x.id IN ({partaking})",
        f"""crm_region x WHERE x.id IN
            (SELECT region_id FROM crm_cluster WHERE id IN ({partaking}))""",
        f"crm_contactpoint x WHERE x.cluster_id IN ({partaking})",
    )


_OWN = '"crm_alliance"."id"'
_OF_A_SITE = _mark(
    *_members(_OWN),
    f"crm_topic x WHERE x.alliance_id = {_OWN}",
    f"crm_figure x WHERE x.alliance_id = {_OWN}",
    f"crm_agreement x WHERE x.public AND x.alliance_id = {_OWN}",
    f"""crm_mission x JOIN crm_mission_alliances a ON a.mission_id = x.id
        WHERE a.alliance_id = {_OWN}""",
    "crm_market x",
    f"crm_event x JOIN crm_event_alliances a ON a.event_id = x.id WHERE a.alliance_id = {_OWN}",
    f"campaigns_post x WHERE x.status = 'published' AND x.alliance_id = {_OWN}",
)


@dataclass(frozen=True)
class Site:
    """An alliance as everybody reads of it, in one language."""

    alliance: Alliance
    language: str
    mark: str
    """Another one as soon as a page of the site would show something else."""

    @property
    def order(self) -> tuple[str, ...]:
        """The page's language, then those of what is not written in it."""
        return (self.language, *self.alliance.languages)


def site_called(slug: str, language: str) -> Site | None:
    """The site under a name, by one question; None where an alliance has none."""
    rows = Alliance.objects.filter(slug=slug, pk__in=Alliance.objects.public().values("pk"))
    row = rows.annotate(mark=_OF_A_SITE).first()
    return Site(row, language, vars(row)["mark"]) if row else None


def members_on(
    alliance: Alliance, day: dt.date
) -> tuple[list[Participation], dict[int, ContactPoint]]:
    """Who takes part that day, and the contact point of each cluster."""
    partaking = Participation.objects.valid_on(day).filter(alliance=alliance)
    rows = [*partaking.select_related("cluster__region").order_by("cluster__name")]
    desks = ContactPoint.objects.filter(cluster__in=[row.cluster_id for row in rows])
    return rows, desks.desks_on(day)


def abroad(alliance: Alliance) -> tuple[list[Agreement], list[Market]]:
    """What it signed, and where its public missions went or go, by one question."""
    missions = Mission.objects.public().filter(alliances=OuterRef(OuterRef("pk")))
    markets = Market.objects.filter(Exists(missions.filter(market=OuterRef("pk"))))
    names = (
        "id", "kind", "partners", "scope", "signed_on", "precision", "occasion", "ends_on",
        "document", "signers",
    )  # fmt: skip
    signed = Agreement.objects.public().filter(alliance=OuterRef("pk")).told()
    told = JSONObject(market_names="market__names", **{name: name for name in names})
    row = Alliance.objects.annotate(
        signed=ArraySubquery(signed.values(json=told)),
        visited=ArraySubquery(markets.values(json=JSONObject(id="pk", names="names"))),
    ).get(pk=alliance.pk)
    return (
        [_agreement(what) for what in vars(row)["signed"]],
        [as_row(Market, what) for what in vars(row)["visited"]],
    )


def _agreement(what: dict[str, Any]) -> Agreement:
    agreement: Agreement = as_row(Agreement, what)
    agreement.market = Market(names=what["market_names"]) if what["market_names"] else None
    vars(agreement)["signers"] = what["signers"]
    return agreement


# --- missions and events have pages of their own


def _of_record(table: str, noun: str) -> RawSQL:
    own = f'"{table}"."id"'
    versions = f"SELECT id FROM crm_programmeversion WHERE {noun}_id = {own}"
    alliances = f"SELECT alliance_id FROM crm_{noun}_alliances WHERE {noun}_id = {own}"
    parts = (
        f"{table} x WHERE x.id = {own}",
        *_members(alliances),
        f'crm_cluster x WHERE x.id = "{table}"."lead_cluster_id"',
        f"crm_topic x WHERE x.alliance_id IN ({alliances})",
        f"crm_programmeversion x WHERE x.{noun}_id = {own}",
        f"crm_programmeitem x WHERE x.version_id IN ({versions})",
        f"crm_document x WHERE x.{noun}_id = {own}",
    )
    if noun == "mission":
        parts += (
            f'crm_market x WHERE x.id = "{table}"."market_id"',
            f"crm_externalroute x WHERE x.mission_id = {own}",
            f"crm_deadline x WHERE x.mission_id = {own}",
            # A deadline leaves the page when it is over.
            f"crm_deadline x WHERE x.mission_id = {own} AND x.at > statement_timestamp()",
        )
    return _mark(*parts)


_OF_A_MISSION = _of_record("crm_mission", "mission")
_OF_AN_EVENT = _of_record("crm_event", "event")


@dataclass(frozen=True)
class Told:
    """A mission or an event as everybody reads of it."""

    record: Mission | Event
    mark: str
    alliance: Alliance | None
    """In whose name it is told."""
    site: bool
    """Whether that alliance has a site."""

    @property
    def then(self) -> list[str]:
        """The languages for what is not written in the page's: as in the mails of its alliance."""
        return self.alliance.languages if self.alliance else []


def told(rows: QuerySet[Record], slug: str) -> Told | None:
    """The record, with all that its page says of it in one row, by one question."""
    mission = rows.model is Mission
    sites = Alliance.objects.public().filter(pk=OuterRef("pk"))
    own = Alliance.objects.filter(**{"missions" if mission else "events": OuterRef("pk")})
    names = ("id", "slug", "name", "hue", "languages")
    alliances = own.order_by("name").values(
        json=JSONObject(site=Exists(sites), **{name: name for name in names})
    )
    with_ones = ("market", "external_route") if mission else ()
    row = (
        rows.filter(slug=slug)
        .select_related("lead_cluster", *with_ones)
        .annotate(
            mark=_OF_A_MISSION if mission else _OF_AN_EVENT, its_alliances=ArraySubquery(alliances)
        )
        .first()
    )
    if row is None:
        return None
    first = next(iter(row.its_alliances), None)
    alliance = as_row(Alliance, first) if first else None
    return Told(row, row.mark, alliance, site=bool(first and first["site"]))
