using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Hypercompress.Settings;

namespace Hypercompress.Artifacts;

/// <summary>The section <c>storage</c>: what is written beside the artifact's own files.</summary>
public sealed record StorageOptions
{
    /// <summary>
    /// Further formats to write: <c>torch_checkpoint</c> is a <c>.pt</c> file for
    /// <c>torch.load</c>.
    /// </summary>
    /// <value>The default is none.</value>
    [AllowedValues("torch_checkpoint")]
    public ImmutableArray<string> Export { get; init; } = [];

    /// <summary>Weights above this size are written as several files with an index.</summary>
    /// <value>At least 1 MB. The default is 5 GB.</value>
    [Range(1e6, 1e15)]
    public ByteSize MaxShardBytes { get; init; } = new(5_000_000_000);

    /// <summary>
    /// Whether to write the Python file that Hugging Face transformers needs to load the artifact with
    /// <c>trust_remote_code=True</c>.
    /// </summary>
    /// <value>The default is true.</value>
    public bool Python { get; init; } = true;
}
