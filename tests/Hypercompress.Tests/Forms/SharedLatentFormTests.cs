using System.Text.Json.Nodes;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Forms;

[NoTensorLeaks]
public sealed class SharedLatentFormTests
{
    private const long Rows = 11;
    private const long Columns = 21;
    private const long Rank = 3;

    private static readonly FormCatalog Catalog = new(StandardForms.Readers);

    [Theory]
    [InlineData("f32")]
    [InlineData("int8-g8")]
    public void Read_WhatStoreWrote_HasTheSameBitsAndBytes(string format)
    {
        using var scope = NewDisposeScope();
        using LowRankForm owner = Owner();
        using SharedLatentForm form = Make(owner, format);
        using var source = new InMemoryTensorSource(form.Store("site"));

        using FormMatrix read = Catalog.Read(Described(form), "site", source, "config.json", Sites(owner));

        Assert.Equal(form.StoredBytes, source.TotalBytes);
        Assert.Equal((form.StoredBytes, Rank * Rows), (read.StoredBytes, read.StoredParameters));
        Assert.True(form.Materialize().equal(read.Materialize()).all().item<bool>());
    }

    [Fact]
    public void Apply_AndGather_AgreeWithMaterialize()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        using LowRankForm owner = Owner();
        using SharedLatentForm form = Make(owner, "f32");
        Tensor whole = form.Materialize();
        Tensor x = randn(2, 3, Columns, generator: generator);
        Tensor ids = tensor(new[] { 0L, 10L, 4L, 4L }, 2, 2);

        Assert.True(form.Apply(x).allclose(x.matmul(whole.t()), rtol: 1e-5, atol: 1e-5));
        Assert.True(
            form.Gather(ids).allclose(
            whole.index_select(0, ids.flatten()).view(2, 2, Columns), rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void Materialize_IsItsOwnFactorTimesTheOwners()
    {
        using var scope = NewDisposeScope();
        using var owner = LowRankForm.From(
            tensor(new[] { 1f, 1f }, 2, 1), tensor(new[] { 5f, 7f }, 1, 2), FloatFormat.Float32, FloatFormat.Float32);
        using var form = new SharedLatentForm(
            FloatFormat.Float32.Encode(tensor(new[] { 2f, 3f, 4f }, 1, 3)), owner, "owner");

        Assert.Equal([10f, 14f, 15f, 21f, 20f, 28f], form.Materialize().data<float>());
        Assert.Equal((3L, 2L, 12L), (form.Rows, form.Columns, form.StoredBytes));
    }

    [Fact]
    public void Apply_WhileTraining_PassesGradientsToBothFactors()
    {
        using var scope = NewDisposeScope();
        using LowRankForm owner = Owner();
        using SharedLatentForm form = Make(owner, "f32");
        var parameters = owner.Parameters.Concat(form.Parameters).ToArray();
        Assert.Equal(3, parameters.Distinct().Count());
        foreach (var parameter in parameters)
        {
            parameter.requires_grad = true;
        }

        form.Apply(ones(2, Columns)).square().sum().backward();

        Assert.Equal(1, owner.Parameters.Count(parameter => parameter.grad is not null));
        Assert.NotNull(form.Parameters.Single().grad);
    }

    [Fact]
    public void Make_WithAnOwnerOfAnotherRank_Throws()
    {
        using var scope = NewDisposeScope();
        using LowRankForm owner = Owner();
        using StoredValues up = FloatFormat.Float32.Encode(ones(Rank + 1, Rows));

        Assert.Throws<ArgumentException>(() => new SharedLatentForm(up, owner, "owner"));
    }

    [Theory]
    [InlineData("\"owner\":\"owner\"", "\"owner\":\"elsewhere\"", "its owner 'elsewhere' is not a site before it")]
    [InlineData("\"owner\":\"owner\"", "\"owner\":\"site\"", "its owner 'site' is not a site before it")]
    [InlineData("\"owner\":\"owner\"", "\"owner\":\"dense\"", "its owner dense has no latent of rank 3")]
    [InlineData(",\"owner\":\"owner\"", "", "needs the name of an owner")]
    [InlineData("\"owner\":\"owner\"", "\"owner\":\"\"", "'owner'")]
    [InlineData("\"owner\":\"owner\"", "\"owner\":null", "'owner'")]
    [InlineData("\"owner\":\"owner\"", "\"owner\":7", "'owner'")]
    [InlineData("\"rank\":3", "\"rank\":2", "its owner owner has no latent of rank 2")]
    [InlineData("\"columns\":21", "\"columns\":22", "with 22 columns")]
    [InlineData("\"rows\":11", "\"rows\":12", "site.up")]
    [InlineData("shared-latent", "dense", "the numbers of a form 'dense'")]
    public void Read_ADamagedReference_NamesTheSite(string intact, string broken, string part)
    {
        using var scope = NewDisposeScope();
        using LowRankForm owner = Owner();
        using DenseForm dense = DenseForm.From(ones(Rows, Columns), FloatFormat.Float32);
        using SharedLatentForm form = Make(owner, "f32");
        using var source = new InMemoryTensorSource(form.Store("site"));
        string json = FormDescriptionJson.Write(form.Describe()).ToJsonString();
        string damaged = json.Replace(intact, broken, StringComparison.Ordinal);
        Assert.NotEqual(json, damaged);
        Dictionary<string, FormMatrix> sites = Sites(owner);
        sites.Add("dense", dense);

        var failure = Assert.Throws<CheckpointException>(() => Catalog.Read(
            FormDescriptionJson.Read(JsonNode.Parse(damaged), "config.json", "site"), "site", source, "config.json",
            sites).Dispose());

        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        Assert.Contains("site", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnotherKindWithAnOwner_IsRefused()
    {
        using var scope = NewDisposeScope();
        using LowRankForm owner = Owner();
        using var source = new InMemoryTensorSource(owner.Store("site"));

        var failure = Assert.Throws<CheckpointException>(
            () => Catalog.Read(
                owner.Describe() with { Owner = "owner" }, "site", source, "config.json", Sites(owner)).Dispose());

        Assert.Contains("site site: a form 'low-rank' has no owner", failure.Message, StringComparison.Ordinal);
    }

    private static FormDescription Described(FormMatrix form) =>
        FormDescriptionJson.Read(FormDescriptionJson.Write(form.Describe()), "config.json", "site");

    private static Dictionary<string, FormMatrix> Sites(LowRankForm owner) => new() { ["owner"] = owner };

    private static LowRankForm Owner()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        return LowRankForm.From(
            randn(7, Rank, generator: generator), randn(Rank, Columns, generator: generator), FloatFormat.Float32,
            FloatFormat.Float32);
    }

    private static SharedLatentForm Make(LowRankForm owner, string format)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        return new SharedLatentForm(
            NumberFormatRegistry.Standard.Parse(format)
                .Encode(randn(Rank, Rows, generator: generator)), owner, "owner");
    }
}
