using Hypercompress.Models.Architectures;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Rotary;

/// <summary>
/// Rotary position embedding (Su et al. 2021) with the stretching rules of Hugging Face transformers; frequencies are
/// computed in double and used in float32.
/// </summary>
public sealed class RotaryEmbedding
{
    private readonly RopeSettings _settings;
    private readonly int _dimension;
    private readonly double[] _frequencies;
    private readonly double[] _longFrequencies;

    /// <summary>Computes the frequencies.</summary>
    /// <param name="settings">The base and how it is stretched.</param>
    /// <param name="headDimension">Width of a head.</param>
    public RotaryEmbedding(RopeSettings settings, int headDimension)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_settings, _dimension) = (settings, settings.RotatedValues(headDimension));
        double[] plain = PlainFrequencies(settings.Theta);
        _frequencies = settings.Type switch
        {
            RopeType.Linear => [.. plain.Select(frequency => frequency / settings.Factor)],
            RopeType.Llama3 => [.. plain.Select(StretchLlama3)],
            RopeType.Yarn => StretchYarn(plain),
            RopeType.LongRope => [.. plain.Zip(settings.ShortFactors, (frequency, divisor) => frequency / divisor)],
            _ => plain,
        };
        _longFrequencies = settings.Type == RopeType.LongRope
            ? [.. plain.Zip(settings.LongFactors, (frequency, divisor) => frequency / divisor)]
            : _frequencies;
    }

    /// <summary>
    /// The length beyond which all positions are rotated otherwise, so that what was cached up to it is no longer what
    /// a single pass would give; null when there is none.
    /// </summary>
    internal long? SwitchLength => _settings.Type == RopeType.LongRope ? _settings.OriginalMaxPositions : null;

    /// <summary>
    /// The frequencies for a sequence of some length, on which only <see cref="RopeType.Dynamic"/> and
    /// <see cref="RopeType.LongRope"/> depend.
    /// </summary>
    /// <param name="sequenceLength">Number of positions up to the last one, cached ones included.</param>
    /// <returns>Radians per position, one for each two rotated values of a head.</returns>
    public IReadOnlyList<double> Frequencies(long sequenceLength)
    {
        int trained = _settings.OriginalMaxPositions;
        if (_settings.Type != RopeType.Dynamic || sequenceLength <= trained)
        {
            return sequenceLength <= trained ? _frequencies : _longFrequencies;
        }

        double growth = (_settings.Factor * sequenceLength / trained) - (_settings.Factor - 1);
        return PlainFrequencies(_settings.Theta * Math.Pow(growth, _dimension / (_dimension - 2.0)));
    }

    /// <summary>Cosines and sines of the positions [start, end).</summary>
    internal RotaryAngles Angles(long start, long end, Device device)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        float[] frequencies = [.. Frequencies(end).Select(frequency => (float)frequency)];
        Tensor positions = arange(start, end, dtype: float32, device: device).unsqueeze(1);
        Tensor angles = positions * tensor(frequencies, device: device).unsqueeze(0);
        Tensor cosines = angles.cos();
        Tensor sines = angles.sin();
        if (_settings.AttentionFactor != 1)
        {
            cosines = cosines * _settings.AttentionFactor;
            sines = sines * _settings.AttentionFactor;
        }

        return new(cosines.MoveToOuterDisposeScope(), sines.MoveToOuterDisposeScope());
    }

    private double[] PlainFrequencies(double theta) =>
        [.. Enumerable.Range(0, _dimension / 2).Select(i => Math.Pow(theta, -2.0 * i / _dimension))];

    private double StretchLlama3(double frequency)
    {
        double wavelength = 2 * Math.PI / frequency;
        double original = _settings.OriginalMaxPositions;
        if (wavelength > original / _settings.LowFrequencyFactor)
        {
            return frequency / _settings.Factor;
        }

        if (wavelength < original / _settings.HighFrequencyFactor)
        {
            return frequency;
        }

        double smooth = ((original / wavelength) - _settings.LowFrequencyFactor)
            / (_settings.HighFrequencyFactor - _settings.LowFrequencyFactor);
        return ((1 - smooth) * frequency / _settings.Factor) + (smooth * frequency);
    }

    private double[] StretchYarn(double[] plain)
    {
        double low = YarnDimension(_settings.BetaFast);
        double high = YarnDimension(_settings.BetaSlow);
        if (_settings.Truncate)
        {
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        }

        (low, high) = (Math.Max(low, 0), Math.Min(high, _dimension - 1));
        double width = high == low ? 0.001 : high - low;
        return [.. plain.Select((frequency, i) =>
        {
            double ramp = Math.Clamp((i - low) / width, 0, 1);
            return (frequency / _settings.Factor * ramp) + (frequency * (1 - ramp));
        })];
    }

    /// <summary>The dimension whose frequency turns that often over the original length.</summary>
    private double YarnDimension(double rotations) =>
        _dimension * Math.Log(_settings.OriginalMaxPositions / (rotations * 2 * Math.PI))
        / (2 * Math.Log(_settings.Theta));
}
