"""Hands out due jobs: claim, lease, renew, sweep, test clocks. Knows nothing of what the work is."""
