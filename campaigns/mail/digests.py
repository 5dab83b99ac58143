"""What a digest says: its posts in each language, from which each reader gets theirs."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.mail import links
from campaigns.mail.compose import Text
from campaigns.mail.records import Block, day_label
from campaigns.models import Digest, Post
from crm.models import Alliance
from crm.models.codes import language_name
from crm.rules.texts import LANGUAGES


def texts(digest: Digest, posts: Iterable[Post]) -> dict[str, Text]:
    """The frame in every language, and in it the posts; one that is not written in it says so."""
    posts = list(posts)
    return {language: _text(digest, posts, language) for language in LANGUAGES}


def languages(posts: Iterable[Post]) -> dict[str, list[str]]:
    """Each post, by its number, with the languages that it can be read in."""
    return {str(post.pk): [text.language for text in post.ready_texts()] for post in posts}


def _text(digest: Digest, posts: list[Post], language: str) -> Text:
    alliance = digest.alliance
    day = day_label(timezone.localdate(digest.until, ZoneInfo(alliance.timezone)), language)
    with translation.override(language):
        if digest.is_daily:
            subject = _("%(alliance)s: news, %(day)s")
            heading = _("News, %(day)s")
        else:
            subject = _("%(alliance)s: the week’s news, %(day)s")
            heading = _("The week’s news, %(day)s")
        names = {"alliance": alliance.name, "day": day}
        rows = [_row(post, alliance, language) for post in posts]
    blocks: list[Block] = [
        {"kind": "heading", "text": heading % names},
        {"kind": "posts", "rows": rows},
    ]
    return Text(language, (subject % names)[:200], "", blocks)


def _row(post: Post, alliance: Alliance, language: str) -> Block:
    text = post.text_in(language, *alliance.languages)
    assert text, "what is published is ready in some language"
    assert post.published_at
    row = {
        "post": post.pk,
        "title": text.title,
        "lead": text.lead,
        "url": links.absolute(links.post_path(text.language, alliance.slug, post.slug)),
        "kind": str(post.get_kind_display()),
        "day": day_label(
            timezone.localdate(post.published_at, ZoneInfo(alliance.timezone)), language
        ),
    }
    if text.language != language:
        row |= {"lang": text.language, "note": str(language_name(text.language))}
    return row
