"""Sentry's own normalizer as a filter: a line is an event as JSON, the answer's line what becomes of it."""

import json
import sys

from sentry_relay import RelayError
from sentry_relay.processing import StoreNormalizer

DAY = 24 * 60 * 60

# As Sentry's ingestion has it: what is too long is cut, what is unknown is removed, old events get a new time.
normalizer = StoreNormalizer(
    project_id=1,
    protocol_version="7",
    enable_trimming=True,
    remove_other=True,
    max_secs_in_past=30 * DAY,
    max_secs_in_future=60,
)

for line in sys.stdin.buffer:
    try:
        answer = {"event": normalizer.normalize_event(raw_event=line)}
    except RelayError as error:
        answer = {"refused": str(error).splitlines()[0]}
    print(json.dumps(answer), flush=True)
