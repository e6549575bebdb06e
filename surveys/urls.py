"""Addresses of the surveys app: what customers' links open, and our own pages."""

from django.urls import path

from surveys.views.invitations import invitation_new
from surveys.views.links import survey_form, unsubscribe_form
from surveys.views.surveys import survey_detail, survey_list, survey_new, wave_new

app_name = "surveys"
urlpatterns = [
    path("s/<str:link>/", survey_form, name="form"),
    path("u/<str:link>/", unsubscribe_form, name="unsubscribe"),
    path("surveys/", survey_list, name="list"),
    path("surveys/new/", survey_new, name="new"),
    path("surveys/invite/", invitation_new, name="invite"),
    path("surveys/<int:pk>/", survey_detail, name="detail"),
    path("surveys/<int:pk>/waves/new/", wave_new, name="wave_new"),
]
