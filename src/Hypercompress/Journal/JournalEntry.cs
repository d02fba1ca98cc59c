using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;

namespace Hypercompress.Journal;

/// <summary>A result that was kept.</summary>
/// <param name="file">Path of the document, for messages.</param>
/// <param name="document">Numbers and texts.</param>
/// <param name="tensors">The tensors, owned by the entry; null where there are none.</param>
internal sealed class JournalEntry(string file, JsonObject document, ITensorSource? tensors) : IDisposable
{
    private ITensorSource? _tensors = tensors;

    /// <summary>Path of the document, for messages.</summary>
    public string File => file;

    /// <summary>Numbers and texts.</summary>
    public JsonObject Document => document;

    /// <summary>The tensors.</summary>
    /// <exception cref="CheckpointException">There are none.</exception>
    public ITensorSource Tensors => _tensors ?? throw new CheckpointException(file, "has no tensors");

    /// <summary>Hands the tensors over.</summary>
    /// <returns>The tensors; the caller disposes them.</returns>
    public ITensorSource TakeTensors()
    {
        ITensorSource taken = Tensors;
        _tensors = null;
        return taken;
    }

    /// <summary>Reads a part of the document.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="key">Its key.</param>
    /// <returns>The value.</returns>
    /// <exception cref="CheckpointException">The part is missing or of another kind.</exception>
    public T Get<T>(string key)
    {
        try
        {
            return document[key] is { } node && node.Deserialize<T>(JournalJson.Layout) is { } value
                ? value
                : throw new CheckpointException(file, $"lacks \"{key}\"");
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new CheckpointException(file, $"\"{key}\" cannot be read: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tensors?.Dispose();
}
