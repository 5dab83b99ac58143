import datetime as dt

import pytest

from crm.actions import answers
from crm.actions.errors import Refused
from crm.models import Answer, Mission, Person

NOON = dt.datetime(2016, 5, 3, 12, tzinfo=dt.UTC)


def test_the_latest_answer_counts_and_the_earlier_one_stays(
    person: Person, mission: Mission
) -> None:
    answers.give(person=person, mission=mission, value="interested", at=NOON)
    last = answers.give(
        person=person, mission=mission, value="declined", at=NOON + dt.timedelta(hours=1)
    )

    assert Answer.objects.count() == 2
    assert Answer.objects.latest_per_person().get() == last


def test_a_double_click_is_one_answer(person: Person, mission: Mission) -> None:
    first = answers.give(person=person, mission=mission, value="interested", at=NOON)
    second = answers.give(
        person=person, mission=mission, value="interested", at=NOON + dt.timedelta(seconds=2)
    )

    assert first == second


def test_an_answer_to_another_question_is_refused(person: Person, mission: Mission) -> None:
    with pytest.raises(Refused, match="not an answer to this question"):
        answers.give(person=person, mission=mission, value="coming")
