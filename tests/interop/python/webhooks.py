"""Webhooks by MLflow's own client, received and verified as its documentation says; 3.x only."""

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

from harness import equal, refused, run, scenario
from mlflow import MlflowClient
from mlflow.entities.webhook import WebhookEvent, WebhookStatus

client = MlflowClient()
received = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        received.append((dict(self.headers), body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"thanks")

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/hook"


def until(check):
    end = time.time() + 20
    while not (received and check()):
        assert time.time() < end, f"within 20 s there were only {received}"
        time.sleep(0.02)


def payloads():
    return [json.loads(body) for _, body in received]


@scenario
def create_change_list_and_delete():
    events = [WebhookEvent.from_str("registered_model.created"), WebhookEvent("model_version_tag", "set")]
    made = client.create_webhook("first", url, events, description="to the team", secret="hush")
    found = client.get_webhook(made.webhook_id)
    equal((found.name, found.url, found.description, found.status), ("first", url, "to the team", WebhookStatus.ACTIVE))
    equal({str(each) for each in found.events}, {"registered_model.created", "model_version_tag.set"})
    changed = client.update_webhook(made.webhook_id, name="second", status=WebhookStatus.DISABLED)
    equal((changed.name, changed.status, changed.description), ("second", WebhookStatus.DISABLED, "to the team"))
    client.create_webhook("third", url, events)
    page = client.list_webhooks(max_results=1)
    equal([each.name for each in page], ["third"])
    rest = client.list_webhooks(max_results=1, page_token=page.token)
    equal([each.name for each in rest], ["second"])
    for each in client.list_webhooks():
        client.delete_webhook(each.webhook_id)
    equal(list(client.list_webhooks()), [])
    refused(lambda: client.get_webhook(made.webhook_id), "RESOURCE_DOES_NOT_EXIST", "not found")


@scenario
def what_is_wrong_is_refused():
    event = [WebhookEvent.from_str("registered_model.created")]
    refused(lambda: client.create_webhook("x", "  ", event), "INVALID_PARAMETER_VALUE", "cannot be empty or just whitespace")
    refused(lambda: client.create_webhook("x", "ftp://example.com", event), "INVALID_PARAMETER_VALUE", "Invalid webhook URL scheme")
    refused(lambda: client.create_webhook("-x", url, event), "INVALID_PARAMETER_VALUE", "is invalid")


@scenario
def deliveries_are_signed_and_in_order():
    received.clear()
    names = [
        "registered_model.created",
        "model_version.created",
        "model_version_tag.set",
        "model_version_tag.deleted",
        "model_version_alias.created",
        "model_version_alias.deleted",
    ]
    hook = client.create_webhook("all", url, [WebhookEvent.from_str(name) for name in names], secret="hush")
    client.create_registered_model("told", tags={"team": "x"}, description="a model")
    client.create_model_version("told", "s3://bucket/model", tags={"a": "b"}, description="a version")
    client.set_model_version_tag("told", "1", "k", "v")
    client.delete_model_version_tag("told", "1", "k")
    client.set_registered_model_alias("told", "champion", "1")
    client.delete_registered_model_alias("told", "champion")
    until(lambda: len(received) == 6)
    equal([f"{each['entity']}.{each['action']}" for each in payloads()], names)
    data = [each["data"] for each in payloads()]
    equal(data[0], {"name": "told", "tags": {"team": "x"}, "description": "a model"})
    version = {"name": "told", "version": "1", "source": "s3://bucket/model", "run_id": None, "tags": {"a": "b"}, "description": "a version"}
    equal(data[1], version)
    equal(data[2], {"name": "told", "version": "1", "key": "k", "value": "v"})
    equal(data[4], {"name": "told", "alias": "champion", "version": "1"})
    for headers, body in received:
        sent, at = headers["X-MLflow-Delivery-Id"], headers["X-MLflow-Timestamp"]
        content = f"{sent}.{at}.{body.decode()}"
        signature = base64.b64encode(hmac.new(b"hush", content.encode(), hashlib.sha256).digest()).decode()
        equal(headers["X-MLflow-Signature"], f"v1,{signature}")
        assert abs(time.time() - int(at)) < 60
    client.delete_webhook(hook.webhook_id)


@scenario
def prompts_are_told_of():
    received.clear()
    names = ["prompt.created", "prompt_version.created", "prompt_alias.created", "prompt_tag.set", "registered_model.created"]
    hook = client.create_webhook("prompts", url, [WebhookEvent.from_str(name) for name in names])
    client.register_prompt("greeting", "Hello {{name}}!", commit_message="first")
    client.set_prompt_alias("greeting", "live", 1)
    client.set_prompt_tag("greeting", "tone", "warm")
    # The client itself may set a tag after it.
    until(lambda: any(each["data"].get("key") == "tone" for each in payloads()))
    told = [f"{each['entity']}.{each['action']}" for each in payloads()]
    # The client itself may set tags when it registers a prompt.
    equal([each for each in told if each != "prompt_tag.set"], names[:3])
    equal(payloads()[1]["data"]["template"], "Hello {{name}}!")
    assert "X-MLflow-Signature" not in received[0][0]
    client.delete_webhook(hook.webhook_id)


@scenario
def a_test_says_what_came_back():
    hook = client.create_webhook("tested", url, [WebhookEvent.from_str("prompt_tag.set")])
    result = client.test_webhook(hook.webhook_id)
    equal((result.success, result.response_status, result.response_body), (True, 200, "thanks"))
    client.update_webhook(hook.webhook_id, url="http://127.0.0.1:9/nobody")
    result = client.test_webhook(hook.webhook_id)
    equal(result.success, False)
    assert "ECONNREFUSED" in result.error_message
    client.delete_webhook(hook.webhook_id)


run()
