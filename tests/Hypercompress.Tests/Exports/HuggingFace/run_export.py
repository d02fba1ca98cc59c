"""Runs the modules of an exported folder in PyTorch, on a small stand-in for transformers' Llama, and prints logits.

usage: run_export.py FOLDER IDS.json LOGITS.json
"""

import importlib.util
import json
import struct
import sys
import types

import numpy as np
import torch
from torch import nn

TYPES = {"F32": np.float32, "F16": np.float16, "U8": np.uint8, "I64": np.int64, "I32": np.int32}


def load_safetensors(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


class Norm(nn.Module):
    def __init__(self, size, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads, self.groups = config.num_attention_heads, config.num_key_value_heads
        self.width = config.hidden_size // self.heads
        self.theta = config.rope_theta
        for name, rows in (("q", self.heads), ("k", self.groups), ("v", self.groups)):
            setattr(self, name + "_proj", nn.Linear(config.hidden_size, rows * self.width, bias=config.attention_bias))
        self.o_proj = nn.Linear(self.heads * self.width, config.hidden_size, bias=config.attention_bias)

    def rotate(self, x):
        frequencies = self.theta ** (-torch.arange(0, self.width, 2).float() / self.width)
        angles = torch.arange(x.shape[2]).float()[:, None] * frequencies
        angles = torch.cat((angles, angles), -1)
        first, second = x.chunk(2, -1)
        return x * angles.cos() + torch.cat((-second, first), -1) * angles.sin()

    def forward(self, x):
        split = lambda rows, heads: rows.reshape(*x.shape[:2], heads, self.width).transpose(1, 2)
        queries = self.rotate(split(self.q_proj(x), self.heads))
        keys = self.rotate(split(self.k_proj(x), self.groups)).repeat_interleave(self.heads // self.groups, 1)
        values = split(self.v_proj(x), self.groups).repeat_interleave(self.heads // self.groups, 1)
        scores = queries @ keys.transpose(-1, -2) / self.width**0.5
        hidden = torch.ones(x.shape[1], x.shape[1]).triu(1).bool()
        mixed = scores.masked_fill(hidden, float("-inf")).softmax(-1) @ values
        return self.o_proj(mixed.transpose(1, 2).flatten(2))


class Mlp(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.mlp_bias)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=config.mlp_bias)

    def forward(self, x):
        return self.down_proj(nn.functional.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.self_attn, self.mlp = Attention(config), Mlp(config)
        self.input_layernorm = Norm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_layernorm = Norm(config.hidden_size, config.rms_norm_eps)

    def forward(self, x):
        x = x + self.self_attn(self.input_layernorm(x))
        return x + self.mlp(self.post_attention_layernorm(x))


class LlamaModel(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = Norm(config.hidden_size, config.rms_norm_eps)


class LlamaConfig:
    def __init__(self, **entries):
        self.rope_theta = entries.get("rope_parameters", entries).get("rope_theta", 10000.0)
        self.attention_bias = self.mlp_bias = False
        vars(self).update({key: value for key, value in entries.items() if key != "model_type"})


class LlamaForCausalLM(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config, self.model = config, LlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    def post_init(self):
        self.tie_weights()

    def tie_weights(self):
        if self.config.tie_word_embeddings:
            self.lm_head.weight = self.model.embed_tokens.weight

    def forward(self, ids):
        x = self.model.embed_tokens(ids)
        for layer in self.model.layers:
            x = layer(x)
        return self.lm_head(self.model.norm(x))


def load_module(folder, name):
    full = "exported." + name
    spec = importlib.util.spec_from_file_location(full, f"{folder}/{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    spec.loader.exec_module(module)
    return module


def main(folder, ids_path, logits_path):
    stand_in = types.ModuleType("transformers")
    stand_in.LlamaForCausalLM, stand_in.CONFIG_MAPPING = LlamaForCausalLM, {"llama": LlamaConfig}
    sys.modules["transformers"] = stand_in
    sys.dont_write_bytecode = True
    package = types.ModuleType("exported")
    package.__path__ = [folder]
    sys.modules["exported"] = package

    with open(folder + "/config.json", encoding="utf-8") as file:
        entries = json.load(file)
    found = {kind: name.split(".") for kind, name in entries["auto_map"].items()}
    config_class = getattr(load_module(folder, found["AutoConfig"][0]), found["AutoConfig"][1])
    assert config_class.model_type == entries["model_type"]
    model_class = getattr(
        load_module(folder, found["AutoModelForCausalLM"][0]), found["AutoModelForCausalLM"][1]
    )
    assert model_class.config_class is config_class
    model = model_class(config_class(**entries)).eval()
    state = load_safetensors(folder + "/model.safetensors")
    shared = {"lm_head.weight"} & set(model.state_dict())
    missing, unexpected = model.load_state_dict(state, strict=False)
    if entries["tie_word_embeddings"]:
        missing = [name for name in missing if name not in shared]
    assert not missing and not unexpected, (missing, unexpected)
    with open(ids_path, encoding="utf-8") as file:
        ids = torch.tensor([json.load(file)])
    with torch.no_grad():
        logits = model(ids)[0]
    with open(logits_path, "w", encoding="utf-8") as file:
        json.dump(logits.tolist(), file)


main(*sys.argv[1:])
