using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.NumberFormats;
using Hypercompress.Pipeline.Preparing;
using Hypercompress.Planning.Outlook;
using Hypercompress.Sites;
using Hypercompress.Targets;

namespace Hypercompress.Pipeline.Calibration;

/// <summary>Reads the sizes of a teacher from the headers of its files.</summary>
internal static class ModelOutlineReader
{
    /// <summary>Reads.</summary>
    /// <param name="package">The teacher's files.</param>
    /// <param name="target">The runtime that the student is for.</param>
    /// <param name="student">What is compressed in place of the teacher; null for the teacher itself.</param>
    /// <returns>Its sizes.</returns>
    /// <exception cref="Models.Errors.CheckpointException">
    /// The configuration is incomplete or not supported.
    /// </exception>
    public static ModelOutline Read(ModelPackage package, RuntimeTarget target, StudentDesign? student = null)
    {
        ValueFormat teacherFormat = TeacherLoader.FormatOf(package);
        DecoderConfig config = student?.Sizes ?? package.ReadDecoderConfig();
        var layout = new DecoderLayout(config);
        ImmutableArray<Site> sites =
        [
            .. layout.Slots.Select(slot => new Site(slot.Name, slot.Kind, slot.Layer, slot.Rows, slot.Columns)),
        ];
        return new ModelOutline(
            package.PublishedBytes,
            target.FixedBytes(config, teacherFormat, layout.Vectors.Sum(vector => vector.Length)),
            sites,
            [.. sites.Select(site => teacherFormat.StoredBytes(site.Rows, site.Columns))])
        {
            IsTied = config.TieEmbeddings,
        };
    }
}
