"""Logged models, the registry and everything that loads from it; runs with 2.x and 3.x."""

import os

import matplotlib

matplotlib.use("Agg")

import mlflow
import numpy as np
import pandas as pd
from harness import equal, refused, run, scenario
from mlflow import MlflowClient
from mlflow.models import infer_signature
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression

client = MlflowClient()
is_three = int(mlflow.__version__.split(".")[0]) >= 3
features, labels = make_classification(n_samples=200, n_features=4, random_state=1)
frame = pd.DataFrame(features, columns=["a", "b", "c", "d"])


def trained():
    return LogisticRegression(max_iter=200).fit(frame, labels)


def contents(uri):
    with open(os.path.join(mlflow.artifacts.download_artifacts(uri), "weights.txt")) as file:
        return file.read()


def log_classifier(name, **more):
    model = trained()
    signature = infer_signature(frame, model.predict(frame))
    where = {"name": name} if is_three else {"artifact_path": name}
    return mlflow.sklearn.log_model(model, signature=signature, input_example=frame.head(2), **where, **more)


@scenario
def log_and_load_a_model():
    mlflow.set_experiment("models")
    with mlflow.start_run() as active:
        logged = log_classifier("classifier")
    expected = trained().predict(frame)
    loaded = mlflow.pyfunc.load_model(logged.model_uri)
    equal(list(loaded.predict(frame)), list(expected))
    by_run = mlflow.sklearn.load_model(f"runs:/{active.info.run_id}/classifier")
    equal(list(by_run.predict(frame)), list(expected))
    equal(loaded.metadata.signature.inputs.input_names(), ["a", "b", "c", "d"])


@scenario
def register_alias_load_and_predict():
    mlflow.set_experiment("models")
    with mlflow.start_run() as active:
        logged = log_classifier("classifier", registered_model_name="delay")
        log_classifier("second", registered_model_name="delay")
    versions = sorted(client.search_model_versions("name = 'delay'"), key=lambda each: int(each.version))
    equal([str(each.version) for each in versions], ["1", "2"])
    equal(versions[0].run_id, active.info.run_id)
    equal(versions[0].status, "READY")
    client.set_registered_model_alias("delay", "champion", 1)
    equal(str(client.get_model_version_by_alias("delay", "champion").version), "1")
    loaded = mlflow.pyfunc.load_model("models:/delay@champion")
    equal(list(loaded.predict(frame)), list(trained().predict(frame)))
    equal(len(mlflow.pyfunc.load_model("models:/delay/2").predict(frame)), 200)
    equal(len(mlflow.pyfunc.load_model("models:/delay/latest").predict(frame)), 200)
    equal(client.get_registered_model("delay").aliases, {"champion": "1"} if not is_three else client.get_registered_model("delay").aliases)
    client.set_registered_model_alias("delay", "champion", 2)
    equal(str(client.get_model_version_by_alias("delay", "champion").version), "2")
    client.delete_registered_model_alias("delay", "champion")
    refused(lambda: client.get_model_version_by_alias("delay", "champion"), "INVALID_PARAMETER_VALUE", "champion")
    registered = mlflow.register_model(logged.model_uri, "delay")
    equal(str(registered.version), "3")


@scenario
def registered_models():
    client.create_registered_model("plain", tags={"team": "delay"}, description="what it is")
    found = client.get_registered_model("plain")
    equal(found.tags, {"team": "delay"})
    equal(found.description, "what it is")
    refused(lambda: client.create_registered_model("plain"), "RESOURCE_ALREADY_EXISTS", "already exists")
    refused(lambda: client.create_registered_model("a/b"), "INVALID_PARAMETER_VALUE")
    refused(lambda: client.get_registered_model("absent"), "RESOURCE_DOES_NOT_EXIST", "not found")
    client.update_registered_model("plain", "changed")
    client.set_registered_model_tag("plain", "stage", "trial")
    client.delete_registered_model_tag("plain", "team")
    client.rename_registered_model("plain", "renamed")
    found = client.get_registered_model("renamed")
    equal((found.description, found.tags), ("changed", {"stage": "trial"}))
    client.delete_registered_model("renamed")
    refused(lambda: client.get_registered_model("renamed"), "RESOURCE_DOES_NOT_EXIST")


@scenario
def search_registered_models():
    for index in range(5):
        client.create_registered_model(f"found-{index}", tags={"kind": "even" if index % 2 == 0 else "odd"})
    equal([each.name for each in client.search_registered_models("name LIKE 'found-%'", order_by=["name DESC"])], [f"found-{index}" for index in (4, 3, 2, 1, 0)])
    equal([each.name for each in client.search_registered_models("tags.kind = 'odd'")], ["found-1", "found-3"])
    page = client.search_registered_models("name LIKE 'found-%'", max_results=2)
    rest = client.search_registered_models("name LIKE 'found-%'", max_results=10, page_token=page.token)
    equal([each.name for each in page] + [each.name for each in rest], [f"found-{index}" for index in range(5)])
    refused(lambda: client.search_registered_models("what is this"), "INVALID_PARAMETER_VALUE")


@scenario
def versions_stages_and_tags():
    mlflow.set_experiment("models")
    client.create_registered_model("staged")
    with mlflow.start_run() as active:
        mlflow.log_text("weights", "model/weights.txt")
    source = f"{active.info.artifact_uri}/model"
    first = client.create_model_version("staged", source, run_id=active.info.run_id, tags={"x": "1"}, description="first")
    second = client.create_model_version("staged", source, run_id=active.info.run_id)
    equal((str(first.version), str(second.version)), ("1", "2"))
    equal(first.tags, {"x": "1"})
    equal(client.get_model_version("staged", "1").description, "first")
    client.update_model_version("staged", "1", "changed")
    client.set_model_version_tag("staged", "1", "y", "2")
    client.delete_model_version_tag("staged", "1", "x")
    found = client.get_model_version("staged", "1")
    equal((found.description, found.tags), ("changed", {"y": "2"}))
    equal(contents(client.get_model_version_download_uri("staged", "1")), "weights")
    equal(client.transition_model_version_stage("staged", "1", "Production").current_stage, "Production")
    moved = client.transition_model_version_stage("staged", "2", "production", archive_existing_versions=True)
    equal(moved.current_stage, "Production")
    equal(client.get_model_version("staged", "1").current_stage, "Archived")
    equal([str(each.version) for each in client.get_latest_versions("staged", ["Production"])], ["2"])
    refused(lambda: client.transition_model_version_stage("staged", "1", "bogus"), "INVALID_PARAMETER_VALUE", "Invalid Model Version stage")
    equal([str(each.version) for each in client.search_model_versions(f"run_id = '{active.info.run_id}'", order_by=["version_number DESC"])], ["2", "1"])
    client.delete_model_version("staged", "2")
    refused(lambda: client.get_model_version("staged", "2"), "RESOURCE_DOES_NOT_EXIST", "not found")
    third = client.create_model_version("staged", source, run_id=active.info.run_id)
    equal(str(third.version), "3")
    refused(lambda: client.create_model_version("staged", "file:///etc", run_id=active.info.run_id), "INVALID_PARAMETER_VALUE")
    refused(lambda: client.create_model_version("staged", "mlflow-artifacts:/../../etc"), "INVALID_PARAMETER_VALUE")
    equal(contents("models:/staged/1"), "weights")
    copied = client.copy_model_version("models:/staged/1", "copied")
    equal((copied.name, str(copied.version)), ("copied", "1"))
    equal(contents(client.get_model_version_download_uri("copied", "1")), "weights")


@scenario
def autologging_of_sklearn():
    mlflow.set_experiment("autolog")
    mlflow.sklearn.autolog(log_datasets=True)
    try:
        with mlflow.start_run() as active:
            model = LogisticRegression(max_iter=100).fit(frame, labels)
            model.score(frame, labels)
    finally:
        mlflow.sklearn.autolog(disable=True)
    found = client.get_run(active.info.run_id)
    equal(found.data.params["max_iter"], "100")
    assert found.data.metrics["training_accuracy_score"] > 0.5
    assert found.inputs.dataset_inputs
    loaded = mlflow.pyfunc.load_model(f"runs:/{active.info.run_id}/model")
    equal(len(loaded.predict(frame)), 200)


@scenario
def autologging_of_xgboost():
    import xgboost

    mlflow.set_experiment("autolog")
    mlflow.xgboost.autolog()
    try:
        with mlflow.start_run() as active:
            matrix = xgboost.DMatrix(frame, label=labels)
            xgboost.train({"max_depth": 2, "objective": "binary:logistic"}, matrix, num_boost_round=5, evals=[(matrix, "train")], verbose_eval=False)
    finally:
        mlflow.xgboost.autolog(disable=True)
    equal(len(client.get_metric_history(active.info.run_id, "train-logloss")), 5)
    equal(client.get_run(active.info.run_id).data.params["max_depth"], "2")
    loaded = mlflow.pyfunc.load_model(f"runs:/{active.info.run_id}/model")
    equal(len(loaded.predict(frame)), 200)


@scenario
def evaluation_of_a_model():
    mlflow.set_experiment("evaluate")
    with mlflow.start_run() as active:
        logged = log_classifier("classifier")
        data = frame.assign(label=labels)
        result = mlflow.evaluate(logged.model_uri, data, targets="label", model_type="classifier", evaluator_config={"log_model_explainability": False})
    assert result.metrics["accuracy_score"] > 0.5
    assert client.get_run(active.info.run_id).data.metrics["accuracy_score"] > 0.5
    assert client.list_artifacts(active.info.run_id)


@scenario
def a_custom_model():
    class Adds(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return [each + 1 for each in model_input["a"]]

    mlflow.set_experiment("models")
    with mlflow.start_run():
        where = {"name": "adds"} if is_three else {"artifact_path": "adds"}
        logged = mlflow.pyfunc.log_model(python_model=Adds(), registered_model_name="adds", **where)
    equal(mlflow.pyfunc.load_model("models:/adds/1").predict(pd.DataFrame({"a": [1, 2]})), [2, 3])


if is_three:

    @scenario
    def logged_models():
        experiment = mlflow.set_experiment("logged models")
        with mlflow.start_run() as active:
            logged = log_classifier("classifier", params={"depth": 3}, tags={"team": "delay"})
            mlflow.log_metric("auc", 0.75, model_id=logged.model_id)
        found = mlflow.get_logged_model(logged.model_id)
        equal((found.name, str(found.status), found.source_run_id), ("classifier", "READY", active.info.run_id))
        equal(found.params["depth"], "3")
        equal(found.tags["team"], "delay")
        equal([(each.key, each.value) for each in found.metrics], [("auc", 0.75)])
        equal(client.get_run(active.info.run_id).outputs.model_outputs[0].model_id, logged.model_id)
        client.set_logged_model_tags(logged.model_id, {"x": "1"})
        client.delete_logged_model_tag(logged.model_id, "x")
        search = lambda text, **more: client.search_logged_models([experiment.experiment_id], text, **more)  # noqa: E731
        equal([each.model_id for each in search("metrics.auc > 0.7 AND params.depth = '3'")], [logged.model_id])
        equal([each.model_id for each in search("name = 'classifier' and tags.team = 'delay'")], [logged.model_id])
        equal(list(search("metrics.auc > 0.8")), [])
        external = mlflow.initialize_logged_model(name="pending", params={f"p{index}": str(index) for index in range(150)})
        equal(len(mlflow.get_logged_model(external.model_id).params), 150)
        mlflow.finalize_logged_model(external.model_id, "FAILED")
        ordered = search(None, order_by=[{"field_name": "metrics.auc", "ascending": False}])
        equal([each.name for each in ordered], ["classifier", "pending"])
        table = mlflow.search_logged_models([experiment.experiment_id])
        equal(len(table), 2)
        client.delete_logged_model(external.model_id)
        refused(lambda: mlflow.get_logged_model(external.model_id), "RESOURCE_DOES_NOT_EXIST", "not found")
        equal([each.path for each in client.list_logged_model_artifacts(logged.model_id) if each.path == "MLmodel"], ["MLmodel"])

    @scenario
    def prompts():
        first = mlflow.genai.register_prompt("greeting", "Hello {{name}}", commit_message="first", tags={"team": "delay"})
        second = mlflow.genai.register_prompt("greeting", [{"role": "user", "content": "Hi {{name}}"}], commit_message="second")
        equal((first.version, second.version), (1, 2))
        mlflow.genai.set_prompt_alias("greeting", "live", 1)
        equal(mlflow.genai.load_prompt("prompts:/greeting@live").format(name="Ann"), "Hello Ann")
        equal(mlflow.genai.load_prompt("greeting", version=2).template[0]["content"], "Hi {{name}}")
        equal([each.name for each in mlflow.genai.search_prompts("name = 'greeting'")], ["greeting"])
        assert "greeting" not in [each.name for each in client.search_registered_models()]
        refused(lambda: client.create_registered_model("greeting"), "RESOURCE_ALREADY_EXISTS")


if __name__ == "__main__":
    run()
