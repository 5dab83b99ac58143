"""Files of missions and events: attached, and opened by who may see the record."""

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import missions
from crm.forms.documents import DocumentForm
from crm.models import Document, Event, Mission
from crm.views.allied import editable_subject
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def create(
    request: UserRequest, mission: str | None = None, event: str | None = None
) -> HttpResponse:
    subject = editable_subject(request, mission, event)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]
        with refusals(form):
            if upload.size > missions.LARGEST_DOCUMENT:
                form.add_error("upload", _("This file is larger than 10 MB. Make it smaller."))
            else:
                missions.attach_document(
                    mission=subject.mission,
                    event=subject.event,
                    by=request.user,
                    titles=form.cleaned_data["titles"],
                    language=form.cleaned_data["language"],
                    version=form.cleaned_data["version"],
                    file=(upload.name, upload.read()),
                )
                messages.success(request, _("The document is attached."))
                return subject.page
    context = {"form": form, "subject": subject.record, "back": subject.page.url}
    return render(request, "crm/documents/create.html", context)


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    """The file itself."""
    document = get_object_or_404(
        Document,
        Q(mission__in=Mission.objects.visible_to(request.user))
        | Q(event__in=Event.objects.visible_to(request.user)),
        pk=pk,
    )
    try:
        content = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("The file of this document is gone. Attach it again.")) from error
    response = FileResponse(content, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response  # type: ignore[return-value]
