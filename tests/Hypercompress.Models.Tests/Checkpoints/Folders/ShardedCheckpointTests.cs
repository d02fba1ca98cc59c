using System.Text;
using System.Text.Json;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tests.Checkpoints.Folders;

public sealed class ShardedCheckpointTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_ThreeShards_HasEveryTensorOfTheIndex()
    {
        string path = SharedFiles.Require("golden/arch/llama-sharded/model.safetensors.index.json");
        using var index = JsonDocument.Parse(File.ReadAllBytes(path));
        using var source = ShardedCheckpoint.Open(path);

        Assert.Equal(
            index.RootElement.GetProperty("weight_map").EnumerateObject().Select(pair => pair.Name)
                .Order(StringComparer.Ordinal),
            source.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64(),
            source.Tensors.Values.Sum(info => info.ByteLength));
        foreach (var info in source.Tensors.Values)
        {
            using var tensor = source.Read(info.Name);
            Assert.Equal(info.Shape, tensor.shape);
        }
    }

    [Theory]
    [InlineData("../x.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\\\b.safetensors")]
    [InlineData("C:x")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\\u0000b")]
    public void Open_ShardNameThatIsNoPlainFile_Fails(string shard)
    {
        var e = Fails($$$"""{"weight_map":{"t":"{{{shard}}}"}}""");

        Assert.Contains("weight_map['t']", e.Message, StringComparison.Ordinal);
        Assert.Contains("plain file name", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map":{"t":5}}""", "plain file name")]
    [InlineData("""{"weight_map":[]}""", "weight_map")]
    [InlineData("{}", "weight_map")]
    [InlineData("[]", "weight_map")]
    [InlineData("{", "not valid JSON")]
    [InlineData("""{"weight_map":{"t":"a","t":"a"}}""", "twice")]
    public void Open_MalformedIndex_Fails(string index, string expected) =>
        Assert.Contains(expected, Fails(index).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_MissingShard_NamesIt() => Assert.EndsWith(
        "gone.safetensors", Fails("""{"weight_map":{"t":"gone.safetensors"}}""").File, StringComparison.Ordinal);

    [Fact]
    public void Open_TensorNotInItsShard_NamesBoth()
    {
        _folder.Write("s.safetensors", SafetensorsBytes.Make("{}"));

        Assert.Contains(
            "'t' is in s.safetensors",
            Fails("""{"weight_map":{"t":"s.safetensors"}}""").Message,
            StringComparison.Ordinal);
    }

    private CheckpointException Fails(string index)
    {
        string path = _folder.Write("model.safetensors.index.json", Encoding.UTF8.GetBytes(index));
        return Assert.Throws<CheckpointException>(() => ShardedCheckpoint.Open(path));
    }
}
