"""`python -m backend.openapi`: the OpenAPI document on standard output; the frontend's types are generated from it."""

from __future__ import annotations

import json
import sys

from backend.main import create_app

if __name__ == "__main__":
    json.dump(create_app().openapi(), sys.stdout, indent=1)
