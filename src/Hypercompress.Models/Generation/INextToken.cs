namespace Hypercompress.Models.Generation;

/// <summary>Computes what may follow a sequence, and remembers the sequence.</summary>
internal interface INextToken : IDisposable
{
    /// <summary>Bytes of cache that a token takes.</summary>
    long BytesPerToken { get; }

    /// <summary>Adds tokens and chooses the one after them.</summary>
    /// <param name="ids">At least one token.</param>
    /// <param name="sampler">Chooses.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The token, with the probabilities that the sampler's options ask for.</returns>
    GeneratedToken Choose(IReadOnlyList<int> ids, TokenSampler sampler, CancellationToken cancellation);
}
