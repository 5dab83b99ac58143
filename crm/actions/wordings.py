"""Keeping the words that were shown, so that a proof can point to them for as long as it stands."""

import hashlib

from django.db import connection, transaction
from django.db.models import Max
from django.utils.text import slugify

from crm.models import Wording
from crm.models.wordings import LONGEST_SLUG
from crm.rules.locks import WORDINGS


def keep(*, slug: str, language: str, text: str) -> Wording:
    """The version of these words at this place; a new one where they were never shown before.

    `slug` names the place; what is no short name becomes one.
    """
    place = slugify(slug)[:LONGEST_SLUG] or "elsewhere"
    digest = hashlib.sha256(text.encode()).hexdigest()
    versions = Wording.objects.filter(slug=place, language=language)
    if known := versions.filter(digest=digest).first():
        return known
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WORDINGS])
        if known := versions.filter(digest=digest).first():
            return known  # somebody else's, a moment ago
        newest = versions.aggregate(newest=Max("n"))["newest"] or 0
        return Wording.objects.create(
            slug=place, language=language, n=newest + 1, text=text, digest=digest
        )
