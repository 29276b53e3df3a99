"""How things grow with sizes: tasks and claims about orders."""
