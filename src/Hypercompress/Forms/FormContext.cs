using System.Collections.Immutable;

namespace Hypercompress.Forms;

/// <summary>What a reader may look at beside the tensors of its own site.</summary>
/// <param name="Catalog">Reads parts of any kind.</param>
/// <param name="Earlier">The matrices of the sites before it in the decoder, by name; they stay their owners'.</param>
public sealed record FormContext(FormCatalog Catalog, IReadOnlyDictionary<string, FormMatrix> Earlier)
{
    /// <summary>For a form that stands alone.</summary>
    /// <param name="catalog">Reads parts of any kind.</param>
    /// <returns>A context without other sites.</returns>
    public static FormContext Alone(FormCatalog catalog) => new(catalog, ImmutableDictionary<string, FormMatrix>.Empty);
}
