"""What Waymark costs to run, alone and beside stock Rasa. Commands, not tests."""
