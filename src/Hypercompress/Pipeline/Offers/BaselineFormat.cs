using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Journal;

namespace Hypercompress.Pipeline.Offers;

/// <summary>Keeps the statistics of the teacher, and what a sample of its sites looks like under them.</summary>
/// <param name="statistics">Keeps the statistics.</param>
internal sealed class BaselineFormat(StatisticsFormat statistics) : IJournalFormat<BaselineResult>
{
    private const string Sites = "sites";
    private const string VectorElements = "vector_elements";

    /// <inheritdoc/>
    public void Write(BaselineResult value, EntryDraft draft)
    {
        draft.Document[Sites] = JournalJson.ToNode(value.Sites);
        draft.Document[VectorElements] = value.VectorElements;
        statistics.Write(value.Statistics, draft);
    }

    /// <inheritdoc/>
    public BaselineResult Read(JournalEntry entry)
    {
        var sites = entry.Get<ImmutableArray<SiteBaseline>>(Sites);
        long vectors = entry.Get<long>(VectorElements);
        return new BaselineResult(statistics.Read(entry), sites, vectors);
    }

    /// <inheritdoc/>
    public void Discard(BaselineResult value) => value.Dispose();
}
