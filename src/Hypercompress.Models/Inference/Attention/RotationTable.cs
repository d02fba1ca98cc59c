using Hypercompress.Models.Transformer.Rotary;

namespace Hypercompress.Models.Inference.Attention;

/// <summary>Cosines and sines of the positions of a pass.</summary>
internal sealed unsafe class RotationTable
{
    private readonly RotaryEmbedding _rotary;
    private readonly float _factor;
    private float[] _cosines = [];
    private float[] _sines = [];
    private int _half;
    private int _filled;
    private IReadOnlyList<double>? _frequencies;

    /// <summary>Creates an empty table.</summary>
    /// <param name="rotary">The frequencies.</param>
    /// <param name="factor">What cosines and sines are multiplied by.</param>
    public RotationTable(RotaryEmbedding rotary, double factor) => (_rotary, _factor) = (rotary, (float)factor);

    /// <summary>Fills the table.</summary>
    /// <param name="start">First position.</param>
    /// <param name="count">Positions.</param>
    /// <param name="length">Length of the whole sequence.</param>
    public void Fill(int start, int count, int length)
    {
        _frequencies = _rotary.Frequencies(length);
        _half = _frequencies.Count;
        if (_cosines.Length < count * _half)
        {
            (_cosines, _sines) = (new float[count * _half], new float[count * _half]);
        }

        for (int i = 0; i < count; i++)
        {
            Set(i, start + i);
        }
    }

    /// <summary>Fills the table of all positions from 0 on; computes what it has not yet.</summary>
    /// <param name="count">Positions.</param>
    /// <param name="length">Length of the whole sequence.</param>
    public void Extend(int count, int length)
    {
        IReadOnlyList<double> frequencies = _rotary.Frequencies(length);
        _filled = ReferenceEquals(frequencies, _frequencies) ? _filled : 0;
        (_frequencies, _half) = (frequencies, frequencies.Count);
        if (_cosines.Length < count * _half)
        {
            int room = int.Max(count, 2 * _filled) * _half;
            Array.Resize(ref _cosines, room);
            Array.Resize(ref _sines, room);
        }

        for (; _filled < count; _filled++)
        {
            Set(_filled, _filled);
        }
    }

    private void Set(int place, int position)
    {
        for (int k = 0; k < _half; k++)
        {
            (float sine, float cosine) = MathF.SinCos(position * (float)_frequencies![k]);
            _cosines[(place * _half) + k] = cosine * _factor;
            _sines[(place * _half) + k] = sine * _factor;
        }
    }

    /// <summary>Rotates heads at one position of the pass.</summary>
    /// <param name="index">0-based position in the pass.</param>
    /// <param name="heads">The heads, one after the other; changed.</param>
    /// <param name="count">How many.</param>
    /// <param name="dimension">Width of a head.</param>
    public void Rotate(int index, float* heads, int count, int dimension)
    {
        ReadOnlySpan<float> cosines = _cosines.AsSpan(index * _half, _half);
        ReadOnlySpan<float> sines = _sines.AsSpan(index * _half, _half);
        for (int head = 0; head < count; head++, heads += dimension)
        {
            for (int k = 0; k < cosines.Length; k++)
            {
                (float first, float second) = (heads[k], heads[k + _half]);
                heads[k] = (first * cosines[k]) - (second * sines[k]);
                heads[k + _half] = (second * cosines[k]) + (first * sines[k]);
            }
        }
    }
}
