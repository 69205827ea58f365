"""Firmware and sources made from trainings, with what their verification found."""
