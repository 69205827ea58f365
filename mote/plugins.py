"""A plug-in is one module in one folder that holds a `PLUGIN` with a unique `name`. Nobody keeps a list by hand."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def scan(package: ModuleType) -> dict[str, Any]:
    """All plug-ins of a package, by name, in the order of their file names.

    Modules whose name starts with an underscore are shared code of the folder, not plug-ins.

    Raises:
        RuntimeError: a module without `PLUGIN`, or two with one name; a mistake of the programmer, not of a user.
    """
    found: dict[str, Any] = {}
    for module_info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        if module_info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{module_info.name}")
        plugin = getattr(module, "PLUGIN", None)
        if plugin is None:
            raise RuntimeError(f"{module.__name__} has no PLUGIN")
        if plugin.name in found:
            raise RuntimeError(f"two plug-ins of {package.__name__} are named {plugin.name!r}")
        found[plugin.name] = plugin
    return found
