"""Which language a reader gets."""

import pytest

from campaigns.rules.languages import choose

CLUSTER, ALLIANCE = ("ca", "es", "en"), ("en", "fr")


@pytest.mark.parametrize(
    ("wanted", "ready", "given"),
    [
        ("fr", {"en", "fr"}, "fr"),
        ("it", {"en", "es"}, "es"),
        (None, {"en", "ca"}, "ca"),
        ("pt", {"fr"}, "fr"),
        ("pt", {"de"}, None),
        ("de", set(), None),
    ],
)
def test_own_language_then_the_clusters_then_the_alliances(
    wanted: str | None, ready: set[str], given: str | None
) -> None:
    assert choose(wanted, (CLUSTER, ALLIANCE), ready) == given
