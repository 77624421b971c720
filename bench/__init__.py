"""What payproof costs: `python -m bench` measures, prints a table and, with `--json FILE`, writes the figures."""
