"""Prints every endpoint of MLflow's own server as one line of JSON: method, path."""

import json
import re

import mlflow.server as server

found = set()
for rule in server.app.url_map.iter_rules():
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
    for method in rule.methods - {"HEAD", "OPTIONS"}:
        found.add((method, path))
print("@@" + json.dumps(sorted(found)))
