"""Addresses of the playbooks app below `/api/v1/`."""

from rest_framework.routers import SimpleRouter

from playbooks.api.views import PlaybookViewSet, RunViewSet, TaskViewSet

router = SimpleRouter()
router.register("tasks", TaskViewSet, basename="task")
router.register("runs", RunViewSet, basename="run")
router.register("playbooks", PlaybookViewSet, basename="playbook")

app_name = "playbooks_api"
urlpatterns = router.urls
