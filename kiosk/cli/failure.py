"""How a command ends when it cannot do what it was asked: lines for a person, one code for a program."""

from kiosk.service.exits import Exit


class CommandFailed(Exception):
    """Says what, which one, what was expected and what to do next."""

    def __init__(self, code: Exit, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.code = code
