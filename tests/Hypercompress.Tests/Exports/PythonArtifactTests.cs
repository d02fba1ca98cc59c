using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Forms;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Tests.Exports.HuggingFace;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Exports;

/// <summary>Artifacts as their own Python file loads them.</summary>
[NoTensorLeaks]
public sealed class PythonArtifactTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    /// <summary>Every family, in turn as either version of transformers loads it.</summary>
    public static TheoryData<string, int> Loads
    {
        get
        {
            var loads = new TheoryData<string, int>();
            foreach ((int index, string name) in FactoredExportTests.Families.Select(row => row.Data).Index())
            {
                loads.Add(name, 4 + (index % 2));
            }

            return loads;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Loads))]
    public void Artifact_InPyTorch_GivesTheModelsLogits(string name, int version)
    {
        string artifact = FormedModel.Write(SharedFiles.Require($"golden/arch/{name}"), _folder.Of("artifact"));
        long[] ids = [1, 17, 4, 30, 2, 9, 9, 21];
        File.WriteAllText(_folder.Of("ids.json"), JsonSerializer.Serialize(ids));

        PythonInterpreter.Run(
            Path.Combine(AppContext.BaseDirectory, "run_artifact.py"),
            artifact,
            _folder.Of("ids.json"),
            _folder.Of("logits.json"),
            _folder.Of("cache"),
            $"{version}");

        float[][] logits = JsonSerializer.Deserialize<float[][]>(File.ReadAllText(_folder.Of("logits.json")))!;
        using OpenModel opened = FormedModel.Open(artifact);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor own = opened.Model.Decoder.Forward(tensor(ids).unsqueeze(0)).squeeze(0);
        Tensor difference = own - tensor(logits.SelectMany(row => row).ToArray()).reshape(own.shape);
        Assert.InRange(difference.abs().max().item<float>(), 0, 2e-4);
    }

    [Fact]
    public void Forms_InPython_AreTheSameNumbers()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var sites = new JsonObject();
        var tensors = new List<TensorToWrite>();
        (string Site, FormMatrix Form)[] forms = [.. Forms()];
        foreach ((string site, FormMatrix form) in forms)
        {
            sites[site] = FormDescriptionJson.Write(form.Describe());
            tensors.AddRange(form.Store(site).Select(stored => TensorToWrite.From(stored.Name, stored.Value)));
            tensors.Add(TensorToWrite.From($"expected.{site}", form.Materialize()));
        }

        string folder = Directory.CreateDirectory(_folder.Of("forms")).FullName;
        SafetensorsWriter.WriteSharded(folder, tensors, 1 << 20);
        Array.ForEach(forms, made => made.Form.Dispose());
        File.WriteAllText(_folder.Of("sites.json"), sites.ToJsonString());

        PythonInterpreter.Run(
            Path.Combine(AppContext.BaseDirectory, "read_forms.py"),
            _folder.Write(PythonLoader.FileName, PythonLoader.Source()),
            folder,
            _folder.Of("sites.json"));
    }

    [Fact]
    public void Artifact_WithoutPython_HasNoClasses()
    {
        string artifact = FormedModel.Write(SharedFiles.Require("golden/arch/llama-tied"), _folder.Of("artifact"));
        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(artifact, ArtifactLayout.Config)))!;
        Assert.Equal(
            "modeling_hypercompress.HypercompressLlamaForCausalLM",
            (string?)config[PythonLoader.ClassesKey]!["AutoModelForCausalLM"]);

        using OpenModel opened = FormedModel.Open(artifact);
        Assert.DoesNotContain(PythonLoader.FileName, opened.SideFiles.Keys);
    }

    private static IEnumerable<(string Site, FormMatrix Form)> Forms()
    {
        using var generator = new Generator(7);
        Tensor Random(long rows, long columns) => randn(rows, columns, generator: generator).mul_(0.05);
        foreach (string format in (string[])
            ["f32", "f16", "bf16", "int8-g64", "int3-g20", "uint4-g16", "ec0.6", "ec2.5", "ec7", "es1.5", "es5"])
        {
            yield return ($"dense.{format}", Dense(Random(47, 90), format));
        }

        // More than one run, several coder states, and values that are rare.
        Tensor tall = Random(2100, 21);
        tall[3, 4] = 6;
        yield return ("tall", Dense(tall, "ec4.25"));
        yield return ("wide", Dense(Random(150, 260), "es3.1"));
        LowRankForm owner = FormedModel.LowRank(Random(30, 40), 6);
        yield return ("owner", owner);
        yield return ("shared", new SharedLatentForm(Half(Random(6, 50)), owner, "owner"));
        bool[] isPivot = [.. Enumerable.Range(0, 20).Select(row => row % 3 == 1)];
        var pivots = new PivotRowForm(Half(Random(7, 33)), Half(Random(7, 13)), [.. isPivot]);
        yield return ("pivots", pivots);
        yield return ("shared-pivots", new SharedLatentForm(Half(Random(7, 11)), pivots, "pivots"));
        Tensor sparse = Random(24, 37);
        yield return ("sparse", SparseForm.From(sparse, sparse.abs() > 0.05, FloatFormat.Float16));
        yield return ("pattern", Patterned(Random(16, 38), new SparsePattern(2, 4)));
        yield return ("pattern-of-8", Patterned(Random(9, 45), new SparsePattern(3, 8)));
        yield return ("sum", new SumForm([Dense(Random(30, 40), "ec2"), FormedModel.LowRank(Random(30, 40), 3)]));
    }

    private static DenseForm Dense(Tensor values, string format) =>
        DenseForm.From(values, NumberFormatRegistry.Standard.Parse(format));

    private static StoredValues Half(Tensor values) => FloatFormat.Float16.Encode(values);

    // The largest values of each group.
    private static SparseForm Patterned(Tensor values, SparsePattern pattern)
    {
        (long rows, long columns) = (values.shape[0], values.shape[1]);
        Tensor mask = zeros(rows, columns, dtype: ScalarType.Bool);
        for (long start = 0; start < columns; start += pattern.Group)
        {
            long width = Math.Min(pattern.Group, columns - start);
            Tensor group = values.narrow(1, start, width).abs();
            (_, Tensor best) = group.topk((int)Math.Min(pattern.Kept, width), 1);
            mask.narrow(1, start, width).scatter_(1, best, ones_like(best).to(ScalarType.Bool));
        }

        return SparseForm.From(values, mask, FloatFormat.Float16, pattern: pattern);
    }
}
