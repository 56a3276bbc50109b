"""Waymark's chat widget beside three others, measured in one run. A command, not a test."""
