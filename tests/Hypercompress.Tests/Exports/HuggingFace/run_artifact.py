"""Loads an artifact by its own Python file, on a stand-in for transformers, and prints logits.

usage: run_artifact.py FOLDER IDS.json LOGITS.json CACHE VERSION
"""

import json
import sys

sys.dont_write_bytecode = True

import torch

import stand_in

PREFIX = "Hypercompress"


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main(folder, ids_path, logits_path, cache, version):
    sys.path.append(cache)
    entries = read_json(folder + "/config.json")
    reference = entries["auto_map"]["AutoModelForCausalLM"]
    family = reference.split(".")[1][len(PREFIX) :]
    transformers = stand_in.transformers(int(version), {family: entries["model_type"]})
    sys.modules["transformers"] = transformers
    config = transformers.CONFIG_MAPPING[entries["model_type"]](**entries)
    model_class = stand_in.class_of(folder, cache, reference)
    # What AutoModelForCausalLM.from_pretrained does with a class of remote code.
    assert model_class.config_class.__name__ == type(config).__name__
    model = model_class.from_pretrained(folder, config=config, trust_remote_code=True)
    assert not model.training
    with torch.no_grad():
        logits = model(torch.tensor([read_json(ids_path)]))[0]
    halved = model_class.from_pretrained(folder, config=config, torch_dtype="float16")
    assert all(value.dtype == torch.float16 for value in halved.parameters())
    with open(logits_path, "w", encoding="utf-8") as file:
        json.dump(logits.tolist(), file)


main(*sys.argv[1:])
