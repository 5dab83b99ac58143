"""`make demo` and `make run`: everything that Liaison consists of, under one command."""

import http.client
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType

from crm.embedded.errors import EmbeddedError
from crm.embedded.home import VAR, Home
from crm.embedded.parts import missing, refuse_where_unfit
from crm.embedded.ports import free_port, listen
from crm.embedded.process import Program, die_with_parent
from crm.embedded.servers import check_broker, check_database, check_mail_server
from crm.embedded.state import State
from crm.embedded.supervisor import Supervisor, say

PORT = 8000
DEMO_RATE = "40"  # mails a second, so that progress can be watched
COORDINATOR = "coordinator@lyonbiopole.example"
ANSWERS_WITHIN = 60.0
OTHERS_END_WITHIN = 60.0


class Stopped(BaseException):
    """Somebody asked us to end: Ctrl-C, SIGTERM, or the terminal went away."""

    def __init__(self, by: int) -> None:
        super().__init__(signal.Signals(by).name)
        self.status = 128 + by


def launch(*, demo: bool) -> int:
    """Run until the demo has shown its table (SERVE=0), or until we are stopped."""
    listen_to_signals()
    serving = not demo or os.environ.get("SERVE", "1") != "0"
    with ExitStack() as stack:
        try:
            supervisor = _start(stack, demo=demo)
            status = _show_demo(supervisor) if demo else 0
            if status or not serving:
                return status
        except Stopped as stopped:
            say("\nStopping.")
            return stopped.status
        try:
            _invite(supervisor, demo=demo)
            supervisor.serve()
        except Stopped:
            say("\nStopping.")
        return 0


def _start(stack: ExitStack, *, demo: bool) -> Supervisor:
    refuse_where_unfit()
    _check_given_servers()
    state = State(VAR)
    stack.callback(state.close)
    _claim(state)
    web_socket = open_port()
    stack.callback(web_socket.close)

    supervisor = Supervisor(Home.at(VAR), stack)
    say("Starting the database and the broker.")
    chosen = supervisor.start_servers()
    if not os.environ.get("BASE_URL"):
        chosen["BASE_URL"] = f"http://127.0.0.1:{web_socket.getsockname()[1]}"
    sink_port = None
    if not (os.environ.get("EMAIL_URL") or os.environ.get("ANYMAIL_PROVIDER")):
        sink_port = free_port()
        chosen["EMAIL_URL"] = f"smtp://127.0.0.1:{sink_port}"
    zone_port = None
    if demo and not os.environ.get("DNS_SERVER"):
        zone_port = free_port()
        chosen |= {"DNS_SERVER": f"127.0.0.1:{zone_port}", "DEMO_ZONE": "1"}
    supervisor.environment |= chosen
    supervisor.run("migrate", "--no-input", quiet=True)
    if sink_port:
        _await_mail_sink(supervisor, sink_port)
    if zone_port:
        supervisor.keep("zone", "manage.py", "zone", "--port", str(zone_port))
    stack.callback(state.withdraw)
    state.publish(chosen)
    if demo:
        say("Loading the demo data.")
        if supervisor.run("load_demo"):
            raise EmbeddedError("The demo data could not be loaded; the reason stands above.")
    _start_programs(supervisor, web_socket)
    return supervisor


def _start_programs(supervisor: Supervisor, web_socket: socket.socket) -> None:
    say("Starting worker, scheduler and web.")
    celery = ("-m", "celery", "--app", "worker", "--quiet")
    supervisor.keep("worker", *celery, "worker", "--loglevel", "INFO")
    supervisor.keep("beat", *celery, "beat", "--loglevel", "INFO")
    start_web(supervisor, web_socket)


def start_web(supervisor: Supervisor, web_socket: socket.socket) -> Program:
    """The site, on a socket of ours: no request is refused while it is started again."""
    web = supervisor.keep(
        "web",
        *("-m", "gunicorn", "crm.wsgi", "--bind", f"fd://{web_socket.fileno()}"),
        pass_fds=(web_socket.fileno(),),
    )
    _await(supervisor, web, lambda: web_answers(web_socket.getsockname()[1]))
    return web


def _show_demo(supervisor: Supervisor) -> int:
    say("Sending the open mission's call.")
    supervisor.environment["DEMO_RATE"] = os.environ.get("DEMO_RATE") or DEMO_RATE
    announce = ("announce", "japan-next", "--release-all", "--wait", "--by", COORDINATOR)
    # Nobody can count what another mail server received.
    if os.environ.get("EMAIL_URL") or os.environ.get("ANYMAIL_PROVIDER"):
        return supervisor.run(*announce)
    return supervisor.run(*announce, "--verbosity", "0") or supervisor.run("demo_table")


def _invite(supervisor: Supervisor, *, demo: bool) -> None:
    who = f"sign in as {COORDINATOR}" if demo else "the first visit makes the administrator"
    say(f"Liaison runs at {supervisor.environment['BASE_URL']} ({who}). Ctrl-C stops it.")


def _claim(state: State) -> None:
    """There is one supervisor in a checkout; a short command may finish first."""
    deadline = time.monotonic() + OTHERS_END_WITHIN
    while not state.claim():
        address = state.read().get("BASE_URL")
        if address or time.monotonic() > deadline:
            where = f" at {address}" if address else ""
            raise EmbeddedError(
                f"Liaison already runs in this checkout{where} (process {state.owner}): "
                "stop it there with Ctrl-C, or use a clone of its own."
            )
        time.sleep(0.1)


def open_port() -> socket.socket:
    """PORT if it is given; else the usual one or the next that is free."""
    given = os.environ.get("PORT", "")
    if given and not (given.isdecimal() and 0 < int(given) < 65536):
        raise EmbeddedError(f"PORT={given} is not a port: give a number from 1 to 65535.")
    for port in [int(given)] if given else range(PORT, PORT + 100):
        try:
            found = listen(port)
        except PermissionError:
            raise EmbeddedError(f"PORT={port} is kept for root: give one above 1023.") from None
        except OSError:
            continue
        if not given and port != PORT:
            say(f"Port {PORT} is taken, so Liaison uses {port}; PORT= chooses another.")
        return found
    raise EmbeddedError(f"Port {given or PORT} is taken: choose another, such as PORT=8080.")


def _check_given_servers() -> None:
    lacking = missing()
    if "DATABASE_URL" not in lacking:
        check_database(os.environ["DATABASE_URL"])
    if "REDIS_URL" not in lacking:
        check_broker(os.environ["REDIS_URL"])
    if os.environ.get("EMAIL_URL"):
        check_mail_server(os.environ["EMAIL_URL"])


def _await_mail_sink(supervisor: Supervisor, port: int) -> None:
    words = ("manage.py", "sink", "--port", str(port))
    sink = supervisor.keep("sink", *words, ends_last=True)  # the worker may be talking to it
    _await(supervisor, sink, lambda: _greets(port))


def _await(supervisor: Supervisor, program: Program, answers: Callable[[], bool]) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN
    while not answers():
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"The {program.name} does not answer. Its log is {program.log}:\n"
                f"{program.last_words()}"
            )
        supervisor.tend()
        time.sleep(0.05)


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False


def web_answers(port: int) -> bool:
    # The first answer loads all pages; on a busy machine that takes a while.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def listen_to_signals() -> None:
    if "MAKELEVEL" in os.environ:  # make may be killed; then we are not wanted any more
        die_with_parent(signal.SIGTERM, os.getppid())
    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # not under nohup
        signals.append(signal.SIGHUP)

    def stop(by: int, _frame: FrameType | None) -> None:
        for each in signals:  # stopping in order is not to be interrupted
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(by)

    for each in signals:
        signal.signal(each, stop)
