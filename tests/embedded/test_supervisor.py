"""What the supervisor keeps running, and what it leaves behind."""

import os
import signal
import time
from pathlib import Path

import psycopg

from tests.embedded.conftest import Start, Started, all_end, descendants, kill, line

# Servers, and a child with a grandchild which both wish to stay for ever.
SUPERVISE = """
import sys
from contextlib import ExitStack
from pathlib import Path
from crm.embedded.home import Home
from crm.embedded.launch import Stopped, listen_to_signals
from crm.embedded.supervisor import Supervisor

CHILD = '''
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN if "deaf" in sys.argv else signal.SIG_DFL)
subprocess.run(["sleep", "600"])
'''
listen_to_signals()
with ExitStack() as stack:
    supervisor = Supervisor(Home.at(Path(sys.argv[1])), stack)
    print(supervisor.start_servers()["DATABASE_URL"], flush=True)
    child = supervisor.keep("child", "-c", CHILD, sys.argv[2])
    print(child.pid, flush=True)
    try:
        supervisor.serve()
    except Stopped as stopped:
        sys.exit(stopped.status)
"""


def test_a_killed_database_comes_back_at_its_address_with_its_data(
    place: Path, start: Start
) -> None:
    supervisor = start(SUPERVISE, place, "obedient")
    database = line(supervisor)
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS text")

    kill(int((place / "postgres" / "postmaster.pid").read_text().split()[0]))

    assert eventually_reads(database) == "kept"


def test_a_killed_program_is_started_again_and_its_children_go_with_it(
    place: Path, start: Start
) -> None:
    supervisor = start(SUPERVISE, place, "deaf")
    line(supervisor)
    child = int(line(supervisor))
    grandchild = first_child(child)

    kill(child)

    assert "child ended (status 137) and is started again" in line(supervisor)
    assert all_end({child, grandchild})


def test_a_killed_supervisor_leaves_nothing_running(place: Path, start: Start) -> None:
    supervisor = start(SUPERVISE, place, "deaf")
    everything = running(supervisor)

    kill(supervisor.pid)

    assert all_end(everything)


def test_terminate_and_interrupt_end_everything_in_order(place: Path, start: Start) -> None:
    for by in (signal.SIGTERM, signal.SIGINT):
        supervisor = start(SUPERVISE, place, "obedient")
        everything = running(supervisor)

        os.kill(supervisor.pid, by)

        assert supervisor.wait(20) == 128 + by
        assert all_end(everything, within=1)
    assert "database system is shut down" in (place / "log" / "postgres.log").read_text()


def running(supervisor: Started) -> set[int]:
    line(supervisor)
    first_child(int(line(supervisor)))
    everything = descendants(supervisor.pid)
    assert len(everything) > 6
    return everything


def first_child(pid: int) -> int:
    while not (found := descendants(pid)):
        time.sleep(0.02)
    return min(found)


def eventually_reads(database: str) -> str:
    deadline = time.monotonic() + 20
    while True:
        try:
            with psycopg.connect(database) as connection:
                row = connection.execute("SELECT text FROM note").fetchone()
            return str(row[0]) if row else ""
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
