using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Corpora;
using Hypercompress.Models.Packages;
using LLama;
using LLama.Common;
using LLama.Native;

namespace Hypercompress.Benchmarks.Gguf;

/// <summary>Perplexity, and divergence from a teacher, of GGUF files by llama.cpp's forward pass, on the same windows of a text.</summary>
internal static class LlamaScore
{
    private const int Batch = 256;

    /// <summary>Scores files and prints a line for each; the first is what the others are compared with.</summary>
    /// <param name="text">A text file.</param>
    /// <param name="windows">Windows from its beginning.</param>
    /// <param name="window">Tokens of a window; its first is not predicted.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="files">The files.</param>
    public static void Compare(string text, int windows, int window, int threads, string[] files)
    {
        NativeLibraryConfig.All.WithLogCallback((_, _) => { });
        var scores = new ScoredTokens();
        foreach (string file in files)
        {
            Decode(file, text, windows, window, threads, scores);
            scores.Print(Path.GetFileName(file), WeightBytes(file));
        }
    }

    private static void Decode(string file, string text, int windows, int window, int threads, ScoredTokens scores)
    {
        var parameters = new ModelParams(file)
        {
            ContextSize = (uint)window,
            BatchSize = Batch,
            UBatchSize = Batch,
            GpuLayerCount = 0,
            Threads = threads,
            BatchThreads = threads,
        };
        using LLamaWeights weights = LLamaWeights.LoadFromFile(parameters);
        using LLamaContext context = weights.CreateContext(parameters);
        LLamaToken[] ids = [.. Ids(file, text).Take(windows * window).Select(id => (LLamaToken)id)];
        for (int i = 0; i < windows; i++)
        {
            LLamaToken[] own = ids[(i * window)..((i + 1) * window)];
            context.NativeHandle.MemoryClear();
            for (int start = 0; start < window; start += Batch)
            {
                Decode(context, own, start, scores);
            }
        }
    }

    // This program's reading of the file's tokenizer: llama.cpp's stops at characters that the vocabulary lacks.
    private static int[] Ids(string file, string text) =>
        PackagedTokenizer.Open(file).Encode(TextFile.Open(text).ReadText());

    private static void Decode(LLamaContext context, LLamaToken[] ids, int start, ScoredTokens scores)
    {
        var batch = new LLamaBatch();
        int end = Math.Min(start + Batch, ids.Length);
        for (int i = start; i < end; i++)
        {
            batch.Add(ids[i], i, LLamaSeqId.Zero, logits: true);
        }

        context.Decode(batch);
        for (int i = start; i < end && i + 1 < ids.Length; i++)
        {
            scores.Add(context.NativeHandle.GetLogitsIth(i - start), (int)ids[i + 1]);
        }
    }

    private static long WeightBytes(string file)
    {
        using GgufFile opened = GgufFile.Open(file);
        return opened.Tensors.Values.Sum(tensor => tensor.ByteLength);
    }
}
