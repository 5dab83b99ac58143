"""How long what is kept: rules with their sources, what each would delete now, and the nightly job.

A rule counts what is too old and deletes it in pieces, each in its own transaction, so that a night
that is cut short loses nothing and the next one goes on.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.actions import forgetting, hooks, idle
from crm.actions import importing
from crm.actions.reckoning import last_night
from crm.models import RetentionRun, User
from crm.models.follows import KEPT as FOLLOWS_KEPT
from crm.rules.dates import months_later
from crm.rules.locks import RETAINING

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rule:
    """What goes when; `number` is in months or days. `due` finds what is older than a moment, in
    one table or several; `delete` lets some of it go and returns how many."""

    name: str
    what: str | Promise
    why: str | Promise
    number: int
    in_months: bool
    due: Callable[[dt.datetime], QuerySet[Any] | Iterable[QuerySet[Any]]]
    delete: Callable[[dt.datetime], int]

    def before(self, now: dt.datetime) -> dt.datetime:
        if self.in_months:
            return months_later(now, -self.number)
        return now - dt.timedelta(days=self.number)


@dataclass(frozen=True)
class Found:
    """What a rule would delete now, and its last run."""

    rule: Rule
    before: dt.datetime
    due: int
    last: RetentionRun | None = None


def look() -> list[Found]:
    """What is too old at this moment, rule by rule; nothing is deleted."""
    now = timezone.now()
    last = {run.rule: run for run in RetentionRun.objects.order_by("rule", "-at").distinct("rule")}
    asked = [(rule, rule.before(now)) for rule in rules()]
    return [
        Found(rule, before, due, last.get(rule.name))
        for (rule, before), due in zip(asked, _counted(asked), strict=True)
    ]


def _counted(asked: Sequence[tuple[Rule, dt.datetime]]) -> list[int]:
    """How much each rule would let go, by one question."""
    sums, values = [], []
    for rule, before in asked:
        due = rule.due(before)
        parts = []
        for rows in [due] if isinstance(due, QuerySet) else due:
            query = rows.order_by().values("pk").query
            sql, named = query.get_compiler(rows.db, elide_empty=False).as_sql()
            parts.append(f"(SELECT count(*) FROM ({sql}) rows)")
            values += named
        sums.append(" + ".join(parts))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(sums)}", values)
        (counts,) = cursor.fetchall()
    return list(counts)


def carry_out(*, by: User | None = None) -> list[RetentionRun]:
    """Delete what is too old, rule by rule; each counted first, and told in the log.

    Where another process is at it, nothing happens.
    """
    done = []
    with _alone() as free:
        for rule in rules() if free else ():
            now = timezone.now()
            before = rule.before(now)
            run = RetentionRun.objects.create(
                rule=rule.name, at=now, before=before, due=_counted([(rule, before)])[0], by=by
            )
            while gone := rule.delete(before):
                RetentionRun.objects.filter(pk=run.pk).update(gone=F("gone") + gone)
            RetentionRun.objects.filter(pk=run.pk).update(done_at=timezone.now())
            run.refresh_from_db()
            if run.gone:
                log.info("Retention: %s of %s went.", run.gone, rule.name)
            done.append(run)
    return done


def is_due() -> bool:
    """Whether the night's run is still to be made, or was cut short."""
    newest = RetentionRun.objects.order_by("-at").first()
    return newest is None or newest.at < last_night() or newest.done_at is None


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [RETAINING])
        free = cursor.fetchone() == (True,)
        try:
            yield free
        finally:
            if free:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [RETAINING])


def rules() -> list[Rule]:
    """Every rule, in the order of the page. The numbers are settings."""
    return [
        Rule(
            "sign-ups", _("requests to follow that nobody confirmed"),
            _("GDPR, Art. 5(1)(e): without a confirmation nobody knows whose address it is."),
            FOLLOWS_KEPT.days, False,
            forgetting.follows, forgetting.delete_follows,
        ),
        Rule(
            "mailboxes", _("mailboxes of whom nothing else is kept"),
            _("GDPR, Art. 5(1)(e): a stranger’s, whom a form named, is needed for nothing."),
            FOLLOWS_KEPT.days, False,
            forgetting.mailboxes, forgetting.delete_mailboxes,
        ),
        Rule(
            "import files", _("files of imports, with the rows in them"),
            _("GDPR, Art. 5(1)(c): what was taken over stands in the address book."),
            settings.IMPORT_KEPT, False, forgetting.files, lambda _at: importing.forget(),
        ),
        Rule(
            "exports", _("files that were taken out"),
            _("GDPR, Art. 5(1)(f): a file that nobody fetches is only a risk."),
            settings.EXPORT_DAYS, False, forgetting.export_files, forgetting.forget_exports,
        ),
        Rule(
            "provider events", _("raw reports of mail providers and what came to the mailbox"),
            _("GDPR, Art. 5(1)(c): what follows from them stands in the ledger."),
            settings.HOOKS_KEPT, False, forgetting.events, lambda _at: hooks.forget(),
        ),
        Rule(
            "deliveries", _("who got which mail, and what their mail server said"),
            _("CNIL, deliberation 2020-091: thirteen months, as for measuring. Counts stay."),
            settings.DELIVERIES_KEPT, True,
            forgetting.deliveries, forgetting.forget_readers,
        ),
        Rule(
            "left out", _("who got a mail not, and why"),
            _("as of those who got it. Counts of reasons stay."),
            settings.DELIVERIES_KEPT, True,
            forgetting.left_out, forgetting.forget_left_out,
        ),
        Rule(
            "digests", _("which posts somebody was told in digests"),
            _("as of mails: a digest tells nothing so old, so nothing is told twice."),
            settings.DELIVERIES_KEPT, True,
            forgetting.told, forgetting.forget_told,
        ),
        Rule(
            "clicks", _("which links readers followed who agreed to it"),
            _("as of mails: thirteen months, as for measuring. Counts stay."),
            settings.DELIVERIES_KEPT, True,
            forgetting.named_clicks, forgetting.forget_clickers,
        ),
        Rule(
            "idle people", _("people of whom nothing is in force; then they are archived"),
            _("GDPR, Art. 5(1)(e); CNIL, commercial relations: "
              "three years after the last contact."),
            settings.IDLE_KEPT, True,
            idle.idle, idle.archive,
        ),
        Rule(
            "archived people", _("archived people of whom nothing is in force"),
            _("GDPR, Art. 5(1)(e): nobody has asked for them since. Counts and proofs stay."),
            settings.ARCHIVED_KEPT, True,
            idle.archived, idle.empty,
        ),
        Rule(
            "networks", _("from which network somebody agreed; a keyed hash stays"),
            _("GDPR, Art. 5(1)(c) and 7(1): a hash still answers whether it was this one."),
            settings.NETWORKS_KEPT, True,
            forgetting.networks, forgetting.hash_networks,
        ),
        Rule(
            "proofs", _("consent records after their last use"),
            _("GDPR, Art. 7(1) and 17(3)(e); § 195 BGB: claims end after three years."),
            settings.PROOFS_KEPT, True,
            forgetting.proofs, forgetting.delete_proofs,
        ),
        Rule(
            "requests", _("what somebody asked about their data, and the answer"),
            _("GDPR, Art. 5(2) and 12(3); § 195 BGB: claims end after three years. "
              "Kind and days stay."),
            settings.PROOFS_KEPT, True,
            forgetting.requests, forgetting.empty_requests,
        ),
        Rule(
            "audit", _("who of us did what"),
            _("GDPR, Art. 5(2) and 32; § 195 BGB: claims end after three years."),
            settings.AUDIT_KEPT, True,
            forgetting.audit, forgetting.delete_audit,
        ),
        Rule(
            "history", _("earlier states of people, their posts, addresses and wishes"),
            _("GDPR, Art. 5(1)(d) and (e): as long as the acts that changed them."),
            settings.AUDIT_KEPT, True,
            forgetting.histories, forgetting.delete_histories,
        ),
    ]  # fmt: skip
