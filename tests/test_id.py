"""What is made later is found later."""

import re
from concurrent.futures import ThreadPoolExecutor

from payproof.model.id import new_id


def test_an_id_sorts_after_those_that_were_made_before_it_in_any_thread() -> None:
    def made(_: int) -> list[str]:
        return [new_id() for _ in range(500)]

    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(made, range(8)))
    assert all(one == sorted(one) for one in told)
    assert len({one for some in told for one in some}) == 4000
    assert all(re.fullmatch("[0-9a-f]{32}", one) for some in told for one in some)


def test_half_of_an_id_cannot_be_guessed_from_another() -> None:
    assert len({new_id()[16:] for _ in range(100)}) == 100
