using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Forms;
using Hypercompress.Merging;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Sites;
using Hypercompress.Surgery;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Surgery;

[NoTensorLeaks]
public sealed class ModelSurgeonTests
{
    private const int Rank = 4;
    private static readonly ModelSurgeon Surgeon = new();

    [Fact]
    public void Apply_DenseBlueprint_GivesTheTeachersLogits()
    {
        using DecoderModel teacher = Teacher(tied: true);
        using StructuredModel student =
            Surgeon.Apply(teacher, Dense(teacher, FloatFormat.Float32), FloatFormat.Float32);
        using var scope = NewDisposeScope();
        Tensor ids = arange(7, dtype: ScalarType.Int64).unsqueeze(0);
        Tensor expected = teacher.Forward(ids);
        Tensor actual = student.Model.Forward(ids);

        Assert.True(expected.allclose(actual, 0, 1e-6));
        Assert.Equal(
            ModelFootprint.Of(teacher, FloatFormat.Float32), ModelFootprint.Of(student.Model, FloatFormat.Float32));
        Assert.Equal(1, student.Report.Ratio);
    }

    [Fact]
    public void Apply_Factors_StayFactorsAndAreCounted()
    {
        using DecoderModel teacher = Teacher(tied: true);
        using StructuredModel student = Surgeon.Apply(teacher, Factored(teacher), FloatFormat.BFloat16);
        ModelFootprint footprint = ModelFootprint.Of(student.Model, FloatFormat.BFloat16);
        long factors = student.Model.Slots.Sum(slot => Rank * (slot.Matrix.Rows + slot.Matrix.Columns));
        long vectors = student.Model.NamedVectors.Sum(vector => vector.Vector.NumberOfElements);

        Assert.All(student.Model.Slots, slot => Assert.IsType<LowRankForm>(slot.Matrix));
        Assert.Equal(new ModelFootprint(2 * (factors + vectors), factors + vectors, factors, 2 * Rank), footprint);
        StructuralSite up = student.Report.Sites.Single(site => site.Site.Name == "model.layers.0.mlp.up_proj");
        Assert.Equal(("low-rank", 16 * 24, Rank * (16 + 24)), (up.Form, up.DenseParameters, up.StoredParameters));
        Assert.Equal(16.0 * 24 / (Rank * (16 + 24)), up.Ratio);
        Assert.Equal(0.25 * student.Report.Sites.Length, student.Report.Error);
    }

    [Fact]
    public void Apply_UntiedEmbedding_IsNotCountedAsMultiplication()
    {
        using DecoderModel teacher = Teacher(tied: false);

        long multiplied = ModelFootprint.Of(teacher, FloatFormat.Float32).MultiplyAdds;

        Assert.Equal(teacher.Slots.Skip(1).Sum(slot => slot.Matrix.Rows * slot.Matrix.Columns), multiplied);
    }

    [Fact]
    public void Apply_Vectors_AreRoundedToTheirFormatAndTheTeachersStay()
    {
        using DecoderModel teacher = Teacher(tied: true);
        using StructuredModel student =
            Surgeon.Apply(teacher, Dense(teacher, FloatFormat.BFloat16), FloatFormat.BFloat16);
        using var scope = NewDisposeScope();
        Tensor original = teacher.NamedVectors[0].Vector.clone();
        Tensor rounded = original.to(ScalarType.BFloat16).to(ScalarType.Float32);

        Assert.True(rounded.equal(student.Model.NamedVectors[0].Vector).all().item<bool>());
        Assert.False(rounded.equal(original).all().item<bool>());
    }

    [Fact]
    public void Apply_BlueprintWithoutASlot_NamesItAndTakesNothing()
    {
        using DecoderModel teacher = Teacher(tied: true);
        Blueprint blueprint = Dense(teacher, FloatFormat.Float32);
        Blueprint incomplete = blueprint with { Sites = blueprint.Sites.RemoveAt(2) };

        var failure = Assert.Throws<ArgumentException>(() => Surgeon.Apply(teacher, incomplete, FloatFormat.Float32));

        Assert.Contains(
            "kv_proj needs one matrix [16, 16], the blueprint has none", failure.Message, StringComparison.Ordinal);
        Release(blueprint);
    }

    [Fact]
    public void Apply_MatrixWithoutASlot_NamesIt()
    {
        using DecoderModel teacher = Teacher(tied: true);
        Blueprint blueprint = Dense(teacher, FloatFormat.Float32);
        SiteBlueprint stray = blueprint.Sites[0] with { Site = blueprint.Sites[0].Site with { Name = "lm_head" } };

        var failure = Assert.Throws<ArgumentException>(() => Surgeon.Apply(
            teacher, blueprint with { Sites = blueprint.Sites.Add(stray) }, FloatFormat.Float32));

        Assert.Contains("no slot lm_head", failure.Message, StringComparison.Ordinal);
        Release(blueprint);
    }

    [Fact]
    public void Apply_IntegerVectors_Throws()
    {
        using DecoderModel teacher = Teacher(tied: true);
        Blueprint blueprint = Dense(teacher, FloatFormat.Float32);

        Assert.Throws<ArgumentException>(
            () => Surgeon.Apply(teacher, blueprint, NumberFormatRegistry.Standard.Parse("int8-g64")));

        Release(blueprint);
    }

    private static void Release(Blueprint blueprint)
    {
        foreach (SiteBlueprint site in blueprint.Sites)
        {
            site.Matrix.Dispose();
        }
    }

    private static Blueprint Dense(DecoderModel teacher, ValueFormat format) => Build(
        teacher,
        matrix =>
        {
            using Tensor values = matrix.Materialize();
            return DenseForm.From(values, format);
        });

    private static Blueprint Factored(DecoderModel teacher) => Build(
        teacher,
        matrix =>
        {
            using Tensor up = ones(matrix.Rows, Rank);
            using Tensor down = ones(Rank, matrix.Columns);
            return LowRankForm.From(up, down, FloatFormat.BFloat16, FloatFormat.BFloat16);
        });

    private static Blueprint Build(DecoderModel teacher, Func<WeightMatrix, FormMatrix> form) => new(
        "joint",
        [
            .. teacher.Slots.Select(slot => new SiteBlueprint(
                new Site(slot.Name, slot.Kind, slot.Layer, slot.Matrix.Rows, slot.Matrix.Columns),
                form(slot.Matrix),
                0.25,
                ImmutableSortedDictionary<string, double>.Empty)),
        ]);

    private static DecoderModel Teacher(bool tied)
    {
        JsonObject fields = JsonNode.Parse(
            """
            { "model_type": "llama", "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4,
              "num_key_value_heads": 2, "head_dim": 4, "intermediate_size": 24, "vocab_size": 40,
              "rms_norm_eps": 1e-6, "hidden_act": "silu", "max_position_embeddings": 64, "rope_theta": 10000 }
            """)!.AsObject();
        fields["tie_word_embeddings"] = tied;
        using var random = new Generator(3);
        return DecoderModel.Assemble(
            DecoderConfigReader.Parse(fields, "config.json"),
            slot => new DenseMatrix(randn(slot.Rows, slot.Columns, generator: random)),
            vector => rand(vector.Length, generator: random));
    }
}
