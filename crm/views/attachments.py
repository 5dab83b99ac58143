"""Files of people and organisations: attached, downloaded, removed."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import attachments, kept_files
from crm.forms.attachments import AttachmentForm
from crm.models import Attachment
from crm.views.kept import editable_subject, subject_of
from crm.views.requests import UserRequest, act, refusals, signed_in

ROWS = ("person__cluster", "membership__organisation", "membership__cluster")


@signed_in
def create(
    request: UserRequest, person: int | None = None, organisation: int | None = None
) -> HttpResponse:
    subject = editable_subject(request, person, organisation)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]
        with refusals(form):
            if upload.size > kept_files.LARGEST:
                form.add_error("upload", _("This file is larger than 10 MB. Make it smaller."))
            else:
                attachments.attach(
                    **subject.hung, file=(upload.name, upload.read()), by=request.user
                )
                messages.success(request, _("The file is attached."))
                return subject.page
    context = {"form": form, "subject": subject.record, "back": subject.page.url}
    return render(request, "crm/attachments/create.html", context)


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    """The file itself, to be saved: no browser runs or draws what somebody attached."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("This file is gone. Attach it again.")) from error
    return FileResponse(  # type: ignore[return-value]  # is one, its stubs do not say so
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@signed_in
def remove(request: UserRequest, pk: int) -> HttpResponse:
    attachment = get_object_or_404(
        Attachment.objects.editable_by(request.user).select_related(*ROWS), pk=pk
    )
    subject = subject_of(attachment)
    if request.method == "POST":
        return act(
            request,
            lambda: attachments.remove(attachment=attachment, by=request.user),
            _("The file is removed."),
            subject.page,
        )
    context = {"attachment": attachment, "back": subject.page.url}
    return render(request, "crm/attachments/remove.html", context)
