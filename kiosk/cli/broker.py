"""The verbs about the broker: test."""

import asyncio

from kiosk.cli.failure import CommandFailed
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption, Place, find_place
from kiosk.cli.show import show_json
from kiosk.service.exits import Exit


def try_broker(config: ConfigOption = None, base: BaseOption = None, *, as_json: JsonOption = False) -> None:
    """Try the broker of the settings: host, TLS, publish, round trip; one line each."""
    place = find_place(config, base)
    if place.settings.broker is None:
        raise CommandFailed(
            Exit.BAD_SETTINGS, f"{place.config}: no broker is in the settings; add the table [broker]"
        )
    code = asyncio.run(_test(place, as_json=as_json))
    if code is not Exit.OK:
        raise CommandFailed(code, "the broker is not ready for this kiosk; the last line says why")


async def _test(place: Place, *, as_json: bool) -> Exit:
    from kiosk.sync.probe import Finding, probe
    from kiosk.sync.topics import Topics

    kiosk, broker = place.settings.kiosk, place.settings.broker
    if broker is None:
        return Exit.BAD_SETTINGS
    topics = Topics(kiosk.site, kiosk.id)
    found: list[Finding] = []
    async for finding in probe(broker, topics, broker.client_id or f"{kiosk.site}-{kiosk.id}"):
        found.append(finding)
        if not as_json:
            print(f"{finding.step:<10}  {'ok' if finding.is_good else 'no':<2}  {finding.text}", flush=True)
    if as_json:
        show_json([{"step": one.step, "good": one.is_good, "text": one.text} for one in found])
    if all(one.is_good for one in found):
        return Exit.OK
    return Exit.UNAVAILABLE if any(one.is_absent for one in found) else Exit.FAILED
