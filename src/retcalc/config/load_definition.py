"""Load a definition profile by its name, or from a file."""

from __future__ import annotations

from pathlib import Path

from retcalc.config.definitions.names import is_file_name, profile_fix, profile_names, profile_path
from retcalc.config.definitions.profile import Profile
from retcalc.core.findings import Finding, RetcalcError


def load_profile(name_or_path: str = "default") -> Profile:
    """Give a profile that comes with retcalc, or read one from a YAML file.

    A name that ends in .yaml or holds a slash is a file. Raises RetcalcError: RC120 for an
    unknown name, RC101-RC114 for a wrong file, RC460 or RC461 for one that cannot be read.
    """
    if name_or_path == "default":
        return Profile()
    if is_file_name(name_or_path):
        from retcalc.config.definition_file import read_profile

        return read_profile(name_or_path)
    if name_or_path in profile_names():
        return _shipped(name_or_path)
    message = f"there is no definition profile {name_or_path!r}"
    raise RetcalcError(Finding("RC120", message, fix=profile_fix(name_or_path)))


def _shipped(name: str) -> Profile:
    """A profile that comes with retcalc, without the slow checks of what others write."""
    import yaml

    text = Path(profile_path(name)).read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Profile(**{"name": name, **yaml.load(text, Loader=loader)})  # noqa: S506  both are safe
