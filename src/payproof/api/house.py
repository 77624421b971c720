"""What every call at the doors may need to know of the server it has reached."""

from payproof.api.directory import Directory
from payproof.api.recent import Recent
from payproof.model.webhook import Post


class House:
    __slots__ = ("allow_plain_webhooks", "base_url", "directory", "post", "recent")

    def __init__(
        self,
        directory: Directory,
        post: Post,
        *,
        base_url: str | None = None,
        allow_plain_webhooks: bool = False,
        keep_requests: int = 0,
    ) -> None:
        self.directory = directory
        self.post = post
        """The way to webhooks."""
        self.base_url = base_url
        """The public origin; without it each caller's own Host is used."""
        self.allow_plain_webhooks = allow_plain_webhooks
        self.recent = Recent(keep_requests) if keep_requests else None
        """The last calls, where they are kept."""
