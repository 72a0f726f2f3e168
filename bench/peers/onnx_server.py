"""A lean Python server of one ONNX model over the Open Inference Protocol: the baseline to compare with. It logs nothing."""

import sys

import numpy as np
import onnxruntime as ort
import orjson
import uvicorn
from fastapi import FastAPI, Request, Response

options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = ort.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
OUTPUTS = [output.name for output in session.get_outputs()]
TYPES = {"FP32": np.float32, "INT64": np.int64, "BYTES": object}

app = FastAPI()


@app.get("/v2/health/ready")
async def ready() -> dict:
    return {"ready": True}


@app.post("/v2/models/delay/infer")
async def infer(request: Request) -> Response:
    body = orjson.loads(await request.body())
    feeds = {
        tensor["name"]: np.asarray(tensor["data"], dtype=TYPES[tensor["datatype"]]).reshape(tensor["shape"])
        for tensor in body["inputs"]
    }
    outputs = [
        {"name": name, "datatype": "FP32", "shape": list(value.shape), "data": value.reshape(-1)}
        for name, value in zip(OUTPUTS, session.run(OUTPUTS, feeds))
    ]
    answer = {"model_name": "delay", "model_version": "1", "outputs": outputs}
    return Response(orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False, loop="uvloop", http="httptools")
