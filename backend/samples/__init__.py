"""Recordings of a project: upload, list, label, divide, look and listen."""
