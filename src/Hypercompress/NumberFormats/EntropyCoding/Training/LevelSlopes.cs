using Hypercompress.NumberFormats.EntropyCoding.Streams;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>
/// Bits that the next higher level takes more than a level, by class. On a trellis levels of one parity are compared:
/// which parity a level has follows from the levels before it.
/// </summary>
internal sealed class LevelSlopes : IDisposable
{
    private readonly Tensor _slopes;

    /// <summary>Makes a table.</summary>
    /// <param name="model">Bits of levels.</param>
    /// <param name="code">Which levels may follow each other.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="largest">Levels from −largest to largest are told apart.</param>
    /// <param name="device">Where it is used.</param>
    internal LevelSlopes(LevelModel model, LevelCode code, int classes, int largest, Device device)
    {
        Largest = largest;
        var slopes = new float[classes * 2 * largest];
        for (int index = 0; index < classes; index++)
        {
            for (int level = -largest; level < largest; level++)
            {
                slopes[(index * 2 * largest) + level + largest] = (float)(code == LevelCode.Scalar
                    ? More(model, index, level, level + 1)
                    : (More(model, index, level - 1, level + 1) + More(model, index, level, level + 2)) / 4);
            }
        }

        Values = slopes;
        _slopes = tensor(slopes, device: device).DetachFromDisposeScope();
    }

    /// <summary>Levels from −Largest to Largest are told apart.</summary>
    internal int Largest { get; }

    /// <summary>By class, and in a class by the level below, from −Largest on.</summary>
    internal float[] Values { get; }

    /// <summary>The slopes at some places.</summary>
    /// <param name="below">The level below each place, float32.</param>
    /// <param name="classes">The class of each place, int32.</param>
    /// <returns>float32, in the caller's scope.</returns>
    internal Tensor At(Tensor below, Tensor classes)
    {
        using var scope = NewDisposeScope();
        Tensor index = (below + Largest).clamp_(0, (2 * Largest) - 1).to(ScalarType.Int32);
        index.add_(classes, 2 * Largest);
        return _slopes.index_select(0, index.view(-1)).view(below.shape).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _slopes.Dispose();

    private static double More(LevelModel model, int index, int lower, int higher) =>
        model.Bits(index, Math.Abs(higher)) - model.Bits(index, Math.Abs(lower));
}
