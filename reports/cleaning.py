"""The report without secrets, before anything is wrapped, cut or escaped, which could hide part of one."""

from collections.abc import Iterable

from msgspec.structs import replace

from fixtures.engine.redactor import Redactor
from reports.check_files import Case, CheckFile
from reports.verdicts import Report, Verdict


def cleaned(report: Report, redactor: Redactor) -> Report:
    """The report without any secret that the redactor knows."""
    run = replace(
        report.run,
        reason=redactor.clean(report.run.reason or "") or None,
        notes=tuple(map(redactor.clean, report.run.notes)),
    )
    verdicts = tuple(_cleaned(verdict, redactor) for verdict in report.verdicts)
    return Report(run=run, verdicts=verdicts, missing=tuple(map(redactor.clean, report.missing)))


def cleaned_checks(checks: Iterable[CheckFile], redactor: Redactor) -> tuple[CheckFile, ...]:
    """Checks without secrets: a row's id may be made of one, and is read here without pytest, which hides it."""
    return tuple(replace(check, cases=tuple(_cleaned_case(case, redactor) for case in check.cases)) for check in checks)


def _cleaned_case(case: Case, redactor: Redactor) -> Case:
    return replace(case, id=redactor.clean(case.id), runbook=tuple(map(redactor.clean, case.runbook)))


def _cleaned(verdict: Verdict, redactor: Redactor) -> Verdict:
    return replace(
        verdict,
        case=redactor.clean(verdict.case),
        message=redactor.clean(verdict.message),
        subjects=tuple(map(redactor.clean, verdict.subjects)),
        evidence=redactor.clean_values(verdict.evidence),
        observations=tuple(map(redactor.clean, verdict.observations)),  # a key holds what a row asks for
    )
