"""Addresses of the surveys app; what a link opens has no name anybody could guess."""

from django.urls import path

from surveys.views.links import survey_form, unsubscribe_form

app_name = "surveys"
urlpatterns = [
    path("s/<str:link>/", survey_form, name="form"),
    path("u/<str:link>/", unsubscribe_form, name="unsubscribe"),
]
