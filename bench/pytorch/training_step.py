"""Times the training step of Hypercompress as PyTorch does it.

A student whose matrices are whole-number levels with factors of rows and columns learns from a teacher of the same
shape (SmolLM2-135M, random weights: speed does not depend on them). One step is the teacher's forward pass, the
student's forward pass with rounded levels, the KL divergence of all predictions, the backward pass straight through
the rounding, and Adam on the latents. Prints tokens per second (median of the steps) and the peak memory.

    python3 bench/pytorch/training_step.py [THREADS] [STEPS] [float32|bfloat16]
"""

import resource
import statistics
import sys
import time

import torch
import torch.nn.functional as F

LAYERS, HIDDEN, INNER, HEADS, KV_HEADS, VOCABULARY = 30, 576, 1536, 9, 3, 49152
BATCH, LENGTH, CHUNK = 4, 256, 256
WIDTH = HIDDEN // HEADS
THREADS = int(sys.argv[1]) if len(sys.argv) > 1 else 2
STEPS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
FACTORS = getattr(torch, sys.argv[3]) if len(sys.argv) > 3 else torch.float32


class Rounding(torch.autograd.Function):
    """Values of levels; the gradient passes to the latents as if nothing had been rounded."""

    @staticmethod
    def forward(ctx, latents, scale):
        ctx.scale = scale
        return torch.round(latents).mul_(scale)

    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.scale, None


def linear(x, weight):
    if FACTORS == torch.float32:
        return F.linear(x, weight)
    return F.linear(x.to(FACTORS), weight.to(FACTORS)).to(torch.float32)


def shapes():
    yield VOCABULARY, HIDDEN
    for _ in range(LAYERS):
        yield HIDDEN, HIDDEN
        yield 2 * KV_HEADS * WIDTH, HIDDEN
        yield HIDDEN, HIDDEN
        yield INNER, HIDDEN
        yield INNER, HIDDEN
        yield HIDDEN, INNER


def norm(x):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5)


def rotate(x, cos, sin):
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat((-second, first), -1) * sin


def attention(x, query, keys_values, output, cos, sin, mask):
    batch, length, _ = x.shape
    q = linear(x, query).view(batch, length, HEADS, WIDTH).transpose(1, 2)
    both = linear(x, keys_values).view(batch, length, 2, KV_HEADS, WIDTH)
    k, v = (both[:, :, i].transpose(1, 2).repeat_interleave(HEADS // KV_HEADS, 1) for i in (0, 1))
    scores = rotate(q, cos, sin) @ rotate(k, cos, sin).transpose(2, 3) / WIDTH**0.5 + mask
    mixed = torch.softmax(scores, -1) @ v
    return linear(mixed.transpose(1, 2).reshape(batch, length, HIDDEN), output)


def hidden(ids, weights, cos, sin, mask):
    x = F.embedding(ids, weights[0])
    for layer in range(LAYERS):
        query, keys_values, output, gate, up, down = weights[1 + 6 * layer : 7 + 6 * layer]
        x = x + attention(norm(x), query, keys_values, output, cos, sin, mask)
        read = norm(x)
        x = x + linear(F.silu(linear(read, gate)) * linear(read, up), down)
    return norm(x).reshape(-1, HIDDEN)


def learn(states, head, wanted, teacher_head):
    """Adds the gradient of the divergence, a part of the positions at a time, so that logits stay small."""
    leaf = states.detach().requires_grad_(True)
    head_leaf = head.detach().requires_grad_(True)
    for first in range(0, leaf.shape[0], CHUNK):
        part = slice(first, first + CHUNK)
        with torch.no_grad():
            target = F.log_softmax(F.linear(wanted[part], teacher_head), -1)
        found = F.log_softmax(F.linear(leaf[part], head_leaf), -1)
        (F.kl_div(found, target, reduction="sum", log_target=True) / leaf.shape[0]).backward()
    torch.autograd.backward([states, head], [leaf.grad, head_leaf.grad])


def main():
    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    teacher = [torch.randn(shape) * 0.02 for shape in shapes()]
    scales = [float(weight.std()) for weight in teacher]
    latents = [(weight / scale).requires_grad_(True) for weight, scale in zip(teacher, scales)]
    optimizer = torch.optim.Adam(latents, lr=0.005, betas=(0.9, 0.99))
    angles = torch.outer(torch.arange(LENGTH), 10000.0 ** -(torch.arange(0, WIDTH, 2) / WIDTH)).repeat(1, 2)
    cos, sin = angles.cos(), angles.sin()
    mask = torch.full((LENGTH, LENGTH), float("-inf")).triu(1)
    seconds = []
    for _ in range(STEPS + 1):
        ids = torch.randint(VOCABULARY, (BATCH, LENGTH))
        started = time.perf_counter()
        with torch.no_grad():
            wanted = hidden(ids, teacher, cos, sin, mask)
        optimizer.zero_grad(set_to_none=True)
        weights = [Rounding.apply(latent, scale) for latent, scale in zip(latents, scales)]
        states = hidden(ids, weights, cos, sin, mask)
        learn(states, weights[0], wanted, teacher[0])
        optimizer.step()
        seconds.append(time.perf_counter() - started)
    rate = BATCH * LENGTH / statistics.median(seconds[1:])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"PyTorch {torch.__version__}, {THREADS} threads, {FACTORS}: {rate:.1f} tokens/s, peak {peak:.1f} GB")


main()
