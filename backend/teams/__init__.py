"""Teams own projects; a membership gives a person a role in all projects of a team."""
