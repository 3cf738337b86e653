"""Tells systemd that the service is ready, alive or stopping (sd_notify, one datagram)."""

import os
import socket


class SystemdNotifier:
    """Sends to the socket that systemd names; silent where there is none."""

    def __init__(self, address: str | None) -> None:
        self._address = "\0" + address[1:] if address and address.startswith("@") else address

    @classmethod
    def from_environment(cls) -> "SystemdNotifier":
        """The socket of this service."""
        return cls(os.environ.get("NOTIFY_SOCKET"))

    def send(self, state: str) -> None:
        """Send one state such as `READY=1`; a supervisor that went away is not our fault."""
        if self._address is None:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            try:
                sender.sendto(state.encode("utf-8"), self._address)
            except OSError:
                return
