using System.Collections.Immutable;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.NumberFormats;
using Hypercompress.Planning.Outlook;
using Hypercompress.Sites;

namespace Hypercompress.Pipeline.Calibration;

/// <summary>Reads the sizes of a teacher from the headers of its files.</summary>
internal static class ModelOutlineReader
{
    /// <summary>Reads.</summary>
    /// <param name="package">The teacher's files.</param>
    /// <returns>Its sizes.</returns>
    /// <exception cref="Models.Errors.CheckpointException">
    /// The configuration is incomplete or not supported.
    /// </exception>
    public static ModelOutline Read(ModelPackage package)
    {
        ValueFormat teacherFormat = TeacherLoader.FormatOf(package);
        var layout = new DecoderLayout(package.ReadDecoderConfig());
        ImmutableArray<Site> sites =
        [
            .. layout.Slots.Select(slot => new Site(slot.Name, slot.Kind, slot.Layer, slot.Rows, slot.Columns)),
        ];
        return new ModelOutline(
            package.PublishedBytes,
            teacherFormat.StoredBytes(1, layout.Vectors.Sum(vector => vector.Length)),
            sites,
            [.. sites.Select(site => teacherFormat.StoredBytes(site.Rows, site.Columns))]);
    }
}
