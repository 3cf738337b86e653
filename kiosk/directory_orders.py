"""Orders over the directory: residents, carriers, staff. The one way in, with a daemon and without.

One order at a time, each on the directory as it is then; what it changes is one decision of the core. Digits
are drawn here, handed back once, and kept as digests only.
"""

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import Executor

from config.residents_file import BadResidents, parse_residents, residents_text
from kiosk.delivery_orders import DeliveryOrders
from kiosk.domain.census import (
    Census,
    forget_person,
    households_of,
    parcel_of,
    recipients_forgotten,
    take_over,
)
from kiosk.domain.frozen import replace
from kiosk.domain.inputs import ChangeDirectory
from kiosk.domain.model.directory import Carrier, Directory, Resident, Staff
from kiosk.domain.model.household import Household
from kiosk.domain.refusals import Refusal
from kiosk.domain.roster import (
    carrier_called,
    new_carrier_id,
    new_staff_id,
    staff_of,
    with_carrier,
    with_staff,
    without_carrier,
    without_staff,
)
from kiosk.order_forms import (
    AddCarrier,
    AddStaff,
    CarriersOrder,
    ExportResidents,
    Failure,
    ForgetResident,
    HoldParcel,
    ImportResidents,
    ListCarriers,
    ListResidents,
    ListStaff,
    MoveParcel,
    Order,
    OrderFailed,
    RemoveCarrier,
    RemoveParcel,
    RemoveStaff,
    RenewCarrierCode,
    RenewCode,
    RenewStaffPin,
    ResidentsOrder,
    SendAgain,
    SettleParcel,
    StaffOrder,
)
from kiosk.parcel_orders import obey_parcel
from kiosk.ports import CodeMaker, Inbox
from kiosk.service.clock import Clock
from kiosk.service.codes import draw_fair
from kiosk.service.instants import instant_text
from kiosk.service.random_bytes import RandomBytes
from kiosk.service.staff_pins import hash_pin

CARRIER_DIGITS, PIN_DIGITS = 6, 8
MANY = 3
"""More than one in so many moves out: probably the wrong list, so somebody has to say that it is right."""
Answer = dict[str, object]


class DirectoryOrders:
    """Carries orders out. `executor` has one worker for what would hold the loop up."""

    def __init__(
        self,
        inbox: Inbox,
        codes: CodeMaker,
        *,
        clock: Clock,
        executor: Executor,
        draw: RandomBytes = os.urandom,
    ) -> None:
        self._inbox = inbox
        self._codes = codes
        self._clock = clock
        self._executor = executor
        self._draw = draw
        self._deliveries = DeliveryOrders(inbox, clock)
        self._turn = asyncio.Lock()

    async def obey(self, order: Order) -> Answer:
        """Carry one order out; OrderFailed says why not."""
        async with self._turn:
            match order:
                case ImportResidents() | ExportResidents() | ListResidents() | ForgetResident():
                    return await self._residents(order)
                case ListCarriers() | AddCarrier() | RenewCarrierCode() | RemoveCarrier():
                    return await self._carriers(order)
                case ListStaff() | AddStaff() | RenewStaffPin() | RemoveStaff():
                    return await self._staff(order)
                case SendAgain() | RenewCode():
                    return await self._deliveries.obey(order)
                case SettleParcel() | RemoveParcel() | MoveParcel() | HoldParcel():
                    return await obey_parcel(order, self._inbox)

    @property
    def _directory(self) -> Directory:
        return self._inbox.state.directory

    async def _decide(self, fact: ChangeDirectory) -> None:
        answer = await self._inbox.submit(fact)
        if answer.refusal is Refusal.OUTCOME_UNKNOWN:
            raise OrderFailed(
                Failure.NOT_WRITTEN, "the disk failed in the middle: look at the list, then order again"
            )
        if answer.refusal is not None:
            raise OrderFailed(Failure.NOT_WRITTEN, f"nothing was changed: {_why(answer.refusal)}; try again")

    # Residents

    async def _residents(self, order: ResidentsOrder) -> Answer:
        match order:
            case ImportResidents():
                return await self._import(order)
            case ExportResidents():
                homes = households_of(self._directory)
                return {"text": residents_text(homes), "residents": sum(len(home.members) for home in homes)}
            case ListResidents():
                return {"residents": _residents_rows(self._directory)}
            case ForgetResident():
                return await self._forget(order)

    async def _import(self, order: ImportResidents) -> Answer:
        homes = await self._households(order.text)
        before = self._directory
        census = take_over(
            before,
            homes,
            at_ms=self._clock.now().at_ms,
            language=self._inbox.state.building.languages[0],
            is_whole=order.is_whole,
        )
        living = sum(1 for who in before.residents.values() if who.moved_out_at_ms is None)
        needs_confirmation = len(census.moved_out) * MANY > living
        if not order.is_trial and not census.is_idle:
            if needs_confirmation and not order.is_confirmed:
                raise OrderFailed(Failure.REFUSED, _too_many(len(census.moved_out), living))
            added, changed = len(census.added), len(census.changed)
            await self._decide(
                ChangeDirectory(census.directory, "residents", added, changed, len(census.moved_out))
            )
        return _difference(census, is_done=not order.is_trial, needs_confirmation=needs_confirmation)

    async def _households(self, text: str) -> Sequence[Household]:
        """Reading a long list takes a while; doors must not wait for it."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._executor, parse_residents, text.encode("utf-8", "replace"), "the list"
            )
        except BadResidents as error:
            raise OrderFailed(Failure.BAD_LIST, str(error)) from None

    async def _forget(self, order: ForgetResident) -> Answer:
        person = self._gone(order)
        waiting = parcel_of(self._inbox.state, person)
        if waiting is not None:
            door = self._inbox.state.label_of(waiting.compartment)
            raise OrderFailed(
                Failure.REFUSED,
                f"a parcel waits for {person.name} behind door {door}; first it must be collected",
            )
        after = forget_person(self._directory, person)
        await self._decide(
            ChangeDirectory(
                after,
                "forgotten",
                changed=1,
                forgotten=(person.id,),
                recipients=recipients_forgotten(after, person),
            )
        )
        return {"forgotten": person.id}

    def _gone(self, order: ForgetResident) -> Resident:
        unit = self._directory.unit_named(order.unit)
        if unit is None:
            raise OrderFailed(Failure.REFUSED, f"there is no unit {order.unit}")
        named = order.name.casefold()
        found = (one for one in self._directory.residents.values() if one.unit == unit.id)
        person = next((one for one in found if one.name.casefold() == named), None)
        if person is None:
            raise OrderFailed(Failure.REFUSED, f"nobody of unit {unit.label} is called {order.name}")
        if person.moved_out_at_ms is None:
            raise OrderFailed(
                Failure.REFUSED,
                f"{person.name} lives in {unit.label}; first import a list without that name, with --whole",
            )
        return person

    # Carriers

    async def _carriers(self, order: CarriersOrder) -> Answer:
        match order:
            case ListCarriers():
                return {"carriers": _carriers_rows(self._directory)}
            case AddCarrier():
                if carrier_called(self._directory, order.name):
                    raise OrderFailed(
                        Failure.REFUSED,
                        f"there is a carrier {order.name} already; another code: `kiosk carriers code`",
                    )
                return await self._give_code(Carrier(new_carrier_id(self._directory, order.name), order.name))
            case RenewCarrierCode():
                return await self._give_code(self._carrier(order.carrier))
            case RemoveCarrier():
                carrier = self._carrier(order.carrier)
                after = without_carrier(self._directory, carrier.id)
                await self._decide(ChangeDirectory(after, "carriers", changed=1))
                return {"carrier": carrier.id, "name": carrier.name}

    def _carrier(self, called: str) -> Carrier:
        found = carrier_called(self._directory, called)
        if found is None:
            known = ", ".join(sorted(self._directory.carriers)) or "none yet"
            raise OrderFailed(Failure.REFUSED, f"there is no carrier {called}; carriers: {known}")
        return found

    async def _give_code(self, carrier: Carrier) -> Answer:
        before = self._directory
        digits = draw_fair(CARRIER_DIGITS, self._draw)
        while (digest := self._codes.carrier_digest_of(digits)) in before.carrier_codes:
            digits = draw_fair(CARRIER_DIGITS, self._draw)
        is_new = carrier.id not in before.carriers
        after = with_carrier(before, carrier, digest, at_ms=self._clock.now().at_ms)
        await self._decide(ChangeDirectory(after, "carriers", added=int(is_new), changed=int(not is_new)))
        return {"carrier": carrier.id, "name": carrier.name, "code": digits}

    # Staff

    async def _staff(self, order: StaffOrder) -> Answer:
        match order:
            case ListStaff():
                return {"staff": _staff_rows(self._directory)}
            case AddStaff():
                if staff_of(self._directory, order.account):
                    raise OrderFailed(
                        Failure.REFUSED,
                        f"account {order.account} is taken; choose another number, or remove it first",
                    )
                identity = new_staff_id(order.account, self._clock.now().at_ms)
                return await self._give_pin(
                    Staff(identity, order.account, order.name, is_manager=order.is_manager)
                )
            case RenewStaffPin():
                return await self._give_pin(self._member(order.account))
            case RemoveStaff():
                person = self._member(order.account)
                after = without_staff(self._directory, person.id)
                await self._decide(ChangeDirectory(after, "staff", changed=1))
                return {"account": person.account, "name": person.name}

    def _member(self, account: str) -> Staff:
        found = staff_of(self._directory, account)
        if found is None:
            known = ", ".join(sorted(one.account for one in self._directory.staff.values())) or "none yet"
            raise OrderFailed(Failure.REFUSED, f"there is no account {account}; accounts: {known}")
        return found

    async def _give_pin(self, person: Staff) -> Answer:
        pin = draw_fair(PIN_DIGITS, self._draw)
        hashed = await asyncio.get_running_loop().run_in_executor(self._executor, hash_pin, pin)
        before = self._directory
        is_new = person.id not in before.staff
        fact = ChangeDirectory(
            with_staff(before, person), "staff", added=int(is_new), changed=int(not is_new)
        )
        await self._decide(replace(fact, pin_hashes=((person.id, hashed),)))
        return {"account": person.account, "name": person.name, "pin": pin}


def _why(refusal: Refusal) -> str:
    return "the kiosk is stopping" if refusal is Refusal.STOPPING else "the disk did not take it"


def _too_many(moved_out: int, living: int) -> str:
    return f"{moved_out} of {living} residents would move out; if the list is right, say so with --yes"


def _difference(census: Census, *, is_done: bool, needs_confirmation: bool) -> Answer:
    def named(people: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
        return [{"unit": unit, "name": name} for unit, name in people]

    return {
        "is_done": is_done,
        "needs_confirmation": needs_confirmation,
        "added": named(census.added),
        "changed": named(census.changed),
        "moved_out": named(census.moved_out),
        "units_added": list(census.units_added),
        "units_changed": list(census.units_changed),
    }


def _residents_rows(directory: Directory) -> list[Answer]:
    def place(who: Resident) -> tuple[int, str, str]:
        label = directory.units[who.unit].label
        return len(label), label, who.id

    known = sorted((who for who in directory.residents.values() if who.name), key=place)
    return [
        {
            "id": who.id,
            "unit": directory.units[who.unit].label,
            "mode": directory.units[who.unit].mode.value,
            "name": who.name,
            "language": who.language,
            "contact": who.contact,
            "accessible": who.is_accessible,
            "moved_out_at": None if who.moved_out_at_ms is None else instant_text(who.moved_out_at_ms),
        }
        for who in known
    ]


def _carriers_rows(directory: Directory) -> list[Answer]:
    coded = {code.carrier for code in directory.carrier_codes.values()}
    carriers = sorted(directory.carriers.values(), key=lambda one: one.id)
    return [{"carrier": one.id, "name": one.name, "has_code": one.id in coded} for one in carriers]


def _staff_rows(directory: Directory) -> list[Answer]:
    staff = sorted(directory.staff.values(), key=lambda one: (len(one.account), one.account))
    return [{"account": one.account, "name": one.name, "is_manager": one.is_manager} for one in staff]
