"""The demo's calendar: what lies ahead is counted from today, so that the demo stays alive."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

SUNDAY = 6
AHEAD = 100  # days that a mission at least lies ahead: its deadlines fit in


@dataclass(frozen=True)
class Days:
    """Every date that the demo counts from one day."""

    today: dt.date

    @property
    def mission_begins(self) -> dt.date:
        """The second Sunday of the next October that leaves time to apply."""
        for year in (self.today.year, self.today.year + 1):
            first = dt.date(year, 10, 1)
            sunday = first + dt.timedelta(days=(SUNDAY - first.weekday()) % 7 + 7)
            if sunday >= self.today + dt.timedelta(days=AHEAD):
                break
        return sunday

    def ahead(self, weeks: int, weekday: int) -> dt.date:
        """The first such weekday after that many weeks."""
        day = self.today + dt.timedelta(weeks=weeks)
        return day + dt.timedelta(days=(weekday - day.weekday()) % 7)

    def ago(self, days: int) -> dt.datetime:
        return moment(self.today - dt.timedelta(days=days), 10)


def moment(day: dt.date, hour: int, minute: int = 0, zone: str = "Europe/Paris") -> dt.datetime:
    """An hour of a day where the clocks of `zone` hang."""
    return dt.datetime.combine(day, dt.time(hour, minute), ZoneInfo(zone))
