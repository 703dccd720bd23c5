"""Superset for the dashboards of this project; every value from the environment that scripts/dashboards sets."""

import os

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['SUPERSET_HOME']}/superset.db"
TALISMAN_ENABLED = False  # the server listens on this machine only; a bank puts its own TLS in front
# For the check alone, which nobody but this machine reaches: a browser without a login sees what an administrator sees.
if os.environ.get("DASHBOARDS_WITHOUT_LOGIN") == "1":
    AUTH_ROLE_PUBLIC = "Admin"
