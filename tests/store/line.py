"""A line to PostgreSQL that can break at a word: what the server did is known only to the server then."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Line:
    """Passes bytes between a client and the server, and breaks once where `cut_at` says."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "", parts.port or 0)
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        self.url = parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}").geturl()
        self._word: bytes | None = None
        self._is_delivered = False
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_at(self, word: bytes, *, delivered: bool) -> None:
        """`delivered`: the server still hears the word, and only its answer is lost."""
        self._word, self._is_delivered = word, delivered

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._server)
                threading.Thread(target=self._pass_up, args=(client, server), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client), daemon=True).start()

    def _pass_up(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, contextlib.suppress(OSError):
            while said := client.recv(65536):
                if self._word is not None and self._word in said:
                    self._word = None
                    self.cuts += 1
                    if self._is_delivered:
                        client.shutdown(socket.SHUT_RDWR)
                        server.sendall(said)
                        server.settimeout(5)
                        server.recv(65536)  # the server has done it
                    for end in (client, server):
                        with contextlib.suppress(OSError):
                            end.shutdown(socket.SHUT_RDWR)
                    return
                server.sendall(said)

    def _pass(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := server.recv(65536):
                client.sendall(said)
            client.shutdown(socket.SHUT_RDWR)
