"""The value of an expression, in the form a person would write."""
