"""The key: what staff say of a door that opened although nobody had asked the kiosk for it."""

import enum


class OpeningAnswer(enum.StrEnum):
    """Why a door was opened by key, or that the person asked did not do it."""

    HELPED = "helped"
    """A resident needed help."""
    REPAIRED = "repaired"
    SEARCHED = "searched"
    """Somebody looked for a parcel."""
    OTHER = "other"
    NOT_ME = "not_me"

    @property
    def is_mine(self) -> bool:
        """Whether the person asked had the door open."""
        return self is not OpeningAnswer.NOT_ME
