"""What a caller may ask for: one plain function per verb, over one transaction."""
