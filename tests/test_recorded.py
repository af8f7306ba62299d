"""What the documentation shows of a terminal is what the commands print."""

from __future__ import annotations

import pytest
from recorded import EXAMPLES, ROOT, Block, blocks, comparable, documents

BLOCKS = [block for document in documents() for block in blocks(document)]
FOLDERS = sorted(path for path in (ROOT / EXAMPLES).iterdir() if path.is_dir())


@pytest.mark.parametrize("block", BLOCKS, ids=[block.name for block in BLOCKS])
def test_the_command_prints_what_the_documentation_shows(block: Block) -> None:
    printed, code = block.run()
    assert comparable(printed) == comparable(block.output)
    assert code == block.exit


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_every_example_says_how_it_is_run_and_passes(folder) -> None:
    shown = [block for block in blocks(folder / "README.md") if block.folder]
    assert shown
    for block in shown:
        assert (ROOT / block.folder).is_relative_to(folder)
        assert block.exit == 0


def test_a_block_that_differs_is_noticed() -> None:
    shown = "$ pytest\nRoute: /shout\nMessages sent: 1,247\nFailures: 0\n"
    assert comparable(shown) == comparable(shown.replace("1,247", "12"))
    assert comparable(shown) != comparable(shown.replace("Failures: 0", "Failures: 1"))
    assert comparable(shown) != comparable(shown.replace("/shout", "/whisper"))
