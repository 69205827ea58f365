"""Runs the long jobs that the backend queues."""
