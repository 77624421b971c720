"""`python -m payproof`: the same as the `payproof` command."""

from payproof.cli import main

main()
