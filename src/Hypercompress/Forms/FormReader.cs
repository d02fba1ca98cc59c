using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;

namespace Hypercompress.Forms;

/// <summary>Reads one kind of form back from a checkpoint.</summary>
/// <param name="Kind">The kind it reads, as in <see cref="FormDescription.Kind"/>.</param>
/// <param name="Read">
/// Builds the matrix from its description, the name of the site, the tensors, and the other sites (for forms made
/// of parts or bound to another site). Throws <see cref="Models.Errors.CheckpointException"/> when a tensor is missing
/// or has the wrong shape or type.
/// </param>
public sealed record FormReader(
    string Kind, Func<FormDescription, string, ITensorSource, FormContext, FormMatrix> Read);
