"""What keeps a whole database from being read or filled."""


class DatabaseUnusable(Exception):
    """It is not there, does not answer, is full, or has what the other kind cannot hold."""


class DatabaseHeld(Exception):
    """Other processes are at work on a database that somebody wants for themselves, or the other way round."""
