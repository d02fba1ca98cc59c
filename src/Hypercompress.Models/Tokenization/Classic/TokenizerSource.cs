using System.Text.Json.Nodes;

namespace Hypercompress.Models.Tokenization.Classic;

/// <summary>A tokenizer that was read from files of an older format.</summary>
/// <param name="Document">The same as the content of a <c>tokenizer.json</c>.</param>
/// <param name="Settings">The settings, with the defaults of its class filled in.</param>
internal sealed record TokenizerSource(JsonObject Document, TokenizerSettings Settings);
