using System.Collections.Immutable;
using Hypercompress.NumberFormats;

namespace Hypercompress.Forms;

/// <summary>
/// The properties of a form that a reader needs besides its tensors; part of the artifact's <c>config.json</c>.
/// </summary>
/// <param name="Kind">
/// Name of the form: <c>dense</c>, <c>low-rank</c>, <c>shared-latent</c>, <c>pivot-rows</c>, <c>sparse</c>,
/// <c>sparse-pattern</c>, <c>sum</c>, or one that a branch adds.
/// </param>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
/// <param name="Numbers">Whole numbers of the form, such as <c>rank</c>.</param>
/// <param name="Formats">Number format of each block of values, by its name.</param>
/// <param name="Parts">Forms it is made of, for a sum.</param>
public sealed record FormDescription(
    string Kind,
    long Rows,
    long Columns,
    ImmutableSortedDictionary<string, long> Numbers,
    ImmutableSortedDictionary<string, string> Formats,
    ImmutableArray<FormDescription> Parts)
{
    /// <summary>Name of the site that stores what this one uses as well; null for a form that shares nothing.</summary>
    public string? Owner { get; init; }

    /// <summary>For a form without numbers, and to add to.</summary>
    public static ImmutableSortedDictionary<string, long> NoNumbers { get; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>The names of the formats of some blocks.</summary>
    /// <param name="blocks">Each block's name and format.</param>
    /// <returns>The content of <see cref="Formats"/>.</returns>
    public static ImmutableSortedDictionary<string, string> FormatsOf(
        params (string Block, ValueFormat Format)[] blocks) =>
        blocks.ToImmutableSortedDictionary(
            block => block.Block, block => block.Format.ToString(), StringComparer.Ordinal);
}
