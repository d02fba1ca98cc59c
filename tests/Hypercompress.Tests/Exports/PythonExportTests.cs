using System.Text.Json;
using Hypercompress.Artifacts;
using Hypercompress.Exports;
using Hypercompress.Exports.Registry;
using Hypercompress.Forms;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Tests.Exports.HuggingFace;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Exports;

/// <summary>What PyTorch makes of exports.</summary>
public sealed class PythonExportTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Every family, as each of two versions of transformers loads it.</summary>
    public static TheoryData<string, int, string> Loads
    {
        get
        {
            var loads = new TheoryData<string, int, string>();
            foreach (string name in FactoredExportTests.Families.Select(row => row.Data))
            {
                loads.Add(name, 4, "none");
                loads.Add(name, 5, "none");
            }

            loads.Add("llama-tied", 4, "memory");
            return loads;
        }
    }

    [Theory]
    [MemberData(nameof(Loads))]
    public void FactoredFolder_InPyTorch_GivesTheModelsLogits(string name, int version, string memory)
    {
        string artifact = FormedModel.Write(SharedFiles.Require($"golden/arch/{name}"), _folder.Of("artifact"));
        CheckInPyTorch(artifact, version == 4 ? null : "keep", version, memory);
    }

    [Theory]
    [InlineData("llama-tied", 4)]
    [InlineData("llama-mha", 4)]
    [InlineData("gemma3_text", 4)]
    [InlineData("gemma3_text", 5)]
    [InlineData("gpt2", 5)]
    public void FactoredFolder_OfCodes_GivesTheModelsLogits(string name, int version) => CheckInPyTorch(
        FormedModel.Write(
            SharedFiles.Require($"golden/arch/{name}"),
            _folder.Of("artifact"),
            (_, values) => DenseForm.From(values, NumberFormatRegistry.Standard.Parse("uint5-g32"))),
        "keep",
        version,
        "none");

    [Fact]
    public void TorchCheckpoint_LoadsWithWeightsOnly()
    {
        string artifact = FormedModel.Write(SharedFiles.Require("golden/arch/llama-tied"), _folder.Of("artifact"));
        File.WriteAllText(
            Path.Combine(artifact, "report.json"), """{"evaluation": {"ppl": 7.25, "tokens": 9}, "training": [{"loss": [1.5, 2, 0.5]}]}""");
        using OpenModel opened = FormedModel.Open(artifact);
        string file = _folder.Of("model.pt");
        Export(opened, "pt", file, "keep");
        string script = _folder.Write("load.py", """
            import json, sys, torch
            loaded = torch.load(sys.argv[1], weights_only=True)
            assert float(loaded["metrics"]["ppl"]) == 7.25 and loaded["metrics"]["tokens"] == 9, loaded["metrics"]
            assert loaded["distillation_history"]["loss"].tolist() == [1.5, 2, 0.5], loaded["distillation_history"]
            found = loaded["student_state_dict"]
            json.dump({name: [str(value.dtype), list(value.shape), float(value.double().sum())] for name, value in found.items()},
                      open(sys.argv[2], "w"))
            """);

        PythonInterpreter.Run(script, file, _folder.Of("found.json"));

        using JsonDocument found = JsonDocument.Parse(File.ReadAllText(_folder.Of("found.json")));
        StoredTensor[] stored = [.. opened.StoredTensors()];
        Assert.Equal(stored.Length, found.RootElement.EnumerateObject().Count());
        foreach (StoredTensor tensor in stored)
        {
            using Tensor value = tensor.Value;
            JsonElement read = found.RootElement.GetProperty(tensor.Name);
            Assert.Equal(value.shape, read[1].Deserialize<long[]>());
            using Tensor sum = value.to(ScalarType.Float64).sum();
            Assert.Equal(sum.item<double>(), read[2].GetDouble(), 1e-6 * (1 + Math.Abs(sum.item<double>())));
        }
    }

    private void CheckInPyTorch(string artifact, string? quant, int version, string memory)
    {
        using OpenModel opened = FormedModel.Open(artifact);
        string path = _folder.Of("exported");
        Export(opened, "hf", path, quant);
        long[] ids = [1, 17, 4, 30, 2, 9, 9, 21];
        File.WriteAllText(_folder.Of("ids.json"), JsonSerializer.Serialize(ids));

        PythonInterpreter.Run(
            Path.Combine(AppContext.BaseDirectory, "run_export.py"),
            path,
            _folder.Of("ids.json"),
            _folder.Of("logits.json"),
            _folder.Of("cache"),
            $"{version}",
            memory);

        float[][] logits = JsonSerializer.Deserialize<float[][]>(File.ReadAllText(_folder.Of("logits.json")))!;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor own = opened.Model.Decoder.Forward(tensor(ids).unsqueeze(0)).squeeze(0);
        Tensor difference = own - tensor(logits.SelectMany(row => row).ToArray()).reshape(own.shape);
        Assert.InRange(difference.abs().max().item<float>(), 0, 2e-4);
    }

    private static void Export(OpenModel opened, string format, string path, string? quant) =>
        new ModelExporter(_ => { }).Export(
        opened, ExportFormats.Find(format), new ExportRequest(path, ScalarType.Float32, quant, Verify: true));
}
