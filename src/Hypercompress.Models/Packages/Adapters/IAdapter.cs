using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Packages.Adapters;

/// <summary>An adapter: small tensors that change the weights of a model, and no model by themselves.</summary>
internal interface IAdapter : IDisposable
{
    /// <summary>Its own tensors.</summary>
    ITensorSource Tensors { get; }

    /// <summary>The model that it says it was made for; null when it does not say.</summary>
    string? BaseName { get; }

    /// <summary>Merges it into a model.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="tensors">
    /// The model's tensors; owned by the result when this does not fail, as the adapter is.
    /// </param>
    /// <returns>The merged tensors.</returns>
    /// <exception cref="CheckpointException">The adapter was made for another model.</exception>
    ITensorSource MergeInto(DecoderConfig config, ITensorSource tensors);
}
