"""PyTorch's side of `bench`: one training step of the paper's MLP, timed on request.

Usage: mlp.py BATCH_FILE BATCH_SIZE INPUTS. The file holds BATCH_SIZE x INPUTS floats, then BATCH_SIZE bytes of
labels. Says `ready <version>`; to each line `<steps>` on standard input it answers `<seconds> <loss>`.
"""

import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.manual_seed(0)

path, batch, inputs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open(path, "rb") as file:
    raw = bytearray(file.read())
images = torch.frombuffer(raw, dtype=torch.float32, count=batch * inputs).reshape(batch, inputs)
labels = torch.frombuffer(raw, dtype=torch.uint8, offset=4 * batch * inputs, count=batch).long()

layers, width = [], inputs
for _ in range(5):
    layers += [nn.Linear(width, 128), nn.BatchNorm1d(128), nn.ReLU()]
    width = 128
model = nn.Sequential(*layers, nn.Linear(width, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

print("ready", torch.__version__, flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(line)):
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
    print(time.perf_counter() - start, loss.item(), flush=True)
