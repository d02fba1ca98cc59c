using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Errors;
using Hypercompress.Tests.Pipeline;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Artifacts;

public sealed class CheckedTensorsTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private readonly BranchRegistry _registry = new();

    [Fact]
    [NoTensorLeaks]
    public void Open_WithAnyTensorChanged_NamesFileAndTensor()
    {
        string folder = tiny.Copy(tiny.Artifact, "damaged");
        string file = Path.Combine(folder, SafetensorsNames.SingleFile);
        byte[] content = File.ReadAllBytes(file);
        foreach ((string name, long end) in Ends(content))
        {
            long last = end - 1;
            content[last] ^= 1;
            File.WriteAllBytes(file, content);
            var failure = Assert.Throws<CheckpointException>(() => Open(folder, check: true));
            content[last] ^= 1;

            Assert.Contains(name, failure.Message, StringComparison.Ordinal);
            Assert.Contains(file, failure.Message, StringComparison.Ordinal);
            Assert.Contains("--no-check", failure.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(file, content);
        Open(folder, check: true);
    }

    [Fact]
    public void Open_Unchecked_TakesWhatIsThere()
    {
        string folder = tiny.Copy(tiny.Artifact, "unchecked");
        string file = Path.Combine(folder, SafetensorsNames.SingleFile);
        byte[] content = File.ReadAllBytes(file);
        content[^1] ^= 1;
        File.WriteAllBytes(file, content);

        Open(folder, check: false);
    }

    [Fact]
    public void Open_OfAnArtifactWithoutHashesOfTensors_Works()
    {
        string folder = tiny.Copy(tiny.Artifact, "older");
        ArtifactManifest manifest = ArtifactManifest.Read(folder);
        Assert.NotEmpty(manifest.TensorHashes);
        (manifest with { TensorHashes = manifest.TensorHashes.Clear() }).Write(folder);

        Open(folder, check: true);
    }

    [Fact]
    [NoTensorLeaks]
    public void Hash_CoversBytesOfEveryTypeAndShape()
    {
        using Tensor one = tensor(1.0f);
        using Tensor same = tensor(new[] { 1.0f });
        using Tensor bytes = tensor(new byte[] { 0, 0, 128, 63 });
        using Tensor other = tensor(2.0f);
        using Tensor none = zeros(0);

        Assert.Equal(TensorHashes.Of(one), TensorHashes.Of(same));
        Assert.Equal(TensorHashes.Of(one), TensorHashes.Of(bytes));
        Assert.NotEqual(TensorHashes.Of(one), TensorHashes.Of(other));
        Assert.Equal(32, TensorHashes.Of(none).Length);
    }

    // Where the data of every tensor ends in the file: a length of 8 bytes, a JSON header, and the data.
    private static IEnumerable<(string Name, long End)> Ends(byte[] content)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(content);
        JsonObject header = JsonNode.Parse(content.AsSpan(8, length))!.AsObject();
        return header.Where(tensor => tensor.Key != "__metadata__")
            .Select(tensor => (tensor.Key, 8 + length + (long)tensor.Value!["data_offsets"]![1]!));
    }

    private void Open(string folder, bool check) => OpenModel.Open(folder, _registry.CreateCatalog(), check).Dispose();
}
