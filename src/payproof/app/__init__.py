"""The composition root: the only room that knows them all. Builds them from the settings and runs them together."""

from payproof.app.keys import master_key
from payproof.app.listening import PortBusy
from payproof.app.running import run_server, run_worker, serve, work

__all__ = ["PortBusy", "master_key", "run_server", "run_worker", "serve", "work"]
