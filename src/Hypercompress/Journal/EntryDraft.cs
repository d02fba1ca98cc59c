using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;

namespace Hypercompress.Journal;

/// <summary>A result that is about to be kept: a document, and tensors beside it.</summary>
internal sealed class EntryDraft
{
    /// <summary>Numbers and texts.</summary>
    public JsonObject Document { get; } = [];

    /// <summary>Tensors by unique names; each is made when its turn to be written comes.</summary>
    public List<TensorToWrite> Tensors { get; } = [];
}
