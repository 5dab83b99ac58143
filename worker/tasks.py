"""Thin adapters: ids in, one action called. Each may run twice, in any order, at once."""

import logging

from django.conf import settings

from campaigns.actions import (
    address_changes,
    clicks,
    fetching,
    follows,
    hooks,
    noticing,
    own_pages,
    probes,
    rehearsals,
    retention,
    sending,
    sweeping,
)
from campaigns.mail.imap import MailboxTrouble
from campaigns.models import Campaign
from crm.actions import duplicates, erasure_log, exports, importing, reckoning
from crm.forms import tables
from crm.rules.locks import REHEARSING
from worker.app import app, stopping

log = logging.getLogger(__name__)


@app.task
def tick() -> None:
    """Start what is due and wake workers for what waits."""
    with sweeping.alone() as free:
        due = sweeping.tick() if free else []
    mailings = [campaign.pk for campaign in due if campaign.kind != Campaign.Kind.LETTER]
    for campaign in due:
        if campaign.kind == Campaign.Kind.LETTER:
            letters.apply_async((campaign.pk,), expires=2)
    for _worker in range(settings.SENDING_WORKERS):  # each gets one before any gets two
        for mailing in mailings:
            send.apply_async((mailing,), expires=2)
    if follows.is_due() or own_pages.is_due() or address_changes.is_due():
        ask_to_confirm.apply_async((), expires=2)
    if exports.is_due():
        export.apply_async((), expires=2)
    if probes.is_due():
        look_outside.apply_async((), expires=2)
    if rehearsals.is_due():
        look_over.apply_async((), expires=2)
    if importing.is_due():
        import_lists.apply_async((), expires=2)


@app.task
def send(campaign_id: int) -> None:
    """Work on one campaign for a while, unless enough processes already send."""
    with sending.slot() as free:
        if free:
            sending.work(Campaign.objects.get(pk=campaign_id), stop=stopping.is_set)


@app.task
def letters(campaign_id: int) -> None:
    """Confirmations and sign-in mails: never behind a bulk campaign."""
    sending.work(Campaign.objects.get(pk=campaign_id), stop=stopping.is_set)


@app.task
def ask_to_confirm() -> None:
    """Mails to those who asked to follow, for their own page, or for another address."""
    follows.write_due()
    own_pages.write_due()
    address_changes.write_due()


@app.task
def import_lists() -> None:
    """Look at and write what clusters uploaded, unless enough processes already do."""
    importing.work_due(stop=stopping.is_set)


@app.task
def sweep() -> None:
    sweeping.sweep()
    probes.forget()
    follows.ask_again()
    follows.forget()
    own_pages.forget()
    address_changes.forget()
    clicks.count()
    importing.forget()
    exports.forget()
    erasure_log.keep()


@app.task
def export() -> None:
    """Files that somebody waits for; one process at a time, so that mails are not late."""
    with exports.alone() as free:
        while free and not stopping.is_set() and exports.make_next(tables.rows):
            pass


@app.task
def look_over() -> None:
    """Dry runs; one process at a time."""
    with probes.alone(REHEARSING) as free:
        if free:
            rehearsals.work_due(stop=stopping.is_set)


@app.task
def look_outside() -> None:
    """Domains and links; one process at a time, since others answer when they like."""
    with probes.alone() as free:
        if free:
            probes.work_due(stop=stopping.is_set)


@app.task
def listen() -> None:
    """What providers told us; in short runs, so that the tick and letters are not late."""
    hooks.process(stop=stopping.is_set)


@app.task
def look_for_duplicates() -> None:
    """Among records that are new, and once a night among all."""
    duplicates.look_due(stop=stopping.is_set)


@app.task
def look_after_proofs() -> None:
    """Once a night: whether reasons and proofs agree, who was told, what was kept long enough."""
    if reckoning.look_due():
        noticing.note_lately()
    if retention.is_due():
        retention.carry_out()


@app.task
def read_mailbox() -> None:
    """What came to the mailbox since the last look."""
    try:
        fetching.fetch()
    except MailboxTrouble as trouble:
        log.warning("%s", trouble)
