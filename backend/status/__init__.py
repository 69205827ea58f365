"""What this installation can do, and what is off and why."""
