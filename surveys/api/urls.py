"""Addresses of the surveys app below `/api/v1/`."""

from rest_framework.routers import SimpleRouter

from surveys.api.views import ResponseViewSet, SurveyViewSet, WaveViewSet

router = SimpleRouter()
router.register("surveys", SurveyViewSet, basename="survey")
router.register("waves", WaveViewSet, basename="wave")
router.register("responses", ResponseViewSet, basename="response")

app_name = "surveys_api"
urlpatterns = router.urls
