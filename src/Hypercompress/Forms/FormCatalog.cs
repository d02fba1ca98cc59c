using System.Collections.Frozen;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats.Registry;

namespace Hypercompress.Forms;

/// <summary>The kinds of form that can be read from a checkpoint.</summary>
/// <param name="readers">One reader per kind.</param>
/// <param name="formats">The number formats that blocks of values may have; null for those of the library.</param>
public sealed class FormCatalog(IEnumerable<FormReader> readers, NumberFormatRegistry? formats = null)
{
    private readonly FrozenDictionary<string, FormReader> _readers = readers.ToFrozenDictionary(reader => reader.Kind);

    /// <summary>The number formats that blocks of values may have.</summary>
    public NumberFormatRegistry Formats { get; } = formats ?? NumberFormatRegistry.Standard;

    /// <summary>Reads a form.</summary>
    /// <param name="description">The description in the artifact's configuration.</param>
    /// <param name="prefix">Name of the site.</param>
    /// <param name="tensors">The artifact's tensors.</param>
    /// <param name="file">The file that the description comes from, for messages.</param>
    /// <param name="earlier">The matrices of the sites before this one, by name; null for none.</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="CheckpointException">
    /// The kind is unknown, a tensor is missing or malformed, or another site is not what the form needs.
    /// </exception>
    public FormMatrix Read(
        FormDescription description,
        string prefix,
        ITensorSource tensors,
        string file,
        IReadOnlyDictionary<string, FormMatrix>? earlier = null)
    {
        ArgumentNullException.ThrowIfNull(description);
        if (!_readers.TryGetValue(description.Kind, out FormReader? reader))
        {
            throw new CheckpointException(
                file,
                $"site {prefix} has the form '{description.Kind}'; known forms are "
                + string.Join(", ", _readers.Keys.Order(StringComparer.Ordinal)));
        }

        return reader.Read(
            description, prefix, tensors, earlier is null ? FormContext.Alone(this) : new FormContext(this, earlier));
    }
}
