"""What every call at the doors may need to know of the server it has reached."""

from payproof.api.directory import Directory


class House:
    __slots__ = ("allow_plain_webhooks", "base_url", "directory")

    def __init__(
        self, directory: Directory, *, base_url: str | None = None, allow_plain_webhooks: bool = False
    ) -> None:
        self.directory = directory
        self.base_url = base_url
        """The public origin; without it each caller's own Host is used."""
        self.allow_plain_webhooks = allow_plain_webhooks
