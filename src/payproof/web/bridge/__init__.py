"""What the widget calls: JSON under /bridge/v1/, open to every origin, without API keys."""

from payproof.web.bridge.door import BridgeDoor

__all__ = ["BridgeDoor"]
