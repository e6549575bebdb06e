"""Forms of taking files in: the file, what its columns are, a mapping to be kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import Known
from accounts.forms import PickOne


class ImportForm(forms.Form):
    """A file to be looked at; nothing is stored before its preview was seen."""

    kind = forms.ChoiceField(label=_("What the rows are"), widget=PickOne)
    file = forms.FileField(
        label=_("CSV or Excel file"),
        max_length=200,
        help_text=_(
            "Headers in the first row. CSV in UTF-8 or Shift_JIS, or an Excel workbook (.xlsx)."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )
    is_all_or_nothing = forms.BooleanField(
        label=_("Store nothing if a row has an error"), required=False
    )
    known = forms.ChoiceField(
        label=_("Facts count as known"),
        choices=Known.choices,
        initial=Known.RECORDED,
        required=False,
        widget=PickOne,
        help_text=_(
            "“Since they happened” lets scores of the past be computed from a history you bring"
            " along. Such facts are marked."
        ),
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: forms.ChoiceField = self.fields["kind"]  # type: ignore[assignment]
        chosen.choices = kinds
        chosen.initial = kinds[0][0]


class MappingForm(forms.Form):
    """What is kept of a mapping; the columns themselves are as many as the file has."""

    name = forms.CharField(
        label=_("Keep these choices as"),
        max_length=120,
        required=False,
        help_text=_("They are offered again for files with the same headers."),
    )
    is_shared = forms.BooleanField(label=_("For everybody who works here"), required=False)
