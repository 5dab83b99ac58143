"""Which entry of the main navigation a page belongs to."""

from django import template
from django.urls import ResolverMatch

register = template.Library()

OF = {
    "people": ("addresses", "proofs", "vcards"),
    "organisations": ("directory", "joins"),
    "vocabulary": ("tags", "custom-fields"),
    "missions": ("deadlines", "external-routes"),
    "network": (
        "alliances", "basis-rules", "clusters", "contact-points", "disclaimers", "figures",
        "labels", "participations", "regions",
    ),
}  # fmt: skip
PLACES = {f"crm:{noun}": place for place, nouns in OF.items() for noun in nouns} | {
    f"campaigns:{noun}": "network" for noun in ("handovers", "logos", "processing", "retention")
}
# A page of either noun has the noun in its address, or the row's.
EITHER = {
    "people": "people",
    "person": "people",
    "organisations": "organisations",
    "organisation": "organisations",
    "mission": "missions",
    "event": "events",
}


@register.filter
def place(match: ResolverMatch | None) -> str:
    """The name of the view whose entry is marked: the page's own where it is of no other noun."""
    if match is None:
        return ""
    noun, _dash, verb = match.view_name.rpartition("-")
    if noun in PLACES:
        return f"crm:{PLACES[noun]}-{verb}"
    said = match.kwargs.get("noun") or match.kwargs.get("nouns") or ""
    rows = [key for key in ("person", "organisation", "mission", "event") if key in match.kwargs]
    ends = verb.rpartition("_")[2] if noun == "crm:merges" else ""
    for word in (said, ends, *rows):
        if word in EITHER:
            return f"crm:{EITHER[word]}-{verb}"
    return match.view_name
