"""Ways in. A channel knows the Conversations and its own protocol; nothing of Rasa."""
