using static TorchSharp.torch;

namespace Hypercompress.Exports;

/// <summary>The request for an export.</summary>
/// <param name="Path">Where it goes; must not exist yet unless <see cref="Replace"/> is set.</param>
/// <param name="Type">Element type of dense weights: Float32, Float16 or BFloat16.</param>
/// <param name="Quant">One of <see cref="ExportFormat.Quants"/>; null for weights of <paramref name="Type"/>.</param>
/// <param name="Verify">Whether it is read back and its logits compared.</param>
public sealed record ExportRequest(string Path, ScalarType Type, string? Quant, bool Verify)
{
    /// <summary>
    /// Whether an earlier export is replaced once the new one is complete: a file, or a folder with a
    /// <c>config.json</c>.
    /// </summary>
    public bool Replace { get; init; }
}
