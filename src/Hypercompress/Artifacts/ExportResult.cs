namespace Hypercompress.Artifacts;

/// <summary>What an export came to.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Bytes of its tensors' data.</param>
/// <param name="MaximumLogitError">Largest difference of its logits from the model's own; null when it was not read back.</param>
/// <param name="Tolerance">The largest difference that rounding to the export's type explains.</param>
public sealed record ExportResult(string Path, long Bytes, double? MaximumLogitError, double Tolerance);
