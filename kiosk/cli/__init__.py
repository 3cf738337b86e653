"""The `kiosk` command: one module a group of verbs. The running daemon loads none of it."""

import sys


def main() -> int:
    """Run the command line and give the exit code; a foreseeable failure is one line, never a traceback."""
    from kiosk.cli.commands import run

    return run(sys.argv[1:])
