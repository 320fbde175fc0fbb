r"""Text of unknown origin, made safe to show: nothing hidden, nothing interpreted.

Ids, names, headers and file names may hold terminal escapes, characters that reorder or hide
text, or bytes that no encoding can write. Each is shown as its escape (``\x1b``, ``\u202e``).
"""

from __future__ import annotations

import re

# Controls, line separators, direction marks, zero-width, unpaired surrogate and noncharacters.
_UNSEEN = (
    "\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
UNSEEN = re.compile(f"[{_UNSEEN}]")
# A CI runner takes a line that starts with "::", or holds "##[", for a command of its own.
_COMMAND = re.compile(r"\A\s*::|##\[")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def escape_code(char: str) -> str:
    r"""Write one character as its escape: ESC gives ``\x1b``."""
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def safe_text(text: str) -> str:
    """Show every control, direction, zero-width and surrogate character as its escape."""
    seen = UNSEEN.sub(lambda match: escape_code(match[0]), text)
    return _COMMAND.sub(lambda match: match[0][:-1] + escape_code(match[0][-1]), seen)
