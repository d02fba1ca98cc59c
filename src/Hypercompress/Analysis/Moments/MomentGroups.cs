using System.Collections.Immutable;
using Hypercompress.Journal;

namespace Hypercompress.Analysis.Moments;

/// <summary>
/// What the journal says of input moments beside their tensors: the sites that share one, and the tokens that it was
/// averaged over.
/// </summary>
internal static class MomentGroups
{
    private const string Sites = "groups";
    private const string Tokens = "tokens";

    /// <summary>Writes the groups into the document of an entry.</summary>
    /// <param name="draft">The entry.</param>
    /// <param name="groups">Sites and tokens of each moment.</param>
    internal static void Write(EntryDraft draft, IReadOnlyList<(ImmutableArray<string> Sites, long Tokens)> groups)
    {
        draft.Document[Sites] = JournalJson.ToNode(groups.Select(group => group.Sites));
        draft.Document[Tokens] = JournalJson.ToNode(groups.Select(group => group.Tokens));
    }

    /// <summary>Reads the groups of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>As they were written.</returns>
    internal static IEnumerable<(ImmutableArray<string> Sites, long Tokens)> Read(JournalEntry entry) =>
        entry.Get<ImmutableArray<ImmutableArray<string>>>(Sites).Zip(entry.Get<ImmutableArray<long>>(Tokens));
}
