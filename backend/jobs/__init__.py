"""Jobs: what the worker runs. The table is the truth; messages and events are hints."""
