"""The versions of a draft in one language: kept while it is written, told apart, restored."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import contents, revisions
from campaigns.forms.contents import NAMES, READERS, TextForm, lines_of
from campaigns.models import ContentRevision, Release
from campaigns.rules.differences import compare
from campaigns.rules.reconcile import Written
from campaigns.views.requests import editable, shell
from crm.actions.errors import Refused
from crm.models.codes import language_name
from crm.rules.texts import LANGUAGES
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def list(request: UserRequest, ref: str, language: str) -> HttpResponse:  # noqa: A001
    """Every version that is kept, the newest first, each with what it changed."""
    campaign = editable(request, ref)
    if language not in LANGUAGES:
        raise Http404
    text = campaign.texts.filter(language=language).first()
    rows = revisions.of(campaign, language).select_related("by").order_by("-number")
    context = shell(
        campaign,
        language=language,
        name=language_name(language),
        rows=[*_rows(rows, stands=text.version if text else None)],
        sent=campaign.content_version_id is not None,
        signed=campaign.releases.filter(status=Release.Status.RELEASED).count(),
    )
    return render(request, "campaigns/versions/list.html", context)


def _rows(rows: Iterable[ContentRevision], *, stands: int | None) -> Iterator[dict[str, Any]]:
    kept = {row.number: row for row in rows}
    for number, row in kept.items():
        before = kept.get(row.base) if row.base != number else None
        yield {
            "number": number,
            "row": row,
            "at": row.at,
            "why": row.get_why_display(),
            "stands": number == stands,
            "unsaved": row.why in ContentRevision.NOT_SAVED,
            "first": before is None,
            "lines": compare(_all_lines(before), _all_lines(row)),
        }


def _all_lines(row: ContentRevision | None) -> tuple[str, ...]:
    """A version line by line, with its text part where that is written by hand."""
    label = _("Text part")
    part = [line for line in row.plain.splitlines() if line] if row else []
    return (*_lines(revisions.written(row)), *(f"{label}: {line}" for line in part))


def _lines(said: Written) -> tuple[str, ...]:
    """A text line by line, as it stands in the editor."""
    if said == Written():
        return ()
    heads = [(_("Subject"), said.subject), (_("Preview line"), said.preheader)]
    lines = [f"{label}: {words}" for label, words in heads if words]
    if not said.ready:
        lines.append(_("not ready"))
    for block in said.blocks:
        kind = str(block.get("kind"))
        readers = block.get("readers") and READERS.get(",".join(block["readers"]))
        name = f"{NAMES.get(kind, kind)} ({readers})" if readers else str(NAMES.get(kind, kind))
        words = [*lines_of(block)]
        lines += [f"{name}: {line}" for line in words] or [f"[{name}]"]
    return tuple(lines)


@signed_in
@require_POST
def keep(request: UserRequest, ref: str, language: str) -> HttpResponse:
    """What stands in the editor at the moment, finished or not; the text stays as it is."""
    campaign = editable(request, ref)
    if language not in LANGUAGES:
        raise Http404
    text = campaign.texts.filter(language=language).first()
    form = TextForm(request.POST, campaign=campaign, draft=text)
    try:
        row = revisions.keep(
            campaign=campaign,
            language=language,
            said=form.unfinished,
            base=form.began_from,
            by=request.user,
        )
    except Refused as refusal:
        return _said(str(refusal), status=409)
    if row is None:
        return _said("")
    words = {"time": date_format(timezone.localtime(row.at), "TIME_FORMAT")}
    if text and form.began_from != text.version:
        return _said(
            _(
                "Kept at %(time)s, not saved yet. Somebody else saved this text meanwhile: "
                "saving puts both together."
            )
            % words
        )
    return _said(_("Kept at %(time)s, not saved yet.") % words)


def _said(words: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


@signed_in
@require_POST
def restore(request: UserRequest, ref: str, language: str, number: int) -> HttpResponse:
    """Let the text say what it said then; lanes that signed are asked again."""
    campaign = editable(request, ref)
    if language not in LANGUAGES:
        raise Http404
    try:
        contents.restore(campaign=campaign, language=language, number=number, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("campaigns:versions-list", campaign.ref, language)
    messages.success(request, _("The text says again what it said in that version."))
    return redirect("campaigns:texts-edit", campaign.ref, language)
