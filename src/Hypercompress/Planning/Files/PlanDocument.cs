using System.Text.Json.Serialization;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Files;

/// <summary>The top level of <c>plan.json</c>.</summary>
/// <param name="Version">Version of the layout.</param>
/// <param name="AskedRatio">As in <see cref="CompressionPlan"/>.</param>
/// <param name="TeacherBytes">As in <see cref="CompressionPlan"/>.</param>
/// <param name="FixedBytes">As in <see cref="CompressionPlan"/>.</param>
/// <param name="Structural">As in <see cref="CompressionPlan"/>.</param>
/// <param name="Notes">As in <see cref="CompressionPlan"/>.</param>
/// <param name="Sites">In the order of the decoder.</param>
internal sealed record PlanDocument(
    int Version,
    double AskedRatio,
    long TeacherBytes,
    long FixedBytes,
    bool Structural,
    IReadOnlyList<string> Notes,
    IReadOnlyList<PlanSiteDocument> Sites)
{
    /// <summary>As in <see cref="CompressionPlan"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LossModel? Measured { get; init; }
}
