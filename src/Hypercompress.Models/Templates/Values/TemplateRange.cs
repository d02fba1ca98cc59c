namespace Hypercompress.Models.Templates.Values;

/// <summary>Python's <c>range</c>: numbers at equal distances, not stored.</summary>
internal sealed class TemplateRange : TemplateSequence
{
    /// <param name="start">The first number.</param>
    /// <param name="step">The distance; not 0.</param>
    /// <param name="stop">The bound as it was written, itself not included.</param>
    /// <param name="count">How many numbers there are.</param>
    public TemplateRange(long start, long stop, long step, int count)
        : base(new RangeNumbers(start, step, count)) => (Start, Stop, Distance) = (start, stop, step);

    /// <summary>The first number.</summary>
    public long Start { get; }

    /// <summary>The bound, not included.</summary>
    public long Stop { get; }

    /// <summary>The distance between two numbers.</summary>
    public long Distance { get; }
}
