using System.Collections.Immutable;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Forms;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Exports;

/// <summary>An artifact of a tiny checkpoint in which every form stands somewhere.</summary>
internal static class FormedModel
{
    /// <summary>Writes the artifact.</summary>
    /// <param name="source">A Hugging Face folder.</param>
    /// <param name="folder">Is made.</param>
    /// <param name="form">Makes the matrix of a place; null for one of every form.</param>
    /// <returns>The folder.</returns>
    public static string Write(string source, string folder, Func<WeightSlot, Tensor, FormMatrix>? form = null)
    {
        Directory.CreateDirectory(folder);
        using ModelPackage package = ModelPackage.Open(source);
        using LanguageModel teacher = LanguageModel.Load(package);
        using DecoderModel student = teacher.Decoder.WithMatrices(slot =>
        {
            using Tensor values = slot.Matrix.Materialize();
            return (form ?? OneOfEach)(slot, values);
        });
        ArtifactWriter.Write(folder, new ArtifactContents(
            student,
            package.Config,
            package.SideFiles,
            FloatFormat.Float32,
            ImmutableSortedDictionary<string, string>.Empty,
            "tiny",
            package.PublishedBytes,
            Seed: 1,
            Threads: 1,
            ImmutableSortedDictionary<string, string>.Empty,
            [1, 2, 3],
            MaximumShardBytes: 1 << 20)
        {
            LoadsInPython = true,
        });
        return folder;
    }

    public static OpenModel Open(string path) => OpenModel.Open(path, new BranchRegistry().CreateCatalog());

    /// <summary>A matrix of a low rank.</summary>
    public static LowRankForm LowRank(Tensor values, long rank)
    {
        using var scope = NewDisposeScope();
        (Tensor left, Tensor sizes, Tensor right) = linalg.svd(values, fullMatrices: false);
        return LowRankForm.From(
            left.narrow(1, 0, rank) * sizes.narrow(0, 0, rank), right.narrow(0, 0, rank), FloatFormat.Float32,
            FloatFormat.Float32);
    }

    private static FormMatrix OneOfEach(WeightSlot slot, Tensor values) => slot.Name.Split('.')[^1] switch
    {
        "embed_tokens" or "kv_proj" => LowRank(values, 8),
        "q_proj" => new SumForm([LowRank(values, 4), LowRank(values, 2)]),
        "o_proj" => DenseForm.From(values, NumberFormatRegistry.Standard.Parse("ec4")),
        "gate_proj" => Sparse(values),
        "up_proj" => DenseForm.From(values, NumberFormatRegistry.Standard.Parse("uint4-g16")),
        "down_proj" => DenseForm.From(values, NumberFormatRegistry.Standard.Parse("uint3-g24")),
        _ => DenseForm.From(values, FloatFormat.Float32),
    };

    private static SparseForm Sparse(Tensor values)
    {
        using var scope = NewDisposeScope();
        return SparseForm.From(values, values.abs() > values.abs().mean(), FloatFormat.Float16);
    }
}
