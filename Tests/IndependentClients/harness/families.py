"""The families of clients: a library at a protocol version over a transport."""

from dataclasses import dataclass

from .gmqtt_client import GmqttClient
from .paho_client import PahoClient


@dataclass(frozen=True)
class Family:
    library: str
    # 4 is 3.1.1, as on the wire.
    version: int
    transport: str = "tcp"

    @property
    def name(self):
        version = "3.1.1" if self.version == 4 else "5"
        return f"{self.library} {version}" + (" WebSocket" if self.transport == "websockets" else "")

    def client(self, options):
        if self.library == "paho":
            return PahoClient(self, options, self.transport)
        return GmqttClient(self, options)


FAMILIES = [
    Family("paho", 4), Family("paho", 5), Family("gmqtt", 4), Family("gmqtt", 5),
    Family("paho", 4, "websockets"), Family("paho", 5, "websockets"),
]
