"""Do the servers that the environment names answer?"""

import socket
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import psycopg
import redis
from psycopg.conninfo import make_conninfo

from crm.embedded.errors import EmbeddedError

PATIENCE = 5  # seconds


def check_database(url: str) -> None:
    address = _split("DATABASE_URL", url, ("postgres", "postgresql", "psql", "pgsql"))
    conninfo = make_conninfo(
        host=unquote(address.hostname or "") or None,
        port=address.port,
        user=unquote(address.username or "") or None,
        password=unquote(address.password or "") or None,
        dbname=unquote(address.path.lstrip("/")) or None,
        connect_timeout=PATIENCE,
        # The other options of the address are Django's.
        **{key: value for key, value in parse_qsl(address.query) if key.startswith("ssl")},
    )
    try:
        psycopg.connect(conninfo).close()
    except psycopg.OperationalError as problem:
        reason = str(problem).splitlines()[0].rsplit(" failed: ")[-1].removeprefix("FATAL:  ")
        raise EmbeddedError(
            f"The database {_public(address)} can't be used ({reason}). "
            "Check DATABASE_URL and that PostgreSQL runs there; "
            "without DATABASE_URL the embedded one is used."
        ) from None


def check_broker(url: str) -> None:
    address = _split("REDIS_URL", url, ("redis", "rediss"))
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=PATIENCE) as broker:
            broker.ping()
    except (redis.RedisError, ValueError) as problem:
        reason = str(problem).rsplit(". ", 1)[-1].rstrip(".")
        raise EmbeddedError(
            f"The broker {_public(address)} can't be used ({reason}). "
            "Check REDIS_URL and that Redis or Valkey runs there; "
            "without REDIS_URL the embedded one is used."
        ) from None


def check_mail_server(urls: str) -> None:
    """Any of the relays will do: while one answers, mail leaves."""
    problems = [problem for url in urls.split() if (problem := _mail_server_problem(url))]
    if len(problems) == len(urls.split()):
        raise EmbeddedError(" ".join(problems))


def _mail_server_problem(url: str) -> str:
    """Why mail cannot leave this way; empty: it can, or only sending will tell."""
    address = _split("EMAIL_URL", url, ("smtp", "smtps", "smtp+tls", "anymail", "django"))
    if address.scheme in ("anymail", "django"):
        return ""
    if not address.hostname:
        raise EmbeddedError("EMAIL_URL must name a mail server, such as smtp://127.0.0.1:1025.")
    port = address.port or (465 if address.scheme == "smtps" else 25)
    try:
        socket.create_connection((address.hostname, port), timeout=PATIENCE).close()
    except OSError as problem:
        return (
            f"The mail server {_public(address)} can't be reached ({problem.strerror or problem}). "
            "Check EMAIL_URL and that it runs there; "
            "without EMAIL_URL mails go to the Inbox page and nowhere else."
        )
    return ""


def _split(name: str, url: str, schemes: tuple[str, ...]) -> SplitResult:
    try:
        address = urlsplit(url)
        _ = address.port
    except ValueError as problem:
        raise EmbeddedError(f"{name} is not an address: {problem}.") from None
    if address.scheme not in schemes:
        given = f"begins with {address.scheme}://" if address.scheme else "has no such beginning"
        raise EmbeddedError(f"{name} must begin with {schemes[0]}://, but it {given}.")
    return address


def _public(address: SplitResult) -> str:
    """The address without its password."""
    user = f"{address.username}@" if address.username else ""
    port = f":{address.port}" if address.port else ""
    return f"{user}{address.hostname or ''}{port}{address.path}"
