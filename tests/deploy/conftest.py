from __future__ import annotations

import pytest

from mote.deploy import boards
from mote.deploy.build import Image, build
from tests.deploy.small import small_spec


@pytest.fixture(scope="session", params=sorted(boards.load()))
def image(request: pytest.FixtureRequest) -> Image:
    """The small pipeline, built for every board there is."""
    return build(small_spec(request.param))


@pytest.fixture(scope="session")
def mps2_image() -> Image:
    return build(small_spec("mps2_an386"))
