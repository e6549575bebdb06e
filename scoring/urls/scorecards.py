"""The scorecard studio: reading, making, changing, reviewing and publishing scorecards."""

from django.urls import path

from scoring.views import scorecard_drafts as drafts
from scoring.views import scorecard_reviews as reviews
from scoring.views import scorecard_versions as versions
from scoring.views import scorecards as views
from scoring.views.scorecard_new import scorecard_new
from scoring.views.scorecard_thresholds import threshold_take

CARD = "scorecards/<int:pk>/"
VERSION = "scorecards/<int:pk>/versions/<int:number>/"

urlpatterns = [
    path("scorecards/", views.scorecard_list, name="scorecard_list"),
    path("scorecards/new/", scorecard_new, name="scorecard_new"),
    path("scorecards/order/", views.scorecard_order, name="scorecard_order"),
    path(CARD, views.scorecard_detail, name="scorecard_detail"),
    path(f"{CARD}compare/", views.scorecard_compare, name="scorecard_compare"),
    path(f"{CARD}edit/", views.scorecard_edit, name="scorecard_edit"),
    path(f"{CARD}archive/", views.scorecard_archive, name="scorecard_archive"),
    path(f"{CARD}restore/", views.scorecard_restore, name="scorecard_restore"),
    path(f"{CARD}draft/", drafts.scorecard_draft, name="scorecard_draft"),
    path(f"{CARD}draft/begin/", drafts.draft_begin, name="draft_begin"),
    path(f"{CARD}draft/discard/", drafts.draft_discard, name="draft_discard"),
    path(f"{CARD}draft/restore/", drafts.draft_restore, name="draft_restore"),
    path(f"{CARD}draft/trial/", drafts.draft_trial, name="draft_trial"),
    path(f"{CARD}review/", reviews.scorecard_review, name="scorecard_review"),
    path(f"{CARD}review/submit/", reviews.version_submit, name="version_submit"),
    path(f"{CARD}review/reject/", reviews.version_reject, name="version_reject"),
    path(f"{CARD}review/publish/", reviews.version_publish, name="version_publish"),
    path(f"{CARD}review/threshold/", threshold_take, name="threshold_take"),
    path(f"{CARD}review/try/", reviews.version_try, name="version_try"),
    path(f"{VERSION}revert/", versions.version_revert, name="version_revert"),
    path(f"{VERSION}promote/", versions.version_promote, name="version_promote"),
    path(f"{VERSION}withdraw/", versions.version_withdraw, name="version_withdraw"),
]
