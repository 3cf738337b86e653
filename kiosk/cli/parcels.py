"""The verbs about one parcel where no door opens for it: settle, remove, move, hold."""

from typing import Annotated

import typer
from typer._click.core import Context
from typer.core import TyperGroup

from kiosk.cli.ordering import order
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption, find_place
from kiosk.cli.show import show_json

ParcelArgument = Annotated[str, typer.Argument(metavar="PARCEL", help="What stands on its door, or its id.")]
AccountOption = Annotated[
    str,
    typer.Option("--account", metavar="N", help="Who of the staff says so; the recipient is told the name."),
]


class ListsByDefault(TyperGroup):
    """A group whose verb `list` may be left out."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """With no other verb among them, the arguments are those of `list`."""
        is_asked = {"--help", "-h", *self.commands} & set(args)
        return super().parse_args(ctx, args if is_asked else ["list", *args])


def settle(  # noqa: PLR0913 - one argument an option
    parcel: ParcelArgument,
    account: AccountOption,
    found: Annotated[
        str, typer.Option("--found", metavar="WHAT", help="What was seen: parcel, empty or foreign.")
    ],
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say what was seen behind the door of a parcel that nobody is sure about."""
    said = {"parcel": parcel, "account": account, "found": found}
    _tell(order(find_place(config, base), "settle_parcel", **said), "settled", as_json=as_json)


def remove(  # noqa: PLR0913 - one argument an option
    parcel: ParcelArgument,
    account: AccountOption,
    way: Annotated[
        str, typer.Option("--way", metavar="WAY", help="Where it went: to_carrier, to_desk or disposed.")
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in your words.")],
    config: ConfigOption = None,
    *,
    base: BaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a parcel was taken out by key. Its recipient is told; the door is looked into before use."""
    said = {"parcel": parcel, "account": account, "way": way, "reason": reason}
    _tell(order(find_place(config, base), "remove_parcel", **said), "taken out", as_json=as_json)


def move(  # noqa: PLR0913 - one argument an option
    parcel: ParcelArgument,
    door: Annotated[str, typer.Argument(metavar="DOOR", help="What stands on the new door.")],
    account: AccountOption,
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say that a parcel was carried behind another door by key. Its code stays; its recipient is told."""
    said = {"parcel": parcel, "account": account, "door": door}
    _tell(order(find_place(config, base), "move_parcel", **said), "moved", as_json=as_json)


def hold(  # noqa: PLR0913 - one argument an option
    parcel: ParcelArgument,
    account: AccountOption,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="Keep it through this day, as 2026-05-14.")
    ] = None,
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Keep a parcel longer, fourteen days at most; without a day the hold ends."""
    said = {"parcel": parcel, "account": account, "until": until}
    _tell(
        order(find_place(config, base), "hold_parcel", **said),
        f"held through {until}" if until else "not held any more",
        as_json=as_json,
    )


def _tell(answer: object, done: str, *, as_json: bool) -> None:
    if as_json:
        show_json(answer)
    else:
        print(f"The parcel is {done}.")
