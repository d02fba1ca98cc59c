namespace Hypercompress.Models.Generation;

/// <summary>Computes what follows a sequence, and remembers the sequence.</summary>
internal interface INextToken : IDisposable
{
    /// <summary>Bytes of cache that a token takes.</summary>
    long BytesPerToken { get; }

    /// <summary>Tokens at the beginning of the text that an earlier text had too, and that were not computed.</summary>
    int KnownTokens => 0;

    /// <summary>What a draft was good for; null where there is none.</summary>
    SpeculationResult? Speculation => null;

    /// <summary>Adds tokens and chooses those after them.</summary>
    /// <param name="ids">At least one token: the last of those that were chosen before.</param>
    /// <param name="sampler">Chooses.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>One token or more, with the probabilities that the sampler's options ask for.</returns>
    IReadOnlyList<GeneratedToken> Choose(
        IReadOnlyList<int> ids, TokenSampler sampler, CancellationToken cancellation);
}
