"""What every data scientist does with MLflow's tracking client; runs with 2.x and 3.x."""

import math
import os
import tempfile
import threading
import time

import mlflow
import numpy as np
import pandas as pd
from harness import equal, eventually, refused, run, scenario
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType

client = MlflowClient()


def names(runs):
    return [each.info.run_name for each in runs]


@scenario
def default_experiment():
    with mlflow.start_run() as active:
        mlflow.log_metric("m", 1)
    equal(active.info.experiment_id, "0", "experiment of a run that names none")
    equal(client.get_experiment("0").name, "Default")
    equal(client.get_experiment_by_name("Default").experiment_id, "0")


@scenario
def experiments():
    first = mlflow.set_experiment("delays / première")
    again = mlflow.set_experiment("delays / première")
    equal(again.experiment_id, first.experiment_id)
    made = client.create_experiment("tagged", tags={"team": "delay", "mlflow.note.content": "# Notes\nüber alles"})
    client.set_experiment_tag(made, "owner", "ann")
    found = client.get_experiment(made)
    equal(found.tags, {"team": "delay", "owner": "ann", "mlflow.note.content": "# Notes\nüber alles"})
    assert found.artifact_location.startswith("mlflow-artifacts:/"), found.artifact_location
    assert found.creation_time > 0 and found.last_update_time >= found.creation_time
    refused(lambda: client.create_experiment("tagged"), "RESOURCE_ALREADY_EXISTS", "already exists")
    client.rename_experiment(made, "renamed")
    equal(client.get_experiment(made).name, "renamed")
    equal(client.get_experiment_by_name("nobody"), None)
    refused(lambda: client.get_experiment("999999"), "RESOURCE_DOES_NOT_EXIST")


@scenario
def experiment_deleted_and_restored():
    made = client.create_experiment("to delete")
    keeps = client.create_run(made)
    gone = client.create_run(made)
    client.delete_run(gone.info.run_id)
    client.delete_experiment(made)
    equal(client.get_experiment(made).lifecycle_stage, "deleted")
    equal(client.get_run(keeps.info.run_id).info.lifecycle_stage, "deleted")
    refused(lambda: client.create_experiment("to delete"), "RESOURCE_ALREADY_EXISTS")
    refused(lambda: client.log_metric(keeps.info.run_id, "m", 1), "INVALID_PARAMETER_VALUE", "must be in the 'active' state")
    client.restore_experiment(made)
    equal(client.get_experiment_by_name("to delete").lifecycle_stage, "active")
    equal(client.get_run(keeps.info.run_id).info.lifecycle_stage, "active")


@scenario
def search_experiments():
    for index in range(5):
        client.create_experiment(f"page-{index}", tags={"kind": "page" if index % 2 == 0 else "other"})
    found = mlflow.search_experiments(filter_string="name LIKE 'page-%'", order_by=["name DESC"], max_results=2)
    equal([each.name for each in found], ["page-4", "page-3"])
    page = client.search_experiments(filter_string="name LIKE 'page-%'", order_by=["name ASC"], max_results=2)
    rest = client.search_experiments(filter_string="name LIKE 'page-%'", order_by=["name ASC"], max_results=10, page_token=page.token)
    equal([each.name for each in page + rest], [f"page-{index}" for index in range(5)])
    equal(len(mlflow.search_experiments(filter_string="tags.kind = 'page'")), 3)
    client.delete_experiment(client.get_experiment_by_name("page-0").experiment_id)
    equal([each.name for each in mlflow.search_experiments(view_type=ViewType.DELETED_ONLY, filter_string="name ILIKE 'PAGE-%'")], ["page-0"])
    refused(lambda: client.search_experiments(filter_string="nonsense here"), "INVALID_PARAMETER_VALUE")


@scenario
def a_whole_run():
    mlflow.set_experiment("runs")
    with mlflow.start_run(run_name="whole", tags={"team": "delay"}, description="a **whole** run") as active:
        mlflow.log_param("lr", 0.1)
        mlflow.log_params({"epochs": 3, "name": "ünïcode ✓", "empty": ""})
        for step in range(5):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.log_metrics({"auc": 0.9, "f1": 0.8}, step=4)
        mlflow.set_tag("a tag", "v")
        mlflow.set_tags({"x": "1", "y": "2"})
        client.delete_tag(active.info.run_id, "x")
    found = client.get_run(active.info.run_id)
    equal(found.info.status, "FINISHED")
    equal(found.info.run_name, "whole")
    assert found.info.end_time >= found.info.start_time
    equal(found.data.params, {"lr": "0.1", "epochs": "3", "name": "ünïcode ✓", "empty": ""})
    equal(found.data.metrics, {"loss": 0.2, "auc": 0.9, "f1": 0.8})
    equal(found.data.tags["mlflow.runName"], "whole")
    equal(found.data.tags["mlflow.note.content"], "a **whole** run")
    assert "x" not in found.data.tags
    refused(lambda: client.delete_tag(active.info.run_id, "x"), "RESOURCE_DOES_NOT_EXIST", "No tag with name: x")
    history = client.get_metric_history(active.info.run_id, "loss")
    equal([(each.step, each.value) for each in history], [(step, 1 / (step + 1)) for step in range(5)])
    equal(client.get_metric_history(active.info.run_id, "nothing"), [])
    assert found.info.artifact_uri.startswith("mlflow-artifacts:/"), found.info.artifact_uri


@scenario
def failed_and_resumed():
    mlflow.set_experiment("runs")
    try:
        with mlflow.start_run() as active:
            raise ValueError("on purpose")
    except ValueError:
        pass
    equal(client.get_run(active.info.run_id).info.status, "FAILED")
    with mlflow.start_run(run_id=active.info.run_id):
        equal(client.get_run(active.info.run_id).info.status, "RUNNING")
        mlflow.log_metric("again", 1)
    equal(client.get_run(active.info.run_id).info.status, "FINISHED")
    client.set_terminated(active.info.run_id, "KILLED")
    equal(client.get_run(active.info.run_id).info.status, "KILLED")


@scenario
def run_names():
    made = client.create_run("0")
    assert len(made.info.run_name) > 3, made.info.run_name
    equal(made.data.tags["mlflow.runName"], made.info.run_name)
    client.update_run(made.info.run_id, name="renamed")
    equal(client.get_run(made.info.run_id).data.tags["mlflow.runName"], "renamed")
    client.set_tag(made.info.run_id, "mlflow.runName", "by tag")
    equal(client.get_run(made.info.run_id).info.run_name, "by tag")


@scenario
def nested_runs():
    experiment = mlflow.set_experiment("nested")
    with mlflow.start_run(run_name="parent") as parent:
        for index in range(3):
            with mlflow.start_run(run_name=f"child-{index}", nested=True):
                mlflow.log_metric("index", index)
    children = client.search_runs([experiment.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'", order_by=["metrics.index"])
    equal(names(children), ["child-0", "child-1", "child-2"])


@scenario
def values():
    made = client.create_run("0").info.run_id
    for name, value in {"nan": math.nan, "inf": math.inf, "-inf": -math.inf, "large": 1e308, "zero": -0.0, "small": 5e-324}.items():
        client.log_metric(made, name, value)
    found = client.get_run(made).data.metrics
    assert math.isnan(found["nan"])
    assert found["inf"] > 1e308 and found["-inf"] < -1e308
    equal((found["small"], found["large"]), (5e-324, 1e308))
    client.log_metric(made, "steps", 1, step=-5)
    client.log_metric(made, "steps", 2, step=2**40, timestamp=1)
    equal([each.step for each in sorted(client.get_metric_history(made, "steps"), key=lambda each: each.step)], [-5, 2**40])
    equal(found.get("never"), None)


@scenario
def latest_is_by_step_then_time():
    made = client.create_run("0").info.run_id
    client.log_metric(made, "m", 3, timestamp=30, step=3)
    client.log_metric(made, "m", 1, timestamp=90, step=1)
    client.log_metric(made, "m", 4, timestamp=30, step=3)
    client.log_metric(made, "m", 2, timestamp=10, step=3)
    equal(client.get_run(made).data.metrics["m"], 4)
    client.log_metric(made, "m", 4, timestamp=30, step=3)
    equal(len(client.get_metric_history(made, "m")), 4)


@scenario
def params_never_change():
    made = client.create_run("0").info.run_id
    client.log_param(made, "lr", "0.1")
    client.log_param(made, "lr", "0.1")
    refused(lambda: client.log_param(made, "lr", "0.2"), "INVALID_PARAMETER_VALUE", "Changing param values is not allowed")
    refused(
        lambda: client.log_batch(made, params=[Param("a", "1"), Param("lr", "0.3")]),
        "INVALID_PARAMETER_VALUE",
        "Changing param values is not allowed",
    )
    equal(client.get_run(made).data.params, {"lr": "0.1"})


@scenario
def batches_at_the_limit():
    made = client.create_run("0").info.run_id
    now = int(time.time() * 1000)
    metrics = [Metric(f"m{index % 100}", index, now, index // 100) for index in range(800)]
    client.log_batch(made, metrics, [Param(f"p{index}", str(index)) for index in range(100)], [RunTag(f"t{index}", "x" * 5000) for index in range(100)])
    found = client.get_run(made)
    equal(len(found.data.metrics), 100)
    equal(found.data.metrics["m99"], 799)
    equal(len(found.data.params), 100)
    equal(len(client.get_metric_history(made, "m7")), 8)
    equal(len(found.data.tags["t5"]), 5000)


@scenario
def names_that_are_refused():
    made = client.create_run("0").info.run_id
    refused(lambda: client.log_metric(made, "../x", 1), "INVALID_PARAMETER_VALUE")
    refused(lambda: client.log_metric(made, "x" * 251, 1), "INVALID_PARAMETER_VALUE")
    refused(lambda: client.log_param(made, "semi;colon", 1), "INVALID_PARAMETER_VALUE")
    refused(lambda: client.get_run("0" * 32), "RESOURCE_DOES_NOT_EXIST", "not found")
    refused(lambda: client.set_tag("../../etc/passwd", "a", "b"), "RESOURCE_DOES_NOT_EXIST")


@scenario
def deleted_runs():
    experiment = client.create_experiment("deleted runs")
    made = client.create_run(experiment, run_name="gone").info.run_id
    client.delete_run(made)
    refused(lambda: client.log_metric(made, "m", 1), "INVALID_PARAMETER_VALUE", "must be in the 'active' state")
    refused(lambda: client.log_param(made, "m", 1), "INVALID_PARAMETER_VALUE", "must be in the 'active' state")
    equal(names(client.search_runs([experiment])), [])
    equal(names(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)), ["gone"])
    client.restore_run(made)
    equal(names(client.search_runs([experiment])), ["gone"])


@scenario
def search_runs():
    experiment = client.create_experiment(f"search {time.time()}")
    for index in range(10):
        made = client.create_run(experiment, run_name=f"run-{index}", start_time=1_700_000_000_000 + index).info.run_id
        client.log_batch(
            made,
            [Metric("auc", index / 10, 1, 0), Metric("a metric/with space", index, 1, 0)],
            [Param("lr", str(index % 3)), Param("model", "Tree" if index < 5 else "net")],
            [RunTag("team", "delay" if index % 2 else "Price")],
        )
        if index == 9:
            client.log_metric(made, "rare", math.nan)
        client.set_terminated(made, "FAILED" if index == 3 else "FINISHED")

    def found(text, **more):
        return sorted(int(each.info.run_name[4:]) for each in client.search_runs([experiment], text, **more))

    equal(found(""), list(range(10)))
    equal(found("metrics.auc > 0.65"), [7, 8, 9])
    equal(found("metrics.auc >= 0.2 and metrics.auc <= 0.4"), [2, 3, 4])
    equal(found('metrics."a metric/with space" = 4'), [4])
    equal(found("metrics.`a metric/with space` != 4"), [0, 1, 2, 3, 5, 6, 7, 8, 9])
    equal(found("params.lr = '1' AND params.model = 'Tree'"), [1, 4])
    equal(found("params.model LIKE 'T%'"), [0, 1, 2, 3, 4])
    equal(found("params.model LIKE 't%'"), [])
    equal(found("params.model ILIKE 't%'"), [0, 1, 2, 3, 4])
    equal(found("tags.team != 'delay'"), [0, 2, 4, 6, 8])
    equal(found("params.absent IS NULL and metrics.auc < 0.2"), [0, 1])
    equal(found("attributes.status = 'FAILED'"), [3])
    some = client.search_runs([experiment], "run_name = 'run-1'")[0].info.run_id
    equal(found(f"attributes.run_id IN ('{some}')"), [1])
    equal(found("attributes.run_name LIKE '%-7'"), [7])
    equal(found("start_time >= 1700000000008"), [8, 9])
    equal(found("metrics.absent > 0"), [])
    refused(lambda: found("params.lr = 1; drop table runs"), "INVALID_PARAMETER_VALUE")
    refused(lambda: found("metrics.auc > 'high'"), "INVALID_PARAMETER_VALUE")
    refused(lambda: found("something.else = 'x'"), "INVALID_PARAMETER_VALUE")

    ordered = client.search_runs([experiment], order_by=["params.lr ASC", "metrics.auc DESC"])
    equal(names(ordered), [f"run-{index}" for index in (9, 6, 3, 0, 7, 4, 1, 8, 5, 2)])
    equal(names(client.search_runs([experiment], order_by=["metrics.auc DESC"], max_results=3)), ["run-9", "run-8", "run-7"])
    equal(names(client.search_runs([experiment], order_by=["attributes.start_time ASC"], max_results=2)), ["run-0", "run-1"])
    equal(names(client.search_runs([experiment], max_results=2)), ["run-9", "run-8"])

    pages, token = [], None
    while True:
        page = client.search_runs([experiment], "metrics.auc >= 0", order_by=["metrics.auc ASC"], max_results=3, page_token=token)
        pages.append(names(page))
        token = page.token
        if not token:
            break
    equal([len(page) for page in pages], [3, 3, 3, 1])
    equal(sum(pages, []), [f"run-{index}" for index in range(10)])
    refused(lambda: client.search_runs([experiment], page_token="bm9uc2Vuc2U="), "INVALID_PARAMETER_VALUE")
    refused(lambda: client.search_runs([experiment], max_results=100000), "INVALID_PARAMETER_VALUE")

    table = mlflow.search_runs([experiment], "metrics.auc > 0.5", order_by=["metrics.auc"])
    equal(list(table["tags.mlflow.runName"]), ["run-6", "run-7", "run-8", "run-9"])
    equal(list(table["params.model"]), ["net"] * 4)
    equal(len(mlflow.search_runs(experiment_names=[client.get_experiment(experiment).name])), 10)


@scenario
def inputs():
    mlflow.set_experiment("inputs")
    frame = pd.DataFrame({"a": [1, 2, 3], "b": [0.1, 0.2, 0.3]})
    dataset = mlflow.data.from_pandas(frame, source="https://example.com/a.csv", name="small", targets="b")
    with mlflow.start_run(run_name="with data") as active:
        mlflow.log_input(dataset, context="training", tags={"split": "train"})
        mlflow.log_input(dataset, context="training")
        mlflow.log_input(mlflow.data.from_numpy(np.zeros((4, 2)), name="zeros"), context="eval")
    logged = {each.dataset.name: each for each in client.get_run(active.info.run_id).inputs.dataset_inputs}
    equal(set(logged), {"small", "zeros"})
    equal({each.key: each.value for each in logged["small"].tags}["mlflow.data.context"], "training")
    equal(logged["small"].dataset.digest, dataset.digest)
    assert "mlflow_colspec" in logged["small"].dataset.schema
    assert "num_rows" in logged["small"].dataset.profile
    experiment = mlflow.get_experiment_by_name("inputs").experiment_id
    equal(names(client.search_runs([experiment], "dataset.name = 'small'")), ["with data"])
    equal(names(client.search_runs([experiment], f"dataset.digest = '{dataset.digest}' and dataset.context = 'training'")), ["with data"])
    equal(names(client.search_runs([experiment], "datasets.name = 'other'")), [])


@scenario
def artifacts():
    mlflow.set_experiment("artifacts")
    with tempfile.TemporaryDirectory() as folder, mlflow.start_run() as active:
        path = os.path.join(folder, "a file.txt")
        with open(path, "w") as file:
            file.write("hello")
        deep = os.path.join(folder, "deep", "er")
        os.makedirs(deep)
        with open(os.path.join(deep, "ünï.bin"), "wb") as file:
            file.write(os.urandom(3_000_000))
        with open(os.path.join(folder, "empty"), "w"):
            pass
        mlflow.log_artifact(path)
        mlflow.log_artifact(path, "sub/folder")
        mlflow.log_artifacts(folder, "all")
        mlflow.log_text("some text", "texts/a.md")
        mlflow.log_dict({"a": [1, 2]}, "dict.json")
        mlflow.log_image(np.zeros((8, 8, 3), dtype=np.uint8), "image.png")
        mlflow.log_image(np.zeros((8, 8, 3), dtype=np.uint8), key="steps", step=1)
        mlflow.log_table({"a": [1, 2], "b": ["x", "y"]}, "table.json")
        mlflow.log_table({"a": [3], "b": ["z"]}, "table.json")
        import matplotlib

        matplotlib.use("Agg")
        import matplotlib.pyplot as plt

        figure, axis = plt.subplots()
        axis.plot([1, 2])
        mlflow.log_figure(figure, "figure.png")
        run_id = active.info.run_id
        top = {each.path: each for each in client.list_artifacts(run_id)}
        equal(
            set(top),
            {"a file.txt", "sub", "all", "texts", "dict.json", "image.png", "images", "table.json", "figure.png"},
        )
        assert top["sub"].is_dir and not top["a file.txt"].is_dir
        equal(top["a file.txt"].file_size, 5)
        equal({each.path for each in client.list_artifacts(run_id, "all")}, {"all/a file.txt", "all/deep", "all/empty"})
        equal(client.list_artifacts(run_id, "a file.txt"), [])
        equal(client.list_artifacts(run_id, "nothing"), [])
        local = client.download_artifacts(run_id, "all")
        with open(os.path.join(local, "deep", "er", "ünï.bin"), "rb") as mine, open(os.path.join(deep, "ünï.bin"), "rb") as given:
            assert mine.read() == given.read()
        equal(mlflow.artifacts.load_text(f"runs:/{run_id}/texts/a.md"), "some text")
        equal(mlflow.artifacts.load_dict(f"runs:/{run_id}/dict.json"), {"a": [1, 2]})
        equal(list(mlflow.load_table("table.json", run_ids=[run_id])["a"]), [1, 2, 3])
        equal(mlflow.artifacts.load_image(f"runs:/{run_id}/image.png").size, (8, 8))


@scenario
def concurrent_writers_to_one_run():
    made = client.create_run("0").info.run_id

    def write(writer):
        for step in range(40):
            client.log_batch(made, [Metric("shared", writer * 1000 + step, 5, step), Metric(f"own{writer}", step, 5, step)])

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = client.get_run(made).data.metrics
    equal(found["shared"], 7039)
    equal(len(client.get_metric_history(made, "shared")), 320)
    for writer in range(8):
        equal(found[f"own{writer}"], 39)


@scenario
def asynchronous_logging():
    with mlflow.start_run() as active:
        for step in range(200):
            mlflow.log_metric("async", step, step=step, synchronous=False)
        mlflow.log_params({f"p{index}": index for index in range(150)}, synchronous=False)
    mlflow.flush_async_logging()

    def check():
        equal(len(client.get_metric_history(active.info.run_id, "async")), 200)
        equal(len(client.get_run(active.info.run_id).data.params), 150)

    eventually(check, 20)


@scenario
def system_metrics():
    mlflow.set_system_metrics_sampling_interval(0.2)
    mlflow.set_system_metrics_samples_before_logging(1)
    with mlflow.start_run(log_system_metrics=True) as active:
        time.sleep(1.5)
    found = client.get_run(active.info.run_id).data.metrics
    assert any(key.startswith("system/") for key in found), found


@scenario
def long_history():
    made = client.create_run("0").info.run_id
    for start in range(0, 30_000, 1000):
        client.log_batch(made, [Metric("long", step, step, step) for step in range(start, start + 1000)])
    history = client.get_metric_history(made, "long")
    equal(len(history), 30_000)
    equal(history[29_999].value, 29_999)


if __name__ == "__main__":
    run()
