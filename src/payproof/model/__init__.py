"""The nouns of the trade, their statuses and the lawful moves between them. Imports no other room."""
