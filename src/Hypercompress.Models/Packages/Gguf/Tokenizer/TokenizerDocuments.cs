using System.Text.Json.Nodes;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>The two files that hold a tokenizer in a Hugging Face folder.</summary>
/// <param name="TokenizerJson">The content of <c>tokenizer.json</c>.</param>
/// <param name="TokenizerConfig">The content of <c>tokenizer_config.json</c>.</param>
internal sealed record TokenizerDocuments(JsonObject TokenizerJson, JsonObject TokenizerConfig);
