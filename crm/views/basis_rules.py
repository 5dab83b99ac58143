"""What each country's law says of reasons to write: for everybody to read, decided by few."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import bases
from crm.forms.basis_rules import BasisRuleForm, present_rule
from crm.models import BasisRule
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    rules = BasisRule.objects.visible_to(request.user).in_order()
    context = {
        "rules": rules,
        "today": timezone.localdate(),
        "may_edit": request.user.scope.admin,
    }
    return render(request, "crm/basis_rules/list.html", context)


@signed_in
def decide(request: UserRequest) -> HttpResponse:
    """A new rule; with `rule` in the address one that replaces that one."""
    if not request.user.scope.admin:
        raise Http404
    asked = request.GET.get("rule", "")
    rules = BasisRule.objects.visible_to(request.user)
    replaced = rules.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 10 else None
    form = BasisRuleForm(request.POST or None, initial=present_rule(replaced) if replaced else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            bases.decide(by=request.user, **form.facts)
            messages.success(
                request, _("The rule is entered. It holds for everybody from its day on.")
            )
            return redirect("crm:basis-rules-list")
    return render(request, "crm/basis_rules/decide.html", {"form": form})
