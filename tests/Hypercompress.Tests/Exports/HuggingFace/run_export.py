"""Runs the modules of an exported folder in PyTorch, on a stand-in for transformers, and prints logits.

usage: run_export.py FOLDER IDS.json LOGITS.json CACHE VERSION MEMORY
"""

import json
import re
import sys

sys.dont_write_bytecode = True

import numpy as np
import torch

import stand_in


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def model_types(folder):
    """The families, read from the file itself before anything of it is run."""
    with open(folder + "/configuration_hypercompress.py", encoding="utf-8") as file:
        return dict(re.findall(r'"(\w+)": "(\w+)"', file.read()))


def main(folder, ids_path, logits_path, cache, version, memory):
    version = int(version)
    sys.path.append(cache)
    sys.modules["transformers"] = stand_in.transformers(version, model_types(folder))
    entries = read_json(folder + "/config.json")
    config_class = stand_in.class_of(folder, cache, entries["auto_map"]["AutoConfig"])
    assert config_class.model_type == entries["model_type"] and config_class.base_model_tp_plan is None
    config = config_class(**entries)
    assert config.element_type == "float32", config.element_type
    model_class = stand_in.class_of(folder, cache, entries["auto_map"]["AutoModelForCausalLM"])
    assert str(model_class.config_class) == str(config_class) and model_class.__name__ == entries["architectures"][0]
    assert "GenerationMixin" not in str(model_class.__bases__) and "PreTrainedModel" not in str(model_class.__bases__)
    assert model_class._tp_plan == {}
    state = stand_in.load_safetensors(folder + "/model.safetensors")
    model = stand_in.load(model_class, config, state, version, memory == "memory")
    with torch.no_grad():
        logits = model(torch.tensor([read_json(ids_path)]))[0]
        head = model.get_output_embeddings().weight
        assert tuple(head.shape) == (config.vocab_size, config.hidden_size)
        assert all(not hasattr(module, "first") or module.weight.ndim == 2 for module in model.modules())
    assert not np.isnan(logits.numpy()).any()
    with open(logits_path, "w", encoding="utf-8") as file:
        json.dump(logits.tolist(), file)


main(*sys.argv[1:])
