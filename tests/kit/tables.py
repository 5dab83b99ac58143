"""Every table as it is, to be compared with itself later."""

from typing import Any

from django.apps import apps

# What remembers stays: earlier states, acts, and the act's own row.
REMEMBERS = ("AuditEntry", "Merge")
COUNTER = "version"  # counts changes, undone ones too, so that an old page is refused


def tables(*, without: tuple[str, ...] = REMEMBERS) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table of ours, without what remembers and without counters."""
    kept = {}
    for model in (
        *apps.get_app_config("crm").get_models(),
        *apps.get_app_config("campaigns").get_models(),
    ):
        name = model.__name__
        if name.endswith("History") or name in without or model._meta.proxy:
            continue
        columns = [f.attname for f in model._meta.concrete_fields if f.name != COUNTER]
        kept[name] = list(model._default_manager.order_by("pk").values(*columns))
    return kept
