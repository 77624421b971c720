"""Facts from facts: merging, what is missing, cadence, income, suspicion. Pure."""
