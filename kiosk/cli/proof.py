"""The verbs about proofs of delivery: verify, show, page."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kiosk.cli.failure import CommandFailed
from kiosk.cli.local_client import LocalClient, NobodyListens
from kiosk.cli.places import BaseOption, ConfigOption, JsonOption, Place, find_place
from kiosk.cli.show import show_json
from kiosk.cli.source import open_source
from kiosk.proofs.verdicts import Finding, KnownKey, NoKey, Verdict, judge, key_in
from kiosk.service.exits import Exit

KeyOption = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="KEY|FILE",
        help="Public key: itself, or a file with it or with what `kiosk version --json` says.",
    ),
]


def verify(  # noqa: PLR0913 - one argument an option
    proofs: Annotated[
        list[str],
        typer.Argument(metavar="TEXT|FILE|-", help="What the QR code says, a file of such lines, or -."),
    ],
    key: KeyOption = None,
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    unit: Annotated[
        str, typer.Option("--unit", metavar="UNIT", help="Also say whether it is for this unit.")
    ] = "",
    code: Annotated[
        str, typer.Option("--code", metavar="CODE", help="With --unit: the six characters of the receipt.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Check proofs of delivery: one line each. Without --key, under the key of the kiosk on this machine."""
    if bool(unit) is not bool(code):
        raise CommandFailed(
            Exit.USAGE, "--unit and --code belong together: only both say whom a proof is for"
        )
    texts = [text for given in proofs for text in _texts(given)]
    if not texts:
        raise CommandFailed(Exit.BAD_DATA, "there is no proof in it, expected lines that begin LW1: or LW1S:")
    findings = judge(texts, known_key(key, config, base), unit=unit, code=code)
    if as_json:
        show_json([_row(text, one) for text, one in zip(texts, findings, strict=True)])
    else:
        for one in findings:
            print("; ".join((_words(one), *one.remarks)))
    raise typer.Exit(_exit(findings))


def _texts(given: str) -> list[str]:
    """The proofs in one argument."""
    if given == "-":
        return _lines(sys.stdin.read())
    if given.startswith("LW1") or ":" in given:
        return [given]
    try:
        return _lines(Path(given).read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise CommandFailed(Exit.BAD_DATA, f"{given}: is no text, expected lines such as LW1:...") from None
    except OSError as error:
        why = (error.strerror or "cannot be read").lower()
        raise CommandFailed(
            Exit.IO, f"{given}: {why}; expected a text LW1:..., a file of them, or -"
        ) from error


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def known_key(key: str | None, config: Path | None, base: Path | None) -> KnownKey:
    """The public key that was given, or that of the kiosk on this machine."""
    if key is None:
        return key_of(find_place(config, base))
    given, name = key, "--key"
    if "{" not in key and Path(key).is_file():
        given, name = _read(Path(key)), key
    try:
        return key_in(given)
    except NoKey as error:
        raise CommandFailed(Exit.BAD_DATA, f"{name}: no public key, {error}") from None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
    except OSError as error:
        raise CommandFailed(Exit.IO, f"{file}: {(error.strerror or 'cannot be read').lower()}") from error


def key_of(place: Place) -> KnownKey:
    """The key of a kiosk: asked of its daemon, otherwise from its data folder."""
    try:
        status = LocalClient(place.folder.socket).get("/status")
    except NobodyListens:
        status = None
    if isinstance(status, dict) and isinstance(status.get("public_key"), str):
        return KnownKey(key_in(status["public_key"]).key, place.settings.kiosk.id)
    from kiosk.receipts import ReceiptKey

    try:
        return KnownKey(ReceiptKey.load(place.folder.keys).public_key, place.settings.kiosk.id)
    except FileNotFoundError:
        raise CommandFailed(
            Exit.IO,
            f"{place.folder.keys}: no key is here, it is made at the first start; name one with --key",
        ) from None


def _words(one: Finding) -> str:
    match one.verdict:
        case Verdict.VALID:
            return f"valid: {one.why}"
        case Verdict.GARBLED:
            return f"garbled: {one.why}"
        case Verdict.WRONG_SIGNATURE | Verdict.OTHER_KIOSK:
            return f"not valid: {one.why}"


def _row(text: str, one: Finding) -> dict[str, object]:
    proof = one.proof
    return {
        "verdict": one.verdict.value,
        "why": one.why,
        "remarks": list(one.remarks),
        "line": proof.line() if proof else None,
        "text": text,
    }


def _exit(findings: Sequence[Finding]) -> Exit:
    if any(one.verdict is Verdict.GARBLED for one in findings):
        return Exit.BAD_DATA
    return Exit.OK if all(one.is_valid for one in findings) else Exit.FAILED


def show(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The six characters of a receipt.")],
    config: ConfigOption = None,
    base: BaseOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Look a proof of delivery up by its six characters, and show the text that anyone can check."""
    wanted = code.strip().upper()
    with open_source(find_place(config, base)) as source:
        rows = source.proofs(wanted)
    if not rows:
        raise CommandFailed(
            Exit.FAILED,
            f"{wanted}: no proof has this code; proofs are kept for 180 days, codes have no 0, O, 1 or I",
        )
    if as_json:
        show_json(rows)
    else:
        for row in rows:
            print(row["text"])


def page(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file, such as check-a-proof.html.")],
    key: KeyOption = None,
    config: ConfigOption = None,
    base: BaseOption = None,
) -> None:
    """Write the page that checks proofs offline in a browser, with the public key of the kiosk in it."""
    from kiosk.proofs.page import page_with
    from kiosk.proofs.texts import to_base32

    known = known_key(key, config, base)
    text = page_with(to_base32(known.key.public_bytes_raw()), known.kiosk or "")
    try:
        with file.open("x", encoding="utf-8") as page:
            page.write(text)
    except FileExistsError:
        raise CommandFailed(Exit.IO, f"{file}: is there already; choose another name") from None
    except OSError as error:
        raise CommandFailed(Exit.IO, f"{file}: {(error.strerror or 'cannot be written').lower()}") from error
    print(f"{file}: opens in any browser, without a network")
