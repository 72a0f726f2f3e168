"""Runs scenarios against the server that MLFLOW_TRACKING_URI names and prints one JSON line for each."""

import json
import sys
import time
import traceback

_scenarios = []


def scenario(function):
    _scenarios.append(function)
    return function


def run():
    wanted = set(sys.argv[1:])
    for function in _scenarios:
        if wanted and function.__name__ not in wanted:
            continue
        started = time.time()
        error = None
        try:
            function()
        except BaseException:  # a scenario may end in any way; the next one runs all the same
            error = traceback.format_exc()
        print("@@" + json.dumps({"name": function.__name__, "error": error, "seconds": time.time() - started}), flush=True)


def equal(found, expected, what="value"):
    assert found == expected, f"{what}: found {found!r}, expected {expected!r}"


def refused(call, code, text=""):
    """The call must fail with this error code and a message that holds the text."""
    from mlflow.exceptions import MlflowException

    try:
        call()
    except MlflowException as error:
        assert error.error_code == code, f"error code {error.error_code}, expected {code}: {error.message}"
        assert text in error.message, f"message {error.message!r} lacks {text!r}"
        return
    raise AssertionError(f"the call was not refused; expected {code}")


def eventually(check, seconds=10):
    end = time.time() + seconds
    while True:
        try:
            return check()
        except AssertionError:
            if time.time() > end:
                raise
            time.sleep(0.05)
