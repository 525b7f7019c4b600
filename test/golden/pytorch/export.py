"""Writes NAME.onnx, its data and what PyTorch measures on it in float64, of the networks of networks.py, into a folder."""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.sparse.linalg import LinearOperator, eigsh

from networks import tasks


def direction(size):
    """Any vector that is the same numbers everywhere."""
    return ((np.arange(size) * 7919) % 1009) / 1009 - 0.5


def measured(network, x, y, loss_of):
    network = network.double()
    x = x.double() if x.is_floating_point() else x
    parameters = [p for _, p in network.named_parameters()]
    loss = loss_of(network(x), x if y is None else y)
    first = torch.autograd.grad(loss, parameters, create_graph=True)
    flat = torch.cat([g.reshape(-1) for g in first])

    def product(v):
        second = torch.autograd.grad(flat, parameters, torch.from_numpy(np.ascontiguousarray(v).reshape(-1)), retain_graph=True)
        return torch.cat([h.reshape(-1) for h in second]).numpy()

    g = flat.detach().numpy()
    values, vectors = eigsh(LinearOperator((g.size, g.size), matvec=product, dtype=np.float64), k=11, which="LA", tol=1e-13, ncv=60)
    order = np.argsort(-values)
    top = vectors[:, order[:10]]
    facts = {
        "parameters": {name: list(p.shape) for name, p in network.named_parameters()},
        "loss": loss.item(),
        "eigenvalues": values[order].tolist(),
        "topFraction": float(np.sum((top.T @ g) ** 2) / np.dot(g, g)),
        "overlap": float(np.dot(g, product(g)) / np.linalg.norm(g) / np.linalg.norm(product(g))),
    }
    return facts, g, product(direction(g.size))


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, (network, x, y, loss_of) in tasks().items():
        torch.onnx.export(
            network, x[:2], folder / f"{name}.onnx", opset_version=17, do_constant_folding=False,
            training=torch.onnx.TrainingMode.PRESERVE if name != "resnet18" else torch.onnx.TrainingMode.TRAINING,
            input_names=["x"], output_names=["scores"], dynamic_axes={"x": {0: "n"}, "scores": {0: "n"}},
        )
        network.eval()
        np.save(folder / f"{name}.x.npy", x.numpy() if x.is_floating_point() else x.numpy().astype(np.int32))
        if y is not None:
            np.save(folder / f"{name}.y.npy", y.numpy().astype(np.int32))
        facts, g, hv = measured(network, x, y, loss_of)
        np.save(folder / f"{name}.gradient.npy", g)
        np.save(folder / f"{name}.product.npy", hv)
        (folder / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n")
        print(name, g.size, facts["loss"], facts["eigenvalues"][0], facts["topFraction"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
