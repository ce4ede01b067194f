"""Every row of the table, in its order."""

from .connect_rows import connect_rows
from .delivery_rows import ceiling_rows, delivery_rows, latency_rows
from .ingest_rows import cost_rows, durable_rows, publish_rows, simulator_rows


def all_rows(quick):
    """Every row, the quick ones with a third of the time."""
    seconds = 1 if quick else 3
    return (
        publish_rows(seconds) + durable_rows(seconds) + delivery_rows(seconds) + latency_rows(quick) + connect_rows(quick)
        + cost_rows(quick) + simulator_rows(seconds) + ceiling_rows(seconds))
