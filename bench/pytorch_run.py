"""The run of against-pytorch.ts in PyTorch and SciPy: top eigenpairs of the full-batch Hessian along SGD, one thread.

Reads a folder with images.f32, labels.u8, batches.u32 (one row of indices a step), weights.f32 (all parameters in the order of the
layers, [out, in]) and config.json; prints one JSON document. `cached`: one gradient graph for all products at a point; `plain`: a new one
for each.
"""

import json
import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before numpy and torch: torch.set_num_threads does not reach the BLAS

import time

import numpy as np
import torch
from scipy.sparse.linalg import LinearOperator, eigsh

folder, mode = sys.argv[1:3]
config = json.load(open(os.path.join(folder, "config.json")))
torch.set_num_threads(1)


def load(name, dtype):
    return np.fromfile(os.path.join(folder, name), dtype)


sizes = config["sizes"]
x = torch.from_numpy(load("images.f32", np.float32).reshape(-1, sizes[0]))
y = torch.from_numpy(load("labels.u8", np.uint8).astype(np.int64))
batches = torch.from_numpy(load("batches.u32", np.uint32).astype(np.int64).reshape(config["steps"], -1))
flat = torch.from_numpy(load("weights.f32", np.float32))

parameters = []
at = 0
for fan_in, fan_out in zip(sizes, sizes[1:]):
    for shape in ((fan_out, fan_in), (fan_out,)):
        count = int(np.prod(shape))
        parameters.append(flat[at : at + count].reshape(shape).clone().requires_grad_())
        at += count


def loss_of(inputs, labels):
    h = inputs
    for i in range(0, len(parameters), 2):
        h = torch.nn.functional.linear(h, parameters[i], parameters[i + 1])
        if i + 2 < len(parameters):
            h = torch.relu(h)
    return torch.nn.functional.cross_entropy(h, labels)


def joined(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors])


def gradient(graph):
    return torch.autograd.grad(loss_of(x, y), parameters, create_graph=graph)


def product(v, graph):
    split = torch.split(v, [p.numel() for p in parameters])
    parts = [part.reshape(p.shape) for part, p in zip(split, parameters)]
    if graph is None:
        return joined(torch.autograd.grad(gradient(True), parameters, parts))
    return joined(torch.autograd.grad(graph, parameters, parts, retain_graph=True))


records = []
count = 0
started = time.perf_counter()
for step in range(config["steps"] + 1):
    if step % config["every"] == 0:
        graph = gradient(True) if mode == "cached" else None
        g = joined(graph if graph is not None else gradient(False))

        def multiply(v):
            global count
            count += 1
            return product(torch.from_numpy(np.ascontiguousarray(v.reshape(-1), np.float32)), graph).numpy()

        before = count
        operator = LinearOperator((at, at), matvec=multiply, dtype=np.float32)
        start = np.random.default_rng(1).standard_normal(at).astype(np.float32)
        values, vectors = eigsh(operator, k=config["top"], which="LA", tol=config["tolerance"], v0=start)
        order = np.argsort(values)[::-1]
        values, vectors = values[order], np.ascontiguousarray(vectors[:, order])
        top = torch.from_numpy(vectors[:, : config["subspace"]])
        records.append(
            {
                "step": step,
                "topFraction": float((top.T @ g).norm() ** 2 / g.norm() ** 2),
                "products": count - before,
                "values": values.tolist(),
            }
        )
        if step % (5 * config["every"]) == 0:  # the check of the residuals is not timed
            paused = time.perf_counter()
            moved = np.stack([multiply(vectors[:, i]) for i in range(config["top"])], 1)
            count -= config["top"]
            residuals = np.linalg.norm(moved - vectors * values, axis=0)
            records[-1]["residual"] = float(residuals.max() / values[0])
            started += time.perf_counter() - paused
    if step < config["steps"]:
        rows = batches[step]
        grads = torch.autograd.grad(loss_of(x[rows], y[rows]), parameters)
        with torch.no_grad():
            for p, part in zip(parameters, grads):
                p.sub_(part, alpha=config["learningRate"])
seconds = time.perf_counter() - started
a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
a @ b
best = min(((lambda t: (a @ b, time.perf_counter() - t)[1])(time.perf_counter())) for _ in range(10))
print(json.dumps({"seconds": seconds, "products": count, "matrixProductMs": 1e3 * best, "records": records}))
