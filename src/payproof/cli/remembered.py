"""What `payproof dev` leaves in its data directory: where it listens and with which keys it is called."""

import os
from pathlib import Path
from typing import NamedTuple

NAME = "dev.json"


class Remembered(NamedTuple):
    url: str
    port: int
    client_id: str
    secret: str
    seed: str


def recall(data: Path) -> Remembered | None:
    """None where there is no word, or none that can be read."""
    import json

    try:
        found = json.loads((data / NAME).read_text())
        return Remembered(**{name: kind(found[name]) for name, kind in Remembered.__annotations__.items()})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(data: Path, left: Remembered) -> None:
    """Only its owner may read it; whole or not at all."""
    import json

    fresh = data / f"{NAME}.new"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(left._asdict(), file, indent=2)
        file.write("\n")
    fresh.replace(data / NAME)
