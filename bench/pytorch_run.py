"""Eigenpairs of the full-batch Hessian of a network in PyTorch and SciPy, one thread: the peer of pytorch-peer.ts, which asks line by line.

Reads a folder with inputs.f32, labels.u8, weights.f32 (all parameters, in order) and config.json (the shapes of both, the layers), then a JSON
document a line from stdin, each answered by one on stdout. `cached`: one gradient graph for all products at a point; `plain`: a new one for each.
"""

import json
import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before numpy and torch: torch.set_num_threads does not reach the BLAS

import time

import numpy as np
import scipy
import torch
import torch.nn.functional as F
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

folder, mode = sys.argv[1:3]
config = json.load(open(os.path.join(folder, "config.json")))
torch.set_num_threads(1)


def load(name, dtype):
    return np.fromfile(os.path.join(folder, name), dtype)


x = torch.from_numpy(load("inputs.f32", np.float32).reshape([-1] + config["inputShape"]))
y = torch.from_numpy(load("labels.u8", np.uint8).astype(np.int64))
parameters = []


def read_weights():
    flat, at = torch.from_numpy(load("weights.f32", np.float32)), 0
    parameters.clear()
    for shape in config["shapes"]:
        count = int(np.prod(shape))
        parameters.append(flat[at : at + count].reshape(shape).clone().requires_grad_())
        at += count


def loss_of(inputs, labels, weights):
    h, left = inputs, iter(weights)
    for layer in config["layers"]:
        if layer == "dense":
            h = F.linear(h, next(left), next(left))
        elif layer in ("same convolution", "convolution"):
            h = F.conv2d(h, next(left), next(left), padding=1 if layer == "same convolution" else 0)
        else:
            h = {"relu": F.relu, "pool": lambda z: F.max_pool2d(z, 2), "flatten": lambda z: z.flatten(1)}[layer](h)
    return F.cross_entropy(h, labels)


def joined(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors])


class Hessian:
    """v -> H v at the weights as they are now, in the precision of `weights`."""

    def __init__(self, weights, keep):
        self.weights, self.inputs, self.products = weights, x.to(weights[0].dtype), 0
        self.size = sum(p.numel() for p in weights)
        self.graph = self.gradient() if keep else None

    def gradient(self):
        self.loss = loss_of(self.inputs, y, self.weights)
        return torch.autograd.grad(self.loss, self.weights, create_graph=True)

    def product(self, v):
        self.products += 1
        v = torch.from_numpy(np.asarray(v).reshape(-1)).to(self.inputs.dtype)
        parts = [part.reshape(p.shape) for part, p in zip(torch.split(v, [p.numel() for p in self.weights]), self.weights)]
        graph = self.gradient() if self.graph is None else self.graph
        return joined(torch.autograd.grad(graph, self.weights, parts, retain_graph=self.graph is not None)).numpy()


def steps(batches, rate):
    for rows in batches:
        grads = torch.autograd.grad(loss_of(x[rows], y[rows], parameters), parameters)
        with torch.no_grad():
            for p, part in zip(parameters, grads):
                p.sub_(part, alpha=rate)
    return {}


def pairs(top, tolerance, subspace=None, basis="float32", restarts=None):
    """`basis`: the precision of ARPACK; products are float32."""
    hessian = Hessian(parameters, mode == "cached")
    g = joined(hessian.graph or hessian.gradient())
    operator = LinearOperator((hessian.size,) * 2, matvec=lambda v: hessian.product(v).astype(basis), dtype=basis)
    start = np.random.default_rng(1).standard_normal(hessian.size).astype(basis)
    try:
        values, vectors = eigsh(operator, k=top, which="LA", tol=tolerance, v0=start, maxiter=restarts)
    except ArpackNoConvergence as failure:
        return {"isConverged": False, "products": hessian.products, "values": failure.eigenvalues.tolist()}
    order = np.argsort(values)[::-1]
    values, vectors = values[order], np.ascontiguousarray(vectors[:, order])
    found.update(values=values, vectors=vectors)
    answer = {"isConverged": True, "loss": float(hessian.loss), "products": hessian.products, "values": values.tolist()}
    if subspace is not None:
        inside = torch.from_numpy(vectors[:, :subspace].astype(np.float32)).T @ g
        answer["topFraction"] = float(inside.norm() ** 2 / g.norm() ** 2)
    return answer


def check(precisions):
    """The worst residual of the last pairs over the first eigenvalue, by products of their own."""
    values, vectors, worst = found["values"], found["vectors"].astype(np.float64), {}
    for precision in precisions:
        dtype = getattr(torch, precision)
        hessian = Hessian([p.detach().to(dtype).requires_grad_() for p in parameters], True)
        moved = np.stack([hessian.product(v) for v in vectors.T], 1)
        worst[precision] = float(np.linalg.norm(moved - vectors * values, axis=0).max() / values[0])
    return worst


def about():
    a, b, best = torch.randn(1024, 1024), torch.randn(1024, 1024), np.inf
    for _ in range(11):
        began = time.perf_counter()
        a @ b
        best = min(best, time.perf_counter() - began)
    return {"torch": torch.__version__, "scipy": scipy.__version__, "matrixProductMs": 1e3 * best}


found = {}
read_weights()
requests = {"about": about, "weights": lambda: read_weights() or {}, "steps": steps, "pairs": pairs, "check": check}
for line in sys.stdin:
    request = json.loads(line)
    began = time.perf_counter()
    answer = requests[request.pop("ask")](**request)
    print(json.dumps({**answer, "seconds": time.perf_counter() - began}), flush=True)
