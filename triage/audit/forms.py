"""What the auditor may ask the record."""

from datetime import UTC, datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from triage.audit.queries import Filter


class FilterForm(forms.Form):
    """The filters of the page; days are whole days of UTC."""

    action = forms.CharField(label=_("What was done"), required=False, max_length=60)
    actor_id = forms.CharField(label=_("Number of the person"), required=False, max_length=40)
    subject_kind = forms.CharField(label=_("Kind of thing"), required=False, max_length=40)
    subject_id = forms.CharField(label=_("Its number"), required=False, max_length=40)
    operation_id = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    from_day = forms.DateField(
        label=_("From (UTC)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until_day = forms.DateField(
        label=_("Until (UTC)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    older_than = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def wanted(self) -> Filter:
        """Gives the filter; what cannot be understood leaves nothing out."""
        fields = self.cleaned_data if self.is_valid() else {}
        first, last = fields.get("from_day"), fields.get("until_day")
        return Filter(
            **{name: fields.get(name, "") for name in _TEXTS},
            from_at=datetime.combine(first, time.min, UTC) if first else None,
            until_at=datetime.combine(last + timedelta(days=1), time.min, UTC) if last else None,
        )


_TEXTS = ("action", "actor_id", "subject_kind", "subject_id", "operation_id")
