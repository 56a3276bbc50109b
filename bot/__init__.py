"""Waymark: the assistant's own code. Nothing happens at import."""
