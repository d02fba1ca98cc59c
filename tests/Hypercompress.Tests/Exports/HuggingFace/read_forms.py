"""Decodes the matrices of a folder by the Python file of artifacts, and compares them with those that are written beside.

usage: read_forms.py modeling_hypercompress.py FOLDER SITES.json
"""

import importlib.util
import json
import sys

sys.dont_write_bytecode = True

import numpy as np

spec = importlib.util.spec_from_file_location("modeling", sys.argv[1])
modeling = importlib.util.module_from_spec(spec)
spec.loader.exec_module(modeling)

with open(sys.argv[3], encoding="utf-8") as sites_file:
    sites = json.load(sites_file)
files = modeling.TensorFiles(sys.argv[2])
decoder = modeling.Decoder(files, sites)
wrong = []
for site in sites:
    expected, found = files.read(f"expected.{site}"), decoder.matrix(site)
    if expected.shape != found.shape or not np.allclose(expected, found, rtol=1e-5, atol=1e-6):
        wrong.append(f"{site}: {found.shape}, {np.abs(found - expected).max() if found.shape == expected.shape else ''}")
assert not wrong, wrong
print(f"{len(sites)} matrices are equal")
