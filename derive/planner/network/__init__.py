"""Tasks about a network that recomputes activations."""
