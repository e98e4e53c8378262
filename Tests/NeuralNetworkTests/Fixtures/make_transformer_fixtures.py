"""Makes transformer-layers-*.safetensors and transformer-*.safetensors beside this file: what PyTorch computes for the
layers of the vision transformer and for small whole ones and twenty of their steps, in both precisions (single, double).

Usage: python make_transformer_fixtures.py   (needs PyTorch)
"""

import json
import pathlib
import struct

import torch
from torch import nn
from torch.nn import functional


def write(path, tensors):
    header, offset, blocks = {"__metadata__": {"torch": torch.__version__}}, 0, []
    for name, tensor in tensors.items():
        tensor = tensor.detach().contiguous()
        if not tensor.is_floating_point():
            tensor = tensor.to(torch.float32)
        block = bytes(tensor.reshape(-1).view(torch.uint8).tolist())
        kind = {torch.float32: "F32", torch.float64: "F64"}[tensor.dtype]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [offset, offset + len(block)]}
        offset += len(block)
        blocks.append(block)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blocks))


def record(out, prefix, module, x, dy):
    """State, input, and one forward and backward pass of a layer."""
    x = x.clone().requires_grad_()
    for name, tensor in module.state_dict().items():
        out[f"{prefix}/before/{name}"] = tensor.clone()
    y = module(x)
    y.backward(dy)
    out[f"{prefix}/x"], out[f"{prefix}/dy"] = x, dy
    out[f"{prefix}/output"], out[f"{prefix}/inputGradient"] = y, x.grad
    for name, parameter in module.named_parameters():
        out[f"{prefix}/gradient/{name}"] = parameter.grad.clone()


class Attention(nn.Module):
    def __init__(self, size, heads, width):
        super().__init__()
        self.heads, self.width = heads, width
        self.qkv, self.proj = nn.Linear(size, 3 * heads * width), nn.Linear(heads * width, size)

    def forward(self, x):
        samples, tokens, _ = x.shape
        q, k, v = self.qkv(x).reshape(samples, tokens, 3, self.heads, self.width).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) * self.width**-0.5).softmax(dim=-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(samples, tokens, -1))


class BatchNorm(nn.BatchNorm1d):
    """Over batch and tokens for each feature."""

    def forward(self, x):
        return super().forward(x.flatten(0, 1)).reshape(x.shape)


def norm(kind, size, affine):
    if kind == "layer":
        return nn.LayerNorm(size, elementwise_affine=affine)
    return BatchNorm(size, affine=affine) if kind == "batch" else nn.Identity()


class MLP(nn.Module):
    def __init__(self, size, hidden):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(size, hidden), nn.Linear(hidden, size)

    def forward(self, x):
        return self.fc2(functional.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, size, heads, width, hidden, kind, affine):
        super().__init__()
        self.norm1, self.attn = norm(kind, size, affine), Attention(size, heads, width)
        self.norm2, self.mlp = norm(kind, size, affine), MLP(size, hidden)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Holder(nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(weight)


class ClassToken(Holder):
    def forward(self, x):
        return torch.cat([self.weight.expand(len(x), -1, -1), x], dim=1)


class PositionEmbedding(Holder):
    def forward(self, x):
        return x + self.weight


class PatchEmbedding(nn.Conv2d):
    def __init__(self, channels, size, patch):
        super().__init__(channels, size, patch, stride=patch)

    def forward(self, x):
        return super().forward(x).flatten(2).transpose(1, 2)


class Transformer(nn.Module):
    """Images of 12 x 16 in patches of 4: 12 patches; 15 features, 3 heads of 5, 2 blocks."""

    def __init__(self, draw, kind, affine):
        super().__init__()
        self.patch_embedding = PatchEmbedding(3, 15, 4)
        self.class_token = ClassToken(draw(1, 1, 15))
        self.position_embedding = PositionEmbedding(draw(1, 13, 15))
        self.block_1 = Block(15, 3, 5, 21, kind, affine)
        self.block_2 = Block(15, 3, 5, 21, kind, affine)
        self.norm = norm(kind, 15, affine)
        self.out = nn.Linear(15, 5)
        self.parts = [
            self.patch_embedding, self.class_token, self.position_embedding, self.block_1, self.block_2, self.norm]

    def forward(self, x):
        for part in self.parts:
            x = part(x)
        return self.out(x[:, 0])


def whole(out, draw, prefix, kind, affine):
    model, criterion = Transformer(draw, kind, affine), nn.CrossEntropyLoss()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 1:
                parameter += 0.3 * draw(*parameter.shape)
    x, labels = draw(3, 3, 12, 16), torch.arange(3) * 3 % 5
    out[f"{prefix}/x"], out[f"{prefix}/labels"] = x, labels
    # Nothing in a forward pass depends on the running statistics, whose changes are recorded below.
    for name, tensor in model.state_dict().items():
        out[f"{prefix}/before/{name}"] = tensor.clone()
    logits = model(x)
    loss = criterion(logits, labels)
    loss.backward()
    out[f"{prefix}/logits"], out[f"{prefix}/loss"] = logits, loss
    for name, parameter in model.named_parameters():
        out[f"{prefix}/gradient/{name}"] = parameter.grad.clone()
    for name, tensor in model.named_buffers():
        out[f"{prefix}/after/{name}"] = tensor.clone()
    model.eval()
    out[f"{prefix}/evaluation"] = model(x)
    # Twenty steps of Adam from the same start.
    model.train()
    model.load_state_dict({name: out[f"{prefix}/before/{name}"] for name in model.state_dict()})
    optimizer, curve = torch.optim.Adam(model.parameters(), lr=1e-3), []
    for _ in range(20):
        optimizer.zero_grad()
        loss = criterion(model(x), labels)
        loss.backward()
        optimizer.step()
        curve.append(loss.detach())
    out[f"{prefix}/losses"] = torch.stack(curve)


def layers(out, draw):
    for size in (35, 5):
        layer = nn.LayerNorm(size)
        layer.weight.data, layer.bias.data = draw(size), draw(size)
        record(out, f"layer-norm-{size}", layer, draw(13, size) * 3 + 20, draw(13, size))
    record(out, "layer-norm-plain", nn.LayerNorm(35, elementwise_affine=False), draw(7, 35), draw(7, 35))
    record(out, "patches", PatchEmbedding(3, 19, 4), draw(3, 3, 8, 12), draw(3, 6, 19))
    record(out, "patches-alone", PatchEmbedding(1, 5, 3), draw(1, 1, 3, 3), draw(1, 1, 5))
    record(out, "token", ClassToken(draw(1, 1, 19)), draw(3, 6, 19), draw(3, 7, 19))
    record(out, "position", PositionEmbedding(draw(1, 7, 19)), draw(3, 7, 19), draw(3, 7, 19))
    for samples, tokens, heads, width in ((2, 17, 3, 8), (1, 1, 2, 5), (3, 7, 1, 16), (2, 33, 2, 16), (1, 16, 1, 32)):
        size = 11
        layer = Attention(size, heads, width)
        layer.qkv.weight.data *= 4
        record(
            out, f"attention-{samples}-{tokens}-{heads}-{width}", layer, draw(samples, tokens, size),
            draw(samples, tokens, size))


for dtype, file in ((torch.float32, "single"), (torch.float64, "double")):
    torch.set_default_dtype(dtype)
    torch.manual_seed(20251001)

    def draw(*shape):
        return torch.randn(*shape, dtype=torch.float64).to(dtype)

    pieces, wholes = {}, {}
    layers(pieces, draw)
    whole(wholes, draw, "layer", "layer", True)
    whole(wholes, draw, "batch", "batch", True)
    whole(wholes, draw, "none", "none", True)
    folder = pathlib.Path(__file__).parent
    write(folder / f"transformer-layers-{file}.safetensors", pieces)
    write(folder / f"transformer-{file}.safetensors", wholes)
