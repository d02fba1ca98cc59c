using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Phases;

namespace Hypercompress.Reporting;

/// <summary>
/// Writes measured series as lines of JSON, which tools for curves read: <c>phase</c>, <c>series</c>, <c>step</c>,
/// <c>value</c>.
/// </summary>
internal static class MetricLines
{
    /// <summary>Writes the values in the order that they were measured in.</summary>
    /// <param name="values">The values.</param>
    /// <returns>One object per line; a value that is not finite is null.</returns>
    public static string Write(IEnumerable<MeasuredValue> values)
    {
        var lines = new StringBuilder();
        foreach (MeasuredValue value in values)
        {
            var line = new JsonObject
            {
                ["phase"] = value.Phase,
                ["series"] = value.Series,
                ["step"] = value.Step,
                ["value"] = double.IsFinite(value.Value) ? value.Value : null,
            };
            lines.Append(line.ToJsonString(JsonSerializerOptions.Default)).Append('\n');
        }

        return lines.ToString();
    }
}
