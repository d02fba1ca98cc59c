using System.Collections.Immutable;

namespace Hypercompress.Exports;

/// <summary>
/// One model on its way into one format. Whoever makes one finds out then, before anything is written, whether the
/// format can hold the model.
/// </summary>
public interface IModelExport
{
    /// <summary>Sentences about properties of the model that the format cannot hold.</summary>
    ImmutableArray<string> Notes { get; }

    /// <summary>The largest difference of logits that rounding explains.</summary>
    double Tolerance { get; }

    /// <summary>Writes the export.</summary>
    /// <param name="path">An empty folder, or a file that does not exist, by <see cref="ExportFormat.IsFile"/>.</param>
    /// <returns>Bytes of the tensors' data.</returns>
    long Write(string path);

    /// <summary>Finds out how large the export would be; nothing is written.</summary>
    /// <returns>Bytes of the tensors' data.</returns>
    long CountBytes();

    /// <summary>Reads what was written as the format's users do.</summary>
    /// <param name="path">Where it was written.</param>
    /// <returns>Largest difference of its logits from the model's own; infinite when something is missing.</returns>
    double ReadBack(string path);
}
