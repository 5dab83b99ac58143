"""The living style page: every component with its states, on invented data; development only."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.forms.style import StyleConfirmForm, StyleFilterForm, StyleForm

HUES = ["green", "teal", "blue", "indigo", "violet", "rose", "rust", "ochre"]
ICONS = [
    "today",
    "organisations",
    "people",
    "missions",
    "events",
    "campaigns",
    "network",
    "inbox",
    "search",
    "add",
    "edit",
    "archive",
    "check",
    "wait",
    "stop",
    "open",
    "close",
    "next",
    "back",
    "mail",
    "phone",
    "calendar",
    "file",
    "external",
    "download",
    "release",
    "send",
]
REASONS = [
    "",
    "unsubscribed",
    "objected",
    "hard_bounce",
    "complaint",
    "no_basis",
    "paused",
    "archived",
    "manual",
    "no_address",
    "erased",
]
WHEN = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
FILLED = {
    "name": "Isaroncologics GmbH",
    "email": "paul at donaudx.example",
    "kind": "company",
    "areas": ["oncology"],
    "rhythm": "weekly",
}
ORGANISATIONS = [
    {
        "name": "Isaroncologics GmbH",
        "place": "Martinsried, formerly Onkodyn",
        "fields": "Oncology, diagnostics",
        "people": 2,
        "reason": "",
        "last": "Answered the call, 3 days ago",
        "mails": 12,
    },
    {
        "name": "Würmtal Therapeutics AG",
        "place": "Planegg",
        "fields": "Oncology",
        "people": 1,
        "reason": "hard_bounce",
        "last": "May 2025",
        "mails": 3,
    },
    {
        "name": "Lechbio Devices GmbH",
        "place": "Augsburg",
        "fields": "Devices, oncology",
        "people": 3,
        "reason": "no_basis",
        "last": "Yesterday",
        "mails": 0,
    },
]
DAYS = [
    {
        "date_label": "Sunday 10 October",
        "city": "Osaka",
        "items": [
            {
                "time_label": "09:30",
                "title": "The Japanese market and its regulation",
                "kind_label": "workshop",
                "with_": "EU-Japan Centre",
            },
            {
                "time_label": "afternoon",
                "title": "Cultural visit",
                "place": "Osaka Castle",
                "kind_label": "visit",
                "optional": True,
            },
        ],
    },
    {
        "date_label": "12–14 October",
        "city": "Yokohama",
        "items": [{"title": "BioJapan", "place": "Pacifico Yokohama", "kind_label": "fair"}],
    },
]
DESK = {
    "name": "Dr. Lena Brandt",
    "job": "Head of international projects",
    "email": "desk@biom.example",
    "phone": "+49 89 000 00 12",
    "cluster_name": "BioM",
    "region": "Bavaria",
}
LEDGER = {
    "accepted": 118,
    "failed": 1,
    "undecided": 2,
    "suppressed": 3,
    "left": 108,
    "total": 232,
}
LANES: list[dict[str, Any]] = [
    {
        "name": "Biocat",
        "region": "Catalonia",
        "state": "released",
        "count": 158,
        "quote": "“Biocat covers half of the stand for members.”",
        "detail": "Signed by the contact point, yesterday 16:42.",
    },
    {
        "name": "bioPmed",
        "region": "Piedmont",
        "state": "sending",
        "count": 74,
        "ledger": {
            "accepted": 50,
            "failed": 1,
            "undecided": 0,
            "suppressed": 0,
            "left": 23,
            "total": 74,
        },
    },
    {
        "name": "BioM",
        "region": "Bavaria",
        "state": "waiting",
        "count": 97,
        "detail": "German needs “Programme”.",
        "release_url": "#content",
        "hold_url": "#content",
    },
    {
        "name": "Lyonbiopole",
        "region": "Auvergne-Rhône-Alpes",
        "state": "held",
        "count": 83,
        "quote": "“Please wait for the hotel list.”",
        "detail": "The others are not affected.",
        "release_url": "#content",
    },
    {"name": "Biowin", "region": "Wallonia", "state": "freezing", "count": 12},
    {"name": "Life Science Nord", "region": "Northern Germany", "state": "done", "count": 20},
    {"name": "Declined lane", "state": "declined", "count": 0},
    {"name": "Late lane", "state": "lapsed", "count": 4},
]


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every component with its states; `?hue=violet` shows another alliance's colour."""
    messages.success(request, "Saved. You can undo this until tomorrow.")
    messages.warning(request, "Two addresses look alike.")
    messages.error(request, "Not sent: the mission has no programme yet. Add one first.")
    style = {
        "hues": HUES,
        "icons": ICONS,
        "reasons": REASONS,
        "form": StyleForm(FILLED, initial={"reference": "CAMP-0042"}),
        "filter_fields": list(StyleFilterForm()),
        "confirm_form": StyleConfirmForm(),
        "tabs": [
            {"label": "Record", "url": "#content", "current": True},
            {"label": "People", "url": "#content", "count": 3},
            {"label": "Mails", "url": "#content"},
        ],
        "chips": [
            {"label": "Category: SME", "url": "#content", "on": True},
            {"label": "Possible doubles", "url": "#content", "count": 7},
        ],
        "organisations": ORGANISATIONS,
        "page": Paginator(range(42), 3).page(2),
        "facts": [
            {"label": "Home cluster", "value": "BioM", "url": "#content"},
            {"label": "Category", "value": "SME", "note": "since 2019"},
            {"label": "Website", "value": ""},
        ],
        "entries": [
            {"at": WHEN, "title": "Answered: interested", "text": "by signed link", "tone": "ok"},
            {"at": WHEN, "title": "Mission call: Japan", "url": "#content"},
            {"at": WHEN, "title": "Address bounced", "text": "550 no such user", "tone": "stop"},
            {"at": WHEN, "title": "Undecided", "tone": "open"},
        ],
        "days": DAYS,
        "desk": DESK,
        "figures": [
            {"value": 412, "label": "people in 287 organisations"},
            {"value": 31, "label": "left out: 14 unsubscribed, 9 no basis, 8 bounced"},
        ],
        "lanes": LANES,
        "ledger": LEDGER,
        "choices": [
            {"value": "interested", "label": "We are interested", "primary": True},
            {"value": "not_now", "label": "Not now", "chosen": True},
            {"value": "decline", "label": "Decline"},
        ],
        "languages": [
            {"code": "en", "name": "English", "url": "#content", "current": True},
            {"code": "fr", "name": "Français", "url": "#content"},
        ],
        "mails": [
            {
                "url": "#content",
                "to": "brandt@isaroncologics.example",
                "subject": "Join us at BioJapan: call for SMEs of the four regions",
                "at": WHEN,
                "current": True,
            },
            {
                "url": "#content",
                "to": "kern@lechbio.example",
                "subject": "Rejoignez-nous à BioJapan",
                "at": WHEN,
            },
        ],
        "mail": {
            "subject": "Join us at BioJapan: call for SMEs of the four regions",
            "sender": "BioM <desk@biom.example>",
            "to": "brandt@isaroncologics.example",
            "at": WHEN,
            "text": "Dear Ms Weber,\n\nJapan is opening.",
            "raw_url": "#content",
        },
    }
    hue = request.GET.get("hue", "")
    return render(
        request, "crm/style/show.html", {"style": style, "hue": hue if hue in HUES else ""}
    )
