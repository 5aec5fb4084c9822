"""What screens and commands read of the sorter."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from classifiers.artifact import MANIFEST
from triage.classification.models import SorterModel
from triage.classification.sorting import models_folder


@dataclass(frozen=True)
class SorterState:
    """The active model, or in one sentence why every email is "Not sure yet"."""

    version: str = ""
    problem: str = ""


def sorter_state() -> SorterState:
    """Gives the state of the sorter, in one statement and a look at its folder."""
    version = SorterModel.objects.filter(is_active=True).values_list("version", flat=True).first()
    if version is None:
        return SorterState(problem=_("No sorter is active: every email waits in “Not sure yet”."))
    if not (models_folder() / version / MANIFEST).is_file():
        return SorterState(
            version,
            _("The files of the active sorter are missing: emails wait in “Not sure yet”."),
        )
    return SorterState(version)
