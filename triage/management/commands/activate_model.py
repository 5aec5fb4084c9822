"""`manage.py activate_model ID`: sorts with this model from the next email on."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from classifiers.artifact import ModelError
from triage.audit.actions import Step
from triage.classification.actions import activate_model
from triage.classification.models import SorterModel


class Command(BaseCommand):
    """Makes one trained model the active one."""

    help = "Sorts with this model from the next email on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Takes the model's id."""
        parser.add_argument("id", type=int, metavar="ID")

    def handle(self, *args: object, id: int, **options: object) -> None:
        """Checks the model's files and activates it."""
        try:
            model = activate_model(model_id=id, by=Step("command"), at=timezone.now())
        except SorterModel.DoesNotExist as error:
            known = ", ".join(str(pk) for pk in SorterModel.objects.values_list("pk", flat=True))
            raise CommandError(f"There is no model {id}. Known: {known}.") from error
        except ModelError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Model {model.pk} ({model.version}) is active.")
