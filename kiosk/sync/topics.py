"""The topics of one kiosk, as they are written and as they are read."""

from dataclasses import dataclass

ROOT = "latchwork/v1"
UNREADABLE = "unreadable"
"""Stands in the topic of an answer where the command did not say its id."""


@dataclass(frozen=True, slots=True)
class Topics:
    """Everything of one kiosk lies under `latchwork/v1/{site}/{kiosk}/`."""

    site: str
    kiosk: str

    @property
    def source(self) -> str:
        """The kiosk as the source of its events."""
        return f"{ROOT}/{self.site}/{self.kiosk}"

    @property
    def status(self) -> str:
        """Whether the kiosk is connected; retained, and its last will."""
        return f"{self.source}/status"

    @property
    def confirm(self) -> str:
        """Where the consumer says how far it has come."""
        return f"{self.source}/confirm"

    @property
    def replay(self) -> str:
        """Where events are asked for once more."""
        return f"{self.source}/replay"

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """Everything the kiosk listens to."""
        return f"{self.source}/command/+", self.confirm, self.replay

    def event(self, kind: str) -> str:
        """Where events of a type go."""
        return f"{self.source}/event/{kind}"

    def state(self, thing: str) -> str:
        """Where the newest state of a thing is retained."""
        return f"{self.source}/state/{thing}"

    def answer(self, command: str) -> str:
        """Where the answer to a command goes, by the command's id."""
        return f"{self.source}/answer/{command}"

    def probe(self, nonce: str) -> str:
        """Where `kiosk broker test` writes to itself."""
        return f"{self.source}/probe/{nonce}"

    def command_of(self, topic: str) -> str | None:
        """The name of the command that a topic carries, if it carries one."""
        start = f"{self.source}/command/"
        return topic.removeprefix(start) if topic.startswith(start) else None
