using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Students;

/// <summary>
/// Builds a student of the teacher's own weights: some of its layers, and in them some channels, heads and neurons.
/// </summary>
/// <param name="teacher">The teacher; not changed.</param>
/// <param name="kept">Its layers that the student has, ascending.</param>
/// <param name="width">What the student has of each.</param>
/// <param name="energy">Mean squares of the inputs of the teacher's matrices; null where all channels are kept.</param>
internal sealed class DerivedStudent(
    DecoderModel teacher, ImmutableArray<int> kept, WidthSelection width, InputEnergy? energy)
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    private readonly Dictionary<string, WeightSlot> _slots =
        teacher.Slots.ToDictionary(slot => slot.Name, StringComparer.Ordinal);

    private readonly Dictionary<string, Parameter> _vectors =
        teacher.NamedVectors.ToDictionary(named => named.Name, named => named.Vector, StringComparer.Ordinal);

    /// <summary>Builds it.</summary>
    /// <param name="config">The student's sizes.</param>
    /// <returns>A dense model of its own, on the CPU.</returns>
    public DecoderModel Build(DecoderConfig config)
    {
        using var noGrad = no_grad();
        Dictionary<string, Origin> origins = Origins();
        return DecoderModel.Assemble(
            config,
            slot => new DenseMatrix(Matrix(origins[slot.Name])),
            vector => Vector(origins[StemOf(vector.Name)], vector.Name));
    }

    private Dictionary<string, Origin> Origins()
    {
        var origins = new Dictionary<string, Origin>(StringComparer.Ordinal)
        {
            [DecoderLayout.HeadName] = new(TensorRole.Head, DecoderLayout.HeadName, 0),
        };
        TensorRole[] outside = [TensorRole.Embedding, TensorRole.Positions, TensorRole.FinalNorm];
        foreach (TensorRole role in outside)
        {
            origins[DecoderNames.Of(role, null)] = new(role, DecoderNames.Of(role, null), 0);
        }

        foreach ((int layer, int origin) in kept.Index())
        {
            // Keys and values have one name.
            foreach (TensorRole role in Enum.GetValues<TensorRole>()
                .Except([.. outside, TensorRole.Head, TensorRole.Value]))
            {
                origins[DecoderNames.Of(role, layer)] = new(role, DecoderNames.Of(role, origin), origin);
            }
        }

        return origins;
    }

    private Tensor Matrix(Origin origin)
    {
        using var scope = NewDisposeScope();
        Tensor values = _slots[origin.Name].Matrix.Materialize().cpu();
        return Picked(Picked(values, 0, Rows(origin)), 1, Columns(origin)).contiguous().MoveToOuterDisposeScope();
    }

    private Tensor Vector(Origin origin, string name)
    {
        using var scope = NewDisposeScope();
        Tensor values = _vectors[origin.Name + name[StemOf(name).Length..]].detach().cpu();
        Tensor picked = origin.Role switch
        {
            TensorRole.Positions => Picked(
                values.reshape(-1, teacher.Config.HiddenSize), 1, width.Channels).reshape(-1),
            TensorRole.QueryNorm or TensorRole.KeyNorm => values,
            _ => Picked(values, 0, Rows(origin)),
        };
        return (picked * Correction(origin, values)).MoveToOuterDisposeScope();
    }

    // The channels that are left are the louder ones: their root mean square is above that of all, and the norm divides
    // by it. What the teacher's norm gave them is restored by its gain. x / gain are the normalized states, of mean
    // square 1 over all channels.
    private double Correction(Origin origin, Tensor gain)
    {
        if (energy is null || teacher.Config.Family.Norm != NormKind.Rms || Reader(origin) is not { } reader)
        {
            return 1;
        }

        Tensor normed = energy.MeanSquares(reader).cpu() / gain.to(ScalarType.Float64).square().clamp_min(1e-12);
        return Math.Sqrt(Picked(normed, 0, width.Channels).mean().item<double>() / normed.mean().item<double>());
    }

    private string? Reader(Origin origin) => origin.Role switch
    {
        TensorRole.AttentionNorm => DecoderNames.Of(TensorRole.Query, origin.Layer),
        TensorRole.MlpNorm => DecoderNames.Of(TensorRole.Up, origin.Layer),
        TensorRole.FinalNorm => teacher.Config.TieEmbeddings ? DecoderLayout.EmbeddingName : DecoderLayout.HeadName,
        _ => null,
    };

    private ImmutableArray<long> Rows(Origin origin) => origin.Role switch
    {
        TensorRole.Embedding or TensorRole.Head => [],
        TensorRole.Query => RowsOfHeads(origin.Layer, teacher.Config.Heads / teacher.Config.KeyValueHeads),
        TensorRole.Key =>
        [
            .. RowsOfHeads(origin.Layer, 1),
            .. RowsOfHeads(origin.Layer, 1).Select(row => row + teacher.Config.KeyRows),
        ],
        TensorRole.Gate or TensorRole.Up => width.Neurons[origin.Layer],
        _ => width.Channels,
    };

    private ImmutableArray<long> Columns(Origin origin) => origin.Role switch
    {
        TensorRole.AttentionOutput => RowsOfHeads(origin.Layer, teacher.Config.Heads / teacher.Config.KeyValueHeads),
        TensorRole.Down => width.Neurons[origin.Layer],
        _ => width.Channels,
    };

    // Rows of key/value heads, each as wide as some heads together.
    private ImmutableArray<long> RowsOfHeads(int layer, int together)
    {
        long rows = (long)together * teacher.Config.HeadDimension;
        return
        [
            .. width.Heads[layer].SelectMany(head => Enumerable.Range(0, (int)rows).Select(row => (head * rows) + row)),
        ];
    }

    private static Tensor Picked(Tensor values, long dimension, ImmutableArray<long> indices) => indices.IsEmpty
        ? values
        : values.index_select(dimension, tensor([.. indices]));

    private static string StemOf(string name) =>
        name.EndsWith(Bias, StringComparison.Ordinal) ? name[..^Bias.Length] : name[..^Weight.Length];

    private sealed record Origin(TensorRole Role, string Name, int Layer);
}
