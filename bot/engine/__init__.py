"""The conversation engine behind every channel."""
