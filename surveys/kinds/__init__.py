"""The kinds of survey, one file each; `surveys/apps.py` finds them by itself."""
