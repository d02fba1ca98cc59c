"""Configurations of models that were compressed by Hypercompress.

Each is the configuration of the stock architecture with one more entry, "hypercompress", which says which modules have
another form than they have there. Works with transformers 4 and 5.
"""

# The stock model class and the model_type of its configuration.
MODEL_TYPES = {
    "LlamaForCausalLM": "llama",
    "MistralForCausalLM": "mistral",
    "SmolLM3ForCausalLM": "smollm3",
    "Qwen2ForCausalLM": "qwen2",
    "Qwen3ForCausalLM": "qwen3",
    "GPT2LMHeadModel": "gpt2",
    "GPTNeoXForCausalLM": "gpt_neox",
    "Phi3ForCausalLM": "phi3",
    "Gemma2ForCausalLM": "gemma2",
    "Gemma3ForCausalLM": "gemma3_text",
    "Olmo2ForCausalLM": "olmo2",
}
PREFIX = "Hypercompress"
SUFFIX = "Config"


def _make(name):
    from transformers import CONFIG_MAPPING

    model_type = MODEL_TYPES[name[len(PREFIX) : -len(SUFFIX)]]
    return type(
        name,
        (CONFIG_MAPPING[model_type],),
        {"__module__": __name__, "model_type": "hypercompress_" + model_type},
    )


def __getattr__(name):
    """Makes the configuration class of a family when it is asked for: HypercompressLlamaForCausalLMConfig and so on."""
    if name.startswith(PREFIX) and name[len(PREFIX) : -len(SUFFIX)] in MODEL_TYPES and name.endswith(SUFFIX):
        made = _make(name)
        globals()[name] = made
        return made
    raise AttributeError(name)
