"""gunicorn in production: ``gunicorn -c deploy/gunicorn.conf.py sydit.wsgi:application``.

Sync workers, one request each: with database connections that persist they served twice as many pages as
threads did. More workers, or more hosts, may be added freely: what a process keeps, it asks the
database about each time (sydit.kept).
"""

import os
from pathlib import Path

wsgi_app = "sydit.wsgi:application"
bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "sync"
# Each worker keeps one database connection: the sum over all hosts must stay below PostgreSQL's max_connections.
workers = int(os.environ.get("WEB_CONCURRENCY", "0")) or 2 * len(os.sched_getaffinity(0)) + 1

# An import of a million ledger lines runs inside its request.
timeout = 120
graceful_timeout = 30

# A worker is replaced now and then, so that memory that a large workbook took is given back; not all at once.
max_requests = 2000
max_requests_jitter = 200

# A worker shows that it lives by touching a file; on a slow disk that could make it look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# The service manager collects the lines. No query string: it may hold what somebody searched for.
accesslog = "-"
access_log_format = '%({x-forwarded-for}i)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
errorlog = "-"

# Only the proxy on this host may say that a request came over HTTPS.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")

# The service manager starts, reloads and stops; a second way in is not needed.
control_socket_disable = True
