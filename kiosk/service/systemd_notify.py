"""Tells systemd that the service is ready, alive or stopping (sd_notify, one datagram)."""

import os
import socket


class SystemdNotifier:
    """Sends to the socket that systemd names; silent where there is none."""

    def __init__(self, address: str | None, watchdog_us: str | None = None) -> None:
        self._address = "\0" + address[1:] if address and address.startswith("@") else address or None
        self._watchdog_us = watchdog_us

    @classmethod
    def from_environment(cls) -> "SystemdNotifier":
        """The socket of this service."""
        return cls(os.environ.get("NOTIFY_SOCKET"), os.environ.get("WATCHDOG_USEC"))

    @property
    def beat_every_s(self) -> float | None:
        """How often to send `WATCHDOG=1`: a third of what systemd allows; nothing where it does not watch."""
        if self._address is None or not self._watchdog_us or not self._watchdog_us.isdecimal():
            return None
        return int(self._watchdog_us) / 3_000_000 or None

    def send(self, state: str) -> None:
        """Send one state such as `READY=1`; a supervisor that went away or is slow never holds us up."""
        if self._address is None:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            try:
                sender.sendto(state.encode("utf-8"), self._address)
            except OSError:
                return
