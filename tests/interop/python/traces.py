"""Traces, spans, assessments and evaluation of 3.x clients."""

import time

import mlflow
import pandas as pd
from harness import equal, eventually, refused, run, scenario
from mlflow import MlflowClient
from mlflow.entities import AssessmentSource, SpanType

client = MlflowClient()


def traced_program():
    @mlflow.trace(span_type=SpanType.CHAIN, attributes={"team": "delay"})
    def answer(question):
        with mlflow.start_span("look up", span_type=SpanType.RETRIEVER) as span:
            span.set_inputs({"question": question})
            time.sleep(0.02)
            span.set_outputs(["a", "b"])
        with mlflow.start_span("think") as span:
            span.set_attribute("tokens", 5)
            span.add_event(mlflow.entities.SpanEvent("thought", attributes={"deep": True}))
        return {"answer": question[::-1]}

    return answer


def one_trace(question="why?"):
    traced_program()(question)
    mlflow.flush_trace_async_logging()
    return mlflow.get_last_active_trace_id()


@scenario
def a_trace_with_spans():
    mlflow.set_experiment("traces")
    trace = client.get_trace(one_trace())
    equal(trace.info.state.value, "OK")
    equal(sorted(span.name for span in trace.data.spans), ["answer", "look up", "think"])
    root = next(span for span in trace.data.spans if span.parent_id is None)
    equal(root.inputs, {"question": "why?"})
    equal(root.outputs, {"answer": "?yhw"})
    equal(root.attributes["team"], "delay")
    think = next(span for span in trace.data.spans if span.name == "think")
    equal((think.parent_id, think.attributes["tokens"]), (root.span_id, 5))
    equal([event.name for event in think.events], ["thought"])
    assert trace.info.execution_duration >= 20
    assert "why?" in trace.info.request_preview


@scenario
def a_failing_trace():
    mlflow.set_experiment("traces")

    @mlflow.trace
    def breaks():
        raise ValueError("on purpose")

    try:
        breaks()
    except ValueError:
        pass
    mlflow.flush_trace_async_logging()
    trace = client.get_trace(mlflow.get_last_active_trace_id())
    equal(trace.info.state.value, "ERROR")
    equal([event.name for event in trace.data.spans[0].events], ["exception"])


@scenario
def traces_of_a_run():
    experiment = mlflow.set_experiment("traces of runs")
    with mlflow.start_run() as active:
        trace_id = one_trace()
    found = client.search_traces(locations=[experiment.experiment_id], run_id=active.info.run_id) if _takes_locations() else client.search_traces(experiment_ids=[experiment.experiment_id], run_id=active.info.run_id)
    equal([each.info.trace_id for each in found], [trace_id])


def _takes_locations():
    import inspect

    return "locations" in inspect.signature(client.search_traces).parameters


def search(experiment, text=None, **more):
    where = {"locations": [experiment]} if _takes_locations() else {"experiment_ids": [experiment]}
    return client.search_traces(filter_string=text, **where, **more)


@scenario
def search_traces():
    experiment = mlflow.set_experiment("search traces").experiment_id
    ids = [one_trace(f"question {index}") for index in range(5)]
    for index, trace_id in enumerate(ids):
        client.set_trace_tag(trace_id, "index", str(index))
    equal([each.info.trace_id for each in search(experiment, "tags.index = '3'")], [ids[3]])
    equal([each.info.trace_id for each in search(experiment, order_by=["timestamp_ms ASC"])], ids)
    equal(len(search(experiment, "trace.status = 'OK'")), 5)
    equal(len(search(experiment, "trace.name = 'answer'")), 5)
    equal(len(search(experiment, "trace.execution_time_ms > 1000000")), 0)
    page = search(experiment, max_results=2, order_by=["timestamp_ms ASC"])
    rest = search(experiment, max_results=5, order_by=["timestamp_ms ASC"], page_token=page.token)
    equal([each.info.trace_id for each in list(page) + list(rest)], ids)
    equal(len(search(experiment, "span.name = 'look up'")), 5)
    table = mlflow.search_traces(locations=[experiment]) if _takes_locations() else mlflow.search_traces(experiment_ids=[experiment])
    equal(len(table), 5)
    client.delete_trace_tag(ids[0], "index")
    refused(lambda: client.delete_trace_tag(ids[0], "index"), "RESOURCE_DOES_NOT_EXIST")
    equal(client.delete_traces(experiment, trace_ids=ids[:2]), 2)
    equal(len(search(experiment)), 3)
    equal(client.delete_traces(experiment, max_timestamp_millis=int(time.time() * 1000) + 10_000), 3)


@scenario
def assessments():
    mlflow.set_experiment("assessments")
    trace_id = one_trace()
    source = AssessmentSource(source_type="HUMAN", source_id="ann")
    given = mlflow.log_feedback(trace_id=trace_id, name="correct", value=True, rationale="it is", source=source)
    mlflow.log_expectation(trace_id=trace_id, name="expected", value={"a": [1]}, source=source)
    found = {each.name: each for each in mlflow.get_trace(trace_id).info.assessments}
    equal((found["correct"].value, found["correct"].rationale), (True, "it is"))
    equal(found["expected"].value, {"a": [1]})
    mlflow.update_assessment(trace_id, given.assessment_id, mlflow.entities.Feedback(name="correct", value=False, source=source))
    equal(mlflow.get_assessment(trace_id, given.assessment_id).value, False)
    changed = mlflow.override_feedback(trace_id=trace_id, assessment_id=given.assessment_id, value=True, source=source)
    equal(mlflow.get_assessment(trace_id, changed.assessment_id).overrides, given.assessment_id)
    equal(mlflow.get_assessment(trace_id, given.assessment_id).valid, False)
    mlflow.delete_assessment(trace_id, changed.assessment_id)
    equal(mlflow.get_assessment(trace_id, given.assessment_id).valid, True)


@scenario
def opentelemetry_spans():
    experiment = mlflow.set_experiment("opentelemetry").experiment_id
    import requests
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

    message = ExportTraceServiceRequest()
    scope = message.resource_spans.add().scope_spans.add()
    trace_id = bytes(range(16))
    for index, name in enumerate(["root", "child"]):
        span = scope.spans.add()
        span.trace_id, span.span_id, span.name = trace_id, bytes([index + 1] * 8), name
        if index:
            span.parent_span_id = bytes([1] * 8)
        span.start_time_unix_nano, span.end_time_unix_nano = 1_700_000_000_000_000_000, 1_700_000_000_500_000_000
        span.attributes.append(KeyValue(key="gen_ai.usage.input_tokens", value=AnyValue(int_value=7)))
    headers = {"Content-Type": "application/x-protobuf", "x-mlflow-experiment-id": experiment}
    answer = requests.post(mlflow.get_tracking_uri() + "/v1/traces", data=message.SerializeToString(), headers=headers, timeout=10)
    equal(answer.status_code, 200, answer.text)
    ExportTraceServiceResponse.FromString(answer.content)
    trace = client.get_trace("tr-" + trace_id.hex())
    equal(sorted(span.name for span in trace.data.spans), ["child", "root"])
    equal(trace.info.execution_duration, 500)
    equal(requests.post(mlflow.get_tracking_uri() + "/v1/traces", data=b"x", headers={"Content-Type": "text/plain", "x-mlflow-experiment-id": experiment}, timeout=10).status_code, 400)
    equal(requests.post(mlflow.get_tracking_uri() + "/v1/traces", data=message.SerializeToString(), headers={"Content-Type": "application/x-protobuf"}, timeout=10).status_code, 422)


@scenario
def evaluation_datasets():
    import mlflow.genai.datasets as datasets

    experiment = mlflow.set_experiment("evaluation datasets").experiment_id
    made = datasets.create_dataset(name="questions", experiment_id=[experiment], tags={"team": "delay"})
    made.merge_records([{"inputs": {"question": "why?"}, "expectations": {"answer": "because"}}, {"inputs": {"question": "how?"}}])
    made.merge_records([{"inputs": {"question": "why?"}, "expectations": {"short": True}}])
    found = datasets.get_dataset(dataset_id=made.dataset_id)
    records = found.to_df()
    equal(len(records), 2)
    why = records[records["inputs"].apply(lambda each: each["question"]) == "why?"].iloc[0]
    equal(why["expectations"], {"answer": "because", "short": True})
    equal([each.name for each in datasets.search_datasets(experiment_ids=[experiment])], ["questions"])
    datasets.set_dataset_tags(dataset_id=made.dataset_id, tags={"team": "other"})
    equal(datasets.get_dataset(dataset_id=made.dataset_id).tags["team"], "other")
    datasets.delete_dataset(dataset_id=made.dataset_id)


@scenario
def evaluation_with_scorers():
    mlflow.set_experiment("genai evaluation")

    @mlflow.genai.scorer
    def exact(outputs, expectations):
        return outputs == expectations["answer"]

    data = pd.DataFrame({"inputs": [{"question": "a"}, {"question": "b"}], "expectations": [{"answer": "A"}, {"answer": "X"}]})
    result = mlflow.genai.evaluate(data=data, predict_fn=lambda question: question.upper(), scorers=[exact])
    equal(result.metrics["exact/mean"], 0.5)

    def check():
        equal(client.get_run(result.run_id).data.metrics["exact/mean"], 0.5)

    eventually(check)


if __name__ == "__main__":
    run()
