"""The demo's name server, answering in this process."""

import socket
import threading

import dns.exception

from campaigns.management.commands.zone import answer


class Zone:
    """`settings.DNS_SERVER = zone.server`; what was asked stands in `asked`."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.asked = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def server(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            question, who = self._socket.recvfrom(4096)
            if not question:
                return
            self.asked += 1
            try:
                said = answer(question)
            except dns.exception.DNSException:
                continue
            if said is not None:
                self._socket.sendto(said, who)
