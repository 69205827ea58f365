"""Trainings of a project and the models they give."""
