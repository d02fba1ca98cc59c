using System.Collections.Immutable;
using Hypercompress.Journal;
using Hypercompress.Models.Checkpoints;

namespace Hypercompress.Analysis.Moments;

/// <summary>Keeps the input moments of one layer; they are read when they are wanted.</summary>
internal sealed class LayerMomentsFormat : IJournalFormat<LayerMoments>
{
    /// <inheritdoc/>
    public void Write(LayerMoments value, EntryDraft draft)
    {
        MomentGroups.Write(draft, [.. value.Groups]);
        draft.Tensors.AddRange(value.Summed.Select(group => TensorToWrite.From(group.Leader, group.Moment)));
    }

    /// <inheritdoc/>
    public LayerMoments Read(JournalEntry entry)
    {
        IEnumerable<(ImmutableArray<string> Sites, long Tokens)> groups = MomentGroups.Read(entry);
        var moments = new LayerMoments(entry.TakeTensors());
        foreach ((ImmutableArray<string> sites, long tokens) in groups)
        {
            moments.AddStored(sites, tokens, sites[0]);
        }

        return moments;
    }

    /// <inheritdoc/>
    public void Discard(LayerMoments value) => value.Dispose();
}
