"""Addresses of the playbooks app's pages."""

from django.urls import path

from playbooks.views import my_day, playbooks, tasks

app_name = "playbooks"
urlpatterns = [
    path("", my_day.my_day, name="my_day"),
    path("tasks/new/", tasks.task_new, name="task_new"),
    path("tasks/done/", my_day.tasks_done, name="tasks_done"),
    path("tasks/<int:pk>/", tasks.task_detail, name="task_detail"),
    path("tasks/<int:pk>/complete/", tasks.task_complete, name="task_complete"),
    path("tasks/<int:pk>/reopen/", tasks.task_reopen, name="task_reopen"),
    path("tasks/<int:pk>/snooze/", tasks.task_snooze, name="task_snooze"),
    path("tasks/<int:pk>/assign/", tasks.task_assign, name="task_assign"),
    path("tasks/<int:pk>/cancel/", tasks.task_cancel, name="task_cancel"),
    path("playbooks/", playbooks.playbook_list, name="playbook_list"),
    path("playbooks/<slug:key>/", playbooks.playbook_detail, name="playbook_detail"),
    path("playbooks/<slug:key>/switch/", playbooks.playbook_switch, name="playbook_switch"),
    path("runs/<int:pk>/stop/", playbooks.run_stop, name="run_stop"),
]
