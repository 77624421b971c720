"""All of the data, carried out and in."""
