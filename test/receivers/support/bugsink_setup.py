"""Makes Bugsink's databases, and prints what a test needs of them: an API token and a team."""

import json
import os

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "bugsink_conf"
django.setup()
call_command("migrate", verbosity=0)
call_command("migrate", "snappea", database="snappea", verbosity=0)

from bsmain.models import AuthToken  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from teams.models import Team  # noqa: E402

get_user_model().objects.create_superuser(username="admin@example.com", password="admin")
team = Team.objects.create(name="team")
print(json.dumps({"token": AuthToken.create_full_access().token, "team": str(team.id)}))
