"""Ways for a finished mail to leave: mail servers, providers, Django's own backends."""

from campaigns.mail.transports.contract import Transport
from campaigns.mail.transports.smtp import Transport as Smtp


def open_transport(url: str | None = None) -> Transport:
    return Smtp(url)
