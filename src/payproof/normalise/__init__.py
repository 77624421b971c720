"""Many dialects to one: money, dates, names. Pure, and a stranger to where the text came from."""
