import datetime as dt

from crm.actions import figures
from crm.models import Figure, Mission, Source, User

DAY = dt.date(2016, 10, 14)


def test_numbers_that_contradict_each_other_stand_side_by_side(
    mission: Mission, user: User
) -> None:
    for value, source in ((26, "Press release"), (60, "Report"), (60, "Report")):
        figures.state(
            by=user, metric="companies", value=value, source=source, as_of=DAY, mission=mission
        )

    assert [int(figure.value) for figure in Figure.objects.order_by("value")] == [26, 60]
    assert Source.objects.count() == 2
