using Hypercompress.Models.Transformer;

namespace Hypercompress.Surgery;

/// <summary>A student whose matrices have their final forms: the start of distillation.</summary>
/// <param name="Model">The student; owned by this object.</param>
/// <param name="Report">The form of every site.</param>
internal sealed record StructuredModel(DecoderModel Model, StructuralReport Report) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
