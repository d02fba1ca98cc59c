using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Errors;

namespace Hypercompress.Students;

/// <summary>The sizes of a student of a shape, known before any weight is read.</summary>
/// <param name="Layers">Decoder layers.</param>
/// <param name="Hidden">Channels of the residual stream.</param>
/// <param name="KeyValueHeads">Key/value heads, each with as many query heads as the teacher's.</param>
/// <param name="Intermediate">Neurons of a feed-forward block.</param>
internal sealed record StudentSizes(int Layers, int Hidden, int KeyValueHeads, int Intermediate)
{
    // Sizes stay multiples that kernels and groups of number formats like.
    private const int Step = 8;

    /// <summary>The sizes of a shape.</summary>
    /// <param name="teacher">The teacher's sizes.</param>
    /// <param name="shape">The shares.</param>
    /// <returns>At least one layer, one head and eight channels.</returns>
    /// <exception cref="ConfigurationException">The teacher's family cannot be made narrower.</exception>
    public static StudentSizes Of(DecoderConfig teacher, StudentShape shape)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(shape);
        int layers = Math.Max(1, (int)Math.Round(shape.Depth * teacher.Layers));
        if (shape.Width == 1)
        {
            return new StudentSizes(layers, teacher.HiddenSize, teacher.KeyValueHeads, teacher.IntermediateSize);
        }

        RequireNarrowable(teacher);
        int heads = Math.Max(1, (int)Math.Round(shape.Width * teacher.KeyValueHeads));
        bool statesHeadWidth = teacher.Family.Config.HeadDimension.Name is not null;
        int hidden = statesHeadWidth
            ? Rounded(shape.Width * teacher.HiddenSize, teacher.HiddenSize)
            : heads * (teacher.Heads / teacher.KeyValueHeads) * teacher.HeadDimension;
        return new StudentSizes(
            layers, hidden, heads, Rounded(shape.Width * teacher.IntermediateSize, teacher.IntermediateSize));
    }

    /// <summary>The <c>config.json</c> of a student.</summary>
    /// <param name="config">The teacher's.</param>
    /// <param name="teacher">The same, read.</param>
    /// <param name="kept">The teacher's layers that the student has, ascending.</param>
    /// <returns>A configuration of its own.</returns>
    public JsonObject Configure(JsonObject config, DecoderConfig teacher, IReadOnlyList<int> kept)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(kept);
        ConfigKeys keys = teacher.Family.Config;
        var student = (JsonObject)config.DeepClone();
        student[keys.Layers] = Layers;
        student[keys.HiddenSize] = Hidden;
        student[keys.IntermediateSize] = Intermediate;
        student[keys.Heads] = KeyValueHeads * (teacher.Heads / teacher.KeyValueHeads);
        if (keys.KeyValueHeads is { } heads)
        {
            student[heads] = KeyValueHeads;
        }

        if (keys.HeadDimension.Name is { } width)
        {
            student[width] = teacher.HeadDimension;
        }

        foreach (string list in new[] { "layer_types", keys.NoRope?.Flags }.OfType<string>())
        {
            Thin(student, list, teacher.Layers, kept);
        }

        return student;
    }

    /// <summary>Checks that the layers of a student attend as they did in the teacher.</summary>
    /// <param name="student">The student's <c>config.json</c>.</param>
    /// <param name="teacher">The teacher's, read.</param>
    /// <param name="kept">The teacher's layers that the student has, ascending.</param>
    /// <returns>The student's, read.</returns>
    /// <exception cref="ConfigurationException">A layer would attend otherwise.</exception>
    public static DecoderConfig Read(JsonObject student, DecoderConfig teacher, IReadOnlyList<int> kept)
    {
        DecoderConfig config = DecoderConfigReader.Parse(student, "config.json of the student");
        for (int layer = 0; layer < kept.Count; layer++)
        {
            if (Pattern(config.Attention[layer]) != Pattern(teacher.Attention[kept[layer]]))
            {
                throw new ConfigurationException(
                    $"student.model: layers of {teacher.ModelType} attend by a fixed pattern of their numbers, so none "
                    + "can be left out; leave depth out, or give another model");
            }
        }

        return config;
    }

    // Lists of factors in a rotation are of the whole model and need no comparison.
    private static (int? Window, double? Theta, double Scale) Pattern(LayerAttention layer) =>
        (layer.Window, layer.Rope?.Theta, layer.Scale);

    private static void Thin(JsonObject config, string key, int layers, IReadOnlyList<int> kept)
    {
        if (config[key] is JsonArray list && list.Count >= layers)
        {
            config[key] = new JsonArray([.. kept.Select(layer => list[layer]?.DeepClone())]);
        }
    }

    private static int Rounded(double size, int most) =>
        Math.Min(most, Math.Max(Step, (int)Math.Round(size / Step) * Step));

    private static void RequireNarrowable(DecoderConfig teacher)
    {
        string? why = teacher.Family switch
        {
            { ScalesEmbedding: true } => "its embedding is scaled by the width",
            { NormalizesWholeRows: true } => "queries and keys of all heads are normalized together",
            _ => null,
        };
        if (why is not null)
        {
            throw new ConfigurationException(
                $"student.model: models of the family {teacher.ModelType} cannot be made narrower, since {why}; leave "
                + "width out, or give another model");
        }
    }
}
