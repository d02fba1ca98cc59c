using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Pipeline.Preparing;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Offers;

/// <summary>Facts about a model and its texts that are known before any work.</summary>
/// <param name="Package">The teacher's files.</param>
/// <param name="StatisticsFile">File that keeps the offers for later runs; null for none.</param>
/// <param name="Texts">Hashes of the texts.</param>
/// <param name="Origin">Hashes of everything that offers depend on, by the name of the input.</param>
/// <param name="Found">The offers that the file holds; null when it does not exist yet.</param>
internal sealed record CalibrationStart(
    ModelPackage Package,
    string? StatisticsFile,
    TextHashes Texts,
    ImmutableSortedDictionary<string, string> Origin,
    OfferBook? Found)
{
    /// <summary>The model that is compressed in place of the teacher; null for the teacher itself.</summary>
    public StudentDesign? Student { get; init; }

    /// <summary>
    /// A plan that is carried out and needs no offers but its own; null where a plan is to be made, or all offers are
    /// kept for other targets.
    /// </summary>
    public CompressionPlan? Plan { get; init; }

    /// <summary>Checks that texts and model are still what was hashed.</summary>
    /// <exception cref="CheckpointException">A file has changed, or cannot be read any more.</exception>
    public void RequireUnchanged()
    {
        Texts.RequireUnchanged();
        RequireUnchanged(Package, OfferBookFingerprint.Model);
        if (Student?.Other is { } other)
        {
            RequireUnchanged(other, OfferBookFingerprint.Student);
        }
    }

    private void RequireUnchanged(ModelPackage package, string input)
    {
        if (TeacherFingerprint.Of(package) != Origin[input])
        {
            throw new CheckpointException(
                package.Location, "the model's files changed while the run read them; start the run again");
        }
    }
}
