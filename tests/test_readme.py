"""The README's own words: its notebook code runs, its files exist, its commands are there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mote.example import samples
from mote.paths import ROOT

README = (ROOT / "README.md").read_text()


def test_every_linked_file_exists() -> None:
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)", document.read_text()):
            if not target.startswith(("http:", "https:")):
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_make_has_the_commands() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for command in set(re.findall(r"`?make ([a-z]+)", README)):
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command


@pytest.mark.slow
def test_the_notebook_code_goes_the_whole_way(tmp_path: Path) -> None:
    code = next(block for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "mote.load" in block)
    _write_recordings(tmp_path / "recordings")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    accuracy, verdict, flash, instructions = done.stdout.split()[-4:]
    assert float(accuracy) > 0.9
    assert verdict == "pass"
    assert int(flash) > 0
    assert int(instructions) > 0


def _write_recordings(folder: Path) -> None:
    """The example's simulated motions as CSV files in one folder a label."""
    for sample in samples():
        path = folder / str(sample.label) / f"{sample.name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        times = np.arange(sample.readings)[:, None] * 1000 / sample.rate_hz
        header = ",".join(["time_ms", *(f"{axis.name} ({axis.unit})" for axis in sample.axes)])
        np.savetxt(path, np.hstack([times, sample.values]), "%.6g", ",", header=header, comments="")
