"""The process in which Apprise runs: one message to one address, then the end. Started by `net/notify.py` alone.

It reads one JSON object from standard input and writes one to standard output. What Apprise says on the way is heard
for the reason of a failure, and told with every secret of the address masked (D13, H29).
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from apprise import Apprise, AppriseAsset, NotifyFormat

from monitor.net.notify import mask

_KEYED = frozenset({"json", "jsons", "form", "forms", "xml", "xmls"})  # webhooks that take headers


def main() -> None:
    """Send, answer, and end at once: a connection that still hangs holds up nobody."""
    asked = json.load(sys.stdin)
    signal.alarm(int(asked["seconds"]) + 5)  # also where whoever started this is gone
    answer = send(
        asked["address"], title=asked["title"], body=asked["body"], key=asked["key"], seconds=asked["seconds"]
    )
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
    os._exit(0)


def send(address: str, *, title: str, body: str, key: str, seconds: float) -> dict[str, Any]:
    """What became of it: `is_delivered`, `is_known` (Apprise can make sense of the address) and `detail`."""
    asset = AppriseAsset(
        app_id="Monitor",
        app_desc="Monitor, a newsroom for AI incidents",
        async_mode=False,
        http_redirects=False,
        interpret_escapes=False,
        interpret_emojis=False,
        allow_templates=False,
        secure_logging=True,
        storage_mode="memory",
    )
    apprise = Apprise(asset=asset)
    if not apprise.add(address) or len(apprise) != 1:
        return {"is_known": False, "is_delivered": False, "detail": "Apprise cannot make sense of this address"}
    _add_key(apprise[0], key)
    result = apprise.notify(title=title, body=body, body_format=NotifyFormat.TEXT, timeout=seconds, log_level=30)
    said = " ".join(str(entry.message) for entry in result.logs())
    detail = "accepted" if result else mask(said, address) or "refused, without a reason"
    return {"is_known": True, "is_delivered": bool(result), "detail": detail[:300]}


def _add_key(service: Any, key: str) -> None:
    """The key of idempotency as a header, where the receiver is a webhook of the operator's own."""
    if getattr(service, "schema", None) in _KEYED and isinstance(getattr(service, "headers", None), dict):
        service.headers.setdefault("Idempotency-Key", key)


if __name__ == "__main__":
    main()
