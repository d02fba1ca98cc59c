using System.Globalization;

namespace Hypercompress.Planning.Offers;

/// <summary>The size that was asked for; messages name it as it was given, as a ratio or in bytes.</summary>
/// <param name="Ratio">Teacher bytes / student bytes; positive and finite.</param>
/// <param name="TeacherBytes">Bytes of the teacher's weights as published.</param>
/// <param name="InBytes">Whether bytes were given.</param>
internal sealed record AskedSize(double Ratio, long TeacherBytes, bool InBytes)
{
    // Rounded down, so that the rounded ratio can be reached too.
    private const double RatioSteps = 1e4;

    /// <summary>The size in a sentence, such as <c>ratio 4</c> or <c>40000000 bytes</c>.</summary>
    public string Name => InBytes
        ? string.Create(CultureInfo.InvariantCulture, $"{Bytes} bytes")
        : string.Create(CultureInfo.InvariantCulture, $"ratio {Ratio:0.######}");

    /// <summary>Advice to ask for a larger model.</summary>
    public string GiveMore => InBytes ? "give more bytes" : "give a lower ratio";

    /// <summary>Advice to ask for a size that was named, or a smaller one.</summary>
    public string GiveAtMost => InBytes ? "give at most that many bytes" : "give at least that ratio";

    /// <summary>Advice to ask for a size that was named.</summary>
    public string GiveThat => InBytes ? "give that many bytes" : "give that ratio";

    private long Bytes => PlanRequest.TargetFor(TeacherBytes, Ratio);

    /// <summary>The error of a size that cannot be met.</summary>
    /// <param name="reason">Why not.</param>
    /// <param name="bytes">The nearest size that can be met.</param>
    /// <param name="which">What is true of it, such as <c>that can be reached</c>.</param>
    /// <param name="remedy">What to do.</param>
    /// <returns>The error, to be thrown.</returns>
    public BudgetException Refusal(string reason, long bytes, string which, string remedy)
    {
        double nearest = Math.Floor(RatioSteps * TeacherBytes / Math.Max(1, bytes)) / RatioSteps;
        string message = InBytes
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Bytes} bytes are asked for, but {reason}; the nearest size {which} is {bytes} bytes "
                + $"(ratio {nearest:0.####}): {remedy}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Name} means {Bytes} bytes, but {reason}; the nearest ratio {which} is {nearest:0.####} "
                + $"({bytes} bytes): {remedy}");
        return new BudgetException(message, Ratio, nearest);
    }
}
