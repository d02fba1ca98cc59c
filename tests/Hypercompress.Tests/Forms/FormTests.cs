using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Forms;

/// <summary>What every form promises, and what is special to each.</summary>
public sealed class FormTests
{
    private const long Rows = 11;
    private const long Columns = 21;

    private static readonly FormCatalog Catalog = new(StandardForms.Readers);

    public static TheoryData<string> Forms =>
    [
        "dense f32", "dense bf16", "dense int4-g8", "dense uint3-g8", "dense uint4z-g8",
        "low-rank f32", "low-rank int8-g8",
        "pivots f32", "pivots int8-g8", "pattern f16", "pattern uint4-g8",
        "sparse f16", "sparse int4-g8", "sparse uint4-g8", "empty f16", "empty uint4-g8", "sum f16", "sum int8-g8",
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Read_WhatStoreWrote_HasTheSameBitsAndBytes(string name)
    {
        using var scope = NewDisposeScope();
        using var form = Make(name);
        using var source = new InMemoryTensorSource(form.Store("site"));
        using var read = Read(form.Describe(), source);

        Assert.Equal(form.StoredBytes, source.TotalBytes);
        Assert.Equal(form.StoredBytes, read.StoredBytes);
        Assert.Equal(form.StoredParameters, read.StoredParameters);
        Assert.Equal(form.MultiplyAdds, read.MultiplyAdds);
        Assert.Equal(Numbers(form.Materialize()), Numbers(read.Materialize()));
        Assert.All(source.Tensors.Keys, key => Assert.StartsWith("site.", key, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Apply_AndGather_AgreeWithMaterialize(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        using var form = Make(name);
        var whole = form.Materialize();
        var x = randn(2, 3, Columns, generator: generator);
        var ids = tensor(new[] { 0L, 10L, 4L, 4L }, 2, 2);

        foreach (bool training in new[] { false, true })
        {
            foreach (var parameter in form.Parameters)
            {
                parameter.requires_grad = training;
            }

            Assert.Equal([Rows, Columns], whole.shape);
            Assert.Equal([2L, 3L, Rows], form.Apply(x).shape);
            Assert.Equal([2L, 2L, Columns], form.Gather(ids).shape);
            Assert.True(form.Apply(x).allclose(x.matmul(whole.t()), rtol: 1e-5, atol: 1e-5));
            Assert.True(form.Gather(ids).allclose(
                whole.index_select(0, ids.flatten()).view(2, 2, Columns), rtol: 1e-5, atol: 1e-6));
            Assert.False(form.Materialize().requires_grad);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Apply_WhileTraining_PassesGradientsToEveryParameter(string name)
    {
        using var scope = NewDisposeScope();
        using var form = Make(name);
        if (form.StoredParameters == 0)
        {
            return;
        }

        foreach (var parameter in form.Parameters)
        {
            parameter.requires_grad = true;
        }

        (form.Apply(eye(Columns)).square().sum() + form.Gather(arange(Rows)).square().sum()).backward();

        Assert.NotEmpty(form.Parameters);
        Assert.All(form.Parameters, parameter => Assert.True(parameter.grad!.abs().sum().ToDouble() > 0));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Commit_AfterAStep_RunsWhatIsWritten(string name)
    {
        using var scope = NewDisposeScope();
        using var form = Make(name);
        form.Apply(eye(Columns));
        using (no_grad())
        {
            foreach (var parameter in form.Parameters)
            {
                parameter.mul_(1.2345678f).add_(0.001f);
            }
        }

        form.RoundToStored();
        float[] once = Numbers(form.Apply(eye(Columns)));
        form.RoundToStored();
        using var source = new InMemoryTensorSource(form.Store("site"));
        using var read = Read(form.Describe(), source);

        Assert.Equal(once, Numbers(form.Apply(eye(Columns))));
        Assert.Equal(once, Numbers(read.Apply(eye(Columns))));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Scale_ByMinusTwo_ScalesWhatRuns(string name)
    {
        using var scope = NewDisposeScope();
        using var form = Make(name);
        form.Apply(eye(Columns));
        var expected = form.Materialize() * -2;

        form.Scale(-2);

        Assert.Equal(Numbers(expected), Numbers(form.Materialize()));
        Assert.True(form.Apply(eye(Columns)).t().allclose(expected, rtol: 1e-5, atol: 1e-6));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Dispose_AfterEverything_LeavesNoTensorBehind(string name)
    {
        using var x = ones(2, Columns);
        using var ids = arange(3);

        TensorLeaks.AssertNone(() => UseAll(name, x, ids));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Read_AnyTensorMissing_NamesIt(string name)
    {
        using var form = Make(name);
        string[] names = [.. form.Store("site").Select(tensor => { tensor.Value.Dispose(); return tensor.Name; })];
        foreach (string missing in names)
        {
            using var source = new InMemoryTensorSource(form.Store("site")).With(missing, null);
            var thrown = Assert.Throws<CheckpointException>(() => Read(form.Describe(), source));
            Assert.Contains(missing, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_SecondFactorMissing_DisposesTheFirst()
    {
        using var form = Make("low-rank f32");
        using var source = new InMemoryTensorSource(form.Store("site")).With("site.down", null);

        TensorLeaks.AssertNone(() => Assert.Throws<CheckpointException>(() => Read(form.Describe(), source)));
    }

    [Fact]
    public void Read_LastPartMissing_DisposesTheOthers()
    {
        using var form = Make("sum f32");
        using var source = new InMemoryTensorSource(form.Store("site")).With("site.2.values", null);

        TensorLeaks.AssertNone(() => Assert.Throws<CheckpointException>(() => Read(form.Describe(), source)));
    }

    [Fact]
    public void LowRank_FromTwoFactors_IsTheirProductThroughALatent()
    {
        using var scope = NewDisposeScope();
        var up = tensor(new[] { 1f, 2f, 3f, 4f, 5f, 6f }, 3, 2);
        var down = tensor(new[] { 1f, 0f, -1f, 2f, 0.5f, 0f, 0f, 1f }, 2, 4);
        using var form = LowRankForm.From(up, down, FloatFormat.Float16, FloatFormat.Float32);
        ILatentMatrix latent = form;
        var x = tensor(new[] { 1f, 2f, 3f, 4f }, 1, 4);

        Assert.Equal([2f, 0f, -1f, 4f, 5f, 0f, -3f, 10f, 8f, 0f, -5f, 16f], Numbers(form.Materialize()));
        Assert.Equal([6f, 4.5f], Numbers(latent.Encode(x)));
        Assert.Equal([15f, 36f, 57f], Numbers(latent.Decode(latent.Encode(x))));
        Assert.Equal((2L, 14L, 14L), (latent.Rank, form.MultiplyAdds, form.StoredParameters));
        Assert.Equal((2 * 3 * 2) + (2 * 4 * 4), form.StoredBytes);
        Assert.Equal(form.StoredBytes, LowRankForm.Bytes(3, 4, 2, FloatFormat.Float16, FloatFormat.Float32));
    }

    // Rows 0 and 2 are the pivots (1, 0) and (0, 2); row 1 = 3 · (1, 0) + 4 · (0, 2).
    [Fact]
    public void PivotRows_OfTwoPivots_CombinesThemToTheOtherRows()
    {
        using var scope = NewDisposeScope();
        using var form = new PivotRowForm(
            FloatFormat.Float32.Encode(tensor(new float[,] { { 1, 0 }, { 0, 2 } })),
            FloatFormat.Float32.Encode(tensor(new float[,] { { 3 }, { 4 } })),
            [true, false, true]);
        ILatentMatrix latent = form;
        using var source = new InMemoryTensorSource(form.Store("s"));

        Assert.Equal([1f, 0f, 3f, 8f, 0f, 2f], Numbers(form.Materialize()));
        Assert.Equal([5f, 14f], Numbers(latent.Encode(tensor(new float[,] { { 5, 7 } }))));
        Assert.Equal([5f, 71f, 14f], Numbers(latent.Decode(tensor(new float[,] { { 5, 14 } }))));
        Assert.Equal([0b101], source.Read("s.places").data<byte>().ToArray());
        Assert.Equal((6L, (6 * 4) + 1L, 6L), (form.StoredParameters, form.StoredBytes, form.MultiplyAdds));
        Assert.Equal(form.StoredBytes, PivotRowForm.Bytes(3, 2, 2, FloatFormat.Float32));
    }

    [Fact]
    public void PivotRows_OfPivotsAlone_HasNoCoefficients()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var values = randn(3, 4, generator: generator);
        using var form = new PivotRowForm(
            FloatFormat.Float32.Encode(values), FloatFormat.Float32.Encode(zeros([3, 0])), [true, true, true]);
        using var source = new InMemoryTensorSource(form.Store("site"));
        using FormMatrix read = Read(form.Describe(), source);

        Assert.Equal(["site.pivots", "site.places"], source.Tensors.Keys.Order());
        Assert.Single(read.Parameters);
        Assert.Equal(Numbers(values), Numbers(read.Materialize()));
        Assert.True(read.Apply(eye(4)).allclose(values.t()));
    }

    [Theory]
    [InlineData(0b11)]
    [InlineData(0b1101)]
    [InlineData(0b1)]
    public void PivotRows_ReadWithOtherPlaces_ReadsOnlyWhatFits(byte places)
    {
        using var scope = NewDisposeScope();
        using var form = new PivotRowForm(
            FloatFormat.Float16.Encode(ones(2, 2)), FloatFormat.Float16.Encode(ones(2, 1)), [true, false, true]);
        using var source = new InMemoryTensorSource(form.Store("site")).With(
            "site.places", tensor(new[] { places }).view(1, 1));
        if (places == 0b11)
        {
            using FormMatrix read = Read(form.Describe(), source);
            Assert.Equal(3, read.Rows);
            return;
        }

        Assert.Throws<CheckpointException>(() => Read(form.Describe(), source));
    }

    [Fact]
    public void PivotRows_OfAnEarlierVersion_AreRead()
    {
        using var scope = NewDisposeScope();
        using var form = new PivotRowForm(
            FloatFormat.Float16.Encode(ones(2, 2)), FloatFormat.Float16.Encode(ones(2, 1)), [true, false, true]);
        using var source = new InMemoryTensorSource(form.Store("site"));
        Assert.Equal("pivot-rows", form.Describe().Kind);
        using FormMatrix read = Read(form.Describe() with { Kind = "pifa" }, source);

        Assert.IsType<PivotRowForm>(read);
        Assert.Equal(Numbers(form.Materialize()), Numbers(read.Materialize()));
    }

    [Fact]
    public void PivotRows_OfPartsThatDoNotBelongTogether_Throws()
    {
        using var two = FloatFormat.Float16.Encode(ones(2, 2));
        using var one = FloatFormat.Float16.Encode(ones(2, 1));
        Assert.Throws<ArgumentException>(() => new PivotRowForm(two, one, [true, true, true]));
        Assert.Throws<ArgumentException>(() => new PivotRowForm(two, one, [true, false, true, false]));
    }

    [Fact]
    public void Sparse_Store_WritesTheBitsFromTheLowest()
    {
        using var scope = NewDisposeScope();
        var values = arange(1, 19).to(ScalarType.Float32).view(2, 9);
        var mask = zeros(2, 9, dtype: ScalarType.Bool);
        mask[0, 0] = true;
        mask[0, 8] = true;
        mask[1, 3] = true;
        using var form = SparseForm.From(values, mask, FloatFormat.Float16);
        using var source = new InMemoryTensorSource(form.Store("s"));

        Assert.Equal([1, 1, 8, 0], source.Read("s.mask").data<byte>().ToArray());
        Assert.Equal([1f, 9f, 13f], Numbers(source.Read("s.values").to(ScalarType.Float32)));
        Assert.Equal(
            [1f, 0f, 0f, 0f, 0f, 0f, 0f, 0f, 9f, 0f, 0f, 0f, 13f, 0f, 0f, 0f, 0f, 0f], Numbers(form.Materialize()));
        Assert.Equal((3L, 10L), (form.StoredParameters, form.StoredBytes));
    }

    [Theory]
    [InlineData("f16")]
    [InlineData("uint4-g8")]
    public void Sparse_ThroughTraining_KeepsItsZeros(string format)
    {
        using var scope = NewDisposeScope();
        using var form = Make($"sparse {format}");
        var zero = form.Materialize() == 0;
        foreach (var parameter in form.Parameters)
        {
            parameter.requires_grad = true;
        }

        using var optimizer = optim.SGD(form.Parameters, 0.001);
        for (int step = 0; step < 3; step++)
        {
            optimizer.zero_grad();
            (form.Apply(eye(Columns)) - 1).square().sum().backward();
            optimizer.step();
        }

        form.RoundToStored();
        var after = form.Materialize();
        Assert.Equal(0, after.masked_select(zero).abs().sum().ToDouble());
        Assert.True(form.Apply(eye(Columns)).t().masked_select(zero).abs().sum().ToDouble() == 0);
    }

    [Theory]
    [InlineData(30, "nonzeros")]
    [InlineData(400, "nonzeros")]
    [InlineData(-1, "nonzeros")]
    [InlineData(long.MaxValue, "nonzeros")]
    public void Sparse_ReadWithAnotherCount_Throws(long nonzeros, string key)
    {
        using var form = Make("sparse f16");
        using var source = new InMemoryTensorSource(form.Store("site"));
        var description = form.Describe();
        description = description with { Numbers = description.Numbers.SetItem(key, nonzeros) };

        Assert.Throws<CheckpointException>(() => Read(description, source));
    }

    [Fact]
    public void Sparse_ReadWithBitsBeyondTheRow_Throws()
    {
        using var scope = NewDisposeScope();
        using var form = Make("sparse f16");
        var stored = new InMemoryTensorSource(form.Store("site"));
        var mask = stored.Read("site.mask");
        mask[0, 2] = 128;
        using var source = stored.With("site.mask", mask);

        var thrown = Assert.Throws<CheckpointException>(() => Read(form.Describe(), source));
        Assert.Contains("beyond column 21", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DescriptionThatDoesNotFitItsKind_Throws()
    {
        using var form = Make("low-rank f32");
        using var source = new InMemoryTensorSource(form.Store("site"));
        var good = form.Describe();
        FormDescription[] bad =
        [
            good with { Kind = "round" },
            good with { Kind = DenseForm.Kind },
            good with { Rows = -1 },
            good with { Columns = long.MaxValue },
            good with { Rows = Rows + 1 },
            good with { Numbers = FormDescription.NoNumbers },
            good with { Numbers = good.Numbers.SetItem("rank", 0) },
            good with { Numbers = good.Numbers.SetItem("rank", long.MaxValue) },
            good with { Formats = good.Formats.SetItem("up", "q4") },
            good with { Formats = good.Formats.SetItem("up", "int4-g2147483647") },
            good with { Formats = good.Formats.Add("side", "f16") },
            good with { Parts = [good] },
            good with
            {
                Kind = SumForm.Kind, Numbers = FormDescription.NoNumbers, Formats = FormDescription.FormatsOf(),
            },
        ];

        TensorLeaks.AssertNone(
            () => Assert.All(bad, description => Assert.Throws<CheckpointException>(() => Read(description, source))));
    }

    [Fact]
    public void Sum_PartsOfDifferentShapes_Throw()
    {
        using var one = DenseForm.From(ones(2, 3), FloatFormat.Float16);
        using var other = DenseForm.From(ones(3, 2), FloatFormat.Float16);

        Assert.Throws<ArgumentException>(() => new SumForm([one, other]));
        Assert.Throws<ArgumentException>(() => new SumForm([]));
    }

    private static FormMatrix Read(FormDescription description, InMemoryTensorSource source) =>
        Catalog.Read(description, "site", source, InMemoryTensorSource.File);

    private static void UseAll(string name, Tensor x, Tensor ids)
    {
        using var form = Make(name);
        form.Apply(x).Dispose();
        TensorLeaks.AssertNone(() =>
        {
            form.Apply(x).Dispose();
            form.Gather(ids).Dispose();
            form.Materialize().Dispose();
        });
        form.RoundToStored();
        form.Scale(1);
        form.Apply(x).Dispose();
        form.MoveTo(CPU);
        using var source = new InMemoryTensorSource(form.Store("site"));
        using var read = Read(form.Describe(), source);
        read.Apply(x).Dispose();
    }

    private static float[] Numbers(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    private static PivotRowForm PivotRows(Tensor pivots, Tensor coefficients, ValueFormat format) => new(
        format.Encode(pivots),
        format.Encode(coefficients),
        [.. Enumerable.Range(0, (int)Rows).Select(row => row % 3 == 1)]);

    private static Tensor EveryOther() =>
        arange(Columns).remainder(2).eq(0).expand(Rows, Columns).clone();

    private static FormMatrix Make(string name)
    {
        string[] words = name.Split(' ');
        var format = NumberFormatRegistry.Standard.Parse(words[1]);
        using var scope = NewDisposeScope();
        using var generator = new Generator(17);
        var values = randn(Rows, Columns, generator: generator);
        var mask = rand(Rows, Columns, generator: generator) > 0.7;
        LowRankForm LowRank() => LowRankForm.From(values.narrow(1, 0, 4), values.narrow(0, 4, 4), format, format);
        return words[0] switch
        {
            "dense" => DenseForm.From(values, format),
            "low-rank" => LowRank(),
            "sparse" => SparseForm.From(values, mask, format),
            "pivots" => PivotRows(values.narrow(0, 0, 4), values.narrow(1, 0, 7).narrow(0, 4, 4), format),
            "pattern" => SparseForm.From(values, EveryOther(), format, pattern: new SparsePattern(1, 2)),
            "empty" => SparseForm.From(values, zeros_like(mask), format),
            _ => new SumForm([LowRank(), SparseForm.From(values, mask, format), DenseForm.From(values, format)]),
        };
    }
}
