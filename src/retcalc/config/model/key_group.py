"""What every group of keys of the config has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


def contradiction(problem: str) -> PydanticCustomError:
    """Make the error of keys that do not go together; continues the sentence "the part …"."""
    return PydanticCustomError("contradiction", "{problem}", {"problem": problem})


class Part(BaseModel):
    """A group of keys: frozen, no unknown keys, and a key without a value is not set."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _drop_unset(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        known = key_names(cls)
        return {k: v for k, v in data.items() if v is not None or k not in known}


def key_names(model: type[BaseModel]) -> dict[str, str]:
    """Give the attribute behind each key of a part, in order."""
    return {field.alias or name: name for name, field in model.model_fields.items()}
