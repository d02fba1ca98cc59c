using Hypercompress.Models.Transformer;

namespace Hypercompress.Surgery;

/// <summary>A student whose matrices stand in their final forms: what distillation starts from.</summary>
/// <param name="Model">The student; owned by this object.</param>
/// <param name="Report">What every site became.</param>
public sealed record StructuredModel(DecoderModel Model, StructuralReport Report) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
