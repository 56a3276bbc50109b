"""Rasa components that understand a message."""
