"""Projects: one task, one set of axes, one pipeline."""
