using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="Order">What the table sorts by, when it is a number; empty for the text.</param>
internal readonly record struct PageCell(string Text, string Order = "")
{
    /// <summary>A cell with a number.</summary>
    /// <param name="text">What is shown.</param>
    /// <param name="value">The number, or null.</param>
    /// <returns>The cell.</returns>
    public static PageCell Of(string text, double? value) => new(text, Figures.Exact(value));
}
