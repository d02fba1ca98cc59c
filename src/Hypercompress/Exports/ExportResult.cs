namespace Hypercompress.Exports;

/// <summary>The result of an export.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Bytes of its tensors' data.</param>
/// <param name="FileBytes">Bytes of all its files.</param>
/// <param name="MaximumLogitError">
/// Largest difference of its logits from the model's own; null when it was not read back.
/// </param>
/// <param name="Tolerance">The largest difference that rounding to the export's type explains.</param>
public sealed record ExportResult(string Path, long Bytes, long FileBytes, double? MaximumLogitError, double Tolerance)
{
    /// <summary>Whether it passed its check, or was not checked; only then is it at <see cref="Path"/>.</summary>
    public bool IsPublished => MaximumLogitError is not { } error || error <= Tolerance;
}
