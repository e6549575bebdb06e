"""Custom and computed attributes of the organisation, in lists, segments and exports."""

from accounts.registry import field_sources
from accounts.selectors.attributes import PREFIX, attribute_fields

field_sources.register(PREFIX)(attribute_fields)
