namespace Hypercompress.StoryModel.Stories;

/// <summary>The shape of a story: moments in order, and the facts that vary together.</summary>
/// <param name="Name">What happens, in a few words.</param>
/// <param name="Columns">Names of the slots that one row of <paramref name="Rows"/> fills.</param>
/// <param name="Rows">Facts that belong together; a story takes one row.</param>
/// <param name="Beats">The moments between the opening and the ending.</param>
public sealed record Plot(
    string Name,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows,
    IReadOnlyList<Beat> Beats);
