"""A run told in a chat: the message, where it goes, and how it is sent."""
