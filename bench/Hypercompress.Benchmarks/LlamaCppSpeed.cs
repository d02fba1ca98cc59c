using Hypercompress.Models.Native;
using LLama;
using LLama.Abstractions;
using LLama.Common;
using LLama.Native;

namespace Hypercompress.Benchmarks;

/// <summary>The rates of llama.cpp with a GGUF file.</summary>
internal sealed class LlamaCppSpeed : IDisposable
{
    private const uint Context = 1024;
    private const int IdStep = 7919;

    private readonly LLamaWeights _weights;
    private readonly LLamaContext _context;

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="threads">Threads.</param>
    public LlamaCppSpeed(string file, int threads)
    {
        // Its threads meet at a barrier of OpenMP after every operation: if they sleep there, as this program asks of
        // libtorch's, decoding takes ten times as long. The library reads this when it is loaded, here.
        _ = LibC.SetEnvironment("OMP_WAIT_POLICY", "active", overwrite: 1);
        NativeLibraryConfig.All.WithLogCallback((_, _) => { });
        var parameters = new ModelParams(file)
        {
            ContextSize = Context,
            BatchSize = Context,
            UBatchSize = Context / 2,
            GpuLayerCount = 0,
            Threads = threads,
            BatchThreads = threads,
        };
        _weights = LLamaWeights.LoadFromFile(parameters);
        _context = _weights.CreateContext(parameters);
    }

    /// <summary>Prompt tokens per second.</summary>
    /// <param name="tokens">Tokens of the prompt.</param>
    /// <param name="time">The clock.</param>
    public double Prefill(int tokens, TimeProvider time)
    {
        _context.NativeHandle.MemoryClear();
        var batch = new LLamaBatch();
        for (int i = 0; i < tokens; i++)
        {
            batch.Add(Id(i + 1), i, LLamaSeqId.Zero, logits: i == tokens - 1);
        }

        long started = time.GetTimestamp();
        _context.Decode(batch);
        _context.NativeHandle.GetLogitsIth(tokens - 1);
        return tokens / time.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Made tokens per second, each the most probable one.</summary>
    /// <param name="tokens">Tokens to make.</param>
    /// <param name="time">The clock.</param>
    public double Decode(int tokens, TimeProvider time)
    {
        _context.NativeHandle.MemoryClear();
        LLamaToken next = Step(Id(1), 0);
        long started = time.GetTimestamp();
        for (int i = 1; i <= tokens; i++)
        {
            next = Step(next, i);
        }

        return tokens / time.GetElapsedTime(started).TotalSeconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _context.Dispose();
        _weights.Dispose();
    }

    private LLamaToken Step(LLamaToken id, int position)
    {
        var batch = new LLamaBatch();
        batch.Add(id, position, LLamaSeqId.Zero, logits: true);
        _context.Decode(batch);
        ReadOnlySpan<float> logits = _context.NativeHandle.GetLogitsIth(0);
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    private LLamaToken Id(int index) => (int)((long)index * IdStep % _weights.Vocab.Count);
}
