"""The stories: what happens to a task from the first wish to the last webhook, one committed step at a time."""
