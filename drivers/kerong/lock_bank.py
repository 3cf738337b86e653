"""A Kerong board as a lock bank, whatever its dialect.

It reads and it pulses, once per order. It does not decide what a reading means, repeat a failed read, keep
doors in mind, or know how to open more than one lock. The board ends every pulse, even if the process dies.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from config.settings import KerongSettings
from drivers.bus import Bus
from drivers.kerong.dialects import DIALECTS
from drivers.kerong.frames import StatusReply
from drivers.kerong.polarity import Polarity
from drivers.supply import Coil
from hal.errors import AddressDoubled, BadFrame, LinkLost, NoReply, NotSent, WiringError
from hal.lock_bank import BankReading, DoorReading

AGREEING_READS = 2
READS_AT_MOST = 6
SECOND_BOARD_S = 0.03
"""At connect: how long after the first answer a second board with the same address is listened for."""


class KerongBank:
    """One board on a shared bus. `coils` are the channels that have a lock.

    `turned` are the channels whose contact says the opposite of what `closed_bit` says of the board.
    """

    def __init__(
        self,
        bus: Bus,
        settings: KerongSettings,
        coils: Mapping[int, Coil],
        turned: Collection[int] = (),
    ) -> None:
        self._bus = bus
        self._id = settings.id
        self._address = settings.address
        self._dialect = DIALECTS[settings.dialect]
        self._question = self._dialect.get_status(settings.address).to_bytes()
        self._within_s = settings.reply_timeout_ms / 1000
        self._coils = dict(coils)
        self._visits = 0
        self._is_up = False
        self._asks_from = 0.0
        if wrong := [channel for channel in (*coils, *turned) if not 1 <= channel <= self.channels]:
            raise WiringError(f"{self._name}: channel {wrong[0]}, expected 1 to {self.channels}")
        self._flips = Polarity(settings.closed_bit, turned).flips(self.channels)

    @property
    def channels(self) -> int:
        """How many locks the board has."""
        return self._dialect.channels

    async def connect(self) -> BankReading:
        """Join the bus and read until two reads in a row agree."""
        await self._bus.join(self._id)
        self._keep_quiet()
        reading = await self._agreed()
        self._visits += 1
        self._is_up = True
        return reading

    async def read_states(self) -> BankReading:
        """Read every door once."""
        if not self._is_up:
            raise LinkLost(f"{self._name}: not connected")
        (reply, *_) = await self._ask()
        return self._reading(reply)

    async def unlock(self, channel: int, *, not_after: float) -> None:
        """One pulse of the board's own length. The board never answers this; the doors will tell."""
        coil = self._coils.get(channel)
        if coil is None:
            raise WiringError(f"{self._name}: channel {channel} has no lock in the settings")
        frame = self._dialect.unlock(self._address, channel).to_bytes()
        visit = self._visits
        self._refuse_unless_up(visit)
        async with coil.supply.turn(coil.name, pulse_s=coil.pulse_s, not_after=not_after):
            self._refuse_unless_up(visit)
            await self._bus.tell(frame, not_after=not_after)

    def close(self) -> None:
        """Leave the bus; the port closes with its last board."""
        self._is_up = False
        self._bus.leave(self._id)

    @property
    def _name(self) -> str:
        return f"bank {self._id} ({self._dialect.title} board {self._address} on {self._bus.name})"

    def _keep_quiet(self) -> None:
        """Whatever was energised before we came must have ended, whoever had the port or the board then."""
        longest_s = max((coil.pulse_s for coil in self._coils.values()), default=0.0)
        now = asyncio.get_running_loop().time()
        for coil in self._coils.values():
            quiet_s = longest_s + coil.supply.rest_s
            coil.supply.keep_quiet(self._bus.opened_at + quiet_s)
            coil.supply.rest(coil.name, now + quiet_s)

    def _refuse_unless_up(self, visit: int) -> None:
        """An order does not outlive the connection that it was given on."""
        if not self._is_up or visit != self._visits:
            raise NotSent(f"{self._name}: not connected")

    async def _agreed(self) -> BankReading:
        last: int | None = None
        agreeing = doubled = 0
        for _ in range(READS_AT_MOST):
            reply, *others = await self._ask(listen_on_s=SECOND_BOARD_S)
            doubled = doubled + 1 if others else 0
            agreeing = agreeing + 1 if reply.bits == last else 1
            last = reply.bits
            if doubled == AGREEING_READS:
                raise AddressDoubled(f"{self._name}: two boards answer to this address; give each its own")
            if agreeing == AGREEING_READS and not doubled:
                return self._reading(reply)
        raise BadFrame(f"{self._name}: {READS_AT_MOST} reads and no two in a row agree; is a wire loose?")

    async def _ask(self, *, listen_on_s: float = 0.0) -> list[StatusReply]:
        """Ask for the status. Answers have no number, so a late one must not meet the next question."""
        loop = asyncio.get_running_loop()
        if (wait_s := self._asks_from - loop.time()) > 0:
            await asyncio.sleep(wait_s)
        reader = self._dialect.kiosk_reader()

        def mine(chunk: bytes) -> Sequence[StatusReply]:
            frames = reader.feed(chunk)
            return [f for f in frames if isinstance(f, StatusReply) and f.address == self._address]

        try:
            return await self._bus.ask(self._question, mine, within_s=self._within_s, listen_on_s=listen_on_s)
        except (NoReply, BadFrame) as error:
            self._asks_from = loop.time() + self._within_s
            waited = f"status asked, answer expected within {self._within_s * 1000:.0f} ms"
            raise type(error)(f"bank {self._id}, board {self._address}: {waited}; {error}") from error

    def _reading(self, reply: StatusReply) -> BankReading:
        return _reading(reply.bits ^ self._flips, self.channels)


@lru_cache(maxsize=64)
def _reading(closed: int, channels: int) -> BankReading:
    """The reading of a status whose ones are closed doors; a bank says the same for hours."""
    return BankReading(
        tuple(DoorReading.CLOSED if closed >> place & 1 else DoorReading.OPEN for place in range(channels))
    )
