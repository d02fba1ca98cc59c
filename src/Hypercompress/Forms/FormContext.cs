using System.Collections.Immutable;

namespace Hypercompress.Forms;

/// <summary>The context that a reader may use beside the tensors of its own site.</summary>
/// <param name="Catalog">Reads parts of any kind.</param>
/// <param name="Earlier">The matrices of the sites before it in the decoder, by name; they stay their owners'.</param>
public sealed record FormContext(FormCatalog Catalog, IReadOnlyDictionary<string, FormMatrix> Earlier)
{
    /// <summary>A context for a form that shares nothing with other sites.</summary>
    /// <param name="catalog">Reads parts of any kind.</param>
    /// <returns>A context without other sites.</returns>
    public static FormContext Alone(FormCatalog catalog) => new(catalog, ImmutableDictionary<string, FormMatrix>.Empty);
}
