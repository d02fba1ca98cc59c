using System.Globalization;
using Hypercompress.Models.Errors;

namespace Hypercompress.Students;

/// <summary>Which share of the teacher a derived student has.</summary>
/// <param name="Depth">Share of the layers, above 0, at most 1.</param>
/// <param name="Width">Share of channels, heads and neurons, above 0, at most 1.</param>
internal sealed record StudentShape(double Depth, double Width)
{
    private const string DepthKey = "depth";
    private const string WidthKey = "width";

    /// <summary>Reads a shape.</summary>
    /// <param name="text">Such as <c>depth=0.5,width=0.75</c>; either may be left out.</param>
    /// <returns>The shape; null where the text names a model instead.</returns>
    /// <exception cref="ConfigurationException">It is a shape, but not a possible one.</exception>
    public static StudentShape? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[][] pairs = [.. text.Split(',').Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))];
        if (!Array.Exists(pairs, pair => pair is [DepthKey or WidthKey, _]))
        {
            return null;
        }

        var shape = new StudentShape(1, 1);
        var seen = new HashSet<string>();
        foreach (string[] pair in pairs)
        {
            shape = pair is [DepthKey or WidthKey, var value] && seen.Add(pair[0])
                ? shape.With(pair[0], Share(text, value))
                : throw Fault(text, $"'{string.Join('=', pair)}' is neither of depth=SHARE and width=SHARE, each once");
        }

        return shape is { Depth: 1, Width: 1 } ? throw Fault(text, "that is the teacher itself") : shape;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{DepthKey}={Depth:0.####},{WidthKey}={Width:0.####}");

    private static double Share(string text, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share)
        && share is > 0 and <= 1
            ? share
            : throw Fault(text, $"a share must be a number above 0 and at most 1, found '{value}'");

    private static ConfigurationException Fault(string text, string problem) =>
        new($"student.model: {text}: {problem}; for instance depth=0.5,width=0.75");

    private StudentShape With(string key, double share) =>
        key == DepthKey ? this with { Depth = share } : this with { Width = share };
}
