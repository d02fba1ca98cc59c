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

        long[][] told = NodeRuntime.Continue(path, StoryPrompts.All);

        using DecoderModel? rounded = quant is null ? null : OnnxRounding.Copy(opened.Model.Decoder);
        Assert.Equal(StoryPrompts.Continue(opened.Model, rounded), told);
    }
}
