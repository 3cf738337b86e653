"""The verb `sim`: a whole kiosk without hardware, in one command."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.failure import CommandFailed
from kiosk.cli.places import SIMULATED_BASE, Place, simulation_config
from kiosk.cli.show import note
from kiosk.cli.simulation import Plan, Simulation
from kiosk.service.exits import Exit
from kiosk.service.instance_lock import AlreadyRunning, InstanceLock
from kiosk.service.sockets import AddressTaken, listen_tcp

if TYPE_CHECKING:
    from config.settings import Settings

PANEL = "127.0.0.1:8081"


def sim(  # noqa: PLR0913 - one argument an option
    context: typer.Context,
    *,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="Settings; the simulation's own if not given."),
    ] = None,
    base: Annotated[
        Path,
        typer.Option("--base", metavar="DIR", help="Folder of the cabinet, the parcels and the database."),
    ] = SIMULATED_BASE,
    listen: Annotated[
        str | None, typer.Option("--listen", metavar="HOST:PORT", help="Touchscreen page; 127.0.0.1:8080.")
    ] = None,
    panel: Annotated[str, typer.Option("--panel", metavar="HOST:PORT", help="Technician's panel.")] = PANEL,
    broker: Annotated[
        str | None,
        typer.Option("--broker", metavar="HOST:PORT", help="The real broker; the panel can cut it off."),
    ] = None,
    mail: Annotated[
        str | None,
        typer.Option("--mail", metavar="HOST:PORT", help="The real mail server; the panel can cut it off."),
    ] = None,
) -> None:
    """Start a made-up cabinet and the kiosk in front of it, without hardware. Ctrl-C stops both."""
    if context.invoked_subcommand is not None:
        return
    from config.load import load

    file = config or simulation_config()
    place = Place(file, base, load(file, base))
    servers = tuple(_servers(place.settings, broker, mail))
    plan = Plan(file, base, listen or place.settings.kiosk.listen, panel, servers)
    if not (base / "sim").exists():
        _demand_addresses(plan)  # a refusal leaves no folder behind where none was
    with _alone(base):
        raise typer.Exit(_run(plan, place))


def _servers(settings: "Settings", broker: str | None, mail: str | None) -> Iterator[tuple[str, str]]:
    """What the world is to stand before."""
    for name, where, known in (("broker", broker, settings.broker), ("mail", mail, settings.mail)):
        if where and known is None:
            raise CommandFailed(Exit.BAD_SETTINGS, f"--{name}: the settings have no [{name}]")
        if where:
            yield name, where


@contextlib.contextmanager
def _alone(base: Path) -> Iterator[None]:
    """One simulation at a time on a folder."""
    stack = contextlib.ExitStack()
    try:
        stack.enter_context(InstanceLock(base / "sim" / "supervisor.lock"))
    except AlreadyRunning as error:
        raise CommandFailed(
            Exit.ALREADY_RUNNING,
            f"{base}: a simulation runs here already, as process {error.holder or 'unknown'}; "
            "stop it, or choose another folder with --base",
        ) from error
    with stack:
        yield


def _run(plan: Plan, place: Place) -> int:
    _demand_addresses(plan)
    from kiosk.cli.seed import seed

    codes = seed(place.settings)
    welcome = "\n".join(_welcome(plan, [(one.who, one.digits) for one in codes.carriers + codes.staff]))
    return asyncio.run(_simulate(plan, welcome))


async def _simulate(plan: Plan, welcome: str) -> int:
    def tell() -> None:
        print(welcome, flush=True)

    return await Simulation(plan, on_ready=tell, say=note).run()


def _demand_addresses(plan: Plan) -> None:
    if plan.listen == plan.panel:
        raise CommandFailed(
            Exit.USAGE, f"--listen and --panel are both {plan.listen}: expected an address for each"
        )
    _demand_free(plan.listen, "--listen", "the touchscreen page")
    _demand_free(plan.panel, "--panel", "the technician's panel")


def _demand_free(address: str, option: str, what: str) -> None:
    from config.settings import listen_address

    try:
        host, port = listen_address(address)
    except ValueError as error:
        raise CommandFailed(Exit.USAGE, f"{option} {address}: {error}") from error
    try:
        listen_tcp(host, port).close()
    except AddressTaken as error:
        raise CommandFailed(
            Exit.UNAVAILABLE,
            f"{error}, so {what} cannot be there; stop the program that listens at port {port}, or choose "
            f"another address: kiosk sim {option} {host}:{port + 10}",
        ) from error


def _welcome(plan: Plan, codes: Sequence[tuple[str, str]]) -> list[str]:
    width = max((len(who) for who, _ in codes), default=0)
    lines = [
        "",
        "Latchwork simulation: no lock, no parcel and no person here is real.",
        "",
        f"  Touchscreen         http://{plan.listen}/",
        f"  Technician's panel  http://{plan.panel}/",
        "",
    ]
    if codes:
        lines += ["  SAMPLE codes, of this simulation only", ""]
        lines += [f"    SAMPLE  {who:<{width}}  {digits}" for who, digits in codes]
        lines += ["", "  Leave a parcel for unit 412; the pickup code comes to the phone in the panel.", ""]
    return [*lines, f"Ctrl-C stops everything. Parcels stay in the folder {plan.base}.", ""]
