using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// The tensors of a PyTorch checkpoint, read one at a time. A dictionary <c>state_dict</c>, <c>model_state_dict</c>,
/// <c>module</c> or <c>model</c> at the top is entered, as Lightning, DeepSpeed and others write it; deeper
/// dictionaries and lists give names joined by dots. A value that is not a tensor is left out. May be used from several
/// threads at once.
/// </summary>
public sealed class TorchStateDict : ITensorSource
{
    private static readonly ImmutableArray<string> Wrappers = ["state_dict", "model_state_dict", "module", "model"];

    // Description of a tensor and entries of dictionaries, as characters of two bytes.
    private const int DescriptionCharacters = 200;

    private readonly TorchArchive _archive;
    private readonly Dictionary<string, TorchTensorNode> _nodes = new(StringComparer.Ordinal);

    private TorchStateDict(TorchArchive archive)
    {
        _archive = archive;
        Collect("", Unwrap(archive.ReadTree(node => node)));
        Tensors = _nodes.ToDictionary(
            pair => pair.Key,
            pair => new TensorInfo(
                pair.Key,
                pair.Value.Type.Name,
                pair.Value.Shape,
                pair.Value.ElementCount * pair.Value.Type.BlockBytes,
                archive.Path),
            StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>Opens a file; its tensors are placed and checked, but not read.</summary>
    /// <param name="path">Path of a <c>.pt</c>, <c>.pth</c> or <c>.bin</c> file.</param>
    /// <returns>The open checkpoint; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">
    /// As for <see cref="TorchCheckpointReader.Read"/>, or two tensors have one name.
    /// </exception>
    public static TorchStateDict Open(string path)
    {
        var archive = TorchArchive.Open(path);
        try
        {
            return new TorchStateDict(archive);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public torch.Tensor Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _nodes.TryGetValue(name, out var node)
            ? _archive.ReadTensor(node, name)
            : throw new CheckpointException(_archive.Path, $"has no tensor '{name}'");
    }

    /// <summary>Closes the file; tensors that were read stay valid.</summary>
    public void Dispose() => _archive.Dispose();

    private static object? Unwrap(object? root)
    {
        if (root is IReadOnlyDictionary<string, object?> dictionary)
        {
            foreach (string name in Wrappers)
            {
                if (dictionary.TryGetValue(name, out object? inner) && inner is IReadOnlyDictionary<string, object?>)
                {
                    return inner;
                }
            }
        }

        return root;
    }

    private void Collect(string name, object? value)
    {
        switch (value)
        {
            case TorchTensorNode when !_archive.Budget.TakeText(name.Length + DescriptionCharacters):
                throw new CheckpointException(
                    _archive.Path, $"the names of its tensors, such as '{name[..Math.Min(name.Length, 64)]}', "
                        + "are too long");
            case TorchTensorNode node when !_nodes.TryAdd(name, node):
                throw new CheckpointException(_archive.Path, $"two tensors have the name '{name}'");
            case IReadOnlyDictionary<string, object?> dictionary:
                foreach (var (key, item) in dictionary)
                {
                    Collect(Join(name, key), item);
                }

                break;
            case IReadOnlyList<object?> list:
                for (int i = 0; i < list.Count; i++)
                {
                    Collect(Join(name, i.ToString(System.Globalization.CultureInfo.InvariantCulture)), list[i]);
                }

                break;
            default:
                break;
        }
    }

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";
}
