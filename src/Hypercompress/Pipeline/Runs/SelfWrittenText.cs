using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline.Runs;

/// <summary>
/// Text that a model writes itself, for runs without a calibration text: sequences from its begin-of-sequence token and
/// from short common openings, drawn from its own distribution at temperature 1.
/// </summary>
/// <remarks>LLM-QAT (Liu et al., arXiv 2305.17888) trains on such text.</remarks>
internal static class SelfWrittenText
{
    private const int MostSequences = 32;
    private static readonly string[] Openings =
        ["The", "In", "I", "A", "This", "It", "We", "He", "How", "What", "For", "When", "There", "You", "If", "As"];

    /// <summary>How often the model computes a token of all sequences that it writes at a time.</summary>
    /// <param name="tokens">Tokens to write.</param>
    /// <param name="length">Tokens of a sequence, 2 or more.</param>
    /// <returns>The passes.</returns>
    internal static long PassesFor(long tokens, int length)
    {
        long sequences = Math.Max(1, tokens / length);
        return (sequences + MostSequences - 1) / MostSequences * length;
    }

    /// <summary>Writes.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="tokens">Tokens to write; at least one sequence is written.</param>
    /// <param name="length">Tokens of a sequence, 2 or more.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="report">Receives tokens written and wanted.</param>
    /// <param name="cancellation">Stops between two tokens.</param>
    /// <returns>The sequences after each other.</returns>
    /// <exception cref="NumericalException">The model computed logits that are not numbers.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static int[] Write(
        LanguageModel model,
        long tokens,
        int length,
        int seed,
        Action<long, long> report,
        CancellationToken cancellation)
    {
        using var noGrad = no_grad();
        using var random = new Generator((ulong)seed);
        var written = new List<int>();
        long wanted = Math.Max(length, tokens / length * length);
        for (int first = 0; written.Count < wanted; first += MostSequences)
        {
            int count = (int)Math.Min(MostSequences, (wanted - written.Count) / length);
            long[] starts = [.. Enumerable.Range(first, count).Select(i => StartOf(model, i))];
            long before = written.Count;
            written.AddRange(Continue(
                model.Decoder, starts, length, random, step => report(before + (step * count), wanted), cancellation));
        }

        return [.. written];
    }

    // The first of every few sequences begins as the model begins texts, the others with a common word.
    private static long StartOf(LanguageModel model, int index)
    {
        if (model.Tokenizer is not { } tokenizer)
        {
            return index % model.Decoder.Config.VocabularySize;
        }

        int opening = index % (Openings.Length + 1);
        return opening == 0 && tokenizer.BosTokenId is { } begin
            ? begin
            : tokenizer.Encode(Openings[Math.Max(0, opening - 1)], addSpecialTokens: false)[0];
    }

    private static IEnumerable<int> Continue(
        DecoderModel decoder,
        long[] starts,
        int length,
        Generator random,
        Action<int> report,
        CancellationToken cancellation)
    {
        var ids = new int[starts.Length, length];
        using var cache = new KvCache(decoder);
        long[] last = starts;
        for (int step = 0; step < length; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < last.Length; i++)
            {
                ids[i, step] = (int)last[i];
            }

            report(step + 1);
            if (step + 1 < length)
            {
                last = Draw(decoder, last, cache, random);
            }
        }

        return MemoryMarshal.CreateReadOnlySpan(ref ids[0, 0], ids.Length).ToArray();
    }

    private static long[] Draw(DecoderModel decoder, long[] last, KvCache cache, Generator random)
    {
        using var scope = NewDisposeScope();
        Tensor hidden = decoder.Hidden(tensor(last, device: decoder.Device).unsqueeze(1), cache);
        Tensor probabilities = decoder.Logits(hidden).squeeze(1).softmax(-1).cpu();
        return float.IsFinite(probabilities.sum().item<float>())
            ? multinomial(probabilities, 1, generator: random).squeeze(1).data<long>().ToArray()
            : throw new NumericalException("the model gave logits that are not numbers; its weights are damaged");
    }
}
