"""The tenant's time under control: frozen, advanced through all that falls due, or ticking again."""

from datetime import datetime, timedelta

from payproof import clock
from payproof.model.missing import NotFound
from payproof.model.tenant_clock import Clock
from payproof.store import Tx
from payproof.store import tenant_clock as store

MOST_AHEAD = timedelta(days=50 * 366)
"""Of the wall: further is a mistake of the caller's."""


class TooFar(Exception):
    """Nobody can want that moment; the message says why not."""


class OnItsWay(Exception):
    """The clock is advancing to a later moment than the one asked for."""


def tenant_clock(tx: Tx, clock_id: str) -> Clock:
    """Raises NotFound."""
    _check_id(tx, clock_id)
    return own_clock(tx)


def own_clock(tx: Tx) -> Clock:
    """The tenant's."""
    found = tx.clock
    return Clock(
        id=tx.tenant.id,
        now=tx.now,
        frozen_at=None if found.frozen_at_us is None else tx.now,
        offset=tx.now - tx.wall,
        target=None if found.target_us is None else clock.from_micros(found.target_us),
    )


def set_clock(tx: Tx, *, frozen_at: datetime | None, offset: timedelta | None) -> Clock:
    """Frozen at that moment, or ticking that far ahead of the wall; frozen at the present where nothing is said.

    A tenant that has seen nothing yet may begin at any time, later ones too. Raises ClockBackward, TooFar.
    """
    if offset is not None:
        begins = _checked(tx, tx.wall + _span(offset))
        store.tick(tx, begins)
    else:
        store.freeze(tx, _checked(tx, frozen_at or _present(tx)))
    return own_clock(tx)


def freeze(tx: Tx, clock_id: str, at: datetime | None) -> Clock:
    """Let it stand, now or at a later moment; an advance ends here. Raises NotFound, ClockBackward, TooFar."""
    _check_id(tx, clock_id)
    store.freeze(tx, _checked(tx, at or _present(tx)))
    return own_clock(tx)


def advance(tx: Tx, clock_id: str, *, to: datetime | None, by: timedelta | None) -> Clock:
    """Go on to a moment, or by a span, counted from where it is going already; all that is due on the way is done.

    Raises NotFound, ClockBackward, TooFar, OnItsWay.
    """
    _check_id(tx, clock_id)
    found = own_clock(tx)
    going_to = found.target or found.now
    wanted = to if to is not None else going_to + _span(by or timedelta())
    if found.target is not None and wanted < found.target:
        raise OnItsWay(found.target.isoformat())
    store.advance(tx, _checked(tx, wanted))
    return own_clock(tx)


def tick(tx: Tx, clock_id: str) -> None:
    """Let it run on from where it is: it is never set back. Raises NotFound."""
    _check_id(tx, clock_id)
    store.tick(tx)


def _check_id(tx: Tx, clock_id: str) -> None:
    if clock_id != tx.tenant.id:
        raise NotFound("clock", clock_id)


def _span(asked: timedelta) -> timedelta:
    if asked > MOST_AHEAD:
        raise TooFar(f"At most {MOST_AHEAD.days // 366} years.")
    return asked


def _present(tx: Tx) -> datetime:
    """Where the clock stands: another call may have set it since this transaction began."""
    return tx.own_clock().at(tx.wall)


def _checked(tx: Tx, at: datetime) -> datetime:
    if at > tx.wall + MOST_AHEAD:
        raise TooFar(f"At most {MOST_AHEAD.days // 366} years ahead of the present.")
    if at.year < 1970:
        raise TooFar("Not before 1970.")
    return at
