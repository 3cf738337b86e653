"""The verbs about carriers and staff: list, add, code or pin, remove. Digits are shown once."""

from collections.abc import Mapping
from typing import Annotated, cast

import typer

from kiosk.cli.ordering import order
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption, find_place
from kiosk.cli.show import show_json, show_table

CarrierArgument = Annotated[
    str, typer.Argument(metavar="CARRIER", help="The carrier, by its short name or its name.")
]
AccountArgument = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="One to eight digits, as typed at the screen.")
]
_Rows = list[Mapping[str, object]]


def list_carriers(
    config: ConfigOption = None, base: BaseOption = None, *, as_json: JsonOption = False
) -> None:
    """Show the carriers that deliver here. Their codes are not kept, so they cannot be shown again."""
    rows = cast("_Rows", order(find_place(config, base), "list_carriers")["carriers"])
    if as_json:
        show_json(rows)
        return
    cells = ((row["carrier"], row["name"], "yes" if row["has_code"] else "none") for row in rows)
    show_table(("Carrier", "Name", "Code"), cells, nothing="No carrier is here yet: kiosk carriers add NAME")


def add_carrier(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The company, as the screen greets its couriers.")
    ],
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Let a carrier deliver here, and show its code once."""
    _tell_code(order(find_place(config, base), "add_carrier", name=name.strip()), as_json=as_json)


def renew_carrier_code(
    carrier: CarrierArgument,
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Give a carrier another code, and show it once; the old one stops at once."""
    _tell_code(
        order(find_place(config, base), "renew_carrier_code", carrier=carrier.strip()), as_json=as_json
    )


def _tell_code(answer: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        show_json(answer)
        return
    print(f"{answer['name']} ({answer['carrier']}): code {answer['code']}")
    print("Shown once and not kept: hand it to the carrier now.")


def remove_carrier(
    carrier: CarrierArgument,
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Let a carrier deliver here no more; parcels that it left stay until they are collected."""
    answer = order(find_place(config, base), "remove_carrier", carrier=carrier.strip())
    if as_json:
        show_json(answer)
    else:
        print(f"{answer['name']} ({answer['carrier']}): removed; its code opens nothing any more")


def list_staff(config: ConfigOption = None, base: BaseOption = None, *, as_json: JsonOption = False) -> None:
    """Show the staff accounts. Their PINs are not kept, so they cannot be shown again."""
    rows = cast("_Rows", order(find_place(config, base), "list_staff")["staff"])
    if as_json:
        show_json(rows)
        return
    cells = ((row["account"], row["name"]) for row in rows)
    show_table(("Account", "Name"), cells, nothing="No staff is here yet: kiosk staff add ACCOUNT NAME")


def add_staff(  # noqa: PLR0913 - one argument an option
    account: AccountArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who it is; residents are told this name.")],
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    manager: Annotated[
        bool, typer.Option("--manager", help="May let a parcel be disposed of, after thirty days' notice.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add a staff account, and show its PIN once."""
    said = {"account": account.strip(), "name": name.strip(), "is_manager": manager}
    _tell_pin(order(find_place(config, base), "add_staff", **said), as_json=as_json)


def renew_staff_pin(
    account: AccountArgument,
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Give an account another PIN, and show it once; the old one stops at once."""
    _tell_pin(order(find_place(config, base), "renew_staff_pin", account=account.strip()), as_json=as_json)


def _tell_pin(answer: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        show_json(answer)
        return
    print(f"account {answer['account']} ({answer['name']}): PIN {answer['pin']}")
    print("Shown once and not kept: hand it over now.")


def remove_staff(
    account: AccountArgument,
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Remove a staff account; the log keeps what was done with it."""
    answer = order(find_place(config, base), "remove_staff", account=account.strip())
    if as_json:
        show_json(answer)
    else:
        print(f"account {answer['account']} ({answer['name']}): removed; its PIN signs nobody in any more")
