using System.Collections.Immutable;

namespace Hypercompress.Models.Architectures;

/// <summary>The rotary position embedding of a model, as its configuration states it.</summary>
public sealed record RopeSettings
{
    /// <summary>The stretching rule.</summary>
    public RopeType Type { get; init; } = RopeType.Default;

    /// <summary>The base of the frequencies, above 0; 10000 unless stated.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>By how much the context is stretched, at least 1; unused by <see cref="RopeType.Default"/>.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Llama 3: wavelengths longer than original length / this are divided by the factor.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama 3: wavelengths shorter than original length / this are kept.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>YaRN: rotations over the original length above which a frequency is kept.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>YaRN: rotations over the original length below which a frequency is divided by the factor.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>YaRN: whether the ends of the ramp are rounded to whole dimensions.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>The factor of cosines and sines; 1 except for YaRN and LongRoPE.</summary>
    public double AttentionFactor { get; init; } = 1;

    /// <summary>LongRoPE: what each frequency is divided by up to the original length.</summary>
    public ImmutableArray<double> ShortFactors { get; init; } = [];

    /// <summary>LongRoPE: what each frequency is divided by beyond the original length.</summary>
    public ImmutableArray<double> LongFactors { get; init; } = [];

    /// <summary>The share of each head that is rotated, its first values; above 0, at most 1.</summary>
    public double Fraction { get; init; } = 1;

    /// <summary>The length that the model was first trained for, in tokens.</summary>
    public int OriginalMaxPositions { get; init; }

    /// <summary>How many of the values of a head are rotated.</summary>
    /// <param name="headDimension">Width of a head.</param>
    /// <returns>The first so many.</returns>
    public int RotatedValues(int headDimension) => (int)(headDimension * Fraction);
}
