"""A mailbox for tests: real IMAP4rev1 on 127.0.0.1, and as lying as real ones.

`lie(VERB, …)` says what happens instead of a true answer to SEARCH, FETCH, STORE, MOVE, COPY,
LOGIN or SELECT, so many times: an answer of another kind, a cut line, a stall, a wrong size.
"""

import re
import socket
import ssl
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from io import BufferedRWPair
from typing import Self

USER, PASSWORD = "replies", 'secret "word"'


@dataclass
class Mail:
    """One mail in a folder."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Lie:
    """What happens once instead of a true answer."""

    answer: str = ""
    cut: bool = False
    after: bool = False  # the wish is done all the same
    stall: float = 0
    size: int | None = None


class ImapServer:
    """Folders of mails, told to one client at a time or to several."""

    def __init__(self, tls: ssl.SSLContext | None = None, offers: str = "MOVE UIDPLUS") -> None:
        self.tls, self.offers = tls, offers
        self.folders: dict[str, list[Mail]] = {"INBOX": []}
        self.uidvalidity = 1
        self.asked: list[str] = []
        self._lies: dict[str, deque[Lie]] = {}
        self._next = 1
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    @property
    def url(self) -> str:
        scheme = "imaps" if self.tls else "imap"
        return f"{scheme}://{USER}:secret%20%22word%22@127.0.0.1:{self.port}/INBOX"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def put(self, raw: bytes, folder: str = "INBOX") -> Mail:
        mail = Mail(self._next, raw)
        self._next += 1
        self.folders.setdefault(folder, []).append(mail)
        return mail

    def lie(self, verb: str, **what: object) -> None:
        self._lies.setdefault(verb, deque()).append(Lie(**what))  # type: ignore[arg-type]

    def renumber(self) -> None:
        """A restored mailbox: another UIDVALIDITY, other numbers."""
        self.uidvalidity += 1
        for mail in self.folders["INBOX"]:
            mail.uid, self._next = self._next + 100, self._next + 1

    def raws(self, folder: str) -> list[bytes]:
        return [mail.raw for mail in self.folders.get(folder, [])]

    # --- the dialogue

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=[connection], daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rwb") as line:
                self._say(line, "* OK kit.example ready")
                while (asked := line.readline()) and self._obey(line, asked.decode().strip()):
                    pass
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _obey(self, line: BufferedRWPair, asked: str) -> bool:
        """Answer one command; False ends the line."""
        tag, _space, wish = asked.partition(" ")
        verb, _space, rest = wish.removeprefix("UID ").partition(" ")
        self.asked.append(verb)
        lies = self._lies.get(verb)
        lie = lies.popleft() if lies else None
        if lie:
            time.sleep(lie.stall)
            if lie.after:
                self._do(verb, rest)
            if lie.cut and lie.size is None:
                return False
            if lie.answer:
                self._say(line, f"{tag} {lie.answer}")
                return True
        if verb == "LOGOUT":
            self._say(line, "* BYE see you", f"{tag} OK")
            return False
        if verb == "FETCH":
            self._fetch(line, rest, lie)
            if lie and lie.cut:
                return False
        refusal = self._told(line, verb, rest)
        self._say(line, f"{tag} {refusal or 'OK done'}")
        return True

    def _told(self, line: BufferedRWPair, verb: str, rest: str) -> str:
        """Say what there is to say; the refusal, if it is one."""
        match verb:
            case "CAPABILITY":
                self._say(line, f"* CAPABILITY IMAP4rev1 {self.offers}")
            case "LOGIN":
                return "" if _words(rest) == [USER, PASSWORD] else "NO [AUTHENTICATIONFAILED] no"
            case "SELECT":
                inbox = self.folders["INBOX"]
                self._say(line, f"* {len(inbox)} EXISTS", f"* OK [UIDVALIDITY {self.uidvalidity}]")
            case "SEARCH":
                found = [
                    m for m in self.folders["INBOX"] if not m.flags & {"\\Flagged", "\\Deleted"}
                ]
                self._say(line, " ".join(["* SEARCH", *(str(mail.uid) for mail in found)]))
            case "FETCH" | "NOOP":
                pass
            case _:
                return self._do(verb, rest)
        return ""

    def _fetch(self, line: BufferedRWPair, rest: str, lie: Lie | None) -> None:
        asked = re.match(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", rest)
        assert asked, rest
        for mail in self.folders["INBOX"]:
            if mail.uid == int(asked[1]):
                part = mail.raw[: int(asked[2])]
                size = lie.size if lie and lie.size is not None else len(part)
                line.write(b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n" % (mail.uid, size))
                line.write(part[: len(part) // 2] if lie and lie.cut else part + b")\r\n")
                line.flush()

    def _do(self, verb: str, rest: str) -> str:
        """What changes folders; the refusal, if it is one."""
        inbox = self.folders["INBOX"]
        words = _words(rest)
        chosen = [mail for mail in inbox if str(mail.uid) == words[0]]
        match verb:
            case "STORE":
                for mail in chosen:
                    mail.flags |= {
                        flag for flag in ("\\Seen", "\\Flagged", "\\Deleted") if flag in rest
                    }
            case "CREATE":
                self.folders[words[0]] = []
            case "MOVE" | "COPY" if words[1] not in self.folders:
                return "NO [TRYCREATE] there is no such folder"
            case "MOVE" | "COPY":
                self.folders[words[1]] += chosen
                if verb == "MOVE":
                    self.folders["INBOX"] = [mail for mail in inbox if mail not in chosen]
            case "EXPUNGE":
                gone = [mail for mail in chosen if "\\Deleted" in mail.flags]
                self.folders["INBOX"] = [mail for mail in inbox if mail not in gone]
            case _:
                return "BAD what is that?"
        return ""

    @staticmethod
    def _say(line: BufferedRWPair, *lines: str) -> None:
        line.write("".join(f"{each}\r\n" for each in lines).encode())
        line.flush()


def _words(text: str) -> list[str]:
    return [
        re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        for quoted, plain in re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', text)
    ]
