"""What `server.check()` raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.checks import Finding


class CheckFailed(AssertionError):
    """The application did something wrong; the text is the report of it.

    with pytest.raises(CheckFailed) as caught:
        server.check()
    assert [finding.check for finding in caught.value.findings] == ["message_timeout"]
    """

    def __init__(self, text: str, findings: Sequence[Finding]) -> None:
        super().__init__(text)
        self.findings = tuple(findings)
        """What was found, most telling first: each has `check`, `message`, `expected`, `actual`
        and `transcript`."""
