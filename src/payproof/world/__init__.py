"""The pretend outside world: sites that our connectors visit like any other site.

The world is another party. It imports nothing of the server, keeps its own SQLite file and its own access log, and is
spoken to over HTTP only: `site.World` is an ASGI app, mounted under `/world` in `payproof dev` or run alone.
A visitor says in headers for whom it comes: `X-World-Tenant`, `X-World-Seed`, `X-World-Time` (ISO-8601) and, for the
access log, `X-World-Task`. All state is the tenant's and goes with it (`DELETE control/tenant`). People, amounts and
dates are pure functions of the seed, the username and the day.
"""
