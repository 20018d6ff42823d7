"""``seatrial.sarif``: what is wrong in the application's files, for code scanning and for editors (SARIF 2.1.0)."""

from reports.sarif.file import write_sarif

__all__ = ["write_sarif"]
