"""The networks of this project in PyTorch, from the description that chapters give of them, with the names of tensors
that snapshots have here.

`build(model, image, classes)` takes the `model` object of a block, written out in full, and the shape of the images;
`paper(architecture)` is the paper's description of one of its four networks.
"""

import collections

import torch
from torch import nn
from torch.nn import functional

ACTIVATIONS = {
    "relu": lambda: nn.ReLU(inplace=True),
    "leakyReLU": lambda: nn.LeakyReLU(0.1, inplace=True),
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "elu": nn.ELU,
    "selu": nn.SELU,
    "silu": nn.SiLU,
    "gelu": nn.GELU,
    "linear": nn.Identity,
}


def norm_of_vectors(model, width):
    """The normalisation of vectors, or None."""
    return {
        "none": lambda: None,
        "batch": lambda: nn.BatchNorm1d(width, affine=model["affine"]),
        "layer": lambda: nn.LayerNorm(width, elementwise_affine=model["affine"]),
    }[model["normalization"]]()


def norm_of_images(model, channels):
    """The normalisation of images, or None; `layer` is over channels and pixels, with a scale for each channel."""
    return {
        "none": lambda: None,
        "batch": lambda: nn.BatchNorm2d(channels, affine=model["affine"]),
        "layer": lambda: nn.GroupNorm(1, channels, affine=model["affine"]),
    }[model["normalization"]]()


class NormOfTokens(nn.BatchNorm1d):
    """Batch normalisation over the batch and its tokens."""

    def forward(self, x):
        return super().forward(x.flatten(0, 1)).view_as(x)


def norm_of_tokens(model, width):
    """The normalisation of tokens; one that does nothing if there is none."""
    return {
        "none": nn.Identity,
        "batch": lambda: NormOfTokens(width, affine=model["affine"]),
        "layer": lambda: nn.LayerNorm(width, elementwise_affine=model["affine"]),
    }[model["normalization"]]()


def chain(layers):
    """The layers of a dictionary in a row, those that are None left out."""
    return nn.Sequential(collections.OrderedDict((name, layer) for name, layer in layers.items() if layer is not None))


def dropout(model):
    return nn.Dropout(model["dropout"]) if model["dropout"] > 0 else None


def mlp(model, image, classes):
    layers, width = {"flatten": nn.Flatten()}, image["channels"] * image["height"] * image["width"]
    for number, size in enumerate(model["hiddenSizes"], 1):
        layers[f"linear_{number}"] = nn.Linear(width, size)
        layers[f"norm_{number}"] = norm_of_vectors(model, size)
        layers[f"act_{number}"] = ACTIVATIONS[model["activation"]]()
        layers[f"dropout_{number}"] = dropout(model)
        width = size
    layers["out"] = nn.Linear(width, classes)
    return chain(layers)


def cnn(model, image, classes):
    layers, depth = {}, image["channels"]
    for number, channels in enumerate(model["channels"], 1):
        layers[f"conv_{number}"] = nn.Conv2d(depth, channels, 3, padding=1)
        layers[f"norm_{number}"] = norm_of_images(model, channels)
        layers[f"act_{number}"] = ACTIVATIONS[model["activation"]]()
        layers[f"pool_{number}"] = nn.MaxPool2d(2)
        depth = channels
    halvings, hidden = len(model["channels"]), model["hiddenSizes"][0]
    layers["flatten"] = nn.Flatten()
    layers["linear_1"] = nn.Linear(depth * (image["height"] >> halvings) * (image["width"] >> halvings), hidden)
    layers[f"act_{halvings + 1}"] = ACTIVATIONS[model["activation"]]()
    layers["dropout_1"] = dropout(model)
    layers["out"] = nn.Linear(hidden, classes)
    return chain(layers)


def convnet(model, image, classes):
    layers, depth, rows, columns = {}, image["channels"], image["height"], image["width"]
    for number, (kernel, channels) in enumerate(zip(model["kernels"], model["channels"]), 1):
        layers[f"conv_{number}"] = nn.Conv2d(depth, channels, kernel)
        layers[f"norm_{number}"] = norm_of_images(model, channels)
        layers[f"act_{number}"] = ACTIVATIONS[model["activation"]]()
        layers[f"pool_{number}"] = nn.MaxPool2d(2)
        depth, rows, columns = channels, (rows - kernel + 1) // 2, (columns - kernel + 1) // 2
    layers["flatten"] = nn.Flatten()
    width = depth * rows * columns
    for number, size in enumerate(model["hiddenSizes"], 1):
        layers[f"linear_{number}"] = nn.Linear(width, size)
        layers[f"norm_{len(model['channels']) + number}"] = norm_of_vectors(model, size)
        layers[f"act_{len(model['channels']) + number}"] = ACTIVATIONS[model["activation"]]()
        width = size
    layers["dropout_1"] = dropout(model)
    layers["out"] = nn.Linear(width, classes)
    return chain(layers)


def unit(owner, model, names, inputs, channels, kernel, stride):
    """Adds a convolution and its normalisation to a module; without normalisation the convolution has a bias."""
    norm = norm_of_images(model, channels)
    conv = nn.Conv2d(inputs, channels, kernel, stride, kernel // 2, bias=norm is None)
    setattr(owner, names[0], conv)
    setattr(owner, names[1], norm if norm is not None else nn.Identity())


class Stem(nn.Module):
    def __init__(self, model, inputs, channels):
        super().__init__()
        unit(self, model, ("conv", "norm"), inputs, channels, 3, 1)

    def forward(self, x):
        return torch.relu_(self.norm(self.conv(x)))


class ResidualBlock(nn.Module):
    def __init__(self, model, inputs, channels, stride):
        super().__init__()
        unit(self, model, ("conv_1", "norm_1"), inputs, channels, 3, stride)
        unit(self, model, ("conv_2", "norm_2"), channels, channels, 3, 1)
        self.skip_conv = self.skip_norm = None
        if stride != 1 or inputs != channels:
            unit(self, model, ("skip_conv", "skip_norm"), inputs, channels, 1, stride)

    def forward(self, x):
        y = self.norm_2(self.conv_2(torch.relu_(self.norm_1(self.conv_1(x)))))
        return torch.relu_(y + (x if self.skip_conv is None else self.skip_norm(self.skip_conv(x))))


def resnet(model, image, classes):
    base = model["channels"][0]
    layers, depth, number = {"stem": Stem(model, image["channels"], base)}, base, 0
    for stage, blocks in enumerate(model["blocks"]):
        for index in range(blocks):
            number += 1
            stride = 2 if stage and not index else 1
            layers[f"block_{number}"] = ResidualBlock(model, depth, base << stage, stride)
            depth = base << stage
    layers["pool"] = nn.AdaptiveAvgPool2d(1)
    layers["flatten"] = nn.Flatten()
    layers["dropout"] = dropout(model)
    layers["out"] = nn.Linear(depth, classes)
    network = chain(layers)
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return network


class Attention(nn.Module):
    def __init__(self, size, heads, head_width, probability):
        super().__init__()
        self.heads, self.probability = heads, probability
        self.qkv = nn.Linear(size, 3 * heads * head_width)
        self.proj = nn.Linear(heads * head_width, size)
        self.proj_drop = nn.Dropout(probability)

    def forward(self, x):
        batch, tokens, _ = x.shape
        q, k, v = self.qkv(x).reshape(batch, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        probability = self.probability if self.training else 0.0
        y = functional.scaled_dot_product_attention(q, k, v, dropout_p=probability)
        return self.proj_drop(self.proj(y.transpose(1, 2).reshape(batch, tokens, -1)))


class TransformerBlock(nn.Module):
    def __init__(self, model, size, heads, hidden):
        super().__init__()
        self.norm1 = norm_of_tokens(model, size)
        self.attn = Attention(size, heads, model["headWidth"], model["dropout"])
        self.norm2 = norm_of_tokens(model, size)
        self.mlp = chain(
            {
                "fc1": nn.Linear(size, hidden),
                "act": nn.GELU(),
                "drop1": dropout(model),
                "fc2": nn.Linear(hidden, size),
                "drop2": dropout(model),
            }
        )

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Embedding(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.weight = nn.Parameter(nn.init.trunc_normal_(torch.empty(shape), std=0.02))


class ClassToken(Embedding):
    def forward(self, x):
        return torch.cat([self.weight.expand(len(x), -1, -1), x], 1)


class PositionEmbedding(Embedding):
    def forward(self, x):
        return x + self.weight


class PatchEmbedding(nn.Conv2d):
    def forward(self, x):
        return super().forward(x).flatten(2).transpose(1, 2)


class FirstToken(nn.Module):
    def forward(self, x):
        return x[:, 0]


def vision_transformer(model, image, classes):
    size, patch = model["embeddingSize"], model["patchSize"]
    heads = model.get("heads") or size // model["headWidth"]
    hidden = model.get("feedForwardSize") or 4 * size
    tokens = (image["height"] // patch) * (image["width"] // patch) + 1
    layers = {
        "patch_embedding": PatchEmbedding(image["channels"], size, patch, patch),
        "class_token": ClassToken(1, 1, size),
        "position_embedding": PositionEmbedding(1, tokens, size),
        "position_dropout": dropout(model),
    }
    for number in range(1, model["depth"] + 1):
        layers[f"block_{number}"] = TransformerBlock(model, size, heads, hidden)
    layers["norm"] = norm_of_tokens(model, size)
    layers["token"] = FirstToken()
    layers["out"] = nn.Linear(size, classes)
    network = chain(layers)
    for module in network.modules():
        if isinstance(module, nn.Linear):
            nn.init.trunc_normal_(module.weight, std=0.02)
            nn.init.zeros_(module.bias)
    return network


MODELS = {"mlp": mlp, "cnn": cnn, "convnet": convnet, "resnet": resnet, "vit": vision_transformer}

PAPER = {
    "mlp": {"hiddenSizes": [128] * 5, "normalization": "batch", "activation": "relu"},
    "cnn": {"channels": [64, 128, 256], "hiddenSizes": [512], "normalization": "batch", "activation": "relu"},
    "resnet": {"channels": [64], "blocks": [2, 2, 2, 2], "normalization": "batch"},
    "vit": {"embeddingSize": 384, "headWidth": 64, "depth": 6, "patchSize": 8, "normalization": "layer"},
}


def build(model, image, classes):
    """A network as its description has it, its parameters drawn."""
    return MODELS[model["architecture"]](model, image, classes)


def paper(architecture):
    """The paper's description of a network, without dropout."""
    return {"architecture": architecture, "affine": True, "dropout": 0, **PAPER[architecture]}
