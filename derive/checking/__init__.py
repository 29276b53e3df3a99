"""Rules proved by the kernel and tested by the referee."""
