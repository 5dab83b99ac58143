"""Stated numbers: they disagree and age, so that both stand there."""

import datetime as dt
from typing import Any

from crm.actions import figures
from crm.models import Alliance, Cluster, Event, Mission, User

Row = tuple[str, str, str, int, str, str, dt.date, str]

PILOT_PAGE = "bioXclusters, page on the pilot"
PLUS_PAGE = "bioXclusters plus, page on the partnership"
PRESS = "bioXclusters plus, press release on Japan"
REPORT = "bioXclusters plus, report on the Japan mission"
BIOCAT_PAGE, BIOM_PAGE = (
    "Biocat, the BioRegion in figures",
    "BioM, portrait of the cluster",
)
BIOPMED_PAGE, LYON_PAGE = "bioPmed, cluster page", "Lyonbiopole, key figures"

END_2014, END_2017 = dt.date(2014, 12, 31), dt.date(2017, 12, 31)
JAPAN_ENDED, MATCHMAKING = dt.date(2016, 10, 14), dt.date(2014, 11, 3)
IN_2015, IN_2016 = dt.date(2015, 1, 1), dt.date(2016, 1, 1)

# noun, slug, metric, value, qualifier, source, as of, precision
FIGURES: tuple[Row, ...] = (
    ("alliance", "bioxclusters-pilot", "agreements", 11, "exact", PILOT_PAGE, END_2014, "year"),
    ("alliance", "bioxclusters-pilot", "MoUs", 6, "exact", PILOT_PAGE, END_2014, "year"),
    ("alliance", "bioxclusters-plus", "SMEs", 3300, "exact", PLUS_PAGE, IN_2016, "year"),
    ("alliance", "bioxclusters-plus", "large companies", 200, "exact", PLUS_PAGE, IN_2016, "year"),
    ("alliance", "bioxclusters-plus", "researchers", 23000, "exact", PLUS_PAGE, IN_2016, "year"),
    ("alliance", "bioxclusters-plus", "jobs", 358000, "over", PLUS_PAGE, IN_2016, "year"),
    ("alliance", "bioxclusters-plus", "agreements", 8, "exact", PLUS_PAGE, END_2017, "year"),
    ("alliance", "bioxclusters-plus", "agreements", 5, "at_least", PRESS, END_2017, "year"),
    ("alliance", "bioxclusters-plus", "matchmakings", 8, "exact", PLUS_PAGE, END_2017, "year"),
    ("cluster", "biocat", "inhabitants", 7500000, "about", BIOCAT_PAGE, IN_2015, "year"),
    ("cluster", "biocat", "companies", 734, "exact", BIOCAT_PAGE, IN_2015, "year"),
    ("cluster", "biocat", "research bodies", 89, "exact", BIOCAT_PAGE, IN_2015, "year"),
    ("cluster", "biocat", "research centres", 41, "exact", BIOCAT_PAGE, IN_2015, "year"),
    ("cluster", "biocat", "university hospitals", 15, "exact", BIOCAT_PAGE, IN_2015, "year"),
    ("cluster", "biocat", "turnover, million €", 14360, "exact", BIOCAT_PAGE, IN_2015, "year"),
    ("cluster", "biocat", "share of GDP, %", 7, "exact", BIOCAT_PAGE, IN_2015, "year"),
    ("cluster", "biocat", "workers", 42133, "exact", BIOCAT_PAGE, IN_2015, "year"),
    ("cluster", "biom", "companies", 350, "over", BIOM_PAGE, IN_2016, "year"),
    ("cluster", "biom", "medical engineering companies", 1000, "over", BIOM_PAGE, IN_2016, "year"),
    ("cluster", "biom", "biotech SMEs", 166, "exact", BIOM_PAGE, IN_2016, "year"),
    ("cluster", "biom", "candidate drugs, clinical", 60, "over", BIOM_PAGE, IN_2016, "year"),
    ("cluster", "biom", "candidate drugs, preclinical", 80, "over", BIOM_PAGE, IN_2016, "year"),
    ("cluster", "biopmed", "members", 70, "about", BIOPMED_PAGE, IN_2016, "year"),
    ("cluster", "biopmed", "members", 350, "over", BIOPMED_PAGE, IN_2016, "year"),
    ("cluster", "lyonbiopole", "members", 190, "exact", LYON_PAGE, IN_2015, "year"),
    ("cluster", "lyonbiopole", "SMEs", 168, "almost", LYON_PAGE, IN_2015, "year"),
    ("cluster", "lyonbiopole", "research centres", 17, "exact", LYON_PAGE, IN_2015, "year"),
    ("cluster", "lyonbiopole", "members", 208, "exact", LYON_PAGE, END_2017, "day"),
    ("cluster", "lyonbiopole", "SMEs and midcaps", 175, "exact", LYON_PAGE, END_2017, "day"),
    ("cluster", "lyonbiopole", "competence centres", 15, "exact", LYON_PAGE, END_2017, "day"),
    ("mission", "japan-2016", "companies", 26, "exact", PRESS, JAPAN_ENDED, "day"),
    ("mission", "japan-2016", "companies", 60, "exact", REPORT, JAPAN_ENDED, "day"),
    ("event", "matchmaking-2014", "attendees", 30, "exact", PILOT_PAGE, MATCHMAKING, "day"),
)  # fmt: skip

SUBJECTS: dict[str, Any] = {
    "alliance": Alliance,
    "cluster": Cluster,
    "mission": Mission,
    "event": Event,
}


def load(by: User) -> None:
    for noun, slug, metric, value, qualifier, source, as_of, precision in FIGURES:
        about = {noun: SUBJECTS[noun].objects.get(slug=slug)}
        figures.state(
            by=by,
            metric=metric,
            value=value,
            qualifier=qualifier,
            source=source,
            as_of=as_of,
            precision=precision,
            **about,
        )
