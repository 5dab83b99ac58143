"""What is known of a database outside of it: how far its heartbeat had come.

Kept twice, in a file of this host and under a key of the broker, each by the database's own id.
Several hosts share the broker's; one that comes anew takes it over from there.
"""

import json
import logging
import secrets
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import redis
from django.conf import settings

from crm.actions.errors import Refused

log = logging.getLogger(__name__)

PATIENCE = 1  # seconds for the broker's answer


class Unwitnessed(Refused):
    """Nobody here can tell whether this database is the newest; nothing may leave from here."""


@dataclass(frozen=True, order=True)
class Mark:
    """How far a database had come: first the fence epoch counts, then the heartbeat.

    PostgreSQL begins a new timeline whenever a standby takes over or it is restored to a moment.
    """

    epoch: int
    beat: int
    timeline: int = 0  # 0: kept before timelines were


class BrokerAway(Exception):
    """The broker does not answer, or there is none."""


def marks(site: UUID) -> list[Mark]:
    """What file and broker know of this database; empty: neither has ever seen it.

    Raises Unwitnessed where the file knows nothing and the broker cannot be asked.
    """
    found = [_from_file(site)]
    try:
        found.append(_from_broker(site))
    except BrokerAway as problem:
        if found == [None]:
            raise Unwitnessed(
                f"This host has never seen this database, and the broker cannot be asked "
                f"({problem}). Nothing leaves from here. Start the broker, or check REDIS_URL."
            ) from problem
    return [mark for mark in found if mark]


def keep(site: UUID, mark: Mark) -> None:
    """Write it down in both places; one of them is enough. Raises Unwitnessed if none is left."""
    problems = []
    for write in (_to_file, _to_broker):
        try:
            write(site, mark)
        except (OSError, BrokerAway) as problem:
            problems.append(str(problem))
    if len(problems) == 2:
        raise Unwitnessed(
            f"The database's heartbeat can be kept neither in {settings.WITNESS_DIR} "
            f"({problems[0]}) nor in the broker ({problems[1]}). Nothing leaves from here. "
            "Make the directory writable, or start the broker."
        )


def _path(site: UUID) -> Path:
    return Path(settings.WITNESS_DIR) / f"{site}.json"


def _from_file(site: UUID) -> Mark | None:
    try:
        return Mark(**json.loads(_path(site).read_text()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        log.exception("%s cannot be read; only what the broker knows counts.", _path(site))
        return None


def _to_file(site: UUID, mark: Mark) -> None:
    path = _path(site)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(4)}")  # other processes write theirs
    try:
        draft.write_text(json.dumps(asdict(mark)))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)  # of a full disk, which would hold one more each second


@lru_cache
def _broker(url: str) -> "redis.Redis":
    return redis.Redis.from_url(
        url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
    )


def _key(site: UUID) -> str:
    return f"liaison:witness:{site}"


def _from_broker(site: UUID) -> Mark | None:
    if not settings.REDIS_URL:
        raise BrokerAway("REDIS_URL names none")
    try:
        kept = _broker(settings.REDIS_URL).get(_key(site))
    except redis.RedisError as problem:
        raise BrokerAway(str(problem)) from problem
    return Mark(**json.loads(str(kept))) if kept else None


def _to_broker(site: UUID, mark: Mark) -> None:
    if not settings.REDIS_URL:
        raise BrokerAway("REDIS_URL names none")
    try:
        _broker(settings.REDIS_URL).set(_key(site), json.dumps(asdict(mark)))
    except redis.RedisError as problem:
        raise BrokerAway(str(problem)) from problem
