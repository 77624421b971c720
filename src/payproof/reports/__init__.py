"""Pure views over stored facts: one file per report."""
