import base64
import hashlib
import hmac
import json
import re
import time

TOLERANCE_SECONDS = 5 * 60


def verify_webhook(headers, body, secret, now=None):
    """Returns the event of a webhook, or raises ValueError. `headers` has lower-case names, `body` is the raw bytes as they arrived,
    `secret` begins with whsec_. Then use each event id once: the same event may arrive twice, and whoever overheard it may send it
    again within the five minutes."""
    event_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    signatures = headers.get("webhook-signature", "")
    if not event_id or not re.fullmatch(r"[0-9]{1,12}", timestamp) or not signatures:
        raise ValueError("not a signed webhook")
    if abs((time.time() if now is None else now) - int(timestamp)) > TOLERANCE_SECONDS:
        raise ValueError("too old, or from the future")

    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{event_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # While a secret is rotated there are several signatures; one that fits is enough.
    if not any(hmac.compare_digest(expected.encode(), given.encode()) for given in signatures.split(" ")):
        raise ValueError("the signature does not fit")
    return json.loads(body)
