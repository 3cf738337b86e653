"""Staff PINs: argon2id with 19 MiB and two passes, loaded late because few starts need it."""


def hash_pin(pin: str) -> str:
    """A salted slow hash of a PIN, as text."""
    from argon2 import PasswordHasher  # loaded late: the daemon's start does not pay for it

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(pin)


def is_pin(stored: str, pin: str) -> bool:
    """Whether a PIN belongs to a stored hash; takes tens of milliseconds, so run it off the loop."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(stored, pin)
    except (VerificationError, InvalidHashError):
        return False
