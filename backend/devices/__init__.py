"""Boards that a project has seen."""
