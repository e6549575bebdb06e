"""Surveys that customers answer by link, and what their answers say.

Owns survey, wave, invitation, token and response, and the NPS, CSAT and CES statistics.
"""
