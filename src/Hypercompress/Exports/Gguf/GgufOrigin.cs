using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Models.Checkpoints;

namespace Hypercompress.Exports.Gguf;

/// <summary>What a GGUF file says about the run that chose its types.</summary>
internal static class GgufOrigin
{
    private const string Program = "Hypercompress";

    /// <summary>The entries of an artifact whose blocks are kept.</summary>
    /// <param name="opened">The artifact.</param>
    /// <returns>Who made the file, from which model, and the plan as JSON.</returns>
    public static ImmutableArray<KeyValuePair<string, object>> Entries(OpenModel opened)
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, object>>();
        entries.Add(KeyValuePair.Create<string, object>("general.quantized_by", Program));
        if (opened.ReadReport() is { } report && report["model"] is JsonValue model)
        {
            entries.Add(KeyValuePair.Create<string, object>("hypercompress.model", model.ToString()));
        }

        if (opened.ReadPlan() is { } plan)
        {
            string document = plan.ToJsonString(PlainJson.Compact);
            entries.Add(KeyValuePair.Create<string, object>("hypercompress.plan", document));
        }

        return entries.ToImmutable();
    }
}
