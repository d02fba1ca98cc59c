using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hypercompress.Reporting.Pages;

/// <summary>A site of a report as a cell of the map.</summary>
/// <param name="Layer">Its layer; null for matrices outside the layers.</param>
/// <param name="Matrix">The name of its matrix inside the layer.</param>
/// <param name="Form">How it is stored.</param>
/// <param name="Bits">Stored bits per weight.</param>
/// <param name="Share">Its share of the measured error of all sites, 0 to 1; null where there is no error.</param>
internal sealed partial record SiteCell(int? Layer, string Matrix, string Form, double Bits, double? Share)
{
    /// <summary>Reads a site.</summary>
    /// <param name="site">The entry of the report.</param>
    /// <param name="error">Measured error of all sites.</param>
    /// <returns>The cell.</returns>
    public static SiteCell Of(JsonObject site, double error)
    {
        string name = site.Word("name");
        Match place = Place().Match(name);
        bool isInLayer =
            int.TryParse(place.Groups["layer"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int layer);
        return new SiteCell(
            isInLayer ? layer : null,
            isInLayer ? place.Groups["matrix"].Value : name,
            site.Word("form"),
            site.Number("bits_per_weight") ?? 0,
            error > 0 ? site.Number("measured_error") / error : null);
    }

    [GeneratedRegex(@"\.(?<layer>\d+)\.(?<matrix>.+)$")]
    private static partial Regex Place();
}
