using System.Collections.Immutable;
using Hypercompress.Artifacts;

namespace Hypercompress.Exports;

/// <summary>A format that models are exported to.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Extension">Ending of its file, with the dot; empty for a folder.</param>
/// <param name="Quants">Quantizations that can be chosen instead of a plain element type; may be empty.</param>
/// <param name="Create">Finds out whether it can hold a model, and starts its export.</param>
public sealed record ExportFormat(
    string Name, string Extension, ImmutableArray<string> Quants, Func<OpenModel, ExportRequest, IModelExport> Create)
{
    /// <summary>Whether an export is one file; else a folder.</summary>
    public bool IsFile => Extension.Length > 0;
}
