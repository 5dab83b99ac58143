"""A cluster's own fields as questions."""

from django.db.models import DecimalField, F, Func, Q, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, GreaterThan, IContains, LessThan

from crm.models.custom_fields import CustomField
from crm.models.questions.question import Asker, Condition, any_of, as_day, as_number
from crm.rules.names import fold

KINDS = {"text": "text", "number": "number", "date": "day", "yes_no": "choice", "choice": "choice"}
COMPARED = {"before": LessThan, "after": GreaterThan, "in": Exact}


def answer(key: str, kind: str) -> Condition:
    """Asked of `custom` of the row."""

    # A key that is a number would be taken for a place in an array by `custom__12`.
    held = Func(
        F("custom"), Value(key), function="jsonb_extract_path_text", output_field=TextField()
    )

    def condition(operator: str, values: list[str], _asker: Asker) -> Q:
        if operator == "empty":
            return ~Q(custom__has_key=key)
        if operator == "contains":
            return any_of([Q(IContains(held, value)) for value in values])
        if kind == CustomField.Kind.NUMBER:
            number = Cast(held, DecimalField(max_digits=30, decimal_places=10))
            return any_of([Q(COMPARED[operator](number, as_number(value))) for value in values])
        if operator == "in":
            return any_of([Q(custom__contains={key: said(value, kind)}) for value in values])
        days = [as_day(value).isoformat() for value in values]
        return any_of([Q(COMPARED[operator](held, day)) for day in days])

    return condition


def said(value: str, kind: str) -> str | bool:
    """A value as the rows hold it."""
    return fold(value) in ("yes", "true", "1") if kind == CustomField.Kind.YES_NO else value
