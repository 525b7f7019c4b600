"""A network as PyTorch users write it (test/golden/pytorch/networks.py), exported as ONNX with its data into a folder, and its gradient and Hessian products, one
thread: the peer of exported-against-pytorch.ts, which asks line by line. `cached`: one graph of the gradient for all products; `plain`: a new one for each.
"""

import json
import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before numpy and torch: torch.set_num_threads does not reach the BLAS

import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "test" / "golden" / "pytorch"))
warnings.filterwarnings("ignore")

import numpy as np
import torch

from networks import Gpt, ResNet18, cross_entropy, next_token

folder, task = Path(sys.argv[1]), sys.argv[2]
torch.set_num_threads(1)
torch.manual_seed(1)


def gpt(**sizes):
    return Gpt(**sizes), torch.randint(sizes["vocabulary"], (512, sizes["length"])), None, next_token


def resnet18(width):
    return ResNet18(width, 10), torch.randn(256, 3, 32, 32), torch.randint(10, (256,)), cross_entropy


tasks = {
    "transformer": lambda: gpt(vocabulary=113, length=32, width=128, heads=4, layers=2),
    "resnet18": lambda: resnet18(16),
    "large": lambda: gpt(vocabulary=1000, length=32, width=512, heads=8, layers=4),  # 50 MB of weights
}
network, x, y, loss_of = tasks[task]()
network.eval()
parameters = list(network.parameters())


def export():
    with open(os.devnull, "w") as quiet:
        sys.stdout, out = quiet, sys.stdout
        torch.onnx.export(
            network, x[:2], folder / "network.onnx", opset_version=17, do_constant_folding=False,
            training=torch.onnx.TrainingMode.PRESERVE if task != "resnet18" else torch.onnx.TrainingMode.TRAINING,
            input_names=["x"], output_names=["scores"], dynamic_axes={"x": {0: "n"}, "scores": {0: "n"}},
        )
        sys.stdout = out
    network.eval()
    np.save(folder / "x.npy", x.numpy() if x.is_floating_point() else x.numpy().astype(np.int32))
    if y is not None:
        np.save(folder / "y.npy", y.numpy().astype(np.int32))
    return {"parameters": [name for name, _ in network.named_parameters()], "torch": torch.__version__}


def joined(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors]).numpy()


def gradient(create_graph=False):
    loss = loss_of(network(x), x if y is None else y)
    return torch.autograd.grad(loss, parameters, create_graph=create_graph)


def plain_gradient():
    gradient()
    return {}


def keep():
    global graph
    graph = gradient(True)
    joined(graph).tofile(folder / "gradient.f32")
    return {}


def product(kept=True):
    """H g, the gradient as the direction."""
    v = [g.detach() for g in graph]
    second = torch.autograd.grad(graph if kept else gradient(True), parameters, v, retain_graph=kept)
    joined(second).tofile(folder / "product.f32")
    return {}


graph = None
requests = {"export": export, "gradient": plain_gradient, "keep": keep, "product": product}
for line in sys.stdin:
    request = json.loads(line)
    began = time.process_time()
    answer = requests[request.pop("ask")](**request)
    print(json.dumps({**answer, "seconds": time.process_time() - began}), flush=True)
