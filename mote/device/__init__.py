"""Boards on a line: the serial protocol, ports, streams."""
