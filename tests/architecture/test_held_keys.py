"""The sheet of keys says what tools do with keys that are held: all of it, and nothing else."""

import inspect
import re

import pytest

from annotator.tools.cloud_tools import CLOUD_TOOLS
from annotator.tools.image_tools import IMAGE_TOOLS
from annotator.tools.outlined import Outlined
from annotator.tools.tool import Keys, Tool

TOLD = re.compile(r"^    held: ClassVar.*?^(?=    \S|$)", re.MULTILINE | re.DOTALL)
PASSED_ON = re.compile(r"(painted|extended_by)\(.*?keys\)")
"""Both look for Ctrl themselves: one takes labels away, the other adds to what is selected."""


BASE = {"annotator.tools.tool", "annotator.tools.cloud_scene", "annotator.tools.image_scene"}
ONLY_SAID = {Outlined.__qualname__: {"CTRL"}}
"""What a kind of tools puts in words alone, where each tool does with it what it likes."""


def source_of(kind: type) -> str:
    """Return what a class does, without what it says of itself."""
    return TOLD.sub("", inspect.getsource(kind))


def asked(tool: type[Tool]) -> set[str]:
    """Return the keys that a tool, or what it is a kind of, looks for."""
    found: set[str] = set()
    for kind in tool.__mro__:
        if issubclass(kind, Tool) and kind.__module__ not in BASE:
            source = source_of(kind)
            found |= set(re.findall(r"Keys\.(SHIFT|CTRL|ALT)", source)) - ONLY_SAID.get(
                kind.__qualname__, set()
            )
            found |= {"CTRL"} if PASSED_ON.search(source) else set()
    return found


@pytest.mark.parametrize("tool", [*CLOUD_TOOLS, *IMAGE_TOOLS], ids=lambda tool: tool.id)
def test_a_tool_tells_of_each_key_that_it_looks_for(tool: type[Tool]) -> None:
    told = {key.name for held in tool.held for key in held.keys}

    assert told == asked(tool)


def test_each_key_is_told_of_once_for_each_use_of_the_mouse() -> None:
    for tool in (*CLOUD_TOOLS, *IMAGE_TOOLS):
        uses = [(held.keys, held.mouse) for held in tool.held]
        assert len(set(uses)) == len(uses)
        assert Keys.NONE not in {keys for keys, _mouse in uses}
