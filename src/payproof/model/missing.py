"""What a caller hears when there is nothing under an id."""


class NotFound(Exception):
    """No such object for this tenant. `kind` is the noun's stem, so that a door can look elsewhere."""

    def __init__(self, kind: str, object_id: str) -> None:
        self.kind = kind
        self.object_id = object_id
        super().__init__(f"no such {kind}")
