"""Decisions of the conversation: rasa_sdk actions, one topic a file.

They know names of responses, never words; they know nothing of channels.
"""
