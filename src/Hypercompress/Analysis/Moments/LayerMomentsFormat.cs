using System.Collections.Immutable;
using Hypercompress.Journal;
using Hypercompress.Models.Checkpoints;

namespace Hypercompress.Analysis.Moments;

/// <summary>Keeps the input moments of one layer; they are read when they are wanted.</summary>
internal sealed class LayerMomentsFormat : IJournalFormat<LayerMoments>
{
    private const string Groups = "groups";
    private const string Tokens = "tokens";

    /// <inheritdoc/>
    public void Write(LayerMoments value, EntryDraft draft)
    {
        draft.Document[Groups] = JournalJson.ToNode(value.Groups.Select(group => group.Sites));
        draft.Document[Tokens] = JournalJson.ToNode(value.Groups.Select(group => group.Tokens));
        draft.Tensors.AddRange(value.Summed.Select(group => TensorToWrite.From(group.Leader, group.Moment)));
    }

    /// <inheritdoc/>
    public LayerMoments Read(JournalEntry entry)
    {
        var groups = entry.Get<ImmutableArray<ImmutableArray<string>>>(Groups);
        var tokens = entry.Get<ImmutableArray<long>>(Tokens);
        var moments = new LayerMoments(entry.TakeTensors());
        foreach ((ImmutableArray<string> sites, long count) in groups.Zip(tokens))
        {
            moments.Add(sites, count, sites[0]);
        }

        return moments;
    }

    /// <inheritdoc/>
    public void Discard(LayerMoments value) => value.Dispose();
}
