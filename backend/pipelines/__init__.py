"""The pipeline of a project: window, DSP blocks and learning block."""
