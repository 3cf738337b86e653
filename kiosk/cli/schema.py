"""The verb group `schema`: what programs at the other end are written against."""

import json


def asyncapi() -> None:
    """Print the AsyncAPI document of the topics and payloads, as JSON."""
    from kiosk.sync.asyncapi import document

    print(json.dumps(document(), ensure_ascii=False, indent=1))
