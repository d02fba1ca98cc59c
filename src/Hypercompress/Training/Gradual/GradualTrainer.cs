using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.Journal;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Training.States;
using static TorchSharp.torch;

namespace Hypercompress.Training.Gradual;

/// <summary>
/// Trains the sparse and low-rank matrices of a model from more than their plan keeps to exactly that.
/// </summary>
internal sealed class GradualTrainer : IDisposable
{
    private const string Kept = "gradual.";
    private const string KeptBest = "gradual_best.";
    private readonly ImmutableArray<GradualTraining> _matrices;
    private readonly ImmutableArray<Tensor> _state;
    private ImmutableArray<Tensor> _best = [];

    /// <summary>Starts at the plan.</summary>
    /// <param name="model">The model; its parameters are those of the training from here on.</param>
    /// <param name="originals">
    /// The dense model that it was made of, whose slots have the same names; null for no gradual training.
    /// </param>
    public GradualTrainer(DecoderModel model, DecoderModel? originals)
    {
        _matrices = originals is null ? [] : [.. Start(model, originals)];
        _state = [.. _matrices.SelectMany(matrix => matrix.State)];
    }

    /// <summary>Whether no matrix takes part.</summary>
    public bool IsEmpty => _matrices.IsEmpty;

    /// <summary>Takes notice of the gradients of a step.</summary>
    public void Observe()
    {
        foreach (GradualTraining matrix in _matrices)
        {
            matrix.Observe();
        }
    }

    /// <summary>Chooses what is kept.</summary>
    /// <param name="share">Share of what lies beyond the plan, from 1 (the originals) to 0 (the plan).</param>
    public void Choose(double share)
    {
        foreach (GradualTraining matrix in _matrices)
        {
            matrix.Choose(share);
        }
    }

    /// <summary>Remembers the choices.</summary>
    public void Save()
    {
        using var noGrad = no_grad();
        Release();
        _best = [.. _state.Select(tensor => tensor.clone().DetachFromDisposeScope())];
    }

    /// <summary>Goes back to the remembered choices.</summary>
    public void Restore()
    {
        using var noGrad = no_grad();
        foreach ((Tensor now, Tensor best) in _state.Zip(_best))
        {
            now.copy_(best);
        }
    }

    /// <summary>Writes choices into an entry.</summary>
    /// <param name="draft">Receives them.</param>
    public void Keep(EntryDraft draft)
    {
        TensorState.Write(draft, Kept, _state);
        TensorState.Write(draft, KeptBest, _best);
    }

    /// <summary>Takes choices from an entry.</summary>
    /// <param name="entry">The entry.</param>
    public void GoOn(JournalEntry entry)
    {
        TensorState.Read(entry, Kept, _state);
        TensorState.Read(entry, KeptBest, _best);
    }

    /// <summary>Gives the forms what was chosen and learned.</summary>
    public void Finish()
    {
        foreach (GradualTraining matrix in _matrices)
        {
            matrix.Finish();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (GradualTraining matrix in _matrices)
        {
            matrix.Dispose();
        }

        Release();
    }

    private static IEnumerable<GradualTraining> Start(DecoderModel model, DecoderModel originals)
    {
        Dictionary<string, WeightMatrix> dense = originals.Slots.ToDictionary(
            slot => slot.Name, slot => slot.Matrix, StringComparer.Ordinal);
        ILookup<ILatentMatrix?, WeightSlot> readers = model.Slots.Where(slot => Owner(slot.Matrix) is not null)
            .ToLookup(slot => Owner(slot.Matrix));
        HashSet<ILatentMatrix> lent = [.. model.Slots.SelectMany(slot => LentToParts(slot.Matrix))];
        foreach (WeightSlot slot in model.Slots)
        {
            using var scope = NewDisposeScope();
            switch (slot.Matrix)
            {
                case SparseForm { TrainsGradually: true } sparse:
                    yield return sparse.TrainGradually(dense[slot.Name].Materialize());
                    break;
                case LatentForm form when Owner(form) is null && !lent.Contains(form):
                    WeightSlot[] group = [slot, .. readers[form]];
                    LatentForm[] forms = [.. group.Select(member => (LatentForm)member.Matrix)];
                    if (forms.All(member => member.TrainsGradually))
                    {
                        yield return new GradualLowRank(
                            forms, group.Select(member => dense[member.Name].Materialize()));
                    }

                    break;
            }
        }
    }

    private static ILatentMatrix? Owner(WeightMatrix matrix) => (matrix as SharedLatentForm)?.Owner;

    // The latent of such a matrix is read by a part of a sum, and its width must stay.
    private static IEnumerable<ILatentMatrix> LentToParts(WeightMatrix matrix) => matrix is SumForm sum
        ? sum.Parts.SelectMany(part => Owner(part) is { } owner ? [owner] : LentToParts(part))
        : [];

    private void Release()
    {
        foreach (Tensor tensor in _best)
        {
            tensor.Dispose();
        }
    }
}
