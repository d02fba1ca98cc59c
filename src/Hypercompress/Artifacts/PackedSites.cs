using System.Runtime.ExceptionServices;
using Hypercompress.Forms;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Artifacts;

/// <summary>
/// The matrices of an artifact for the runtime: forms are read one after the other, some are packed at the same time,
/// and each is let go once it is packed, unless later sites may share its latent.
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

    // Numbers of matrices that are packed at the same time: up to four bytes each are in memory until they are.
    private const long NumbersAtOnce = 32 << 20;

    private readonly Dictionary<string, FormMatrix> _latents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PackedMatrix> _packed = new(StringComparer.Ordinal);
    private readonly Lock _turn = new();
    private long _letGo;

    /// <summary>Reads and packs sites.</summary>
    /// <param name="slots">The sites, those with latents before those that share them.</param>
    /// <param name="threads">How many may be packed at the same time, at least 1.</param>
    /// <returns>A matrix a site, which the caller disposes.</returns>
    public IReadOnlyDictionary<string, PackedMatrix> Pack(IReadOnlyList<SlotLayout> slots, int threads)
    {
        try
        {
            for (int first = 0; first < slots.Count;)
            {
                int count = slots.Skip(first).TakeWhile(IsSmall).Count();
                PackAtOnce([.. slots.Skip(first).Take(int.Max(count, 1))], threads);
                first += int.Max(count, 1);
            }

            return _packed;
        }
        catch
        {
            Array.ForEach([.. _packed.Values], made => made.Dispose());
            throw;
        }

        // The blocks of a large matrix are packed on all threads.
        bool IsSmall(SlotLayout slot) => slot.Rows * slot.Columns <= NumbersAtOnce / threads;
    }

    /// <inheritdoc/>
    public void Dispose() => FormMatrix.Release(_latents.Values);

    private void PackAtOnce(SlotLayout[] slots, int threads)
    {
        int next = 0;
        try
        {
            Parallel.For(
                0,
                slots.Length,
                new ParallelOptions { MaxDegreeOfParallelism = threads },
                _ => Pack(() => slots[next++]));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    private void Pack(Func<SlotLayout> take)
    {
        SlotLayout slot;
        FormMatrix form;
        lock (_turn)
        {
            slot = take();
            form = forms.Read(describe(slot), slot.Name, tensors, file, _latents);
            if (!form.PacksAlone)
            {
                Pack(slot, form);
                return;
            }
        }

        Pack(slot, form);
    }

    private void Pack(SlotLayout slot, FormMatrix form)
    {
        try
        {
            // Single rows of the embedding are needed at any time, and a tied head is large: none stays coded.
            PackedMatrix packed = form.Pack(slot.Layer is null && form.StaysCoded ? MemoryUse.Fast : memory);
            lock (_turn)
            {
                _packed.Add(slot.Name, packed);
                if (form is ILatentMatrix)
                {
                    _latents.Add(slot.Name, form);
                }
            }
        }
        finally
        {
            LetGo(slot, form);
        }
    }

    // Streams are arrays of the large-object heap, which is collected so rarely that all of them would add up to the
    // most memory that the process ever takes.
    private void LetGo(SlotLayout slot, FormMatrix form)
    {
        lock (_turn)
        {
            if (_latents.ContainsKey(slot.Name))
            {
                return;
            }

            form.Dispose();
            _letGo += form.StoredBytes;
            if (_letGo > CollectedAtOnce)
            {
                _letGo = 0;
                GC.Collect();
            }
        }
    }
}
