using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Checkpoints.Torch;
using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Checkpoints.Folders;

/// <summary>
/// A checkpoint spread over several files, joined by an index: safetensors by <c>model.safetensors.index.json</c>,
/// files of torch.save by <c>pytorch_model.bin.index.json</c>. Opening it reads the headers of all shards. May be used
/// from several threads at once.
/// </summary>
internal sealed class ShardedCheckpoint : ITensorSource
{
    private readonly ShardIndex _index;
    private readonly Dictionary<string, ITensorSource> _shards = new(StringComparer.Ordinal);

    private ShardedCheckpoint(ShardIndex index)
    {
        _index = index;
        try
        {
            Tensors = index.ShardOf.ToDictionary(
                pair => pair.Key, pair => Find(pair.Key, pair.Value), StringComparer.Ordinal);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>Opens an index and all shards that it names.</summary>
    /// <param name="indexPath">Path of the index; the shards lie beside it.</param>
    /// <returns>The open checkpoint; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">
    /// The index is missing or malformed, a shard is missing or corrupt, a shard's name is not a plain file name, or a
    /// shard lacks a tensor that the index says it has.
    /// </exception>
    public static ShardedCheckpoint Open(string indexPath) => new(ShardIndex.Read(indexPath));

    /// <inheritdoc/>
    public torch.Tensor Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _index.ShardOf.TryGetValue(name, out string? shard)
            ? _shards[shard].Read(name)
            : throw new CheckpointException(_index.Path, $"has no tensor '{name}'");
    }

    /// <inheritdoc/>
    public bool TryReadBytes(string name, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _index.ShardOf.TryGetValue(name, out string? shard)
            ? _shards[shard].TryReadBytes(name, target)
            : throw new CheckpointException(_index.Path, $"has no tensor '{name}'");
    }

    /// <summary>Closes all shards; tensors that were read stay valid.</summary>
    public void Dispose()
    {
        foreach (var shard in _shards.Values)
        {
            shard.Dispose();
        }
    }

    private static ITensorSource OpenShard(string path) =>
        Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase)
            ? SafetensorsFile.Open(path)
            : TorchStateDict.Open(path);

    private TensorInfo Find(string name, string shardName)
    {
        if (!_shards.TryGetValue(shardName, out var shard))
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(_index.Path))!;
            shard = OpenShard(Path.Combine(folder, shardName));
            _shards.Add(shardName, shard);
        }

        return shard.Tensors.TryGetValue(name, out var info)
            ? info
            : throw new CheckpointException(
                _index.Path, $"says that '{name}' is in {shardName}, but that file does not have it");
    }
}
