"""Orders over the directory from the command line: to the running daemon, or to its folder without one."""

from collections.abc import Mapping
from typing import TypedDict

from kiosk.cli.failure import CommandFailed
from kiosk.cli.local_client import LocalClient, NobodyListens
from kiosk.cli.places import Place
from kiosk.cli.source import stuck
from kiosk.order_forms import Failure, Order, OrderFailed, read_order
from kiosk.service.exits import Exit
from kiosk.service.instance_lock import AlreadyRunning

DIRECTORY = "/directory"

_EXITS = {
    Failure.MALFORMED: Exit.USAGE,
    Failure.BAD_LIST: Exit.BAD_DATA,
    Failure.REFUSED: Exit.FAILED,
    Failure.NOT_WRITTEN: Exit.IO,
}


class Named(TypedDict):
    """Somebody, by unit label and name."""

    unit: str
    name: str


class Difference(TypedDict):
    """What a list of residents changes, or has changed."""

    is_done: bool
    needs_confirmation: bool
    added: list[Named]
    changed: list[Named]
    moved_out: list[Named]
    units_added: list[str]
    units_changed: list[str]


class ResidentRow(TypedDict):
    """One person of the directory."""

    id: str
    unit: str
    mode: str
    name: str
    language: str
    contact: str
    accessible: bool
    moved_out_at: str | None


def order(place: Place, name: str, /, **fields: object) -> Mapping[str, object]:
    """What came of an order; CommandFailed with the reason where it was not carried out."""
    said = {"order": name, **fields}
    try:
        given = read_order(said)
    except OrderFailed as failed:
        raise _failed(failed) from None
    try:
        status, answer = LocalClient(place.folder.socket).post(DIRECTORY, said)
    except NobodyListens:
        return _alone(place, given)
    if not isinstance(answer, dict) or (status != 200 and answer.get("failure") not in set(Failure)):
        raise CommandFailed(Exit.FAILED, f"the daemon answered {status} to {DIRECTORY}, expected 200")
    if status != 200:
        raise _failed(OrderFailed(Failure(answer["failure"]), str(answer.get("error"))))
    return answer


def _alone(place: Place, given: Order) -> Mapping[str, object]:
    from kiosk.cli.offline import obey_alone

    try:
        answer = obey_alone(place, given)
    except AlreadyRunning as error:
        raise stuck(place, error) from error
    if isinstance(answer, OrderFailed):
        raise _failed(answer)
    return answer


def _failed(failed: OrderFailed) -> CommandFailed:
    return CommandFailed(_EXITS[failed.failure], str(failed))
