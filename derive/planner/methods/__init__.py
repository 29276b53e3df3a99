"""Which rules are tried where and in which order."""
