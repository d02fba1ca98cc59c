using System.Globalization;
using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>
/// Token ids instead of text, for models without a tokenizer or texts that were tokenized elsewhere: a <c>.json</c>
/// file with a list of ids, or with a list of lists of ids.
/// </summary>
public static class TokenIdFile
{
    /// <summary>Reads the sequences of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">Ids must be below this.</param>
    /// <returns>Sequences of at least one id each; a plain list is one sequence.</returns>
    /// <exception cref="CheckpointException">
    /// The file cannot be read, is malformed, or has an empty sequence or an id outside the vocabulary.
    /// </exception>
    public static int[][] ReadSequences(string path, int vocabulary)
    {
        using TextFile file = TextFile.Open(path);
        return ReadSequences(file.ReadBytes().Span, path, vocabulary);
    }

    /// <summary>Reads the sequences of a file that is in memory.</summary>
    /// <param name="json">Its content.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="vocabulary">Ids must be below this.</param>
    /// <returns>As for <see cref="ReadSequences(string, int)"/>.</returns>
    /// <exception cref="CheckpointException">As for <see cref="ReadSequences(string, int)"/>.</exception>
    internal static int[][] ReadSequences(ReadOnlySpan<byte> json, string path, int vocabulary)
    {
        try
        {
            int[][] sequences = Parse(json, path, vocabulary);
            int empty = Array.FindIndex(sequences, sequence => sequence.Length == 0);
            return empty < 0 ? sequences : throw new CheckpointException(path, Invariant($"sequence {empty} is empty"));
        }
        catch (JsonException fault)
        {
            throw new CheckpointException(path, $"is not a list of token ids: {MalformedJson.Describe(fault)}", fault);
        }
    }

    private static int[][] Parse(ReadOnlySpan<byte> json, string path, int vocabulary)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new CheckpointException(path, "is neither a list of token ids nor a list of such lists");
        }

        List<int[]> sequences = [];
        List<int> plain = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number && sequences.Count == 0)
            {
                plain.Add(Id(ref reader, path, 0, vocabulary));
                continue;
            }

            sequences.Add(plain.Count == 0 && reader.TokenType == JsonTokenType.StartArray
                ? Sequence(ref reader, path, sequences.Count, vocabulary)
                : throw new CheckpointException(
                    path, Invariant($"sequence {sequences.Count} is not a list of token ids")));
        }

        reader.Read();
        return sequences.Count == 0 ? [[.. plain]] : [.. sequences];
    }

    private static int[] Sequence(ref Utf8JsonReader reader, string path, int sequence, int vocabulary)
    {
        List<int> ids = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ids.Add(Id(ref reader, path, sequence, vocabulary));
        }

        return [.. ids];
    }

    private static int Id(ref Utf8JsonReader reader, string path, int sequence, int vocabulary)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int id))
        {
            throw new CheckpointException(
                path, Invariant($"sequence {sequence} holds {Shown(ref reader)}, which is not a token id"));
        }

        return id >= 0 && id < vocabulary ? id : throw new CheckpointException(
            path, Invariant($"sequence {sequence} has the id {id}; the vocabulary has {vocabulary}"));
    }

    private static string Shown(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.Number ? System.Text.Encoding.UTF8.GetString(reader.ValueSpan)
        : reader.TokenType is JsonTokenType.String ? "a text"
        : reader.TokenType is JsonTokenType.StartArray ? "a list"
        : reader.TokenType.ToString();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
