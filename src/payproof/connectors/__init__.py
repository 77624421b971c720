"""The connectors we ship: one folder each, strangers to each other. Deleting a folder removes its connector."""
