"""Levels of titles over the API."""

from rest_framework import serializers

from accounts.models import SeniorityWords
from accounts.services.seniority import LONGEST, MOST


class SeniorityLevelSerializer(serializers.ModelSerializer[SeniorityWords]):
    """A level and the words that make a title one of it, whatever their width and case.

    The word that comes first in a title decides, of words that begin at the same place the longest;
    a word of several levels stands for the highest.
    """

    key = serializers.SlugField(read_only=True, help_text="What `seniority` of a contact says.")
    words = serializers.ListField(child=serializers.CharField(max_length=LONGEST), max_length=MOST)
    is_changed = serializers.BooleanField(
        read_only=True, help_text="The words are not the shipped ones."
    )

    class Meta:
        model = SeniorityWords
        fields = ("key", "words", "is_changed")
