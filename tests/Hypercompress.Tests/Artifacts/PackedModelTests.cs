using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Tests.Pipeline;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Artifacts;

public sealed class PackedModelTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private static readonly int[] Ids = [1, 5, 9, 12, 3, 7, 20, 11];

    [Theory]
    [InlineData(MemoryUse.Fast)]
    [InlineData(MemoryUse.Small)]
    public void Open_AnArtifact_GivesTheLogitsOfItsFloats(MemoryUse memory)
    {
        using OpenModel floats = OpenModel.Open(tiny.Artifact, new BranchRegistry().CreateCatalog());
        float[] expected = Forward(floats);
        using PackedModel packed = PackedModel.Open(
            tiny.Artifact, new BranchRegistry().CreateCatalog(), threads: 2, memory: memory);
        using DecoderSession session = packed.Decoder.Begin();
        float[] found = session.All(Ids);
        double largest = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, found.Length);
        Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 0, 0.03 * largest);
        Assert.Equal(floats.Model.EndTokenIds, packed.Text.EndTokenIds);
        Assert.Equal(floats.Model.Label, packed.Text.Label);
    }

    [Fact]
    public void Open_AnArtifactWithAChangedTensor_IsRefusedUnlessUnchecked()
    {
        string folder = tiny.Copy(tiny.Artifact, "changed");
        string file = Path.Combine(folder, "model.safetensors");
        byte[] content = File.ReadAllBytes(file);
        content[^1] ^= 1;
        File.WriteAllBytes(file, content);
        CheckpointException error = Assert.Throws<CheckpointException>(
            () => PackedModel.Open(folder, new BranchRegistry().CreateCatalog(), threads: 1));
        Assert.Contains("its hash differs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AnArtifactWithAChangedManifest_IsRefused()
    {
        string folder = tiny.Copy(tiny.Artifact, "other hash");
        string file = Path.Combine(folder, ArtifactManifest.FileName);
        string hash = ArtifactManifest.Read(folder).TensorHashes.Values.First();
        string content = File.ReadAllText(file);
        string other = content.Replace($"\"{hash}\"", $"\"{new string('0', hash.Length)}\"", StringComparison.Ordinal);
        Assert.NotEqual(content, other);
        File.WriteAllText(file, other);
        CheckpointException error = Assert.Throws<CheckpointException>(
            () => PackedModel.Open(folder, new BranchRegistry().CreateCatalog(), threads: 1));
        Assert.Contains("its digest does not match", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadTensorHashes_GivesThoseOfTheWholeManifest() => Assert.Equal(
        ArtifactManifest.Read(tiny.Artifact).TensorHashes.ToDictionary(),
        ArtifactManifest.ReadTensorHashes(tiny.Artifact));

    [Fact]
    public void Open_MoreThreads_GiveTheSameBits()
    {
        float[][] found =
        [
            .. new[] { 1, 4 }.Select(threads =>
            {
                using PackedModel packed = PackedModel.Open(
                    tiny.Artifact, new BranchRegistry().CreateCatalog(), threads);
                using DecoderSession session = packed.Decoder.Begin();
                return session.All(Ids);
            }),
        ];
        Assert.Equal(found[0], found[1]);
    }

    private static float[] Forward(OpenModel model)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return model.Model.Decoder.Forward(tensor(Ids.Select(id => (long)id).ToArray()).unsqueeze(0))
            .data<float>().ToArray();
    }
}
