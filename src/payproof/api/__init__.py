"""The REST door: bytes to wishes, nouns to bodies, refusals to statuses. One file per noun."""
