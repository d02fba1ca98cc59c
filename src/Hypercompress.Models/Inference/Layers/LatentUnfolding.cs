using Hypercompress.Models.Architectures;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>Computes the keys and values of earlier positions from their latents.</summary>
/// <param name="config">Sizes and choices.</param>
/// <param name="products">Multiplies.</param>
internal sealed unsafe class LatentUnfolding(DecoderConfig config, MatrixProducts products) : IDisposable
{
    private const int AtOnce = 256;

    private readonly PassBuffer _keyValues = new(2 * config.KeyRows);
    private AlignedMemory _latents = new(0);

    /// <summary>Takes the keys and values of a position.</summary>
    /// <param name="position">The position.</param>
    /// <param name="keys">Rotated keys.</param>
    /// <param name="values">Values.</param>
    public delegate void Taker(int position, float* keys, float* values);

    /// <summary>Computes those of some positions.</summary>
    /// <param name="latents">Where the latents are.</param>
    /// <param name="layer">The weights.</param>
    /// <param name="rotation">Rotations of all positions from 0 on; null for none.</param>
    /// <param name="from">First position.</param>
    /// <param name="to">Position after the last.</param>
    /// <param name="take">Gets each; called from several threads.</param>
    public void Unfold(
        LatentLayer latents, LayerWeights layer, RotationTable? rotation, int from, int to, Taker take)
    {
        Reserve(latents.Rank);
        PackedMatrix second = layer.KeyValueFactors!.Second;
        for (int first = from; first < to; first += AtOnce)
        {
            int count = int.Min(AtOnce, to - first);
            for (int i = 0; i < count; i++)
            {
                latents.Read(first + i, _latents.As<float>() + ((long)i * latents.Rank));
            }

            products.Multiply(
                _latents.As<float>(), count, second, _keyValues.Start, _keyValues.Width, InputPrecision.Word);
            int start = first;
            products.Pool.Run(count, 8, (begin, end) =>
            {
                for (int i = begin; i < end; i++)
                {
                    float* keys = _keyValues.At(i);
                    layer.PrepareKeys(config, keys, rotation, start + i);
                    take(start + i, keys, keys + config.KeyRows);
                }
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keyValues.Dispose();
        _latents.Dispose();
    }

    private void Reserve(int rank)
    {
        _keyValues.Reserve(AtOnce);
        long bytes = (long)AtOnce * rank * sizeof(float);
        if (_latents.ByteCount < bytes)
        {
            _latents.Dispose();
            _latents = new AlignedMemory(bytes);
        }
    }
}
