"""`manage.py train_model`: a sorter from the shipped emails and people's corrections."""

from argparse import ArgumentParser
from json import dumps

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from triage.audit.actions import Step
from triage.classification.actions import activate_model, train_model
from triage.classification.models import SorterModel


class Command(BaseCommand):
    """Trains a sorter; it is activated when none is, or when asked to."""

    help = "Trains a sorter from the shipped emails and all corrections."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Takes --activate, --seed and --json."""
        parser.add_argument("--activate", action="store_true", help="sort with it from now on")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(
        self, *args: object, activate: bool, seed: int, json: bool, **options: object
    ) -> None:
        """Trains, keeps and perhaps activates."""
        from classifiers.training import TrainingError

        by = Step("command")
        self.stderr.write("Training. This takes some seconds.")
        try:
            model = train_model(by=by, at=timezone.now(), seed=seed)
        except (TrainingError, OSError) as error:
            raise CommandError(str(error)) from error
        if activate or not SorterModel.objects.filter(is_active=True).exists():
            model = activate_model(model_id=model.pk, by=by, at=timezone.now())
        if json:
            told = {"id": model.pk, "version": model.version, "active": model.is_active}
            self.stdout.write(dumps(told | {"metrics": model.metrics}))
            return
        state = "active" if model.is_active else f"activate it with: activate_model {model.pk}"
        self.stdout.write(f"Model {model.pk} ({model.version}) is trained; {state}.")
