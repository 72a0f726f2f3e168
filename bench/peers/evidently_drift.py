"""Times Evidently's drift preset over two Parquet files: the reference, and predictions whose columns are called input.<name>."""

import json
import sys
import time

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

COLUMNS = ["delay", "distance", "origin", "destination", "hour"]

start = time.perf_counter()
reference = pd.read_parquet(sys.argv[1], columns=COLUMNS)
current = pd.read_parquet(sys.argv[2], columns=[f"input.{name}" for name in COLUMNS])
current.columns = COLUMNS
read = time.perf_counter() - start

start = time.perf_counter()
Report([DataDriftPreset()]).run(current, reference).dict()
print(json.dumps({"read": read, "report": time.perf_counter() - start}))
