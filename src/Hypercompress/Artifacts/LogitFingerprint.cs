using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Artifacts;

/// <summary>A short input and the student's logits when it was saved: a reader must get the same logits.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="LastLogits">The largest logits at the last position, by token id.</param>
public sealed record LogitFingerprint(ImmutableArray<int> Ids, ImmutableSortedDictionary<int, float> LastLogits)
{
    private const int Kept = 16;

    /// <summary>Records the logits of a model.</summary>
    /// <param name="model">The student.</param>
    /// <param name="ids">Token ids, at least one.</param>
    /// <returns>The input with its largest logits.</returns>
    /// <exception cref="NumericalException">A logit is not a finite number.</exception>
    public static LogitFingerprint Take(DecoderModel model, ImmutableArray<int> ids)
    {
        using var scope = NewDisposeScope();
        Tensor last = LastLogitsOf(model, ids);
        if (!last.isfinite().all().item<bool>())
        {
            throw new NumericalException("the student's logits are not finite numbers; nothing was saved");
        }

        Tensor top = last.topk((int)Math.Min(Kept, last.NumberOfElements)).indexes;
        return new LogitFingerprint(
            ids, top.data<long>().ToImmutableSortedDictionary(id => (int)id, id => last[id].item<float>()));
    }

    /// <summary>Compares a model with the record.</summary>
    /// <param name="model">The student as it was read back.</param>
    /// <param name="file">The file with the record, for messages.</param>
    /// <returns>Largest absolute difference of the recorded logits; infinite when one is not a number.</returns>
    /// <exception cref="CheckpointException">The probe is for another vocabulary, or empty.</exception>
    public double Distance(DecoderModel model, string file)
    {
        ArgumentNullException.ThrowIfNull(model);
        int vocabulary = model.Config.VocabularySize;
        bool fits = Ids.Length > 0 && Ids.Length <= model.Config.MaxPositions && !LastLogits.IsEmpty
            && Ids.Concat(LastLogits.Keys).All(id => id >= 0 && id < vocabulary);
        if (!fits)
        {
            throw new CheckpointException(file, $"\"probe\" must hold ids and logits of a vocabulary of {vocabulary}");
        }

        using var scope = NewDisposeScope();
        Tensor last = LastLogitsOf(model, Ids);
        double[] differences = [.. LastLogits.Select(pair => (double)last[pair.Key].item<float>() - pair.Value)];
        return Array.TrueForAll(differences, double.IsFinite) ? differences.Max(Math.Abs) : double.PositiveInfinity;
    }

    private static Tensor LastLogitsOf(DecoderModel model, ImmutableArray<int> ids)
    {
        using var noGrad = no_grad();
        Tensor input = tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0).to(model.Device);
        Tensor hidden = model.Hidden(input);
        return model.Logits(hidden[TensorIndex.Colon, TensorIndex.Slice(start: -1)]).cpu().reshape(-1);
    }
}
