"""A name server for demo and tests: knows the senders' domains under `.example`, and no other.

Domains have moods, by how they begin: `bad…` has no DMARC record, `weak…` a DKIM key that is too
short, `open…` lets everybody send, `silent…` gets no answer; all others are in order.
"""

import asyncio
import base64
import signal
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from django.core.management.base import BaseCommand, CommandError, CommandParser

LASTS = 60  # seconds


def answer(question: bytes) -> bytes | None:
    """What the server says; None: nothing."""
    asked = dns.message.from_wire(question)
    told = dns.message.make_response(asked)
    told.flags |= dns.flags.AA
    if not asked.question:
        told.set_rcode(dns.rcode.FORMERR)
        return told.to_wire()
    row = asked.question[0]
    name = row.name.to_text(omit_final_dot=True).lower()
    what, domain = _parts(name)
    if domain.startswith("silent"):
        return None
    if not domain.endswith(".example") or domain.count(".") != 1:
        told.set_rcode(dns.rcode.NXDOMAIN)
    elif row.rdtype == dns.rdatatype.TXT and (text := _text(what, domain)):
        # A text longer than 255 signs is written in pieces.
        pieces = " ".join(f'"{text[at : at + 250]}"' for at in range(0, len(text), 250))
        told.answer.append(dns.rrset.from_text(row.name, LASTS, "IN", "TXT", pieces))
    return told.to_wire()


def _parts(name: str) -> tuple[str, str]:
    """(what is asked of a domain, the domain)"""
    before, mark, domain = name.partition("_domainkey.")
    if mark and before:
        return "dkim", domain
    return ("dmarc", name[len("_dmarc.") :]) if name.startswith("_dmarc.") else ("spf", name)


def _text(what: str, domain: str) -> str:
    match what:
        case "spf":
            return "v=spf1 +all" if domain.startswith("open") else "v=spf1 ip4:127.0.0.1 -all"
        case "dkim":
            return f"v=DKIM1; k=rsa; p={_key(1024 if domain.startswith('weak') else 2048)}"
    return "" if domain.startswith("bad") else "v=DMARC1; p=quarantine"


def _key(bits: int) -> str:
    """A number in the form of an RSA key, of which nobody has the other half."""
    modulus = _der(0x02, b"\0" + (2 ** (bits - 1) + 1).to_bytes(bits // 8, "big"))
    key = _der(0x30, modulus + _der(0x02, b"\x01\0\x01"))
    rsa = bytes.fromhex("300d06092a864886f70d0101010500")
    return base64.b64encode(_der(0x30, rsa + _der(0x03, b"\0" + key))).decode()


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


class Zone(asyncio.DatagramProtocol):
    """Answers by UDP."""

    transport: asyncio.DatagramTransport

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        try:
            said = answer(data)
        except dns.exception.DNSException:
            return  # not a question
        if said is not None:
            self.transport.sendto(said, addr)


class Command(BaseCommand):
    help = "Run the demo's name server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="0 takes a free one")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        try:
            asyncio.run(self._serve(port))
        except OSError as error:
            raise CommandError(
                f"The zone cannot listen on 127.0.0.1:{port} ({error.strerror}). "
                "Choose another --port."
            ) from error

    async def _serve(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, stopped.set)
        transport, _zone = await loop.create_datagram_endpoint(Zone, local_addr=("127.0.0.1", port))
        taken = transport.get_extra_info("sockname")[1]
        self.stdout.write(f"The zone answers on 127.0.0.1:{taken}")
        self.stdout.flush()
        try:
            await stopped.wait()
        finally:
            transport.close()
