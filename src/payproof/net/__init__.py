"""The guarded ways out: every address resolved, checked and pinned, every hop looked at, time and size bounded."""
