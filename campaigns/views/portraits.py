"""Who an alliance is, as everybody reads it: members on a map, figures, agreements, markets."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.mail import records
from campaigns.models.sites import Site, abroad, members_on
from campaigns.rules import europe
from crm.models import ContactPoint, Market, Participation
from crm.models.codes import country_name

METRICS = {
    "agreements": _("agreements"),
    "attendees": _("attendees"),
    "companies": _("companies"),
    "jobs": _("jobs"),
    "large companies": _("large companies"),
    "matchmakings": _("matchmakings"),
    "members": _("members"),
    "missions": _("missions"),
    "mous": _("memoranda of understanding"),
    "research centres": _("research centres"),
    "researchers": _("researchers"),
    "smes": _("SMEs"),
}
"""What is counted is a free word, in English; the usual ones have a name in every language."""


def of(site: Site) -> dict[str, Any]:
    """Everything by four questions."""
    alliance = site.alliance
    about = records.said("text", alliance.boilerplate, site.order)
    agreements, markets = abroad(alliance)
    members = _members(*members_on(alliance, timezone.localdate()))
    return {
        "about": records.paragraphs(about["text"]),
        "about_lang": about.get("lang", ""),
        "members": members,
        "map": _map(members),
        "statements": [
            {
                "name": METRICS.get(statement.name.lower(), statement.name),
                "lang": "" if statement.name.lower() in METRICS else "en",
                "figures": statement.figures,
                "contradicted": statement.contradicted,
            }
            for statement in alliance.figures.all().side_by_side()
        ],
        "agreements": [
            {"agreement": row, **records.said("scope", row.scope, site.order)} for row in agreements
        ],
        "markets": _names(markets, site),
    }


def _members(rows: list[Participation], desks: dict[int, ContactPoint]) -> list[dict[str, Any]]:
    """Each member, its number on the map, and today's contact point."""
    found, number = [], 0
    for row in rows:
        cluster, region = row.cluster, row.cluster.region
        place = europe.middle(region.country, region.codes)
        number += place is not None
        desk = desks.get(cluster.pk)
        found.append(
            {
                "cluster": cluster,
                "region": f"{region}, {country_name(region.country)}",
                "coordinates": row.role == Participation.Role.COORDINATOR,
                "place": place,
                "number": number if place else None,
                "desk": records.desk_card(desk, cluster) | {"job": ""} if desk else None,
            }
        )
    return found


def _map(members: list[dict[str, Any]]) -> dict[str, Any]:
    """The drawing, and where each member that lies in Europe stands on it."""
    placed = [member for member in members if member["place"]]
    if not placed:
        return {}
    spots = europe.apart(europe.spot(member["place"]) for member in placed)
    marks = [
        {"number": member["number"], "name": member["cluster"].name, "x": spot.x, "y": spot.y}
        for member, spot in zip(placed, spots, strict=True)
    ]
    return {"frame": europe.frame(spots), "land": europe.LAND, "marks": marks}


def _names(markets: list[Market], site: Site) -> list[str]:
    names = (records.said("name", row.names, site.order)["name"] for row in markets)
    return sorted(names, key=str.casefold)
