using System.Globalization;
using Hypercompress.Journal;
using Hypercompress.Models.Checkpoints;
using static TorchSharp.torch;

namespace Hypercompress.Training.States;

/// <summary>Writes lists of tensors into an entry, and copies them back into tensors of the same shapes.</summary>
internal static class TensorState
{
    /// <summary>Writes tensors.</summary>
    /// <param name="draft">Receives them.</param>
    /// <param name="prefix">First part of their names.</param>
    /// <param name="tensors">The tensors, in their order; stay the caller's.</param>
    public static void Write(EntryDraft draft, string prefix, IEnumerable<Tensor> tensors) =>
        draft.Tensors.AddRange(tensors.Select((tensor, index) => TensorToWrite.From(Name(prefix, index), tensor)));

    /// <summary>Copies tensors back.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="prefix">First part of their names.</param>
    /// <param name="tensors">Where to, in the same order.</param>
    public static void Read(JournalEntry entry, string prefix, IEnumerable<Tensor> tensors)
    {
        using var noGrad = no_grad();
        foreach ((int index, Tensor tensor) in tensors.Index())
        {
            using Tensor kept = entry.Tensors.Read(Name(prefix, index));
            tensor.copy_(kept);
        }
    }

    private static string Name(string prefix, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{index}");
}
