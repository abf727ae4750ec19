"""gunicorn as the services run it, without their preparations."""

from servicekit.gunicorn import (  # noqa: F401
    accesslog,
    bind,
    control_socket_disable,
    graceful_timeout,
    keepalive,
    preload_app,
    threads,
    timeout,
    worker_class,
    worker_tmp_dir,
    workers,
)
