"""Four small networks in PyTorch, as people write them: an MLP with LayerNorm and a skip, a narrow ResNet-18, a ViT and a two-layer GPT."""
import math

import torch
from torch import nn


class NormedMlp(nn.Module):
    def __init__(self, features=12, width=16, classes=5):
        super().__init__()
        self.first = nn.Linear(features, width)
        self.norm = nn.LayerNorm(width)
        self.second = nn.Linear(width, width)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        h = torch.tanh(self.first(x))
        return self.head(h + nn.functional.gelu(self.second(self.norm(h))))


class Block(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.downsample = None
        if stride != 1 or channels != filters:
            self.downsample = nn.Sequential(nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters))

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet18(nn.Module):
    def __init__(self, width=2, classes=5):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        channels, blocks = width, []
        for i, factor in enumerate((1, 2, 4, 8)):
            for j in range(2):
                blocks.append(Block(channels, factor * width, 2 if i > 0 and j == 0 else 1))
                channels = factor * width
        self.layers = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.layers(torch.relu(self.bn1(self.conv1(x))))
        return self.fc(torch.flatten(self.pool(x), 1))


class Attention(nn.Module):
    def __init__(self, width, heads, length=None):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        if length is not None:
            self.register_buffer("mask", torch.tril(torch.ones(length, length)).view(1, 1, length, length))
        self.is_causal = length is not None

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(x).split(d, dim=2)
        q, k, v = (z.view(n, t, self.heads, d // self.heads).transpose(1, 2) for z in (q, k, v))
        scores = q @ k.transpose(-2, -1) * (1.0 / math.sqrt(d // self.heads))
        if self.is_causal:
            scores = scores.masked_fill(self.mask[:, :, :t, :t] == 0, float("-inf"))
        return self.proj((torch.softmax(scores, dim=-1) @ v).transpose(1, 2).reshape(n, t, d))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads, length=None):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads, length)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class ViT(nn.Module):
    def __init__(self, size=8, patch=4, width=16, heads=2, layers=2, classes=5):
        super().__init__()
        self.patch = nn.Conv2d(3, width, patch, patch)
        self.cls = nn.Parameter(0.02 * torch.randn(1, 1, width))
        self.pos = nn.Parameter(0.02 * torch.randn(1, (size // patch) ** 2 + 1, width))
        self.blocks = nn.Sequential(*(TransformerBlock(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls.expand(x.shape[0], -1, -1), x), dim=1) + self.pos
        return self.head(self.norm(self.blocks(x))[:, 0])


class Gpt(nn.Module):
    """Input and output embeddings are one tensor."""

    def __init__(self, vocabulary=17, length=8, width=16, heads=2, layers=2):
        super().__init__()
        self.wte = nn.Embedding(vocabulary, width)
        self.wpe = nn.Embedding(length, width)
        self.blocks = nn.ModuleList(TransformerBlock(width, heads, length) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width)
        self.lm_head = nn.Linear(width, vocabulary, bias=False)
        self.lm_head.weight = self.wte.weight
        nn.init.normal_(self.wte.weight, std=0.3)

    def forward(self, ids):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.lm_head(self.ln_f(x))


def cross_entropy(scores, y):
    return nn.functional.cross_entropy(scores, y)


def next_token(scores, ids):
    return nn.functional.cross_entropy(scores[:, :-1].reshape(-1, scores.shape[-1]), ids[:, 1:].reshape(-1))


def tasks():
    """Name → network, inputs, targets (None: the inputs themselves), loss; the same numbers every time."""
    torch.manual_seed(20181204)
    rand = lambda *shape: torch.randn(*shape)
    result = {
        "normed-mlp": (NormedMlp(), rand(64, 12), torch.randint(5, (64,)), cross_entropy),
        "resnet18": (ResNet18(), rand(8, 3, 8, 8), torch.randint(5, (8,)), cross_entropy),
        "vit": (ViT(), rand(12, 3, 8, 8), torch.randint(5, (12,)), cross_entropy),
        "gpt": (Gpt(), torch.randint(17, (12, 8)), None, next_token),
    }
    resnet, images = result["resnet18"][:2]
    with torch.no_grad():
        for _ in range(20):
            resnet(images + 0.1 * torch.randn_like(images))  # running statistics of their own
        for network, *_ in result.values():
            for name, p in network.named_parameters():
                if p.ndim == 1:
                    p.add_(0.1 * torch.randn_like(p))  # gains and offsets that are not 1 and 0
    for network, *_ in result.values():
        network.eval()
    return result
