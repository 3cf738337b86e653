"""The ways out of the kiosk: the broker, the channels of messages, the place of backups. Nothing is sent."""

import socket
from collections.abc import Iterator

from config.settings import Settings
from kiosk.doctor.findings import Finding, red, well
from kiosk.service import errors
from kiosk.service.fault import Fault
from kiosk.store.file_facts import FileFacts

CONNECT_WITHIN_S = 2.0
MANY_EVENTS = 1000
TRIES_IN_VAIN = 3
"""A message that was tried so often is stuck; one or two tries are a busy server."""


def broker(settings: Settings, facts: FileFacts | None) -> Finding:
    """Whether the broker can be reached, and how many events wait for it."""
    if settings.broker is None:
        return well("broker", "none in the settings; events stay in the log")
    host, port = settings.broker.host, settings.broker.port
    waiting = facts.seq - facts.published if facts else 0
    text = f"{host}:{port} answers; {waiting} events wait"
    found = _reached("broker", host, port, fault=errors.BROKER_AWAY, text=text)
    if found.is_well and waiting > MANY_EVENTS:
        return red(
            "broker", errors.BROKER_REFUSES, text, next_step="`kiosk broker test` names what is refused"
        )
    return found


def messages(settings: Settings, facts: FileFacts | None) -> Iterator[Finding]:
    """Whether there is a way to residents, and what waits for it."""
    if settings.file_channel is not None:
        yield well("messages", "go to files, as in the simulation")
    elif settings.mail is None and not settings.apprise:
        yield red("messages", errors.NO_CHANNEL)
    if settings.mail is not None:
        host, port = settings.mail.host, settings.mail.port_in_use
        yield _reached("mail", host, port, fault=errors.CHANNEL_SILENT, text=f"{host}:{port} answers")
    for service in settings.apprise:
        yield well(f"channel {service.id}", "in the settings; `kiosk notify test` tries it")
    if facts is not None and facts.messages_waiting:
        yield _waiting(facts)


def _waiting(facts: FileFacts) -> Finding:
    text = f"{facts.messages_waiting} wait"
    if facts.tries < TRIES_IN_VAIN:
        return well("waiting messages", text)
    why = f"{text}; one was tried {facts.tries} times in vain: {facts.put_off_why}"
    return red(
        "waiting messages", errors.CHANNEL_DOWN, why, next_step="`kiosk notify test ADDRESS` tries the way"
    )


def _reached(subject: str, host: str, port: int, *, fault: Fault, text: str) -> Finding:
    try:
        socket.create_connection((host, port), CONNECT_WITHIN_S).close()
    except OSError as error:
        return red(subject, fault, f"{host}:{port}: {(error.strerror or str(error) or 'no answer').lower()}")
    return well(subject, text)


def backup(settings: Settings) -> Finding:
    """Whether a broken card would take everything with it."""
    return red("backup", errors.NO_BACKUP, f"{errors.NO_BACKUP.cause} ({settings.kiosk.data_folder})")
