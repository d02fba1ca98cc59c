using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;

namespace Hypercompress.Artifacts;

/// <summary>
/// Says in the words of transformers 4 what a configuration says in those of transformers 5. Version 4 passes over
/// words that it does not know and takes its defaults; version 5 knows both.
/// </summary>
/// <param name="config">The configuration, which gets more entries.</param>
/// <param name="family">The names that the model uses.</param>
internal sealed class Transformers4Keys(JsonObject config, ArchitectureFamily family)
{
    private const string Parameters = "rope_parameters";
    private const string Scaling = "rope_scaling";
    private const string Theta = "rope_theta";
    private const string Fraction = "partial_rotary_factor";
    private const string Kind = "rope_type";
    private const string OlderKind = "type";
    private const string LayerTypes = "layer_types";
    private const string FullLayer = "full_attention";
    private const string WindowLayer = "sliding_attention";
    private const string Pattern = "sliding_window_pattern";

    /// <summary>Adds the missing keys; existing ones are not changed.</summary>
    public void Add()
    {
        if (config[Parameters] is JsonObject parameters)
        {
            AddRotation(parameters[FullLayer] as JsonObject ?? parameters);
            Add(family.Config.LocalRopeTheta?.Name, parameters[WindowLayer]?[Theta]);
        }

        if (family.Config.Window.Count.Name == Pattern && config[LayerTypes] is JsonArray types
            && PatternOf(types) is { } every)
        {
            config[Pattern] = every;
        }
    }

    private void AddRotation(JsonObject parameters)
    {
        Add(family.Config.RopeTheta?.Name, parameters[Theta]);
        Add(family.Config.RotaryFraction.Name, parameters[Fraction]);
        if ((string?)parameters[Kind] is null or "default")
        {
            return;
        }

        JsonObject scaling = parameters.DeepClone().AsObject();
        scaling.Remove(Theta);
        scaling.Remove(Fraction);
        if (family.ModelType == "phi3")
        {
            const string Original = "original_max_position_embeddings";
            Add(Original, scaling[Original]);
            scaling.Remove(Original);
            AddRenamed(scaling, 3);
        }
        else if ((string?)scaling[Kind] is "linear" or "dynamic")
        {
            AddRenamed(scaling, 2);
        }
        else
        {
            Add(Scaling, scaling);
        }
    }

    // The first releases of version 4 know the kind by its older name, and count the entries.
    private void AddRenamed(JsonObject scaling, int count)
    {
        scaling[OlderKind] = (string?)scaling[Kind];
        scaling.Remove(Kind);
        if (scaling.Count == count)
        {
            Add(Scaling, scaling);
        }
    }

    private void Add(string? key, JsonNode? value)
    {
        if (key is not null && value is not null && config[key] is null)
        {
            config[key] = value.DeepClone();
        }
    }

    // Every how many layers one has no window, where that is a rule.
    private static int? PatternOf(JsonArray types)
    {
        string?[] names = [.. types.Select(type => (string?)type)];
        int every = Array.IndexOf(names, FullLayer) + 1;
        return every > 0 && names.Index().All(layer => layer.Item == FullLayer == ((layer.Index + 1) % every == 0))
            ? every : null;
    }
}
