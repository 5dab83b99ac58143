"""Posts as tests want them."""

from typing import Any

from campaigns.actions import posts
from campaigns.models import Post
from crm.models import Alliance, Topic

TEXTS = {
    "en": (
        "Doors open in Osaka",
        "Two companies signed.",
        "They *signed* in Osaka.\n\n- one\n- two",
    ),
    "fr": ("Portes ouvertes à Osaka", "Deux entreprises ont signé.", "Elles ont signé à Osaka."),
}


def written(
    alliance: Alliance, topic: Topic, *languages: str, kind: str = "announcement", **more: Any
) -> Post:
    """A draft that is ready in these languages, the first one its own."""
    texts = more.pop("texts", TEXTS)
    first, *_others = languages = languages or ("en",)
    post = posts.write(
        alliance=alliance,
        topic=topic,
        kind=kind,
        language=first,
        title=texts[first][0],
        by=None,
        **more,
    )
    for language in languages:
        title, lead, text = texts[language]
        posts.say(
            post=post,
            language=language,
            title=title,
            lead=lead,
            text=text,
            ready=True,
            seen=1 if language == first else 0,
            by=None,
        )
    post.refresh_from_db()
    return post


def published(alliance: Alliance, topic: Topic, *languages: str, **more: Any) -> Post:
    post = written(alliance, topic, *languages, **more)
    posts.publish(post=post, by=None)
    return post
