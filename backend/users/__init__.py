"""Accounts: people, their sessions and API keys."""
