using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Packages.Gguf;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Blocks;
using Hypercompress.NumberFormats.Floats;

namespace Hypercompress.Targets;

/// <summary>llama.cpp and what is built on it: one GGUF file of dense matrices, each in a block type.</summary>
internal sealed class GgufRuntime : RuntimeTarget
{
    /// <inheritdoc/>
    public override string Name => "gguf";

    /// <inheritdoc/>
    public override ImmutableArray<ValueFormat> Formats { get; } = [.. BlockFormat.All];

    /// <inheritdoc/>
    public override string Export => "gguf";

    /// <summary>llama.cpp reads norms and biases in single precision.</summary>
    /// <inheritdoc/>
    public override ValueFormat VectorFormat(ValueFormat teacherFormat) => FloatFormat.Float32;

    /// <inheritdoc/>
    public override long ExtraBytes(DecoderConfig config) => GgufLimits.ExtraBytes(config);

    /// <inheritdoc/>
    public override void Require(DecoderConfig config, JsonObject json) => GgufLimits.Require(config, json);
}
