"""Finding the connectors that are installed: the shipped folders and the entry-point group `payproof.connectors`."""

from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from payproof.kit.connector import Connector

GROUP = "payproof.connectors"


def load_connectors(package: str) -> dict[str, Connector]:
    """Every connector by its manifest id. `package` names the room with the shipped folders.

    Each folder or entry point offers a module-level `connector`. Two with one id raise ValueError.
    """
    found: dict[str, Connector] = {}
    for connector in (*_shipped(package), *_installed()):
        name = connector.manifest.id
        if name in found:
            raise ValueError(f"two connectors are called {name!r}; remove one of them")
        found[name] = connector
    return found


def _shipped(package: str) -> Iterator[Connector]:
    for module in iter_modules(import_module(package).__path__):
        if module.ispkg:
            yield import_module(f"{package}.{module.name}").connector


def _installed() -> Iterator[Connector]:
    for point in entry_points(group=GROUP):
        yield point.load().connector
