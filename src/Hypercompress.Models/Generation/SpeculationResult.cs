namespace Hypercompress.Models.Generation;

/// <summary>What a draft model was good for.</summary>
public sealed record SpeculationResult
{
    /// <summary>Tokens that it proposed.</summary>
    public required int Proposed { get; init; }

    /// <summary>Those of them that were taken.</summary>
    public required int Accepted { get; init; }

    /// <summary>
    /// Seconds a token of the model alone, measured on the first tokens, divided by those with the draft.
    /// </summary>
    public required double SpeedUp { get; init; }
}
