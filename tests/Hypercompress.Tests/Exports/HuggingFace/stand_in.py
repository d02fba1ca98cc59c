"""A small stand-in for transformers: what its versions 4 and 5 do with files of remote code, as far as these meet it."""

import hashlib
import importlib
import importlib.util
import json
import os
import re
import shutil
import struct
import sys
import types

import numpy as np
import torch
from torch import nn

import stock_models

TYPES = {"F32": np.float32, "F16": np.float16, "U8": np.uint8, "I64": np.int64, "I32": np.int32}
CACHE = "transformers_modules"


def load_safetensors(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = file.read()
    assert header.pop("__metadata__") == {"format": "pt"}, "transformers asks for this entry"
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


class Config:
    """A configuration as one version reads it; the other's words for the rotation mean nothing to version 4."""

    version, model_type, base_model_tp_plan = 4, "", {"layers.*.self_attn.q_proj": "colwise"}

    def __init__(self, **entries):
        named = {"n_embd": "hidden_size", "n_layer": "num_hidden_layers", "n_head": "num_attention_heads"}
        for key, value in entries.items():
            if key != "model_type":
                setattr(self, named.get(key, key), value)
        self.num_key_value_heads = entries.get("num_key_value_heads") or self.num_attention_heads
        parameters = dict(entries.get("rope_parameters") or {}) if self.version == 5 else {}
        self.globals = {**parameters.get("full_attention", parameters), **(entries.get("rope_scaling") or {})}
        self.locals = parameters.get("sliding_attention", {})
        self.element_type = entries.get("torch_dtype") if self.version == 4 else entries.get("dtype", entries.get("torch_dtype"))
        factor = entries.get({"gpt_neox": "rotary_pct"}.get(self.family, "partial_rotary_factor"))
        default = 0.25 if self.family == "gpt_neox" else 1
        own = None if self.family == "gpt_neox" else self.globals.get("partial_rotary_factor")
        self.fraction = next(value for value in (own, factor, default) if value is not None)

    @property
    def family(self):
        return type(self).__mro__[1].model_type or self.model_type

    def window_of(self, layer):
        window = getattr(self, "sliding_window", None)
        if window is None or not getattr(self, "use_sliding_window", True):
            return None
        types = getattr(self, "layer_types", None)
        if types is None or self.version == 4 and self.family in ("gemma2", "gemma3_text"):
            every = {"gemma2": 2, "gemma3_text": getattr(self, "sliding_window_pattern", 6)}.get(self.family)
            return window if every is None or (layer + 1) % every else None
        return window if types[layer] == "sliding_attention" else None

    def theta_of(self, layer):
        if self.family == "smollm3" and not self.no_rope_layers[layer]:
            return None
        if self.family == "gemma3_text" and self.window_of(layer) is not None:
            return self.locals.get("rope_theta", getattr(self, "rope_local_base_freq", 10000))
        key, default = {
            "gpt_neox": ("rotary_emb_base", 10000),
            "gemma3_text": ("rope_theta", 1000000),
            "smollm3": ("rope_theta", 2000000),
        }.get(self.family, ("rope_theta", 10000))
        return self.globals.get("rope_theta", getattr(self, key, default))


class PreTrainedModel(nn.Module):
    """What both versions do: models are made, perhaps without memory, and then get their weights one by one."""

    config_class = _auto_class = None
    _tp_plan = {"lm_head": "colwise_rep"}

    def __init__(self, config):
        super().__init__()
        assert type(config) is self.config_class
        self.config = config

    def _init_weights(self, module):
        for value in module.parameters(recurse=False):
            if not getattr(value, "_is_hf_initialized", False):
                value.data.fill_(float("nan"))

    def get_input_embeddings(self):
        return getattr(getattr(self, self.base_model_prefix), self.embedding)

    def get_output_embeddings(self):
        return getattr(self, self.head)

    def is_tied(self):
        return getattr(self.config, "tie_word_embeddings", True)


class ModelOfVersion4(PreTrainedModel):
    def post_init(self):
        self.tie_weights()

    def tie_weights(self):
        if self.is_tied() and self.get_output_embeddings() is not None:
            self.get_output_embeddings().weight = self.get_input_embeddings().weight


class ModelOfVersion5(PreTrainedModel):
    def post_init(self):
        self.all_tied_weights_keys = self.get_expanded_tied_weights_keys(all_submodels=False)
        self.tie_weights(recompute_mapping=False)

    def get_expanded_tied_weights_keys(self, all_submodels=False):
        return dict(self._tied_weights_keys) if self.is_tied() and self._tied_weights_keys else {}

    def tie_weights(self, missing_keys=None, recompute_mapping=True):
        keys = self.get_expanded_tied_weights_keys(all_submodels=True) if recompute_mapping else self.all_tied_weights_keys
        for target, source in keys.items():
            module, _, name = target.rpartition(".")
            setattr(self.get_submodule(module), name, self.get_parameter(source))
            if missing_keys is not None:
                missing_keys.discard(target)


def model_class(version, name, prefix, body, embedding, head, config):
    base = ModelOfVersion4 if version == 4 else ModelOfVersion5
    pairs = {f"{head}.weight": f"{prefix}.{embedding}.weight"}

    def __init__(self, config):
        base.__init__(self, config)
        setattr(self, prefix, body(config))
        setattr(self, head, nn.Linear(config.hidden_size, config.vocab_size, bias=False))
        self.post_init()

    def forward(self, ids):
        logits = getattr(self, head)(getattr(self, prefix)(ids))
        cap = getattr(self.config, "final_logit_softcapping", None)
        return logits if cap is None else torch.tanh(logits / cap) * cap

    return type(name, (base,), {
        "__init__": __init__, "forward": forward, "config_class": config, "base_model_prefix": prefix, "embedding": embedding,
        "head": head, "_tied_weights_keys": list(pairs) if version == 4 else pairs,
    })


def transformers(version, model_types):
    """The module that the files import."""
    made = types.ModuleType("transformers")
    made.CONFIG_MAPPING = {}
    for name, model_type in model_types.items():
        config = type(name + "StockConfig", (Config,), {"version": version, "model_type": model_type})
        made.CONFIG_MAPPING[model_type] = config
        parts = {
            "gpt2": ("transformer", stock_models.Gpt2Model, "wte", "lm_head"),
            "gpt_neox": ("gpt_neox", stock_models.NeoXModel, "embed_in", "embed_out"),
        }.get(model_type, ("model", stock_models.LlamaModel, "embed_tokens", "lm_head"))
        setattr(made, name, model_class(version, name, *parts, config))
    return made


def copy_with_imports(folder, target, name):
    """Copies a module and those that a line `from .other import` names, which are all that is found by."""
    shutil.copy(os.path.join(folder, name + ".py"), target)
    with open(os.path.join(folder, name + ".py"), encoding="utf-8") as file:
        for other in re.findall(r"^\s*from\s+\.(\S+)\s+import", file.read(), flags=re.MULTILINE):
            copy_with_imports(folder, target, other)


def class_of(folder, cache, reference):
    """A class by its entry in auto_map: the module is run again when it is asked for, as version 4.40 does."""
    name, class_name = reference.split(".")
    target = os.path.join(cache, CACHE, "exported")
    os.makedirs(target, exist_ok=True)
    for place in (os.path.dirname(target), target):
        open(os.path.join(place, "__init__.py"), "a").close()
    copy_with_imports(folder, target, name)
    importlib.invalidate_caches()
    full = f"{CACHE}.exported.{name}"
    spec = importlib.util.spec_from_file_location(full, os.path.join(target, name + ".py"))
    module = sys.modules.get(full) or importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    spec.loader.exec_module(module)
    return getattr(module, class_name)


class WithoutMemory:
    """While it lasts parameters and, in version 5, buffers have no memory."""

    def __init__(self, takes_buffers):
        self.takes_buffers = takes_buffers

    def __enter__(self):
        self.parameter, self.buffer = nn.Module.register_parameter, nn.Module.register_buffer

        def register_parameter(module, name, value):
            kept = value if value is None or value.is_meta else nn.Parameter(value.to("meta"), value.requires_grad)
            self.parameter(module, name, kept)

        def register_buffer(module, name, value, persistent=True):
            self.buffer(module, name, value if value is None else value.to("meta"), persistent)

        nn.Module.register_parameter = register_parameter
        if self.takes_buffers:
            nn.Module.register_buffer = register_buffer

    def __exit__(self, *_):
        nn.Module.register_parameter, nn.Module.register_buffer = self.parameter, self.buffer


def owner(model, name):
    module, _, attribute = name.rpartition(".")
    return model.get_submodule(module), attribute


def put(model, name, value):
    module, attribute = owner(model, name)
    old = getattr(module, attribute)
    assert old.shape == value.shape, (name, old.shape, value.shape)
    value = value.to(old.dtype) if value.is_floating_point() else value
    if attribute in module._parameters:
        value = nn.Parameter(value, requires_grad=value.is_floating_point())
        value._is_hf_initialized = True
    setattr(module, attribute, value)


def load(model_class, config, state, version, has_memory):
    """The model with its weights; what is missing or left over is an error."""
    if has_memory:
        model = model_class(config)
    else:
        with WithoutMemory(version == 5):
            model = model_class(config)
    expected = set(model.state_dict())
    assert not set(state) - expected, set(state) - expected
    for name, value in state.items():
        put(model, name, value)
    missing = expected - set(state)
    model.apply(model._init_weights) if version == 5 or has_memory is None else None
    for name, _ in list(model.named_buffers()):
        module, attribute = owner(model, name)
        if attribute in module._non_persistent_buffers_set:
            setattr(module, attribute, torch.empty_like(getattr(module, attribute), device="cpu"))
    if version == 5:
        model.tie_weights(missing_keys=missing, recompute_mapping=False)
    else:
        model.tie_weights()
        missing -= {name for name in model._tied_weights_keys or [] if model.is_tied()}
    assert not missing, missing
    assert not any(value.is_meta for value in [*model.parameters(), *model.buffers()])
    return model.eval()
