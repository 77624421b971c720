"""What a new connector begins as: the files `payproof connector new` copies, with its names put in."""
