"""One command brings its own database and broker, or shares those that run."""

import os
import stat
import subprocess
from pathlib import Path
from typing import LiteralString

import psycopg
import redis

from tests.embedded.conftest import HOLD, Start, all_end, descendants, finish, kill, line


def test_what_was_written_is_there_at_the_next_start_and_nothing_stays_behind(
    place: Path, start: Start
) -> None:
    command = start(HOLD, place)
    database, _ = line(command).split()
    write(database)
    started = descendants(command.pid)

    assert finish(command)[0] == 0
    assert len(started) > 2
    assert all_end(started)
    assert not (place / "run" / "embedded.json").exists()

    again = start(HOLD, place)
    assert read(line(again).split()[0]) == "kept"


def test_addresses_are_readable_by_their_owner_only(place: Path, start: Start) -> None:
    line(start(HOLD, place))

    assert stat.S_IMODE((place / "run" / "embedded.json").stat().st_mode) == 0o600


def test_the_servers_want_their_password(place: Path, start: Start) -> None:
    database, broker = line(start(HOLD, place)).split()

    assert "password authentication failed" in refusal(database.replace("liaison:", "liaison:x"))
    assert ping(broker.replace("//:", "//:x")) == "refused"
    assert ping(broker) == "answered"


def test_commands_at_once_share_one_database(place: Path, start: Start) -> None:
    commands = [start(HOLD, place) for _ in range(3)]

    assert len({line(command) for command in commands}) == 1


def test_the_first_command_waits_for_the_others_before_it_stops_the_servers(
    place: Path, start: Start
) -> None:
    first = start(HOLD, place)
    database, _ = line(first).split()
    second = start(HOLD, place)
    line(second)

    assert first.stdin
    first.stdin.close()
    first.stdin = None
    write(database)
    assert first.poll() is None

    assert finish(second)[0] == 0
    assert first.wait(20) == 0


def test_two_places_run_side_by_side(place: Path, other_place: Path, start: Start) -> None:
    here, there = (line(start(HOLD, each)).split()[0] for each in (place, other_place))
    write(here)

    assert here != there
    assert "does not exist" in refusal(there, "SELECT * FROM note")


def test_what_the_environment_names_is_used_as_it_is(place: Path, start: Start) -> None:
    command = start(HOLD, place, DATABASE_URL="postgres://elsewhere/liaison")

    assert line(command).startswith("postgres://elsewhere/liaison redis://:")
    assert not (place / "postgres").exists()


def test_production_refuses_and_names_what_is_missing(place: Path, start: Start) -> None:
    status, _, errors = finish(start(HOLD, place, DEBUG="0", REDIS_URL="redis://broker/0"))

    assert status != 0
    assert "set DATABASE_URL (such as" in errors
    assert "REDIS_URL" not in errors.splitlines()[-1]
    assert list(place.iterdir()) == []


def test_a_killed_command_leaves_nothing_running_and_its_data_in_order(
    place: Path, start: Start
) -> None:
    command = start(HOLD, place)
    write(line(command).split()[0])
    started = descendants(command.pid)

    kill(command.pid)
    assert all_end(started)
    assert (place / "run" / "embedded.json").exists()

    assert read(line(start(HOLD, place)).split()[0]) == "kept"


def test_a_killed_command_does_not_stand_in_the_way_of_the_next(place: Path, start: Start) -> None:
    command = start(HOLD, place)
    write(line(command).split()[0])

    kill(command.pid)

    assert read(line(start(HOLD, place)).split()[0]) == "kept"


def test_a_lock_file_with_the_number_of_another_process_is_cleared(
    place: Path, start: Start
) -> None:
    finish(start(HOLD, place))
    owner = (place / "postgres").stat().st_uid
    with subprocess.Popen(["sleep", "60"], user=owner if os.geteuid() == 0 else None) as sleeper:
        (place / "postgres" / "postmaster.pid").write_text(f"{sleeper.pid}\n{place}/postgres\n")

        line(start(HOLD, place))

        assert sleeper.poll() is None
        sleeper.kill()


def test_a_first_start_that_was_interrupted_is_simply_repeated(place: Path, start: Start) -> None:
    interrupted = start(HOLD, place)
    while not list(place.glob("postgres.????????")):
        assert interrupted.poll() is None
    kill(interrupted.pid)

    line(start(HOLD, place))


def test_a_directory_that_only_its_owner_may_enter_will_do(place: Path, start: Start) -> None:
    private = place / "private"
    private.mkdir(mode=0o700)
    command = start(HOLD, private)
    write(line(command).split()[0])
    finish(command)

    assert read(line(start(HOLD, private)).split()[0]) == "kept"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def write(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS text")


def read(database: str) -> str:
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT text FROM note").fetchone()
    return str(row[0]) if row else ""


def refusal(database: str, query: LiteralString = "SELECT 1") -> str:
    try:
        with psycopg.connect(database) as connection:
            connection.execute(query)
    except psycopg.Error as error:
        return str(error)
    return ""


def ping(broker: str) -> str:
    try:
        redis.Redis.from_url(broker).ping()
    except redis.AuthenticationError:
        return "refused"
    return "answered"
