"""What people type about customers, checked and worded for them."""

from django import forms


class PickOne(forms.RadioSelect):
    """One of a few, each a tap away."""

    template_name = "forms/picks.html"


class PickMany(forms.CheckboxSelectMultiple):
    """Any of a few, each a tap away."""

    template_name = "forms/picks.html"
