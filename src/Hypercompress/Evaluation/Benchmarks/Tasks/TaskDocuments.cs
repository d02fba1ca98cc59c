using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>Documents of a split.</summary>
/// <param name="Documents">Those that are used, from its beginning.</param>
/// <param name="Total">How many the split has.</param>
internal sealed record TaskDocuments(ImmutableArray<TaskDocument> Documents, int Total);
