"""Loads a model that was compressed by Hypercompress into Hugging Face transformers, versions 4 and 5.

Every matrix is decoded once, by numpy, into the stock model of the same architecture, which then takes as much memory as
the original. config.json says how each matrix is stored ("hypercompress", "sites") and which tensors of the stock
model it fills ("hypercompress", "tensors").
"""

import json
import os
import struct

import numpy as np
import torch

PREFIX = "Hypercompress"
TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "U8": "u1"}


class TensorFiles:
    """The tensors of a folder of safetensors files, read from the disk when they are asked for."""

    def __init__(self, folder):
        index = os.path.join(folder, "model.safetensors.index.json")
        names = ["model.safetensors"]
        if os.path.exists(index):
            with open(index, encoding="utf-8") as file:
                names = sorted(set(json.load(file)["weight_map"].values()))
        self.entries = {}
        for path in (os.path.join(folder, name) for name in names):
            with open(path, "rb") as file:
                length = struct.unpack("<Q", file.read(8))[0]
                header = json.loads(file.read(length))
            for name, entry in header.items():
                if name != "__metadata__":
                    self.entries[name] = path, 8 + length, entry

    def raw(self, name):
        path, start, entry = self.entries[name]
        begin, end = entry["data_offsets"]
        if begin == end:
            return np.zeros(entry["shape"], TYPES[entry["dtype"]])
        return np.memmap(path, TYPES[entry["dtype"]], "r", start + begin, tuple(entry["shape"]))

    def read(self, name):
        """Numbers as float32, whole numbers as they are."""
        values = self.raw(name)
        if self.entries[name][2]["dtype"] == "BF16":
            return (values.astype(np.uint32) << 16).view(np.float32)
        return values.astype(np.float32) if values.dtype.kind == "f" else np.array(values)


# ---- entropy-coded levels: ranges of asymmetric numeral systems, up to 32 coder states side by side -----------------

LEAST = 1 << 16
ABSENT = 255
ESCAPE = 127
RUN_ROWS = 2048


class Bytes:
    """Reads a coded block from its beginning."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        self.at += count
        return self.data[self.at - count : self.at]

    def byte(self):
        return int(self.take(1)[0])

    def signed(self):
        value = self.byte()
        return value - 256 if value > 127 else value

    def number(self, kind):
        return struct.unpack(kind, self.take(4).tobytes())[0]


def shares_of(logs, total):
    """Shares that add up to a total, from -8 * log2 of each; what occurs has a share of 1 at least."""
    weights = [0 if log == ABSENT else max(1, round(2**20 * 2.0 ** (-int(log) / 8))) for log in logs]
    shares = [0 if weight == 0 else max(1, weight * total // sum(weights)) for weight in weights]
    while shares and sum(shares) != total:
        largest = shares.index(max(shares))
        shares[largest] = max(1, shares[largest] + total - sum(shares))
    return shares


def read_side(block, count, fine_bits):
    """Whole numbers of the rows or the columns, coded one after the other."""
    least = block.signed()
    shares = shares_of(block.take(block.byte()), 1 << 14)
    symbols = np.repeat(np.arange(len(shares)), shares).tolist()
    starts = [0, *np.cumsum(shares).tolist()]
    run = block.take(block.number("<i"))
    words = run[4:].view("<u2").tolist()
    state, used = struct.unpack("<I", run[:4].tobytes())[0], 0
    values = []
    for _ in range(count):
        place = state & 16383
        symbol = symbols[place]
        state = shares[symbol] * (state >> 14) + place - starts[symbol]
        if state < LEAST:
            state, used = state << 16 | words[used], used + 1
        value = least + symbol
        if fine_bits:
            spare = 14 - fine_bits
            place = state & 16383
            fine = place >> spare
            state = (state >> 14 << spare) + (place & ((1 << spare) - 1))
            if state < LEAST:
                state, used = state << 16 | words[used], used + 1
            value = value << fine_bits | fine
        values.append(min(127, max(-128, value)))
    return np.array(values, np.int64)


def read_table(block, has_zero):
    """For each place in 0 to 4095: code of the level, its share, and how far the place is into it."""
    head = block.byte()
    logs = block.take(head & 127)
    if head < 128 and len(logs):
        logs = np.concatenate([np.array([ABSENT], np.uint8), logs])
    shares = [2 * share for share in shares_of(logs, 2048)]
    pieces = [(ESCAPE, shares[0])] if shares else []
    for bucket, share in enumerate(shares[1:]):
        if bucket > 0 or not has_zero:
            pieces += [(2 * bucket, share // 2), (2 * bucket + 1, share // 2)]
        else:
            pieces.append((2 * bucket, share))
    table = np.zeros((3, 4096), np.int64)
    start = 0
    for code, share in pieces:
        table[0, start : start + share] = code
        table[1, start : start + share] = share
        table[2, start : start + share] = np.arange(share)
        start += share
    return table


class CodedMatrix:
    """A coded block [rows, columns] without its levels: scales, expected magnitudes, tables, and the runs of levels."""

    def __init__(self, data, rows, columns):
        block = Bytes(data)
        version = block.byte()
        if version != 2:
            raise ValueError(f"hypercompress: coded blocks of version {version} are not read here, only of version 2")
        unit = block.number("<f")
        self.lowest, self.width, self.classes = block.signed(), block.byte(), block.byte()
        code, fine_bits, self.lanes = block.byte(), block.byte(), block.byte()
        row_scales, column_scales = read_side(block, rows, fine_bits), read_side(block, columns, fine_bits)
        self.row_sizes, self.column_sizes = read_side(block, rows, 0), read_side(block, columns, 0)
        self.parities = 2 if code == 0 else 1
        self.shift = block.byte()
        self.tables = [read_table(block, i % self.parities == 0) for i in range(self.classes * self.parities)]
        self.runs = [block.take(block.number("<i")) for _ in range(0, rows, RUN_ROWS)]
        steps = 8 << fine_bits
        self.row_factors = (unit * 2.0 ** (row_scales / steps)).astype(np.float32)
        self.column_factors = (2.0 ** (column_scales / steps)).astype(np.float32)
        self.levels = np.zeros((rows, columns), np.int16)

    def classes_of(self, some_rows, some_columns):
        above = self.row_sizes[some_rows, None] + self.column_sizes[None, some_columns] - self.lowest
        return np.clip(above // self.width, 0, self.classes - 1)

    def values(self):
        return self.levels.astype(np.float32) * self.row_factors[:, None] * self.column_factors


class Runs:
    """Runs of one length, of one or of several matrices of one shape; all coder states are advanced together."""

    def __init__(self, runs):
        """Each run is a matrix and the number of its run."""
        lanes = runs[0][0].lanes
        matrices = list(dict.fromkeys(matrix for matrix, _ in runs))
        places = [matrices.index(matrix) for matrix, _ in runs]
        data = [matrix.runs[number] for matrix, number in runs]
        self.states = np.stack([run[: 4 * lanes].view("<u4") for run in data]).astype(np.int64)
        words = [run[4 * lanes : len(run) // 2 * 2].view("<u2").astype(np.int64) for run in data]
        self.words = np.concatenate(words)
        self.used = np.cumsum([0, *(len(each) for each in words[:-1])])
        tables = np.stack([table for matrix in matrices for table in matrix.tables])
        self.codes, self.shares, self.offsets = (np.ascontiguousarray(tables[:, i]) for i in range(3))
        self.first_table = np.cumsum([0, *(len(matrix.tables) for matrix in matrices[:-1])])[places, None]
        self.parities = np.array([[matrix.parities] for matrix, _ in runs])
        self.shifts = np.array([matrix.shift for matrix, _ in runs])

    def row(self, classes, parity):
        """The levels of one row of each run, [runs, as many columns as there are classes]."""
        states = self.states[:, : classes.shape[1]]
        table = self.first_table + classes * self.parities + parity
        place = states & 4095
        codes = self.codes[table, place]
        states[:] = self.shares[table, place] * (states >> 12) + self.offsets[table, place]
        low = states < LEAST
        if low.any():
            order = np.cumsum(low, axis=1)
            next_words = self.words[np.minimum(self.used[:, None] + order - 1, len(self.words) - 1)]
            states[low] = (states << 16 | next_words)[low]
            self.used += order[:, -1]
        magnitudes = codes >> 1
        magnitudes = np.where(self.parities == 2, magnitudes << 1 | parity, magnitudes)
        levels = np.where(codes & 1, -magnitudes, magnitudes)
        for matrix in np.flatnonzero((self.shifts > 0) | (codes == ESCAPE).any(axis=1)):
            for lane, code in enumerate(codes[matrix].tolist()):
                levels[matrix, lane] = self.rest(matrix, lane, code, int(parity[matrix, lane]))
        return levels

    def rest(self, matrix, lane, code, parity):
        """A level from its code and from the bits that follow."""
        shift, is_scalar, sign = int(self.shifts[matrix]), self.parities[matrix, 0] == 1, code & 1
        if code == ESCAPE:
            escaped = self.bits(matrix, lane, 8)
            escaped |= self.bits(matrix, lane, 7) << 8
            place, sign = escaped >> 1, escaped & 1
        else:
            place = code >> 1 << shift | (self.bits(matrix, lane, shift) if shift else 0)
            if (is_scalar or parity == 0) and code >> 1 == 0 and shift and place:
                sign = self.bits(matrix, lane, 1)
        magnitude = place if is_scalar else place << 1 | parity
        return -magnitude if sign else magnitude

    def bits(self, matrix, lane, count):
        """Bits that were coded without a table."""
        state, spare = int(self.states[matrix, lane]), 12 - count
        place = state & 4095
        state = (state >> 12 << spare) + (place & ((1 << spare) - 1))
        if state < LEAST:
            state = state << 16 | int(self.words[self.used[matrix]])
            self.used[matrix] += 1
        self.states[matrix, lane] = state
        return place >> spare


def decode_levels(matrices):
    """Fills the levels of matrices of one shape and as many coder states."""
    (rows, columns), lanes = matrices[0].levels.shape, matrices[0].lanes
    whole, rest = divmod(rows, RUN_ROWS)
    for numbers, length in ((range(whole), RUN_ROWS), (range(whole, whole + 1), rest)):
        runs = [(matrix, number) for matrix in matrices for number in numbers]
        if not runs or length == 0:
            continue
        decoder = Runs(runs)
        has_trellis = decoder.parities == 2
        for first in range(0, columns, lanes):
            some_columns = slice(first, min(columns, first + lanes))
            some_rows = [slice(number * RUN_ROWS, number * RUN_ROWS + length) for _, number in runs]
            classes = [matrix.classes_of(part, some_columns) for (matrix, _), part in zip(runs, some_rows)]
            levels = decode_group(decoder, np.stack(classes, axis=1), has_trellis)
            for index, (matrix, _) in enumerate(runs):
                matrix.levels[some_rows[index], some_columns] = levels[:, index]


def decode_group(runs, classes, has_trellis):
    """Columns that are coded side by side, [rows, runs, columns]; levels of a trellis follow its 64 states."""
    levels = np.zeros(classes.shape, np.int16)
    trellis = np.zeros(classes.shape[1:], np.int64)
    for row in range(len(classes)):
        parity = trellis >> 5
        decoded = runs.row(classes[row], parity)
        levels[row] = decoded
        following = (trellis << 1 & 63) ^ parity * 33 ^ (decoded >> 1 & 1) * 20
        trellis = np.where(has_trellis, following, 0)
    return levels


class CodedBlocks:
    """All coded blocks of a folder; those of one shape are decoded together, which takes a tenth of the time."""

    MOST_VALUES = 1 << 26

    def __init__(self, files, sites):
        self.files, self.shapes, self.decoded = files, {}, {}
        for site, form in sites.items():
            self.find(site, form)

    def find(self, site, form):
        for index, part in enumerate(form.get("parts", [])):
            self.find(f"{site}.{index}", part)
        rank = form.get("numbers", {}).get("rank", 0)
        rows, columns = form["rows"], form["columns"]
        shapes = {
            "values": (rows, columns),
            "up": (rank, rows),
            "down": (rank, columns),
            "pivots": (rank, columns),
            "coefficients": (rank, rows - rank),
        }
        for block, kind in form.get("formats", {}).items():
            if is_coded(kind) and form["kind"] not in ("sparse", "sparse-pattern"):
                self.shapes[f"{site}.{block}"] = shapes[block]

    def read(self, name, rows, columns):
        # A block of one row is coded as one of one column.
        if rows == 1:
            return self.matrices([name], columns, 1)[0].values().T
        if name not in self.decoded:
            alike = [other for other, shape in self.shapes.items() if shape == (rows, columns)]
            alike = [name, *(other for other in alike if other != name and other not in self.decoded)]
            alike = alike[: max(1, self.MOST_VALUES // (rows * columns))]
            self.decoded.update(zip(alike, self.matrices(alike, rows, columns)))
        self.shapes.pop(name, None)
        return self.decoded.pop(name).values()

    def matrices(self, names, rows, columns):
        made = [CodedMatrix(np.array(self.files.raw(name + ".coded")), rows, columns) for name in names]
        for lanes in {matrix.lanes for matrix in made}:
            decode_levels([matrix for matrix in made if matrix.lanes == lanes])
        return made


# ---- number formats and forms ---------------------------------------------------------------------------------------


def unpack(packed, columns, bits):
    """Codes out of rows that are streams of bits, lowest bit first."""
    stream = np.unpackbits(packed, axis=1, bitorder="little")[:, : columns * bits]
    return np.packbits(stream.reshape(len(packed), columns, bits), axis=2, bitorder="little")[..., 0]


def is_coded(kind):
    return kind.startswith(("ec", "es"))


def read_block(files, coded, name, kind, rows, columns):
    """A block of values in a number format, float32 [rows, columns]."""
    if rows * columns == 0:
        return np.zeros((rows, columns), np.float32)
    if kind in ("f32", "f16", "bf16"):
        return files.read(name)
    if is_coded(kind):
        return coded.read(name, rows, columns)
    if kind.startswith(("int", "uint")) and "-g" in kind:
        bits, group = (int(part) for part in kind.replace("z", "").lstrip("u")[3:].split("-g"))
        codes = unpack(files.read(name + ".codes"), columns, bits).astype(np.float32)
        scales = np.repeat(files.read(name + ".scales"), group, axis=1)[:, :columns]
        if not kind.startswith("u"):
            return (codes - 2 ** (bits - 1)) * scales
        if "z" in kind:
            points = unpack(files.read(name + ".zeros"), -(-columns // group), bits).astype(np.float32)
            return (codes - np.repeat(points, group, axis=1)[:, :columns]) * scales
        return codes * scales + np.repeat(files.read(name + ".minimums"), group, axis=1)[:, :columns]
    raise ValueError(f"hypercompress: {name} has the unknown number format {kind!r}")


def choices(n, k):
    product = 0 if k > n else 1
    for i in range(1, k + 1):
        product = product * (n - k + i) // i
    return product


def read_pattern(packed, columns, kept, group):
    """Places of an n:m pattern: for each group the number of the choice, in colexicographic order."""
    mask = np.zeros((len(packed), columns), bool)
    stream = np.unpackbits(packed, axis=1, bitorder="little")
    at = 0
    for start in range(0, columns, group):
        width = min(group, columns - start)
        bits = (choices(width, min(kept, width)) - 1).bit_length()
        powers = 1 << np.arange(bits, dtype=np.int64)
        ranks = stream[:, at : at + bits].astype(np.int64) @ powers
        at += bits
        chosen = np.full(len(packed), min(kept, width))
        for place in range(width - 1, -1, -1):
            below = np.array([choices(place, k) for k in range(width + 1)])[chosen]
            here = (chosen > 0) & (ranks >= below)
            mask[here, start + place] = True
            ranks = np.where(here, ranks - below, ranks)
            chosen = chosen - here
    return mask


class Decoder:
    """The matrices of a folder, each as float32 [rows, columns]."""

    def __init__(self, files, sites):
        self.files, self.sites, self.coded = files, sites, CodedBlocks(files, sites)

    def matrix(self, site):
        return self.form(site, self.sites[site])

    def block(self, site, form, name, rows, columns):
        return read_block(self.files, self.coded, f"{site}.{name}", form["formats"][name], rows, columns)

    def first_factor(self, site):
        """What the latent of a site is computed by, [rank, columns]."""
        form = self.sites[site]
        name = "pivots" if form["kind"] == "pivot-rows" else "down"
        return self.block(site, form, name, form["numbers"]["rank"], form["columns"])

    def form(self, site, form):
        kind, rows, columns = form["kind"], form["rows"], form["columns"]
        numbers = form.get("numbers", {})
        if kind == "dense":
            return self.block(site, form, "values", rows, columns)
        if kind == "sum":
            return sum(self.form(f"{site}.{index}", part) for index, part in enumerate(form["parts"]))
        if kind == "low-rank":
            up = self.block(site, form, "up", numbers["rank"], rows)
            return up.T @ self.block(site, form, "down", numbers["rank"], columns)
        if kind == "shared-latent":
            return self.block(site, form, "up", numbers["rank"], rows).T @ self.first_factor(form["owner"])
        if kind == "pivot-rows":
            return self.pivot_rows(site, form, numbers["rank"])
        if kind in ("sparse", "sparse-pattern"):
            return self.sparse(site, form, numbers)
        raise ValueError(f"hypercompress: {site} has the unknown form {kind!r}")

    def pivot_rows(self, site, form, rank):
        rows, columns = form["rows"], form["columns"]
        pivots = self.block(site, form, "pivots", rank, columns)
        others = self.block(site, form, "coefficients", rank, rows - rank).T @ pivots
        is_pivot = unpack(self.files.read(f"{site}.places"), rows, 1)[0].astype(bool)
        values = np.zeros((rows, columns), np.float32)
        values[is_pivot], values[~is_pivot] = pivots, others
        return values

    def sparse(self, site, form, numbers):
        columns = form["columns"]
        if form["kind"] == "sparse":
            mask = unpack(self.files.read(f"{site}.mask"), columns, 1).astype(bool)
        else:
            mask = read_pattern(self.files.read(f"{site}.indices"), columns, numbers["kept"], numbers["group"])
        values = np.zeros(mask.shape, np.float32)
        values[mask] = self.block(site, form, "values", 1, int(mask.sum()))[0]
        return values


# ---- the stock model ------------------------------------------------------------------------------------------------


def state_of(folder, section):
    """The tensors of the stock model, by the names of its checkpoints."""
    files = TensorFiles(folder)
    decoder = Decoder(files, section["sites"])
    last, parts_left = {}, {}
    for tensor in section["tensors"].values():
        for part in tensor["parts"]:
            parts_left[part["slot"]] = parts_left.get(part["slot"], 0) + 1
    state = {}
    for name, tensor in section["tensors"].items():
        whole = np.zeros(tensor["shape"], np.float32)
        for part in tensor["parts"]:
            slot = part["slot"]
            if slot not in last:
                last[slot] = decoder.matrix(slot) if slot in section["sites"] else files.read(slot)
            place_rows(whole, part, last[slot])
            parts_left[slot] -= 1
            if parts_left[slot] == 0:
                del last[slot]
        state[name] = torch.from_numpy(whole)
    return state


def place_rows(whole, part, values):
    """Puts rows of a slot where the checkpoint has them: perhaps head by head, or transposed."""
    upright = whole.T if part["transposed"] else whole
    blocks = np.arange(len(upright)).reshape(part["blocks"], -1)
    places = blocks[:, part["start"] : part["start"] + part["rows"] // part["blocks"]].reshape(-1)
    some = values[part["row"] : part["row"] + part["rows"]] if values.ndim > 1 or upright.ndim == 1 else values
    upright[places] = some.reshape(len(places), *upright.shape[1:]) + part["added"]


def named_as(model, state):
    """The state under the names of this version of the model."""
    expected = model.state_dict()
    prefix = model.base_model_prefix + "."
    named = {}
    for name, value in state.items():
        names = [name, prefix + name, name.replace("embed_out", "lm_head"), name.replace("lm_head", "embed_out")]
        named[next((each for each in names if each in expected), name)] = value
    return named


def dtype_of(wanted, config):
    """The type that was asked for: torch.float16, "float16", "auto" for that of the configuration, None for float32."""
    if wanted == "auto":
        wanted = getattr(config, "dtype", None) or getattr(config, "torch_dtype", None)
    return getattr(torch, wanted) if isinstance(wanted, str) else wanted or torch.float32


def _make(name):
    import transformers

    base = getattr(transformers, name[len(PREFIX) :])

    @classmethod
    def from_pretrained(cls, folder, *args, config=None, dtype=None, torch_dtype=None, device_map=None, **kwargs):
        if not os.path.isdir(folder):
            from huggingface_hub import snapshot_download

            folder = snapshot_download(folder, revision=kwargs.get("revision"), token=kwargs.get("token"))
        if device_map is not None and not isinstance(device_map, (str, int, torch.device)):
            raise ValueError("hypercompress: device_map must be one device, such as 'cuda'")
        config = base.config_class.from_pretrained(folder) if config is None else config
        model = base(config)
        state = named_as(model, state_of(folder, config.hypercompress))
        found = model.load_state_dict(state, strict=False)
        model.tie_weights()
        tied = model.get_output_embeddings().weight is model.get_input_embeddings().weight
        missing = [key for key in found.missing_keys if not (tied and key in ("lm_head.weight", "embed_out.weight"))]
        if missing or found.unexpected_keys:
            raise ValueError(f"hypercompress: tensors are missing: {missing}, left over: {found.unexpected_keys}")
        if os.path.exists(os.path.join(folder, "generation_config.json")) and hasattr(transformers, "GenerationConfig"):
            model.generation_config = transformers.GenerationConfig.from_pretrained(folder)
        model = model.to(dtype_of(dtype if dtype is not None else torch_dtype, config)).eval()
        return model if device_map in (None, "auto") else model.to(device_map)

    return type(name, (base,), {"__module__": __name__, "from_pretrained": from_pretrained})


def __getattr__(name):
    """Makes the class of an architecture when it is asked for: HypercompressLlamaForCausalLM and so on."""
    if name.startswith(PREFIX) and name.endswith(("ForCausalLM", "LMHeadModel")):
        globals()[name] = _make(name)
        return globals()[name]
    raise AttributeError(name)
