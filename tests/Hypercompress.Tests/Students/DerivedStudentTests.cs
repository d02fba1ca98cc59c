using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Students;
using Hypercompress.Tests.Training;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Students;

[NoTensorLeaks]
public sealed class DerivedStudentTests
{
    private static readonly int[][] Windows = [[.. TinyDecoder.Text(24, 5)], [.. TinyDecoder.Text(24, 6)]];

    [Fact]
    public void Build_SomeLayers_ComputesTheTeacherWithoutTheOthers()
    {
        using var teacher = TinyDecoder.Create(1);
        using DecoderModel student = Build(teacher, "depth=0.5", [1]);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = tensor(Windows[0], dtype: ScalarType.Int64).unsqueeze(0);

        Tensor expected = teacher.Logits(teacher.Leave(teacher.RunLayer(1, teacher.Enter(ids))));

        Assert.Equal(1, student.Config.Layers);
        Assert.True(student.Forward(ids).allclose(expected));
    }

    [Fact]
    public void Build_Narrower_WithoutWhatIsIdle_ComputesTheTeacher()
    {
        using DecoderModel teacher = HalfIdle();
        using DecoderModel student = Build(teacher, "width=0.5", [0, 1]);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = tensor(Windows[0], dtype: ScalarType.Int64).unsqueeze(0);

        Assert.Equal((8, 2, 1, 16), Sizes(student.Config));
        Assert.Equal(0, (student.Forward(ids) - teacher.Forward(ids)).abs().max().item<float>(), 2e-3);
    }

    [Fact]
    public void Choose_LeavesOutTheLayerThatDoesNothing()
    {
        using var made = TinyDecoder.Create(3);
        using DecoderModel teacher = made.WithMatrices(
            slot => new DenseMatrix(Changed(slot, slot.Layer == 0 && IsWriter(slot) ? values => values * 0 : null)));
        var importance = new LayerImportance(teacher, Windows, CancellationToken.None);
        (int Done, int Total) last = default;

        Assert.Equal([1], importance.Choose(1, (done, total) => last = (done, total)));
        Assert.Equal((2, 2), last);
        Assert.Equal(0, importance.Divergence([1]), 1e-6);
        Assert.True(importance.Divergence([0]) > 1e-3);
    }

    [Fact]
    public void Read_LayersOfAFixedPattern_AreRefused()
    {
        JsonObject config = new()
        {
            ["model_type"] = "gpt2",
            ["vocab_size"] = 32,
            ["n_embd"] = 16,
            ["n_layer"] = 4,
            ["n_head"] = 4,
            ["scale_attn_by_inverse_layer_idx"] = true,
        };
        var teacher = Models.Architectures.Reading.DecoderConfigReader.Parse(config, "config.json");
        var sizes = StudentSizes.Of(teacher, new StudentShape(0.5, 1));

        var refused = Assert.Throws<ConfigurationException>(
            () => StudentSizes.Read(sizes.Configure(config, teacher, [0, 3]), teacher, [0, 3]));

        Assert.Contains("fixed pattern", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, StudentSizes.Read(sizes.Configure(config, teacher, [0, 1]), teacher, [0, 1]).Layers);
    }

    private static (int Hidden, int Heads, int KeyValueHeads, int Intermediate) Sizes(DecoderConfig config) =>
        (config.HiddenSize, config.Heads, config.KeyValueHeads, config.IntermediateSize);

    private static DecoderModel Build(DecoderModel teacher, string shape, ImmutableArray<int> kept)
    {
        var sizes = StudentSizes.Of(teacher.Config, StudentShape.TryParse(shape)!);
        JsonObject config = sizes.Configure(TinyDecoder.Config(), teacher.Config, kept);
        using var energy = InputEnergy.Of(teacher, Windows);
        return new DerivedStudent(teacher, kept, WidthSelection.Of(teacher, sizes, energy), energy)
            .Build(StudentSizes.Read(config, teacher.Config, kept));
    }

    // Nothing writes to every second channel, and nothing reads every second neuron and the first key/value head.
    private static DecoderModel HalfIdle()
    {
        using var made = TinyDecoder.Create(4);
        return made.WithMatrices(slot => new DenseMatrix(Changed(slot, values =>
        {
            if (slot.Kind == WeightSlotKind.Embedding)
            {
                return values * Halves(16);
            }

            Tensor written = IsWriter(slot) ? values * Halves(16).unsqueeze(1) : values;
            Tensor read = slot.Name.EndsWith("o_proj", StringComparison.Ordinal)
                ? cat([zeros(8), ones(8)])
                : slot.Name.EndsWith("down_proj", StringComparison.Ordinal) ? Halves(32) : ones(values.shape[1]);
            return written * read;
        })));
    }

    private static bool IsWriter(WeightSlot slot) =>
        slot.Name.EndsWith("o_proj", StringComparison.Ordinal)
        || slot.Name.EndsWith("down_proj", StringComparison.Ordinal);

    private static Tensor Halves(int count) => arange(count).remainder(2);

    private static Tensor Changed(WeightSlot slot, Func<Tensor, Tensor>? change)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor values = slot.Matrix.Materialize();
        return (change is null ? values : change(values).to(ScalarType.Float32)).MoveToOuterDisposeScope();
    }
}
