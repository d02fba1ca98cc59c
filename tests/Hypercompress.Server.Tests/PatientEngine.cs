using Hypercompress.Models.Generation;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Server.Tests;

/// <summary>A model that waits before it answers, until it is released or its client has gone.</summary>
internal sealed class PatientEngine(ITextEngine inner) : ITextEngine
{
    private readonly ManualResetEventSlim _released = new();
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _ended = new(0);

    public Exception? Failure { get; init; }

    public int FailsAfterTokens { get; init; }

    public string Name { get; init; } = inner.Name;

    public int MaxContext => inner.MaxContext;

    public ITokenizer Tokenizer => inner.Tokenizer;

    public void Release() => _released.Set();

    public async Task BegunAsync(int count, CancellationToken cancellation) => await WaitAsync(_begun, count, cancellation);

    public async Task EndedAsync(int count, CancellationToken cancellation) => await WaitAsync(_ended, count, cancellation);

    public GenerationResult Generate(
        IReadOnlyList<int> prompt,
        SamplingOptions options,
        Func<GeneratedToken, bool>? onToken = null,
        CancellationToken cancellation = default)
    {
        _begun.Release();
        try
        {
            if (Failure is { } failure)
            {
                int told = 0;
                return FailsAfterTokens == 0
                    ? throw failure
                    : inner.Generate(
                        prompt,
                        options,
                        token => told++ < FailsAfterTokens && onToken!(token) ? true : throw failure,
                        cancellation);
            }

            _released.Wait(cancellation);
            return inner.Generate(prompt, options, onToken, cancellation);
        }
        finally
        {
            _ended.Release();
        }
    }

    private static async Task WaitAsync(SemaphoreSlim signal, int count, CancellationToken cancellation)
    {
        for (int i = 0; i < count; i++)
        {
            await signal.WaitAsync(cancellation);
        }
    }
}
