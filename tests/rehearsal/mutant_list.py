"""What a judge of whole stories must notice: mistakes in rules, door watch, effects, drivers and codes."""

from tests.mutants.mutant import Mutant

_COMMIT = """            written = await self._commit(decided, after)
        except JournalRefused:
            await self._one_by_one(fresh)"""
_REFUSED = "                _reply(waiting, Answer(Refusal.NOT_DURABLE, None))\n"
_DIGEST = 'hmac.digest(self._digest_key, f"{purpose}:{digits}".encode(), "sha256")[:16]'
_UNSEEN_DROP_OFF = """        case DeliveryState.DEPOSITING if door is not DoorState.OPEN:
            """
_JAMMED = """    raise_incident(
        draft, IncidentKind.DOOR_JAMMED, compartment=pending.compartment, delivery=pending.delivery
    )
"""


def _mutant(name: str, path: str, right: str, wrong: str) -> Mutant:
    return Mutant(name, path, right, wrong, ("tests/rehearsal/test_judged_stories.py",))


REHEARSAL_MUTANTS = (
    _mutant(
        "a pulse leaves before its decision is on disk",
        "kiosk/engine.py", _COMMIT, f"            self._move(decided)\n{_COMMIT}",
    ),
    _mutant(
        "what the disk refused moves all the same",
        "kiosk/engine.py", _REFUSED, f"                self._move(decided)\n{_REFUSED}",
    ),
    _mutant(
        "a page shows what is not on disk yet",
        "kiosk/engine.py",
        _COMMIT, f"            self._become(after)\n            await asyncio.sleep(0.1)\n{_COMMIT}",
    ),
    _mutant(
        "a commit that raised is told as one that failed",
        "kiosk/engine.py",
        "found if is_written else Answer(Refusal.NOT_DURABLE, None)", "Answer(Refusal.NOT_DURABLE, None)",
    ),
    _mutant(
        "an unlock is sent twice to be sure",
        "drivers/kerong/lock_bank.py",
        "            await self._bus.tell(frame, not_after=not_after)\n",
        "            await self._bus.tell(frame, not_after=not_after)\n" * 2,
    ),
    _mutant(
        "a supply is used right after the start",
        "drivers/kerong/lock_bank.py", "quiet_s = longest_s + coil.supply.rest_s", "quiet_s = 0.0",
    ),
    _mutant(
        "a supply feeds two coils at once",
        "drivers/supply.py",
        "self._free_at = max(self._free_at, ends_at + self._gap_s)",
        "self._free_at = max(self._free_at, ends_at - pulse_s)",
    ),
    _mutant(
        "the second pulse does not wait for the coil to rest",
        "kiosk/domain/limits.py",
        "second_pulse_after_ms: int = 2 * SECOND_MS", "second_pulse_after_ms: int = SECOND_MS",
    ),
    _mutant(
        "an acknowledged unlock is taken for an open door",
        "kiosk/domain/rules/unlocking.py",
        "    if pending and draft.state.door(pending.compartment) is DoorState.OPEN:\n", "    if pending:\n",
    ),
    _mutant("a jam raises no incident", "kiosk/domain/rules/unlocking.py", _JAMMED, ""),
    _mutant(
        "a jam is called before its time",
        "kiosk/domain/limits.py",
        "jam_verdict_after_ms: int = 10 * SECOND_MS", "jam_verdict_after_ms: int = 3 * SECOND_MS",
    ),
    _mutant(
        "a lost bank is not told",
        "kiosk/door_watch.py", "        await self._tell_fault(said)\n", "",
    ),
    _mutant(
        "a pickup without an answer leaves the compartment verified",
        "kiosk/domain/model/vacancy.py",
        "VacancyFact.COLLECTED_SILENTLY: (_P, _P, _P, _U)",
        "VacancyFact.COLLECTED_SILENTLY: (_V, _V, _V, _V)",
    ),
    _mutant(
        "nobody is told to look first",
        "kiosk/domain/page_parts.py",
        "look_first=status is not None and status.vacancy in (Vacancy.PRESUMED, Vacancy.UNKNOWN)",
        "look_first=False",
    ),
    _mutant(
        "an unknown compartment is offered",
        "kiosk/domain/allocation.py",
        "_OFFERED = (Vacancy.VERIFIED, Vacancy.PRESUMED)",
        "_OFFERED = (Vacancy.VERIFIED, Vacancy.PRESUMED, Vacancy.UNKNOWN)",
    ),
    _mutant(
        "a door left open tells nothing about the inside",
        "kiosk/domain/model/vacancy.py",
        "VacancyFact.LEFT_OPEN: (_U, _U, _U, _U)", "VacancyFact.LEFT_OPEN: (_V, _V, _V, _V)",
    ),
    _mutant(
        "a drop-off that nobody saw end is stored",
        "kiosk/domain/rules/reconciling.py",
        f'{_UNSEEN_DROP_OFF}make_uncertain(draft, delivery, "gap")\n',
        f'{_UNSEEN_DROP_OFF}draft.record(e.DeliveryStored(delivery.id, "AAAAAA", None))\n',
    ),
    _mutant(
        "a parcel of an unseen pickup is forgotten",
        "kiosk/domain/rules/reconciling.py",
        '            keep(draft, delivery, "gap", in_doubt=True)\n',
        "            fact, stamp = VacancyFact.COLLECTED_SILENTLY, draft.stamp\n"
        "            draft.record(e.DeliveryCollected(delivery.id, fact, stamp.boot, stamp.mono_ms))\n",
    ),
    _mutant(
        "an unseen pickup raises no doubt",
        "kiosk/domain/rules/reconciling.py",
        '            keep(draft, delivery, "gap", in_doubt=True)\n',
        '            keep(draft, delivery, "gap", in_doubt=False)\n',
    ),
    _mutant(
        "codes that begin alike are alike",
        "kiosk/service/codes.py", _DIGEST, _DIGEST.replace("{digits}", "{digits[:1]}"),
    ),
    _mutant("a code is kept in plain digits", "kiosk/service/codes.py", _DIGEST, "digits.encode().rjust(16)"),
    _mutant(
        "a few wrong guesses shut everybody out",
        "kiosk/domain/rules/codes.py", "    if bucket.left == 0:\n", "    if bucket.left < 8:\n",
    ),
    _mutant(
        "a live code is refused while any bank is lost",
        "kiosk/domain/rules/codes.py",
        "if not any(_is_reachable(draft.state, one) for one in doors):",
        "if draft.state.lost_banks or not any(_is_reachable(draft.state, one) for one in doors):",
    ),
    _mutant(
        "a code opens every parcel of the building",
        "kiosk/domain/rules/codes.py", "if one.recipient == live.recipient}", "}",
    ),
    _mutant(
        "a calendar deadline is set by a clock that nobody trusts",
        "kiosk/domain/rules/custody.py", "* DAY_MS if trusted else None", "* DAY_MS",
    ),
    _mutant(
        "a sign-in ends with its warning",
        "kiosk/domain/rules/deadlines.py",
        "    yield warn + state.limits.idle_warning_ms\n", "    yield warn\n",
    ),
    _mutant(
        "staff look behind a door and nobody is told",
        "kiosk/domain/rules/doors.py",
        "        if delivery.has_code:\n            tell_of_opening",
        "        if not delivery.has_code:\n            tell_of_opening",
    ),
    _mutant(
        "a door is opened by key and its parcel's people hear nothing",
        "kiosk/domain/rules/deadlines.py", "    tell_tidings(draft)\n", "",
    ),
    _mutant(
        "a door that opens by itself raises no alarm",
        "kiosk/domain/rules/doors.py",
        "    elif not is_explained(draft.state, compartment):\n", "    elif False:\n",
    ),
    _mutant(
        "a door left open raises no alarm",
        "kiosk/domain/rules/deadlines.py",
        "    raise_incident(draft, IncidentKind.DOOR_LEFT_OPEN, compartment=compartment)\n", "",
    ),
    _mutant(
        "an ended delivery keeps its row",
        "kiosk/domain/evolve_deliveries.py",
        "    gone = replace(state, deliveries=without(state.deliveries, delivery.id))\n",
        "    gone = state\n",
    ),
    _mutant(
        "the cursor moves before the broker has acknowledged",
        "kiosk/sync/publisher.py",
        "        await acknowledgement\n",
        "        self._acknowledged = seq\n        await acknowledgement\n",
    ),
    _mutant(
        "after a start events go on one too far",
        "kiosk/sync/publisher.py",
        "            self._acknowledged = published\n", "            self._acknowledged = published + 1\n",
    ),
    _mutant(
        "an event that the broker refuses is passed over",
        "kiosk/sync/publisher.py",
        "                refusals += 1\n",
        "                refusals += 1\n                self._acknowledged = (self._acknowledged or 0) + 1\n",
    ),
    _mutant(
        "the newest acknowledgement stands for all before it",
        "kiosk/sync/publisher.py",
        "            while is_last and window and not self._woken.is_set():\n"
        "                await self._settle(*window.popleft(), blockage)\n",
        "            while is_last and window and not self._woken.is_set():\n"
        "                self._acknowledged = window[-1][0]\n"
        "                await self._settle(*window.popleft(), blockage)\n",
    ),
    _mutant(
        "a new connection goes on where the last one had got to",
        "kiosk/sync/publisher.py",
        "            for chained in page:\n                after = chained.row.seq\n",
        "            for chained in page:\n                after = self._acknowledged = chained.row.seq\n",
    ),
    _mutant(
        "events are told without their bodies",
        "kiosk/sync/messages.py", """\"data\":{row.body}}}'""", """\"data\":{{}}}}'""",
    ),
    _mutant(
        "nobody is told that events do not leave",
        "kiosk/sync/blockage.py",
        "                is_told = await self._tell(SyncBlocked(self.why))\n",
        "                is_told = True\n",
    ),
)  # fmt: skip
