"""What a pair of wires does to bytes between kiosk and boards: it takes time, and it has faults, as data."""

import enum
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from drivers.kerong.frames import StatusReply
from sim.boards.kerong import Bus

BITS_A_CHARACTER = 10
JUNK = bytes.fromhex("fafd9999020000")
"""Leading bytes as some boards send them, and the start of a frame that never comes."""


class Fault(enum.StrEnum):
    """What can be wrong with a line. `amount` of the switch is milliseconds or bytes where said."""

    ECHO = "echo"
    """The adapter hears what it sends."""
    ECHO_SHORT = "echo_short"
    """So it does, but for the first byte."""
    ECHO_CUT = "echo_cut"
    """So it does, but for the last byte."""
    MUTE = "mute"
    """Cut or without power: no board hears or answers."""
    DROP_REQUEST = "drop_request"
    DROP_REPLY = "drop_reply"
    GARBLE = "garble"
    """One bit of an answer is turned over."""
    LATE = "late"
    """An answer takes `amount` ms longer."""
    JUNK = "junk"
    """`amount` bytes come before an answer."""
    CHOP = "chop"
    """Everything arrives byte by byte."""
    WRONG_ADDRESS = "wrong_address"
    """An answer names another board."""
    DUPLICATE = "duplicate"
    """Two boards have this address; the second has no lock connected."""


@dataclass(frozen=True, slots=True)
class Switch:
    """When a fault strikes: with this chance each time, and at most so many times (None: for ever)."""

    chance: float = 1.0
    times: int | None = None
    amount: int = 0


class Sending(NamedTuple):
    """Bytes that reach the kiosk some seconds after its own bytes left."""

    after_s: float
    chunk: bytes


class Line:
    """A bus seen from the kiosk's end of the wires. Faults are switched at any time and counted.

    Does not simulate: collisions, breaks within a character, wrong speed, bytes lost by a full buffer.
    """

    def __init__(self, bus: Bus, *, baud: int = 19200, seed: int = 0) -> None:
        self.bus = bus
        self.counts: Counter[Fault] = Counter()
        self._switches: dict[Fault, Switch] = {}
        self._character_s = BITS_A_CHARACTER / baud
        self._random = random.Random(seed)
        self._bend: dict[Fault, Callable[[bytes], bytes]] = {
            Fault.WRONG_ADDRESS: self._with_other_address,
            Fault.DUPLICATE: self._doubled,
            Fault.GARBLE: self._garbled,  # last, for the others must still read a frame
        }

    @property
    def switches(self) -> dict[Fault, Switch]:
        """The faults that are switched on."""
        return dict(self._switches)

    def set(self, fault: Fault, switch: Switch | None) -> None:
        """Switch a fault on, or off with None."""
        if switch is None:
            self._switches.pop(fault, None)
        else:
            self._switches[fault] = switch

    def receive(self, chunk: bytes) -> list[Sending]:
        """Take bytes from the kiosk; what comes back, and when."""
        echoed = self._echo(chunk)
        if self._strikes(Fault.MUTE) or self._strikes(Fault.DROP_REQUEST):
            return self._in_pieces(echoed)
        free_s = len(chunk) * self._character_s
        sendings = list(echoed)
        for answer in self.bus.receive(chunk):
            if not self._strikes(Fault.DROP_REPLY):
                bent = self._bent(answer)
                free_s += len(bent) * self._character_s
                sendings.append(Sending(free_s + self._delay_s(), bent))
        return self._in_pieces(sendings)

    def _strikes(self, fault: Fault) -> bool:
        switch = self._switches.get(fault)
        if switch is None or (switch.chance < 1 and self._random.random() >= switch.chance):
            return False
        if switch.times is not None:
            left = switch.times - 1
            self.set(fault, replace(switch, times=left) if left > 0 else None)
        self.counts[fault] += 1
        return True

    def _echo(self, chunk: bytes) -> list[Sending]:
        arrives_s = len(chunk) * self._character_s
        if self._strikes(Fault.ECHO):
            return [Sending(arrives_s, chunk)]
        if self._strikes(Fault.ECHO_SHORT):
            return [Sending(arrives_s, chunk[1:])]
        if self._strikes(Fault.ECHO_CUT):
            return [Sending(arrives_s, chunk[:-1])]
        return []

    def _bent(self, answer: bytes) -> bytes:
        for fault, bend in self._bend.items():
            answer = bend(answer) if self._strikes(fault) else answer
        amount = self._amount(Fault.JUNK, len(JUNK))
        return JUNK[:amount] + answer if self._strikes(Fault.JUNK) else answer

    def _delay_s(self) -> float:
        amount = self._amount(Fault.LATE, 300)
        return amount / 1000 if self._strikes(Fault.LATE) else 0.0

    def _amount(self, fault: Fault, otherwise: int) -> int:
        switch = self._switches.get(fault)
        return switch.amount if switch is not None and switch.amount else otherwise

    def _garbled(self, answer: bytes) -> bytes:
        place, bit = self._random.randrange(len(answer)), self._random.randrange(8)
        return answer[:place] + bytes((answer[place] ^ 1 << bit,)) + answer[place + 1 :]

    def _with_other_address(self, answer: bytes) -> bytes:
        match self.bus.dialect.from_bytes(answer):
            case StatusReply() as reply:
                return replace(reply, address=(reply.address + 1) % 10).to_bytes()
            case _:
                return answer

    def _doubled(self, answer: bytes) -> bytes:
        """The second board has nothing connected, so it says the opposite of all closed."""
        match self.bus.dialect.from_bytes(answer):
            case StatusReply() as reply:
                every = (1 << reply.CHANNELS) - 1
                return answer + replace(reply, bits=0 if reply.bits else every).to_bytes()
            case _:
                return answer

    def _in_pieces(self, sendings: list[Sending]) -> list[Sending]:
        if not sendings or not self._strikes(Fault.CHOP):
            return sendings
        return [
            Sending(after_s + place * self._character_s, chunk[place : place + 1])
            for after_s, chunk in sendings
            for place in range(len(chunk))
        ]
