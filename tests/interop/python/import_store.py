"""Fills an MLflow with things of every kind, or prints everything that a client sees in one as JSON: import_store.py fill | dump."""

import json
import math
import os
import sys

import mlflow
import pandas
from mlflow import MlflowClient
from mlflow.entities import ViewType

IS_3 = int(mlflow.__version__.split(".")[0]) >= 3
client = MlflowClient()


class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input):
        return model_input


def fill():
    mlflow.set_experiment("delays")
    experiment = mlflow.get_experiment_by_name("delays").experiment_id
    client.set_experiment_tag(experiment, "team", "ops ✈")
    with mlflow.start_run(run_name="parent") as run:
        fill_run()
        if IS_3:
            logged = mlflow.pyfunc.log_model(name="model", python_model=Echo(), registered_model_name="delay")
            mlflow.log_metric("auc", 0.7, step=3, model_id=logged.model_id)
        else:
            mlflow.pyfunc.log_model(artifact_path="model", python_model=Echo(), registered_model_name="delay")
        with mlflow.start_span("root") as span:
            span.set_inputs({"q": 1})
            span.set_outputs("x")
            with mlflow.start_span("child", span_type="LLM") as child:
                child.set_attribute("k", [1, 2])
        with mlflow.start_run(run_name="child", nested=True):
            mlflow.log_metric("m", 1)
    if IS_3:
        mlflow.flush_trace_async_logging()
        trace = mlflow.get_last_active_trace_id()
        mlflow.log_feedback(trace_id=trace, name="good", value=0.5, rationale="why")
        mlflow.log_expectation(trace_id=trace, name="expected", value={"a": [1]})
    fill_registry(run)
    gone = client.create_experiment("gone")
    client.log_metric(client.create_run(gone).info.run_id, "z", 1)
    client.delete_experiment(gone)
    with mlflow.start_run() as deleted:
        mlflow.log_text("bye", "x.txt")
    client.delete_run(deleted.info.run_id)
    for number in range(int(os.environ.get("MORE_RUNS", "0"))):
        with mlflow.start_run(run_name=f"more {number}"):
            mlflow.log_metrics({f"m{metric}": number / 3 for metric in range(5)}, step=number)
            mlflow.log_text(f"text of {number}", "notes/text.txt")


def fill_run():
    for step in range(50):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    for step, value in enumerate(["nan", "inf", "-inf"]):
        mlflow.log_metric("a/b", float(value), step=step)
    client.log_metric(mlflow.active_run().info.run_id, "same", 1, timestamp=1000, step=1)
    client.log_metric(mlflow.active_run().info.run_id, "same", 2, timestamp=1000, step=1)
    mlflow.log_params({"p": 1, "long": "x" * 5000})
    mlflow.set_tags({"t": "ü", "mlflow.note.content": "note\nof two lines"})
    mlflow.log_text("hi", "a/b.txt")
    mlflow.log_text("", "empty")
    mlflow.log_text("ü", "ordner/ü ö.txt")
    mlflow.log_input(mlflow.data.from_pandas(pandas.DataFrame({"a": [1]}), name="ds"), context="training")


def fill_registry(run):
    source = run.info.artifact_uri + "/a"
    for number in range(3):
        client.create_model_version("delay", source=source, run_id=run.info.run_id, tags={"x": str(number)}, description=f"d{number}")
    client.delete_model_version("delay", 2)
    client.set_registered_model_alias("delay", "champion", 3)
    client.transition_model_version_stage("delay", 1, "Production")
    client.set_registered_model_tag("delay", "k", "v")
    client.update_registered_model("delay", "about delay")
    client.create_registered_model("empty")
    (mlflow.genai if IS_3 else mlflow).register_prompt("greeting", "hello {{x}}")


def plain(value):
    """MLflow's databases, and Ripen towards clients, show infinities as the greatest numbers."""
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    if isinstance(value, float) and math.isinf(value):
        return math.copysign(sys.float_info.max, value)
    return value


def files_of(run, path=None):
    found = []
    for entry in client.list_artifacts(run, path):
        found += files_of(run, entry.path) if entry.is_dir else [[entry.path, entry.file_size]]
    return sorted(found)


def run_of(run, experiment):
    info, data = run.info, run.data
    histories = {
        key: sorted(([point.step, point.timestamp, plain(point.value)] for point in client.get_metric_history(info.run_id, key)), key=str)
        for key in data.metrics
    }
    datasets = [
        [item.dataset.to_dictionary(), {tag.key: tag.value for tag in item.tags}] for item in (run.inputs.dataset_inputs if run.inputs else [])
    ]
    models = [[item.model_id, item.step] for item in run.outputs.model_outputs] if IS_3 and run.outputs else []
    shown = dict(
        experiment=experiment,
        name=info.run_name,
        status=info.status,
        times=[info.start_time, info.end_time],
        lifecycle=info.lifecycle_stage,
        user=info.user_id,
        params=data.params,
        tags=data.tags,
        latest={key: plain(value) for key, value in data.metrics.items()},
        histories=histories,
        datasets=datasets,
        models=models,
    )
    return {**shown, "files": files_of(info.run_id)} if info.lifecycle_stage == "active" else shown


def logged_model_of(model):
    # MLflow's databases keep NaN of a logged model as 0.
    metrics = sorted([each.key, each.step, each.timestamp, each.value, each.run_id] for each in model.metrics or [] if each.key != "a/b")
    return dict(
        name=model.name, status=str(model.status), params=model.params, tags=model.tags, run=model.source_run_id, made=model.creation_timestamp, metrics=metrics
    )


def version_of(version):
    return dict(
        run=version.run_id,
        stage=version.current_stage,
        tags=version.tags,
        description=version.description or "",
        made=version.creation_timestamp,
        status=version.status,
    )


def trace_of(trace):
    info = trace.info
    hidden = ("mlflow.artifactLocation", "mlflow.trace.spansLocation")
    return dict(
        times=[info.timestamp_ms, info.execution_time_ms],
        status=str(info.status),
        metadata=dict(info.request_metadata),
        tags={key: value for key, value in info.tags.items() if key not in hidden},
        spans=[[span.name, span.span_type, span.inputs, span.outputs, span.start_time_ns, span.end_time_ns, span.attributes.get("k")] for span in trace.data.spans],
        assessments=[
            [each.name, str((each.feedback or each.expectation).value), each.rationale, each.source.source_type, each.create_time_ms]
            for each in (info.assessments if IS_3 else [])
        ],
    )


def dump():
    experiments = sorted(client.search_experiments(view_type=ViewType.ALL), key=lambda each: each.name)
    active = [each.experiment_id for each in experiments if each.lifecycle_stage == "active"]
    seen = {"experiments": {each.name: [each.lifecycle_stage, each.tags, each.creation_time] for each in experiments}}
    seen["runs"] = {
        run.info.run_id: run_of(run, each.name)
        for each in experiments
        for run in client.search_runs([each.experiment_id], run_view_type=ViewType.ALL, max_results=5000)
    }
    if IS_3:
        models = [model for experiment in active for model in client.search_logged_models([experiment])]
        seen["logged"] = {model.model_id: logged_model_of(model) for model in models}
    registered = client.search_registered_models()
    seen["registered"] = {
        model.name: dict(
            description=model.description or "",
            tags=model.tags,
            aliases={alias: int(version) for alias, version in model.aliases.items()},
            made=model.creation_timestamp,
        )
        for model in registered
    }
    seen["versions"] = {
        f"{model.name}/{version.version}": version_of(version)
        for model in registered
        for version in client.search_model_versions(f"name='{model.name}'")
    }
    seen["prompt"] = (mlflow.genai if IS_3 else mlflow).load_prompt("prompts:/greeting/1").template
    traces = mlflow.search_traces(experiment_ids=active, return_type="list") if IS_3 else client.search_traces(active)
    seen["traces"] = {trace.info.trace_id if IS_3 else trace.info.request_id: trace_of(trace) for trace in traces}
    seen["answer"] = str(mlflow.pyfunc.load_model("models:/delay/1").predict([1]))
    print("@@" + json.dumps(seen, sort_keys=True))


{"fill": fill, "dump": dump}[sys.argv[1]]()
