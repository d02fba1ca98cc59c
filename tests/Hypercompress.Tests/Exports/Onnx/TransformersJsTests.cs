using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Exports;
using Hypercompress.Exports.Onnx;
using Hypercompress.Exports.Registry;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Exports.Onnx;

[NoTensorLeaks]
public sealed class TransformersJsTests : IDisposable
{
    private static readonly string[] Prompts =
    [
        "Once upon a time", "One day, a little girl", "Tom and Ben", "The sun", "There was a dog",
        "\"Help!\" said the", "In the forest", "She", "It was cold, and", "Mum",
    ];

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32, null)]
    [InlineData(ScalarType.Float32, "int4")]
    [InlineData(ScalarType.Float16, null)]
    public void Folder_OpenedByName_ContinuesPromptsAsThisProgramDoes(ScalarType type, string? quant)
    {
        using OpenModel opened =
            OpenModel.Open(StoryModel.BuiltInModelTests.Folder, new BranchRegistry().CreateCatalog());
        string path = new ModelExporter(_ => { }).Export(
            opened, ExportFormats.Find("onnx"),
            new ExportRequest(_folder.Of("story"), type, quant, Verify: false)).Path;

        long[][] told = NodeRuntime.Continue(path, Prompts);

        Assert.Equal(Own(opened, quant is not null), told);
    }

    private static long[][] Own(OpenModel opened, bool isRounded)
    {
        using DecoderModel? rounded = isRounded ? OnnxRounding.Copy(opened.Model.Decoder) : null;
        return [.. Prompts.Select(prompt => Greedy(
            rounded ?? opened.Model.Decoder, opened.Model.Tokenizer!.Encode(prompt), opened.Model.EndTokenIds[0]))];
    }

    private static long[] Greedy(DecoderModel model, int[] prompt, int end)
    {
        using var noGrad = no_grad();
        var ids = prompt.Select(id => (long)id).ToList();
        for (int made = 0; made < 40 && ids[^1] != end; made++)
        {
            using var scope = NewDisposeScope();
            ids.Add(model.Forward(tensor(ids).unsqueeze(0))[0, -1].argmax().item<long>());
        }

        return [.. ids];
    }
}
