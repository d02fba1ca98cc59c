using System.Collections.Immutable;

namespace Hypercompress.Reporting.Quality;

/// <summary>A class of quality, by how much more loss the student has than the teacher.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LargestGap">The largest loss gap of the class, nats per token.</param>
/// <param name="Meaning">The beginning of a sentence about the student.</param>
public sealed record QualityClass(string Name, double LargestGap, string Meaning)
{
    /// <summary>
    /// All classes by rising gap. 0.03 nats are 3 % of perplexity; 0.3 and 1.2 nats per token are about 0.1 and 0.4
    /// bits per byte at the usual 4.3 bytes per token.
    /// </summary>
    public static ImmutableArray<QualityClass> All { get; } =
    [
        new("as good as the teacher", 0.03, "The student is as good as the teacher"),
        new("general", 0.3, "The student is usable for general text"),
        new("one domain", 1.2, "The student is usable for text of one kind only"),
        new("toy", double.PositiveInfinity, "The student is a toy that writes plausible fragments at best"),
    ];

    /// <summary>The class of a student.</summary>
    /// <param name="gap">Its loss gap, nats per token.</param>
    /// <returns>The first class that reaches so far.</returns>
    public static QualityClass Of(double gap) => All.First(quality => gap <= quality.LargestGap);
}
