using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Forms;
using Hypercompress.Merging;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Pipeline.Solving;

/// <summary>The result of phases 2 and 3: the pieces of the branches, and the merged matrix of each site.</summary>
/// <param name="Artifacts">One per branch that had something to do.</param>
/// <param name="Blueprint">The merged matrices.</param>
internal sealed record SolvedSites(ImmutableArray<BranchArtifact> Artifacts, Blueprint Blueprint)
{
    /// <summary>
    /// Weight of the dense statistics at each site that was solved on the output of a compressed prefix.
    /// </summary>
    public ImmutableSortedDictionary<string, double> Blends { get; init; } =
        ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>The same sites with the matrices that a student has now.</summary>
    /// <param name="student">The student that was built of them.</param>
    /// <returns>Sites whose matrices belong to the student.</returns>
    public SolvedSites Of(DecoderModel student)
    {
        Dictionary<string, FormMatrix> matrices = student.Slots.ToDictionary(
            slot => slot.Name, slot => slot.Form(), StringComparer.Ordinal);
        return this with
        {
            Blueprint = Blueprint with
            {
                Sites = [.. Blueprint.Sites.Select(site => site with { Matrix = matrices[site.Site.Name] })],
            },
        };
    }
}
