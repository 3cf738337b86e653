"""A serial port or pty: pyserial opens and configures it, the event loop reads and writes its descriptor.

It knows no frames, starts no thread, and never opens a port again by itself.
"""

import asyncio
import errno
import grp
import os
import pwd
import select
import stat
import termios
from pathlib import Path

import serial

from drivers.arrivals import Arrivals
from hal.errors import HalError, LinkLost, NotAPort, PortBusy, PortForbidden, PortMissing

READ_SIZE = 4096
SEND_WITHIN_S = 1.0
"""A frame is gone in milliseconds; a device that takes no byte for so long does not work."""
_FORBIDDEN = {errno.EACCES, errno.EPERM}
_SUPERUSER = 0
_GROUP_MAY_USE = stat.S_IRGRP | stat.S_IWGRP
_HELD = {errno.EBUSY, errno.EWOULDBLOCK}
_NO_PORT_AT_ALL = {errno.ENOTTY, errno.EISDIR, errno.EINVAL}
_HANG_UP = select.POLLHUP | select.POLLERR | select.POLLNVAL


class SerialLink:
    """One serial port, held exclusively while it is open."""

    def __init__(self, port: str, baud: int) -> None:
        self._port = port
        self._baud = baud
        self._device: serial.Serial | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._arrivals = Arrivals()

    @property
    def name(self) -> str:
        """The port as it stands in the settings."""
        return self._port

    @property
    def is_open(self) -> bool:
        """Whether the port is held and has not gone away."""
        return self._device is not None

    async def open(self) -> None:
        """Open and hold the port; nothing if it is open already."""
        if self._device is not None:
            return
        try:
            device = serial.Serial(self._port, self._baud, timeout=0, exclusive=True)
        except (OSError, termios.error) as error:
            raise _why(self._port, error) from error
        self._device = device
        self._arrivals = Arrivals()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(device.fileno(), self._read)

    def close(self) -> None:
        """Let the port go; a receive in progress ends with LinkLost."""
        self._end(LinkLost(f"{self._port}: closed"))

    async def send(self, frame: bytes) -> None:
        """Hand every byte to the driver of the port."""
        gives_up = asyncio.get_running_loop().time() + SEND_WITHIN_S
        rest = frame
        while rest:
            rest = rest[self._write(rest) :]
            if rest:
                await self._writable(gives_up)

    async def receive(self, until: float) -> bytes:
        """What has arrived, waiting until loop time `until` for the first byte."""
        if self._device is None and self._arrivals.lost is None:
            raise LinkLost(f"{self._port}: not open")
        return await self._arrivals.take(until)

    def discard(self) -> int:
        """Throw away what has arrived, in the kernel too."""
        if self._device is not None:
            self._read()
        return self._arrivals.clear()

    def _read(self) -> None:
        if self._device is None:
            return
        descriptor = self._device.fileno()
        try:
            chunk = os.read(descriptor, READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            self._end(_gone(self._port, error))
            return
        if chunk:
            self._arrivals.put(chunk)
        elif _is_hung_up(descriptor):
            # A raw port also reads empty when its bytes were discarded a moment before.
            self._end(LinkLost(f"{self._port}: the device was unplugged; it is tried again by itself"))

    def _write(self, rest: bytes) -> int:
        if self._device is None:
            raise self._arrivals.lost or LinkLost(f"{self._port}: not open")
        try:
            return os.write(self._device.fileno(), rest)
        except BlockingIOError:
            return 0
        except OSError as error:
            lost = _gone(self._port, error)
            self._end(lost)
            raise lost from error

    async def _writable(self, gives_up: float) -> None:
        if self._device is None:
            raise self._arrivals.lost or LinkLost(f"{self._port}: not open")
        loop, descriptor = asyncio.get_running_loop(), self._device.fileno()
        ready = loop.create_future()
        loop.add_writer(descriptor, _settle, ready)
        try:
            async with asyncio.timeout_at(gives_up):
                await ready
        except TimeoutError:
            raise LinkLost(f"{self._port}: takes no bytes; is the adapter hanging?") from None
        finally:
            if self._device is not None:
                loop.remove_writer(descriptor)

    def _end(self, lost: LinkLost) -> None:
        device, self._device = self._device, None
        if device is None:
            return
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(device.fileno())
            self._loop.remove_writer(device.fileno())
        device.close()
        self._arrivals.end(lost)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _is_hung_up(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(event & _HANG_UP for _, event in poll.poll(0))


def _gone(port: str, error: OSError) -> LinkLost:
    return LinkLost(
        f"{port}: the device is gone ({error.strerror}); check its plug, it is tried again by itself"
    )


def _why(port: str, error: OSError | termios.error) -> HalError:
    """What a failed open means for the person who has to do something about it."""
    number = _number(error)
    if number in _FORBIDDEN:
        return PortForbidden(f"{port}: permission denied; {_who_may(port)}")
    if number in _NO_PORT_AT_ALL:
        return NotAPort(f"{port}: is no serial port, expected a device such as those in /dev/serial/by-path")
    if number in _HELD:
        return PortBusy(
            f"{port}: held by another process, expected this one alone; stop the other, "
            "or open doors at the kiosk"
        )
    if number == errno.ENOENT:
        return PortMissing(f"{port}: no such port; plug the adapter in, or correct the port in the settings")
    said = error if number is None else os.strerror(number)
    return LinkLost(f"{port}: cannot be opened ({said}); check the adapter, it is tried again by itself")


def _number(error: BaseException | None) -> int | None:
    """The system's error number; where pyserial dropped it, that of what went wrong before."""
    match error:
        case OSError(errno=int() as number):
            return number
        case termios.error(args=(int() as number, *_)):
            return number
        case OSError():
            return _number(error.__context__)
        case _:
            return None


def _who_may(port: str) -> str:
    """What to do about the rights of a port. Nobody is ever told to join the group of the superuser."""
    try:
        found = Path(port).stat()
        group = grp.getgrgid(found.st_gid).gr_name
    except (OSError, KeyError):
        return "its folder is closed to this user"
    may = stat.S_IMODE(found.st_mode)
    if found.st_gid == _SUPERUSER or may & _GROUP_MAY_USE != _GROUP_MAY_USE:
        return f"its rights are {may:04o} for group {group}: correct the rights of the device"
    try:
        user = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        user = str(os.geteuid())
    return f"it belongs to group {group}: sudo usermod -aG {group} {user}, then log in again"
