using System.Globalization;
using Hypercompress.Evaluation;

namespace Hypercompress.Benchmarks;

/// <summary>Notes the resident memory of the process at every fifth of an evaluation.</summary>
internal sealed class ResidentMemory : IProgress<EvaluationProgress>
{
    private const int Parts = 5;
    private readonly List<string> _notes = [];

    /// <inheritdoc/>
    public void Report(EvaluationProgress value)
    {
        if (value.Done * Parts / value.Total > _notes.Count)
        {
            _notes.Add(string.Create(
                CultureInfo.InvariantCulture, $"{Environment.WorkingSet / 1_000_000} after {value.Done}"));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _notes);
}
