"""Clients with tokens: as bearer, as password, for one project, for reading, over their time."""

import os

import mlflow
from harness import equal, refused, run, scenario
from mlflow import MlflowClient

address = mlflow.get_tracking_uri()


def signed_in(token=None, user=None, password=None):
    for name, value in {"MLFLOW_TRACKING_TOKEN": token, "MLFLOW_TRACKING_USERNAME": user, "MLFLOW_TRACKING_PASSWORD": password}.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    return MlflowClient(address)


@scenario
def nobody_comes_in_without_a_token():
    refused(lambda: signed_in().search_experiments(), "UNAUTHENTICATED")
    refused(lambda: signed_in("ripen_wrong").search_experiments(), "UNAUTHENTICATED")
    refused(lambda: signed_in(user="ann", password="wrong").search_experiments(), "UNAUTHENTICATED")


@scenario
def a_token_opens_as_bearer_and_as_password():
    client = signed_in(os.environ["TOKEN_OF_ONE"])
    made = client.create_run("0").info.run_id
    client.log_metric(made, "m", 1)
    again = signed_in(user="whoever", password=os.environ["TOKEN_OF_ONE"])
    equal(again.get_run(made).data.metrics, {"m": 1.0})


@scenario
def one_project_neither_sees_nor_guesses_another():
    one = signed_in(os.environ["TOKEN_OF_ONE"])
    experiment = one.create_experiment("secret plans")
    made = one.create_run(experiment).info.run_id
    one.log_text(made, "secret", "secret.txt")
    one.create_registered_model("secret model")
    location = one.get_run(made).info.artifact_uri

    other = signed_in(os.environ["TOKEN_OF_OTHER"])
    refused(lambda: other.get_run(made), "RESOURCE_DOES_NOT_EXIST", f"Run with id={made} not found")
    refused(lambda: other.log_metric(made, "m", 1), "RESOURCE_DOES_NOT_EXIST")
    refused(lambda: other.get_registered_model("secret model"), "RESOURCE_DOES_NOT_EXIST")
    equal([each.name for each in other.search_experiments() if each.name != "Default"], [])
    equal(list(other.search_runs([experiment, "0"])), [])
    import requests

    headers = {"Authorization": f"Bearer {os.environ['TOKEN_OF_OTHER']}"}
    path = location.removeprefix("mlflow-artifacts:")
    answer = requests.get(f"{address}/api/2.0/mlflow-artifacts/artifacts{path}/secret.txt", headers=headers, timeout=10)
    equal(answer.status_code, 404, answer.text)
    named = requests.get(f"{address}/projects/one/api/2.0/mlflow/runs/get?run_id={made}", headers=headers, timeout=10)
    equal(named.status_code, 403, named.text)


@scenario
def reading_tokens_only_read():
    made = signed_in(os.environ["TOKEN_OF_ONE"]).create_run("0").info.run_id
    reader = signed_in(os.environ["READING_TOKEN"])
    equal(reader.get_run(made).info.run_id, made)
    refused(lambda: reader.log_metric(made, "m", 1), "PERMISSION_DENIED")
    refused(lambda: reader.create_experiment("x"), "PERMISSION_DENIED")


@scenario
def a_token_over_its_time_opens_nothing():
    refused(lambda: signed_in(os.environ["OLD_TOKEN"]).search_experiments(), "UNAUTHENTICATED")


if __name__ == "__main__":
    run()
