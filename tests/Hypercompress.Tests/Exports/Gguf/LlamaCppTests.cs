using Hypercompress.Artifacts;
using Hypercompress.Exports;
using Hypercompress.Exports.Registry;
using Hypercompress.Forms;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Packages.Gguf;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats.Blocks;
using Hypercompress.NumberFormats.Floats;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Exports.Gguf;

/// <summary>llama.cpp computes from a GGUF export what the artifact computes here.</summary>
public sealed class LlamaCppTests : IDisposable
{
    private static readonly int[] Ids = [.. Enumerable.Range(1, 16)];

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Families whose activation llama.cpp looks up in a table of 16-bit values agree less closely. Mistral with a
    // sliding window is absent: llama.cpp has no window for that family and attends to every position.
    [Theory]
    [InlineData("llama-tied", 1e-4)]
    [InlineData("llama-bias", 1e-4)]
    [InlineData("llama-mha", 1e-4)]
    [InlineData("llama3-rope", 1e-4)]
    [InlineData("qwen2", 1e-4)]
    [InlineData("qwen3", 1e-4)]
    [InlineData("olmo2", 1e-4)]
    [InlineData("smollm3", 1e-4)]
    [InlineData("phi3", 1e-4)]
    [InlineData("gpt2", 5e-3)]
    [InlineData("gpt_neox", 5e-3)]
    [InlineData("gemma2", 2e-2)]
    public void Export_OfAFamily_GivesOurLogits(string name, double tolerance)
    {
        string artifact = FormedModel.Write(SharedFiles.Require($"golden/arch/{name}"), _folder.Of("artifact"));
        using OpenModel opened = FormedModel.Open(artifact);
        string file = Export(opened, ScalarType.Float32, quant: null);

        using var llama = LlamaCpp.Open(file);
        float[][] theirs = llama.Logits(Ids);

        Assert.InRange(Difference(Ours(opened, Ids), theirs), 0, tolerance);
    }

    [Theory]
    [InlineData("f32", null, 1e-3)]
    [InlineData("f16", null, 0.1)]
    [InlineData("f16", "q8_0", 0.5)]
    public void Export_OfARealModel_GivesOurLogitsAndIds(string type, string? quant, double tolerance)
    {
        using OpenModel opened = FormedModel.Open(SharedFiles.Require("models/tinystories-656k-hf"));
        string file = Export(opened, type == "f32" ? ScalarType.Float32 : ScalarType.Float16, quant);
        const string Text = "Once upon a time, there was a little girl named Lily. She loved to play outside.";

        using var llama = LlamaCpp.Open(file);
        int[] ids = llama.Tokenize(Text);

        Assert.Equal(opened.Model.Tokenizer!.Encode(Text), ids);
        Assert.InRange(Difference(Ours(opened, ids), llama.Logits(ids)), 0, tolerance);
    }

    [Fact]
    public void Export_BuiltInModel_TellsTheSameStories()
    {
        using OpenModel opened = FormedModel.Open(StoryModel.BuiltInModelTests.Folder);
        string file = Export(opened, ScalarType.Float16, quant: null);

        using var llama = LlamaCpp.Open(file);
        long[][] told = [.. StoryPrompts.All.Select(prompt => StoryPrompts.Continue(
            opened.Model, prompt, ids => LargestOf(llama.Logits([.. ids.Select(id => (int)id)])[^1])))];

        Assert.Equal(StoryPrompts.Continue(opened.Model), told);
    }

    private static long LargestOf(float[] logits) => Array.IndexOf(logits, logits.Max());

    public static TheoryData<string> BlockTypes => [.. BlockFormat.All.Select(format => format.Name)];

    // llama.cpp rounds activations to 8 bits before it multiplies blocks.
    [Theory]
    [MemberData(nameof(BlockTypes))]
    public void Export_InABlockType_GivesOurLogitsWithinRoundedActivations(string type)
    {
        string model = TinyCheckpoint.Write(_folder.Of("model"), hiddenSize: 256);
        string artifact = FormedModel.Write(model, _folder.Of("artifact"), (slot, values) => DenseForm.From(
            values, slot.Kind == WeightSlotKind.Linear ? BlockFormat.TryParse(type)! : FloatFormat.Float32));
        using OpenModel opened = FormedModel.Open(artifact);
        string file = _folder.Of("model.gguf");
        new GgufModelWriter(opened.Model.Decoder, opened.Config, opened.SideFiles, "tiny", GgmlType.F32)
        {
            KeepsBlocks = true,
        }.Write(file);

        using var llama = LlamaCpp.Open(file);
        float[][] ours = Ours(opened, Ids);

        Assert.InRange(Difference(ours, llama.Logits(Ids)) / ours.Max(row => row.Max(float.Abs)), 0, 0.1);
    }

    private string Export(OpenModel opened, ScalarType type, string? quant)
    {
        string file = _folder.Of("model.gguf");
        ExportFormat format = ExportFormats.Find("gguf");
        new ModelExporter(_ => { }).Export(opened, format, new ExportRequest(file, type, quant, Verify: false));
        return file;
    }

    private static float[][] Ours(OpenModel opened, IReadOnlyList<int> ids)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor tokens = tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0);
        Tensor logits = opened.Model.Decoder.Forward(tokens)[0].to(ScalarType.Float32);
        return [.. Enumerable.Range(0, ids.Count).Select(at => logits[at].data<float>().ToArray())];
    }

    private static double Difference(float[][] ours, float[][] theirs) => ours.Zip(theirs)
        .SelectMany(rows => rows.First.Zip(rows.Second, (one, other) => Math.Abs((double)one - other)))
        .Max();
}
