from django.apps import AppConfig


class KernelRowsConfig(AppConfig):
    """Concrete tables for the kernel's abstract models; installed by the test settings only."""

    name = "tests.config.lib"
    label = "kernel_rows"
