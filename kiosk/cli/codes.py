"""The verbs about codes of parcels: send, renew."""

from typing import Annotated

import typer

from kiosk.cli.ordering import order
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption, find_place
from kiosk.cli.show import show_json

ParcelArgument = Annotated[
    str,
    typer.Argument(metavar="PARCEL", help="What stands on its door, its proof of six characters, or its id."),
]


def send_again(
    parcel: ParcelArgument,
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Send the message with a parcel's code once more, to the contacts of its recipient and nobody else."""
    answer = order(find_place(config, base), "send_again", parcel=parcel.strip())
    if as_json:
        show_json(answer)
    else:
        print(f"parcel at {answer['door']}: its message is sent again")


def new_code(
    parcel: ParcelArgument,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why, for the log: no name and no code in it.")
    ],
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Give a parcel another code and send it to its recipient; the old one opens nothing from now on."""
    answer = order(find_place(config, base), "renew_code", parcel=parcel.strip(), reason=reason.strip())
    if as_json:
        show_json(answer)
    else:
        print(f"parcel at {answer['door']}: the old code opens nothing any more, a new one is sent")
