"""Models that were compressed by Hypercompress, for Hugging Face transformers 4 and 5.

Each is the stock model with some modules exchanged: a low-rank matrix is two linear layers, integer codes and sparse
values are decoded by numpy when they are first used. The configuration's entry "hypercompress" says which module is
what; nothing else of the stock model is touched.
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .configuration_hypercompress import MODEL_TYPES, PREFIX, SUFFIX, config_class

ROWS_AT_ONCE = 4096


def unpack(packed, columns, bits):
    """Codes out of rows that are streams of bits, lowest bit first: uint8 [rows, bytes] to uint8 [rows, columns]."""
    stream = np.unpackbits(packed, axis=1, bitorder="little")[:, : columns * bits]
    return np.packbits(stream.reshape(len(packed), columns, bits), axis=2, bitorder="little")[..., 0]


def decode_codes(codes, scales, minimums, columns, bits, group):
    """scale * (code - 2^(bits-1)), or scale * code + minimum where there are minimums; float32 [rows, columns]."""
    values = unpack(codes, columns, bits).astype(np.float32)
    spread = np.repeat(scales.astype(np.float32), group, axis=1)[:, :columns]
    if minimums is None:
        return (values - 2 ** (bits - 1)) * spread
    return values * spread + np.repeat(minimums.astype(np.float32), group, axis=1)[:, :columns]


def decode_sparse(mask, values, columns):
    """Values in row-major order where a bit of the mask is set, zero elsewhere; float32 [rows, columns]."""
    kept = np.unpackbits(mask, axis=1, bitorder="little")[:, :columns].astype(bool)
    dense = np.zeros(kept.shape, dtype=np.float32)
    dense[kept] = values.astype(np.float32)
    return dense


class LinearForm(nn.Module):
    """A linear layer that holds no matrix as such."""

    @property
    def weight(self):
        """The whole matrix [rows, columns], made anew; some attention code looks at its type."""
        raise NotImplementedError


class FactoredLinear(LinearForm):
    """y = second(first(x)): a matrix [rows, columns] of low rank."""

    def __init__(self, form, columns, bias):
        super().__init__()
        self.first = nn.Linear(columns, form["rank"], bias=False)
        self.second = nn.Linear(form["rank"], form["rows"], bias=bias)

    def forward(self, x):
        return self.second(self.first(x))

    @property
    def weight(self):
        return self.second.weight @ self.first.weight


class StoredMatrix(nn.Module):
    """A matrix that is decoded when it is first used. What is decoded is no part of the state dict."""

    def __init__(self):
        super().__init__()
        self._decoded = None

    def decode(self):
        raise NotImplementedError

    def table(self, dtype, device):
        if self._decoded is None or self._decoded.dtype != dtype or self._decoded.device != device:
            self._decoded = torch.from_numpy(self.decode()).to(device=device, dtype=dtype)
        return self._decoded

    def latest_table(self):
        """As it was last asked for."""
        return self.table(torch.get_default_dtype(), torch.device("cpu")) if self._decoded is None else self._decoded


class CodedMatrix(StoredMatrix):
    """Integer codes of 1 to 8 bits with a scale, and perhaps a minimum, for each group of neighbours in a row."""

    def __init__(self, form, columns):
        super().__init__()
        self.columns, self.bits, self.group = columns, form["bits"], form["group"]
        groups = -(-columns // self.group)
        width = -(-columns * self.bits // 8)
        self.register_buffer("codes", torch.zeros(form["rows"], width, dtype=torch.uint8))
        self.register_buffer("scales", torch.zeros(form["rows"], groups, dtype=torch.float16))
        minimums = torch.zeros(form["rows"], groups, dtype=torch.float16) if form["affine"] else None
        self.register_buffer("minimums", minimums)

    def decode(self):
        codes, scales = self.codes.cpu().numpy(), self.scales.float().cpu().numpy()
        minimums = None if self.minimums is None else self.minimums.float().cpu().numpy()
        pieces = [
            decode_codes(
                codes[start : start + ROWS_AT_ONCE],
                scales[start : start + ROWS_AT_ONCE],
                None if minimums is None else minimums[start : start + ROWS_AT_ONCE],
                self.columns,
                self.bits,
                self.group,
            )
            for start in range(0, len(codes), ROWS_AT_ONCE)
        ]
        return np.concatenate(pieces)


class SparseMatrix(StoredMatrix):
    """Few values among zeros that are not stored."""

    def __init__(self, form, columns):
        super().__init__()
        self.columns = columns
        self.register_buffer("mask", torch.zeros(form["rows"], -(-columns // 8), dtype=torch.uint8))
        self.register_buffer("values", torch.zeros(form["nonzeros"], dtype=torch.float16))

    def decode(self):
        return decode_sparse(self.mask.cpu().numpy(), self.values.float().cpu().numpy(), self.columns)


class StoredLinear(LinearForm):
    """y = W x + b with a W that is decoded when it is first used."""

    def __init__(self, form, columns, bias):
        super().__init__()
        self.stored = CodedMatrix(form, columns) if form["kind"] == "coded" else SparseMatrix(form, columns)
        self.bias = nn.Parameter(torch.zeros(form["rows"])) if bias else None

    @property
    def weight(self):
        return self.stored.latest_table()

    def forward(self, x):
        return functional.linear(x, self.stored.table(x.dtype, x.device), self.bias)


class StackedLinear(LinearForm):
    """One linear layer of the stock model whose rows come from several matrices, one after the other or head by head."""

    def __init__(self, form, columns, bias):
        super().__init__()
        self.heads = form["heads"]
        self.parts = nn.ModuleList(make_linear(part, columns, False) for part in form["parts"])
        rows = sum(part["rows"] for part in form["parts"])
        self.bias = nn.Parameter(torch.zeros(rows)) if bias else None

    @property
    def weight(self):
        return self.stack([part.weight.t() for part in self.parts]).t()

    def stack(self, made):
        """The parts' outputs [..., rows] as those of one layer."""
        if self.heads == 1:
            return torch.cat(made, dim=-1)
        return torch.cat([rows.reshape(*rows.shape[:-1], self.heads, -1) for rows in made], dim=-1).flatten(-2)

    def forward(self, x):
        stacked = self.stack([part(x) for part in self.parts])
        return stacked if self.bias is None else stacked + self.bias


def make_linear(form, columns, bias):
    """The module for one entry of the configuration."""
    kind = form["kind"]
    if kind == "dense":
        return nn.Linear(columns, form["rows"], bias=bias)
    if kind == "low-rank":
        return FactoredLinear(form, columns, bias)
    if kind == "stacked":
        return StackedLinear(form, columns, bias)
    if kind in ("coded", "sparse"):
        return StoredLinear(form, columns, bias)
    raise ValueError(f"hypercompress: a module has the unknown form {kind!r}; get a newer modeling_hypercompress.py")


class CompressedEmbedding(nn.Module):
    """Rows of a table that is a product of two, or that is decoded when it is first used; also the tied head."""

    def __init__(self, form, columns, scale):
        super().__init__()
        self.scale = scale
        self.is_factored = form["kind"] == "low-rank"
        if self.is_factored:
            self.first = nn.Embedding(form["rows"], form["rank"])
            self.second = nn.Linear(form["rank"], columns, bias=False)
        else:
            self.stored = CodedMatrix(form, columns) if form["kind"] == "coded" else SparseMatrix(form, columns)
            # Says in which type and where the rest of the model computes.
            self.register_buffer("anchor", torch.zeros(1))

    @property
    def weight(self):
        """The whole table [rows, columns], made anew."""
        if self.is_factored:
            return self.first.weight @ self.second.weight.t()
        return self.stored.table(self.anchor.dtype, self.anchor.device)

    def forward(self, ids):
        rows = self.second(self.first(ids)) if self.is_factored else functional.embedding(ids, self.weight)
        # The stock model rounds this number to the type that it computes in.
        return rows if self.scale == 1 else rows * torch.tensor(self.scale, dtype=rows.dtype, device=rows.device)

    def logits(self, hidden):
        """Of the last layer, which may be on another device than the table."""
        if self.is_factored:
            hidden = hidden.to(self.first.weight.device)
            return functional.linear(functional.linear(hidden, self.second.weight.t()), self.first.weight)
        return functional.linear(hidden.to(self.anchor.device), self.weight.to(hidden.dtype))


class SharedHead(nn.Module):
    """The output projection that a tied embedding is; owns nothing itself."""

    def __init__(self, embedding):
        super().__init__()
        self._embedding = (embedding,)

    @property
    def weight(self):
        return self._embedding[0].weight

    def forward(self, hidden):
        return self._embedding[0].logits(hidden)


def _exchange(model, name, make):
    path, _, attribute = name.rpartition(".")
    parent = model.get_submodule(path)
    made = make(getattr(parent, attribute))
    setattr(parent, attribute, made)
    return made


def install(model, section, hidden_size):
    """Exchanges the modules that the configuration names. Returns whether the head shares a compressed embedding."""
    for name, form in section["modules"].items():
        _exchange(model, name, lambda old, form=form: make_linear(form, form["columns"], getattr(old, "bias", None) is not None))

    form = section.get("embedding")
    if form is None:
        return False
    embedding = _exchange(
        model,
        form["module"],
        lambda old: CompressedEmbedding(
            form, form["columns"], hidden_size**0.5 if hasattr(old, "embed_scale") else 1
        ),
    )
    if form["head"] is None:
        return False
    _exchange(model, form["head"], lambda _: SharedHead(embedding))
    return True


def _keep_head_name(model):
    """Calls the head of GPT-NeoX embed_out, as files do: later versions say lm_head and rename for the stock class alone."""
    if "lm_head" in model._modules:
        model.embed_out = model._modules.pop("lm_head")


def _make(name):
    import transformers

    base = getattr(transformers, name[len(PREFIX) :])
    is_neox = MODEL_TYPES[name[len(PREFIX) :]] == "gpt_neox"

    def __init__(self, config, *args, **kwargs):
        base.__init__(self, config, *args, **kwargs)
        if is_neox:
            _keep_head_name(self)
        self._shares_head = install(self, config.hypercompress, config.hidden_size)
        if self._shares_head:
            self._tied_weights_keys = None
        self.post_init()

    def tie_weights(self, *args, **kwargs):
        return None if self._shares_head else base.tie_weights(self, *args, **kwargs)

    def get_expanded_tied_weights_keys(self, *args, **kwargs):
        return {} if self._shares_head else base.get_expanded_tied_weights_keys(self, *args, **kwargs)

    members = {
        "__module__": __name__,
        "__init__": __init__,
        "config_class": config_class(name + SUFFIX),
        "tie_weights": tie_weights,
        "_shares_head": False,
        "_tp_plan": {},
    }
    if hasattr(base, "get_expanded_tied_weights_keys"):
        members["get_expanded_tied_weights_keys"] = get_expanded_tied_weights_keys
    if is_neox:
        # Until the head has its name a property that fails lets the module itself be found.
        members["lm_head"] = property(lambda self: self.embed_out)
        tied = getattr(base, "_tied_weights_keys", None)
        if isinstance(tied, dict):
            members["_tied_weights_keys"] = {key.replace("lm_head", "embed_out"): value for key, value in tied.items()}
    return type(name, (base,), members)


def __getattr__(name):
    """Makes the model class of a family when it is asked for: HypercompressLlamaForCausalLM and so on."""
    if name.startswith(PREFIX) and name[len(PREFIX) :] in MODEL_TYPES:
        made = _make(name)
        globals()[name] = made
        return made
    raise AttributeError(name)
