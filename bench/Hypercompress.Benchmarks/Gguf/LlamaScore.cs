using System.Globalization;
using System.Numerics.Tensors;
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
        double[] first = [];
        var teacher = new List<float[]>();
        foreach (string file in files)
        {
            var divergences = new List<double>();
            bool isFirst = first.Length == 0;
            double[] losses = Losses(file, text, windows, window, threads, (index, logs) =>
            {
                if (isFirst)
                {
                    teacher.Add(logs);
                }

                divergences.Add(Divergence(teacher[index], logs));
            });
            first = isFirst ? losses : first;
            double[] excess = [.. losses.Zip(first, (own, other) => own - other)];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(file)}: {WeightBytes(file)} bytes, ppl {Math.Exp(losses.Average()):F4}, excess "
                + $"{excess.Average():F5} ± {Error(excess):F5}, KL {divergences.Average():F5} ± "
                + $"{Error([.. divergences]):F5} nats over {losses.Length} tokens"));
        }
    }

    private static double[] Losses(
        string file, string text, int windows, int window, int threads, Action<int, float[]> see)
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
        var losses = new List<double>();
        for (int i = 0; i < windows; i++)
        {
            LLamaToken[] own = ids[(i * window)..((i + 1) * window)];
            context.NativeHandle.MemoryClear();
            for (int start = 0; start < window; start += Batch)
            {
                Decode(context, own, start, losses, see);
            }
        }

        return [.. losses];
    }

    // This program's reading of the file's tokenizer: llama.cpp's stops at characters that the vocabulary lacks.
    private static int[] Ids(string file, string text) =>
        PackagedTokenizer.Open(file).Encode(TextFile.Open(text).ReadText());

    private static void Decode(
        LLamaContext context, LLamaToken[] ids, int start, List<double> losses, Action<int, float[]> see)
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
            float[] logs = LogProbabilities(context.NativeHandle.GetLogitsIth(i - start));
            see(losses.Count, logs);
            losses.Add(-logs[(int)ids[i + 1]]);
        }
    }

    private static float[] LogProbabilities(ReadOnlySpan<float> logits)
    {
        float most = TensorPrimitives.Max(logits);
        var logs = new float[logits.Length];
        TensorPrimitives.Subtract(logits, most, logs);
        var shares = new float[logits.Length];
        TensorPrimitives.Exp(logs, shares);
        TensorPrimitives.Subtract(logs, MathF.Log(TensorPrimitives.Sum(shares)), logs);
        return logs;
    }

    // KL(teacher ‖ file) at a token.
    private static double Divergence(float[] teacher, float[] own)
    {
        var shares = new float[teacher.Length];
        TensorPrimitives.Exp(teacher, shares);
        var gaps = new float[teacher.Length];
        TensorPrimitives.Subtract(teacher, own, gaps);
        return TensorPrimitives.Dot(shares, gaps);
    }

    private static double Error(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean))) / values.Length;
    }

    private static long WeightBytes(string file)
    {
        using GgufFile opened = GgufFile.Open(file);
        return opened.Tensors.Values.Sum(tensor => tensor.ByteLength);
    }
}
