"""Stock models of all families as small PyTorch modules with the names that transformers gives theirs."""

import torch
from torch import nn
from torch.nn import functional


class Conv1D(nn.Module):
    def __init__(self, rows, columns):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.zeros(columns, rows)), nn.Parameter(torch.zeros(rows))

    def forward(self, x):
        return x @ self.weight + self.bias


class RMSNorm(nn.Module):
    def __init__(self, size, eps, added=0):
        super().__init__()
        self.weight, self.eps, self.added = nn.Parameter(torch.ones(size)), eps, added

    def forward(self, x):
        return (self.weight + self.added) * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)


class ScaledEmbedding(nn.Embedding):
    def __init__(self, count, size, scale):
        super().__init__(count, size)
        self.scalar_embed_scale = scale
        self.register_buffer("embed_scale", torch.tensor(scale), persistent=False)

    def forward(self, ids):
        return super().forward(ids) * self.scalar_embed_scale


def turn(x, theta, width):
    """Rotates the first values of each head; x [batch, heads, tokens, values]."""
    frequencies = theta ** (-torch.arange(0, width, 2).float() / width)
    angles = torch.arange(x.shape[2]).float()[:, None] * frequencies
    angles = torch.cat((angles, angles), -1)
    turned, rest = x[..., :width], x[..., width:]
    first, second = turned.chunk(2, -1)
    return torch.cat((turned * angles.cos() + torch.cat((-second, first), -1) * angles.sin(), rest), -1)


def attend(queries, keys, values, scale, window=None, cap=None):
    repeats = queries.shape[1] // keys.shape[1]
    keys, values = keys.repeat_interleave(repeats, 1), values.repeat_interleave(repeats, 1)
    scores = queries @ keys.transpose(-1, -2) * scale
    if cap is not None:
        scores = torch.tanh(scores / cap) * cap
    length = scores.shape[-1]
    hidden = torch.ones(length, length).triu(1).bool()
    if window is not None:
        hidden = hidden | torch.ones(length, length).tril(-window).bool()
    mixed = scores.masked_fill(hidden, float("-inf")).softmax(-1) @ values
    return mixed.transpose(1, 2).flatten(2)


ACTIVATIONS = {
    "silu": functional.silu,
    "gelu": functional.gelu,
    "gelu_new": lambda x: 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3))),
}
ACTIVATIONS["gelu_pytorch_tanh"] = ACTIVATIONS["gelu_new"]


class Attention(nn.Module):
    def __init__(self, config, layer):
        super().__init__()
        self.family, self.heads = config.family, config.num_attention_heads
        self.groups = config.num_key_value_heads
        self.width = getattr(config, "head_dim", None) or config.hidden_size // self.heads
        self.scale = getattr(config, "query_pre_attn_scalar", self.width) ** -0.5
        self.cap = getattr(config, "attn_logit_softcapping", None)
        self.window = config.window_of(layer)
        self.theta = config.theta_of(layer)
        self.turned = int(self.width * config.fraction)
        query_bias = self.family == "qwen2" or getattr(config, "attention_bias", False)
        output_bias = self.family != "qwen2" and getattr(config, "attention_bias", False)
        sizes = [self.heads * self.width, self.groups * self.width, self.groups * self.width]
        if self.family == "phi3":
            self.qkv_proj = nn.Linear(config.hidden_size, sum(sizes), bias=False)
        else:
            for name, rows in zip(("q_proj", "k_proj", "v_proj"), sizes):
                setattr(self, name, nn.Linear(config.hidden_size, rows, bias=query_bias))
        self.o_proj = nn.Linear(sizes[0], config.hidden_size, bias=output_bias)
        self.sizes, added = sizes, 1 if self.family == "gemma3_text" else 0
        if self.family in ("qwen3", "gemma3_text", "olmo2"):
            whole = self.family == "olmo2"
            self.q_norm = RMSNorm(sizes[0] if whole else self.width, config.rms_norm_eps, added)
            self.k_norm = RMSNorm(sizes[1] if whole else self.width, config.rms_norm_eps, added)

    def forward(self, x):
        if self.family == "phi3":
            made = self.qkv_proj(x).split(self.sizes, -1)
        else:
            made = self.q_proj(x), self.k_proj(x), self.v_proj(x)
        queries, keys, values = made
        if self.family == "olmo2":
            queries, keys = self.q_norm(queries), self.k_norm(keys)
        split = lambda rows: rows.reshape(*x.shape[:2], -1, self.width).transpose(1, 2)
        queries, keys, values = split(queries), split(keys), split(values)
        if self.family in ("qwen3", "gemma3_text"):
            queries, keys = self.q_norm(queries), self.k_norm(keys)
        if self.theta is not None:
            queries, keys = turn(queries, self.theta, self.turned), turn(keys, self.theta, self.turned)
        return self.o_proj(attend(queries, keys, values, self.scale, self.window, self.cap))


class Mlp(nn.Module):
    def __init__(self, config):
        super().__init__()
        bias, size = getattr(config, "mlp_bias", False), config.intermediate_size
        self.is_fused = config.family == "phi3"
        if self.is_fused:
            self.gate_up_proj = nn.Linear(config.hidden_size, 2 * size, bias=False)
        else:
            self.gate_proj = nn.Linear(config.hidden_size, size, bias=bias)
            self.up_proj = nn.Linear(config.hidden_size, size, bias=bias)
        self.down_proj = nn.Linear(size, config.hidden_size, bias=bias)
        self.activation = ACTIVATIONS[getattr(config, "hidden_activation", None) or config.hidden_act]

    def forward(self, x):
        gate, up = self.gate_up_proj(x).chunk(2, -1) if self.is_fused else (self.gate_proj(x), self.up_proj(x))
        return self.down_proj(self.activation(gate) * up)


class Layer(nn.Module):
    def __init__(self, config, layer):
        super().__init__()
        self.self_attn, self.mlp = Attention(config, layer), Mlp(config)
        names = {
            "olmo2": ["post_attention_layernorm", "post_feedforward_layernorm"],
            "gemma2": ["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"],
        }
        names["gemma3_text"] = names["gemma2"]
        self.norms = names.get(config.family, ["input_layernorm", "post_attention_layernorm"])
        self.is_plain = config.family not in names
        for name in self.norms:
            setattr(self, name, RMSNorm(config.hidden_size, config.rms_norm_eps, 1 if "gemma" in config.family else 0))

    def norm(self, name, x):
        return getattr(self, name)(x) if name in self.norms else x

    def forward(self, x):
        made = self.self_attn(self.norm("input_layernorm", x))
        if self.is_plain:
            x = x + made
            return x + self.mlp(self.post_attention_layernorm(x))
        x = x + self.post_attention_layernorm(made)
        return x + self.post_feedforward_layernorm(self.mlp(self.norm("pre_feedforward_layernorm", x)))


class LlamaModel(nn.Module):
    def __init__(self, config):
        super().__init__()
        sizes = config.vocab_size, config.hidden_size
        is_scaled = config.family == "gemma3_text"
        self.embed_tokens = ScaledEmbedding(*sizes, config.hidden_size**0.5) if is_scaled else nn.Embedding(*sizes)
        self.layers = nn.ModuleList(Layer(config, layer) for layer in range(config.num_hidden_layers))
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps, 1 if "gemma" in config.family else 0)
        self.factor = config.hidden_size**0.5 if config.family == "gemma2" else 1

    def forward(self, ids):
        x = self.embed_tokens(ids) * self.factor
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)


class Gpt2Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads, size = config.num_attention_heads, config.hidden_size
        self.c_attn, self.c_proj = Conv1D(3 * size, size), Conv1D(size, size)

    def forward(self, x):
        split = lambda rows: rows.reshape(*x.shape[:2], self.heads, -1).transpose(1, 2)
        queries, keys, values = (split(rows) for rows in self.c_attn(x).chunk(3, -1))
        return self.c_proj(attend(queries, keys, values, queries.shape[-1] ** -0.5))


class Gpt2Mlp(nn.Module):
    def __init__(self, config):
        super().__init__()
        size, inner = config.hidden_size, getattr(config, "n_inner", None) or 4 * config.hidden_size
        self.c_fc, self.c_proj = Conv1D(inner, size), Conv1D(size, inner)
        self.activation = ACTIVATIONS[config.activation_function]

    def forward(self, x):
        return self.c_proj(self.activation(self.c_fc(x)))


class Gpt2Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.ln_1, self.ln_2 = (nn.LayerNorm(config.hidden_size, config.layer_norm_epsilon) for _ in range(2))
        self.attn, self.mlp = Gpt2Attention(config), Gpt2Mlp(config)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt2Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.wte = nn.Embedding(config.vocab_size, config.hidden_size)
        self.wpe = nn.Embedding(config.n_positions, config.hidden_size)
        self.h = nn.ModuleList(Gpt2Block(config) for _ in range(config.num_hidden_layers))
        self.ln_f = nn.LayerNorm(config.hidden_size, config.layer_norm_epsilon)

    def forward(self, ids):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        for block in self.h:
            x = block(x)
        return self.ln_f(x)


class NeoXAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads, size = config.num_attention_heads, config.hidden_size
        self.theta, self.turned = config.theta_of(0), int(size // self.heads * config.fraction)
        self.query_key_value, self.dense = nn.Linear(size, 3 * size), nn.Linear(size, size)

    def forward(self, x):
        made = self.query_key_value(x).reshape(*x.shape[:2], self.heads, -1).transpose(1, 2)
        queries, keys, values = made.chunk(3, -1)
        queries, keys = turn(queries, self.theta, self.turned), turn(keys, self.theta, self.turned)
        return self.dense(attend(queries, keys, values, queries.shape[-1] ** -0.5))


class NeoXMlp(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dense_h_to_4h = nn.Linear(config.hidden_size, config.intermediate_size)
        self.dense_4h_to_h = nn.Linear(config.intermediate_size, config.hidden_size)
        self.activation = ACTIVATIONS[config.hidden_act]

    def forward(self, x):
        return self.dense_4h_to_h(self.activation(self.dense_h_to_4h(x)))


class NeoXLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        for name in ("input_layernorm", "post_attention_layernorm"):
            setattr(self, name, nn.LayerNorm(config.hidden_size, config.layer_norm_eps))
        self.attention, self.mlp = NeoXAttention(config), NeoXMlp(config)
        self.is_parallel = getattr(config, "use_parallel_residual", True)

    def forward(self, x):
        attended = self.attention(self.input_layernorm(x))
        if self.is_parallel:
            return x + attended + self.mlp(self.post_attention_layernorm(x))
        x = x + attended
        return x + self.mlp(self.post_attention_layernorm(x))


class NeoXModel(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embed_in = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(NeoXLayer(config) for _ in range(config.num_hidden_layers))
        self.final_layer_norm = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)

    def forward(self, ids):
        x = self.embed_in(ids)
        for layer in self.layers:
            x = layer(x)
        return self.final_layer_norm(x)
