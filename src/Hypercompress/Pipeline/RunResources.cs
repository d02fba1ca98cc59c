using Hypercompress.Pipeline.Offers;
using Hypercompress.Surgery;

namespace Hypercompress.Pipeline;

/// <summary>What a run holds in memory, released in any case when the run ends.</summary>
internal sealed class RunResources : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>Takes ownership of the statistics.</summary>
    /// <param name="baseline">The statistics.</param>
    /// <returns>The same.</returns>
    public BaselineResult Own(BaselineResult baseline)
    {
        _owned.Add(baseline);
        return baseline;
    }

    /// <summary>Takes ownership of the student's model.</summary>
    /// <param name="student">The student.</param>
    /// <returns>The same.</returns>
    public StructuredModel Own(StructuredModel student)
    {
        _owned.Add(student.Model);
        return student;
    }

    /// <summary>Releases something before the end.</summary>
    /// <param name="owned">What was owned.</param>
    public void Release(IDisposable owned)
    {
        if (_owned.Remove(owned))
        {
            owned.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(owned => owned.Dispose());
}
