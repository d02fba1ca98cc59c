using LLama;
using LLama.Abstractions;
using LLama.Common;
using LLama.Native;

namespace Hypercompress.Tests.Exports.Gguf;

/// <summary>A GGUF file in llama.cpp itself, on one thread, with its cache in float32.</summary>
internal sealed class LlamaCpp : IDisposable
{
    private static readonly Lazy<bool> IsAvailable = new(() =>
    {
        NativeLibraryConfig.All.WithLogCallback((_, _) => { });
        return NativeLibraryConfig.All.DryRun(out INativeLibrary? _, out INativeLibrary? _);
    });

    private readonly LLamaWeights _weights;
    private readonly LLamaContext _context;

    private LlamaCpp(LLamaWeights weights, LLamaContext context) => (_weights, _context) = (weights, context);

    /// <summary>Opens a file; skips the calling test where llama.cpp has no library for this machine.</summary>
    public static LlamaCpp Open(string file)
    {
        Assert.SkipUnless(
            IsAvailable.Value, "needs the llama.cpp library of LLamaSharp, which does not load on this machine");
        var parameters = new ModelParams(file)
        {
            ContextSize = 256,
            GpuLayerCount = 0,
            Threads = 1,
            BatchThreads = 1,
            FlashAttention = false,
            TypeK = GGMLType.GGML_TYPE_F32,
            TypeV = GGMLType.GGML_TYPE_F32,
        };
        LLamaWeights weights = LLamaWeights.LoadFromFile(parameters);
        return new LlamaCpp(weights, weights.CreateContext(parameters));
    }

    /// <summary>Logits after every token, <c>[T][V]</c>.</summary>
    public float[][] Logits(IReadOnlyList<int> ids)
    {
        var batch = new LLamaBatch();
        foreach ((int position, int id) in ids.Index())
        {
            batch.Add(id, position, LLamaSeqId.Zero, logits: true);
        }

        _context.NativeHandle.MemoryClear();
        Assert.Equal(DecodeResult.Ok, _context.Decode(batch));
        return [.. Enumerable.Range(0, ids.Count).Select(at => _context.NativeHandle.GetLogitsIth(at).ToArray())];
    }

    /// <summary>Ids of a text, with what the file says of the beginning.</summary>
    public int[] Tokenize(string text) =>
        [.. _context.Tokenize(text, addBos: true, special: false).Select(token => (int)token)];

    /// <inheritdoc/>
    public void Dispose()
    {
        _context.Dispose();
        _weights.Dispose();
    }
}
