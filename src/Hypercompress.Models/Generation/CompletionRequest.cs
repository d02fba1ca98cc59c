using System.Collections.Immutable;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Generation;

/// <summary>A text to be continued.</summary>
/// <param name="Prompt">Token ids, at least one.</param>
/// <param name="Sampling">How to choose and when to stop.</param>
public sealed record CompletionRequest(IReadOnlyList<int> Prompt, SamplingOptions Sampling)
{
    private const int MostStops = 16;

    /// <summary>Texts that end the continuation and are not part of it; at most 16, none of them empty.</summary>
    public ImmutableArray<string> Stop { get; init; } = [];

    /// <summary>Checks the stop texts.</summary>
    /// <exception cref="ConfigurationException">There are too many, or one is empty.</exception>
    public void Validate()
    {
        if (Stop.Length > MostStops || Stop.Any(string.IsNullOrEmpty))
        {
            throw new ConfigurationException($"stop must be up to {MostStops} texts, none of them empty");
        }
    }
}
