"""The parts of the page, in the order in which they stand there."""

from reports.page import access, matrix, runbook, strip, timeline
from reports.page.section import Section

SECTIONS: tuple[Section, ...] = (runbook.SECTION, matrix.SECTION, timeline.SECTION, access.SECTION, strip.SECTION)
