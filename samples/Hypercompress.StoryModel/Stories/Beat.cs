namespace Hypercompress.StoryModel.Stories;

/// <summary>One moment of a plot: one of its templates is told.</summary>
/// <param name="Templates">The ways to tell it, all equally likely.</param>
/// <param name="Chance">Probability that it is told at all.</param>
/// <param name="OpensParagraph">Whether it starts a new paragraph.</param>
public sealed record Beat(IReadOnlyList<string> Templates, double Chance, bool OpensParagraph)
{
    /// <summary>A moment that every telling has.</summary>
    /// <param name="templates">The ways to tell it.</param>
    /// <returns>The beat.</returns>
    public static Beat Always(params string[] templates) => new(templates, 1, false);

    /// <summary>A moment that every telling has and that starts a paragraph.</summary>
    /// <param name="templates">The ways to tell it.</param>
    /// <returns>The beat.</returns>
    public static Beat Paragraph(params string[] templates) => new(templates, 1, true);

    /// <summary>A moment that about half of the tellings have.</summary>
    /// <param name="templates">The ways to tell it.</param>
    /// <returns>The beat.</returns>
    public static Beat Maybe(params string[] templates) => new(templates, 0.5, false);
}
