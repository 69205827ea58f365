"""What the API process loads."""

from __future__ import annotations

import subprocess
import sys


def test_backend_loads_neither_tensorflow_nor_keras() -> None:
    code = (
        "import sys, backend.main; backend.main.create_app();"
        "print([name for name in ('tensorflow', 'keras', 'worker', 's3fs') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
