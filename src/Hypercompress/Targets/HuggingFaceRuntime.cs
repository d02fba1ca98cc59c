namespace Hypercompress.Targets;

/// <summary>transformers with compressed-tensors, which takes a scheme for each layer.</summary>
internal sealed class HuggingFaceRuntime() : CompressedTensorsRuntime([16, 32, 64, 128, 256])
{
    /// <inheritdoc/>
    public override string Name => "hf";

    /// <inheritdoc/>
    public override string Quant => "keep";
}
