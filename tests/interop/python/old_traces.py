"""Traces of 2.x clients, which keep their spans as an artifact."""

import mlflow
from harness import equal, run, scenario
from mlflow import MlflowClient

client = MlflowClient()


@scenario
def a_trace_with_spans():
    experiment = mlflow.set_experiment("old traces").experiment_id

    @mlflow.trace
    def answer(question):
        with mlflow.start_span("look up") as span:
            span.set_inputs({"question": question})
        return question[::-1]

    answer("why?")
    mlflow.flush_trace_async_logging()
    request_id = mlflow.get_last_active_trace_id() if hasattr(mlflow, "get_last_active_trace_id") else mlflow.get_last_active_trace().info.request_id
    trace = client.get_trace(request_id)
    equal(sorted(span.name for span in trace.data.spans), ["answer", "look up"])
    equal(trace.info.status.value, "OK")
    client.set_trace_tag(request_id, "k", "v")
    found = client.search_traces(experiment_ids=[experiment], filter_string="tags.k = 'v'")
    equal([each.info.request_id for each in found], [request_id])
    equal(len(found[0].data.spans), 2)
    client.delete_trace_tag(request_id, "k")
    equal(len(client.search_traces(experiment_ids=[experiment], filter_string="tags.k = 'v'")), 0)
    equal(client.delete_traces(experiment, request_ids=[request_id]), 1)


if __name__ == "__main__":
    run()
