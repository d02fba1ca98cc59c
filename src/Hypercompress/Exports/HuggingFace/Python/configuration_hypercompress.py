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
    members = {
        "__module__": __name__,
        "model_type": "hypercompress_" + model_type,
        # The stock plan names modules that are others here: tensor parallelism is not offered rather than wrong.
        "base_model_tp_plan": None,
    }
    return type(name, (CONFIG_MAPPING[model_type],), members)


def config_class(name):
    """The configuration class of a family, made when it is first asked for: HypercompressLlamaForCausalLMConfig and so on."""
    if not name.startswith(PREFIX) or not name.endswith(SUFFIX) or name[len(PREFIX) : -len(SUFFIX)] not in MODEL_TYPES:
        raise AttributeError(name)
    if name not in globals():
        globals()[name] = _make(name)
    return globals()[name]


def __getattr__(name):
    return config_class(name)
