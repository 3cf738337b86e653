"""`python -m sim board ...` and `python -m sim serve ...`: the made-up world, alone or whole."""

import sys


def main(arguments: list[str]) -> int:
    """Hand over to the command that was asked for."""
    match arguments:
        case ["board", *rest]:
            from sim.board_command import main as board

            return board(rest)
        case ["serve", *rest]:
            from sim.serve_command import main as serve

            return serve(rest)
        case ["-h" | "--help", *_]:
            print("usage: python -m sim board|serve [--help]")
            return 0
        case _:
            asked = " ".join(arguments) or "nothing"
            print(f"sim: {asked!r} is no command, expected board or serve", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
