"""What deserves attention comes in the order in which somebody should care for it."""

from reports.blocks import blocks
from selftests.report_samples import report, verdict


def test_a_leak_comes_before_what_is_as_severe_and_out_of_order() -> None:
    found = report(
        verdict("violated", check="keys_genuine", runbook=("AUTH-5",), severity="critical"),
        verdict("violated", check="secrets_kept", runbook=("SEC-1",), severity="high"),
        verdict("blind", check="policies_sound", runbook=("RLS-2",), severity="critical", message="no login"),
        verdict("violated", check="rls_enabled", runbook=("RLS-1",), severity="critical"),
    )

    assert [block.first.check for block in blocks(found)] == [
        "rls_enabled",
        "keys_genuine",
        "policies_sound",
        "secrets_kept",
    ]
