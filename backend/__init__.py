"""Stores and serves: accounts, teams, projects and what is in them, over HTTP. Never imports `worker` or TensorFlow."""
