"""Which bindings make a rule say what is wanted: matching, outside the kernel."""
