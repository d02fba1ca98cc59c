using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Token ids instead of text, for models without a tokenizer or texts that were tokenized elsewhere: a <c>.json</c> file
/// with a list of ids, or with a list of lists of ids.
/// </summary>
public static class TokenIdFile
{
    private const int MaximumBytes = 1 << 30;

    /// <summary>Whether a file is of this kind, by its extension.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True for <c>.json</c>.</returns>
    public static bool IsOne(string path) =>
        Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the sequences of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">Ids must be below this.</param>
    /// <returns>Sequences of at least one id each; a plain list is one sequence.</returns>
    /// <exception cref="CheckpointException">
    /// The file cannot be read, is malformed, or has an empty sequence or an id outside the vocabulary.
    /// </exception>
    public static int[][] ReadSequences(string path, int vocabulary)
    {
        using JsonDocument document = Parse(path);
        JsonElement root = document.RootElement;
        bool isList = root.ValueKind == JsonValueKind.Array;
        bool isPlain = isList && root.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number);
        int[][] sequences = !isList
            ? throw new CheckpointException(path, "is no list of token ids, nor of lists of token ids")
            : isPlain ? [Ids(path, root, 0, vocabulary)]
            : [.. root.EnumerateArray().Select((list, i) => Ids(path, list, i, vocabulary))];
        int empty = Array.FindIndex(sequences, sequence => sequence.Length == 0);
        return empty < 0 ? sequences : throw new CheckpointException(path, $"sequence {empty} is empty");
    }

    /// <summary>Reads all sequences as one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">Ids must be below this.</param>
    /// <returns>At least one id.</returns>
    /// <exception cref="CheckpointException">As for <see cref="ReadSequences"/>.</exception>
    public static int[] ReadJoined(string path, int vocabulary) =>
        [.. ReadSequences(path, vocabulary).SelectMany(sequence => sequence)];

    private static JsonDocument Parse(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return file.Length <= MaximumBytes
                ? JsonDocument.Parse(file)
                : throw new CheckpointException(path, $"is too large for a list of token ids: {file.Length} bytes");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(path, $"is no list of token ids: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"cannot be read: {e.Message}", e);
        }
    }

    private static int[] Ids(string path, JsonElement list, int sequence, int vocabulary) =>
        list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => Id(path, item, sequence, vocabulary))]
            : throw new CheckpointException(path, $"sequence {sequence} is no list of token ids");

    private static int Id(string path, JsonElement item, int sequence, int vocabulary)
    {
        if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out int id))
        {
            throw new CheckpointException(path, $"sequence {sequence} holds {item.GetRawText()}, which is no token id");
        }

        return id >= 0 && id < vocabulary
            ? id
            : throw new CheckpointException(path, $"sequence {sequence} has the id {id}; the vocabulary has {vocabulary}");
    }
}
