"""Counting answers, for /metrics."""

import resource
from collections import Counter

from payproof import clock


class Tally:
    def __init__(self) -> None:
        self._answers: Counter[tuple[str, int]] = Counter()
        self._started = clock.monotonic()

    def count(self, route: str, status: int) -> None:
        self._answers[route, status] += 1

    def text(self) -> bytes:
        """The Prometheus text format."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        lines = ["# TYPE payproof_answers_total counter"]
        for (route, status), count in sorted(self._answers.items()):
            lines.append(f'payproof_answers_total{{route="{route}",status="{status}"}} {count}')
        lines += [
            "# TYPE payproof_cpu_seconds_total counter",
            f"payproof_cpu_seconds_total {used.ru_utime + used.ru_stime:.3f}",
            "# TYPE payproof_peak_resident_bytes gauge",
            f"payproof_peak_resident_bytes {used.ru_maxrss * 1024}",
            "# TYPE payproof_uptime_seconds gauge",
            f"payproof_uptime_seconds {clock.monotonic() - self._started:.1f}",
        ]
        return ("\n".join(lines) + "\n").encode()
