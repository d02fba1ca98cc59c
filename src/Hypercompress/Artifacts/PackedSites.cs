using Hypercompress.Forms;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Artifacts;

/// <summary>
/// The matrices of an artifact for the runtime, one after the other: a form is let go once it is packed, unless later
/// sites may share its latent.
/// </summary>
/// <param name="forms">The forms that can be read.</param>
/// <param name="describe">How a site is stored.</param>
/// <param name="tensors">The stored tensors; not disposed here.</param>
/// <param name="file">The file that the descriptions come from.</param>
/// <param name="memory">Whether coded matrices of layers are decoded now or when they are used.</param>
internal sealed class PackedSites(
    FormCatalog forms,
    Func<SlotLayout, FormDescription> describe,
    ITensorSource tensors,
    string file,
    MemoryUse memory) : IDisposable
{
    private const long CollectedAtOnce = 4 << 20;

    private readonly Dictionary<string, FormMatrix> _latents = new(StringComparer.Ordinal);
    private long _letGo;

    /// <summary>Reads and packs a site.</summary>
    /// <param name="slot">The site.</param>
    /// <returns>A matrix that the caller disposes.</returns>
    public PackedMatrix Pack(SlotLayout slot)
    {
        FormMatrix form = forms.Read(describe(slot), slot.Name, tensors, file, _latents);
        try
        {
            // Single rows of the embedding are needed at any time, and a tied head is large: both are decoded now.
            PackedMatrix packed = form.Pack(slot.Layer is null ? MemoryUse.Fast : memory);
            if (form is ILatentMatrix)
            {
                _latents.Add(slot.Name, form);
            }

            return packed;
        }
        finally
        {
            if (!_latents.ContainsKey(slot.Name))
            {
                form.Dispose();
                LetGo(form.StoredBytes);
            }
        }
    }

    // Streams are arrays of the large-object heap, which is collected so rarely that all of them would add up to the
    // most memory that the process ever takes.
    private void LetGo(long bytes)
    {
        _letGo += bytes;
        if (_letGo > CollectedAtOnce)
        {
            _letGo = 0;
            GC.Collect();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => FormMatrix.Release(_latents.Values);
}
