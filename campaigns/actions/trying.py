"""What is looked over where two subjects are tried: whether both are there, and what they tell."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.actions.findings import Finding, Level
from campaigns.actions.overview import Overview, is_frozen
from campaigns.models.trials import trial_of
from campaigns.rules import proportions
from campaigns.rules.merge import missing_fallbacks, unknown_fields
from crm.models.codes import language_name


def findings(overview: Overview) -> Iterator[Finding]:
    """Nothing where there is one subject, or where it is being sent."""
    campaign = overview.campaign
    trial = trial_of(campaign)
    if trial is None or campaign.content_version_id:
        return
    for text in campaign.texts.filter(ready=True).order_by("language"):
        words = {"language": language_name(text.language)}
        second = trial.subjects.get(text.language, "")
        if not second:
            yield Finding(
                Level.BLOCK,
                _("The second subject is not written in %(language)s.") % words,
                "trial",
                text.language,
            )
        elif second == text.subject:
            yield Finding(
                Level.BLOCK,
                _("In %(language)s both subjects say the same.") % words,
                "trial",
                text.language,
            )
        for name in dict.fromkeys(unknown_fields(second)):
            yield Finding(
                Level.BLOCK,
                _("The second subject in %(language)s uses {%(name)s}, which is not a merge field.")
                % {**words, "name": name},
                "trial",
                text.language,
            )
        for name in dict.fromkeys(missing_fallbacks(second)):
            yield Finding(
                Level.WARN,
                _(
                    "In %(language)s, {%(name)s} stays empty for readers without one. "
                    "Write {%(name)s|colleague}, for instance."
                )
                % {**words, "name": name},
                "trial",
                text.language,
            )
    lanes = [lane for lane in overview.lanes if not is_frozen(lane)]
    each = sum(drawn(lane.expected, trial.share) for lane in lanes)
    if not each:
        yield Finding(
            Level.WARN,
            _("So few readers are asked for that hardly anybody would be drawn."),
            "trial",
        )
    else:
        points = round(100 * proportions.smallest_seen(each))
        yield Finding(
            Level.OK if points <= CLEAR else Level.WARN,
            ngettext(
                "About %(n)s reader gets either subject: differences under some %(points)s points "
                "cannot be told from chance.",
                "About %(n)s readers get either subject: differences under some %(points)s points "
                "cannot be told from chance.",
                each,
            )
            % {"n": each, "points": points},
            "trial",
        )


def drawn(readers: int, share: int) -> int:
    """How many of a lane's readers get the subject that fewer are drawn for.

    As the freeze draws them: lane by lane, halves rounded up, and nobody for both.
    """
    size = (readers * share + 50) // 100
    return min(size, readers - size)


CLEAR = 10
"""In points; who must see more than this apart learns little from a trial."""
